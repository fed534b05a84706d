/** The HTTP calls of the chat. They never throw: the answer says what happened. */
import type { leaveMessage, startChat, WidgetSettings } from '@kernlijn/contract/chat';
import type { z } from 'zod';
import { readReceived, readRefusalCode, readSettings, readToken } from './frames.ts';

export type Answer<T> = { is: 'ok'; value: T } | { is: 'refused'; code: string } | { is: 'unreachable' };
type StartBody = z.infer<typeof startChat.body>;
type LeaveBody = z.infer<typeof leaveMessage.body>;

const patience = 15_000;

export function callsTo(origin: string, entrance: string) {
  const base = `${origin}/api/chat/${encodeURIComponent(entrance)}`;
  return {
    settings: (): Promise<Answer<WidgetSettings>> => ask(base, 'GET', null, readSettings),
    start: (body: StartBody): Promise<Answer<string>> => ask(base, 'POST', body, readToken),
    leaveMessage: (body: LeaveBody): Promise<Answer<true>> => ask(`${base}/message`, 'POST', body, readReceived),
  };
}
export type Calls = ReturnType<typeof callsTo>;

export async function ask<T>(
  url: string,
  method: string,
  body: object | null,
  read: (reply: unknown) => T | null,
  keepalive = false,
): Promise<Answer<T>> {
  try {
    const response = await fetch(url, {
      method,
      credentials: 'omit',
      keepalive,
      signal: AbortSignal.timeout(patience),
      ...(body === null ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const reply: unknown = await response.json();
    const value = response.ok ? read(reply) : null;
    if (value !== null) return { is: 'ok', value };
    const code = readRefusalCode(reply);
    return code !== null && response.status < 500 ? { is: 'refused', code } : { is: 'unreachable' };
  } catch {
    return { is: 'unreachable' };
  }
}
