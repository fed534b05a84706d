import type { RawData } from 'ws';

/** The text of a WebSocket frame; ws gives one Buffer unless it is asked for something else. */
export function socketText(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]).toString('utf8');
}
