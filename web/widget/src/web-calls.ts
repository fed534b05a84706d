/** The HTTP calls of a visitor's telephone call. What comes back is checked by hand, as in `frames.ts`. */
import type { startWebCall, WebCallState } from '@kernlijn/contract/web-call';
import type { z } from 'zod';
import { ask, type Answer } from './calls.ts';

export interface IceServers {
  iceServers: RTCIceServer[];
  iceTransportPolicy: RTCIceTransportPolicy;
}
export type Door = { open: boolean; opensAt: string | null };

export function webCallsTo(origin: string, entrance: string) {
  const base = `${origin}/api/web-call`;
  const own = `${base}/${encodeURIComponent(entrance)}`;
  return {
    door: (): Promise<Answer<Door>> => ask(own, 'GET', null, readDoor),
    start: (body: z.infer<typeof startWebCall.body>): Promise<Answer<IceServers & { token: string }>> =>
      ask(own, 'POST', body, readStarted),
    ice: (token: string): Promise<Answer<IceServers>> => ask(`${base}/ice`, 'POST', { token }, readIce),
    connect: (token: string, sdp: string): Promise<Answer<string>> =>
      ask(`${base}/line`, 'POST', { token, sdp }, (reply) => textIn(reply, 'sdp')),
    state: (token: string): Promise<Answer<WebCallState>> => ask(`${base}/state`, 'POST', { token }, readCallState),
    /** Also while the page goes. */
    hangUp: (token: string): Promise<Answer<true>> => ask(`${base}/hang-up`, 'POST', { token }, () => true, true),
  };
}
export type WebCalls = ReturnType<typeof webCallsTo>;

export function readDoor(value: unknown): Door | null {
  const { open, opensAt } = members(value);
  return typeof open === 'boolean' && (opensAt === null || typeof opensAt === 'string') ? { open, opensAt } : null;
}

export function readIce(value: unknown): IceServers | null {
  const { iceServers, iceTransportPolicy } = members(value);
  if (!Array.isArray(iceServers) || (iceTransportPolicy !== 'all' && iceTransportPolicy !== 'relay')) return null;
  const servers = iceServers.map(readServer).filter((server) => server !== null);
  return servers.length === iceServers.length ? { iceServers: servers, iceTransportPolicy } : null;
}

export function readStarted(value: unknown): (IceServers & { token: string }) | null {
  const [servers, token] = [readIce(value), textIn(value, 'token')];
  return servers === null || token === null ? null : { ...servers, token };
}

const states: readonly WebCallState['state'][] = ['connecting', 'waiting', 'talking', 'held', 'ended'];

export function readCallState(value: unknown): WebCallState | null {
  const { state: given, agentName, ahead } = members(value);
  const state = states.find((each) => each === given);
  if (state === undefined || (agentName !== null && typeof agentName !== 'string')) return null;
  return ahead === null || (typeof ahead === 'number' && Number.isSafeInteger(ahead))
    ? { state, agentName, ahead }
    : null;
}

function readServer(value: unknown): RTCIceServer | null {
  const { urls, username, credential } = members(value);
  if (!Array.isArray(urls) || !urls.every((url) => typeof url === 'string')) return null;
  return typeof username === 'string' && typeof credential === 'string' ? { urls, username, credential } : { urls };
}

const members = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

function textIn(value: unknown, name: string): string | null {
  const text = members(value)[name];
  return typeof text === 'string' ? text : null;
}
