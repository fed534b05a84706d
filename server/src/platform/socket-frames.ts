import type { RawData, WebSocket } from 'ws';

/** The text of a WebSocket frame; ws gives one Buffer unless it is asked for something else. */
export function socketText(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]).toString('utf8');
}

/** What a frame says; null when it is no JSON, which no schema of ours takes. */
export function parsedFrame(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Sends to a socket that is open; one with more than `stuckBytes` unsent is ended, and its owner resumes. */
export function sendFrame(socket: WebSocket, frame: object, stuckBytes: number): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > stuckBytes) return socket.terminate();
  socket.send(JSON.stringify(frame));
}
