/** A call from a browser on a client's site. The visitor is known by a token that only his browser has. */
import { z } from 'zod';
import { Done, endpoint, Time } from './endpoint.ts';

export const IceServers = z.object({
  /** As RTCPeerConnection takes them; the credentials of a TURN server hold for some hours. */
  iceServers: z.array(
    z.object({ urls: z.array(z.string()), username: z.string().optional(), credential: z.string().optional() }),
  ),
  iceTransportPolicy: z.enum(['all', 'relay']),
});
export type IceServers = z.infer<typeof IceServers>;

/** `connecting`: the browser has not been heard yet. */
export const WebCallState = z.object({
  state: z.enum(['connecting', 'waiting', 'talking', 'held', 'ended']),
  agentName: z.string().nullable(),
  /** How many wait before this caller; null when he does not wait. */
  ahead: z.number().int().nullable(),
});
export type WebCallState = z.infer<typeof WebCallState>;

const entrance = z.object({ entrance: z.string().max(80) });
const token = z.string().min(20).max(100);

/** `entrance` is that of the script tag, as for the chat. */
export const readWebCall = endpoint({
  method: 'GET',
  path: '/api/web-call/:entrance',
  summary: 'Whether one can call from the widget of an entrance, and whether it is open',
  params: entrance,
  reply: z.object({ open: z.boolean(), opensAt: Time.nullable() }),
});
export const startWebCall = endpoint({
  method: 'POST',
  path: '/api/web-call/:entrance',
  summary: 'A visitor wants to call; it waits in the queue from when his browser is heard',
  params: entrance,
  body: z.object({
    name: z.string().max(80),
    number: z.string().max(30),
    email: z.union([z.literal(''), z.email().max(200)]),
    question: z.string().max(500),
    page: z.string().max(500),
    language: z.enum(['nl', 'en']),
    key: z.uuid(),
    /** Of the chat that the same visitor has open. */
    chatToken: z.string().max(100).nullable(),
  }),
  reply: z.object({ token: z.string() }).extend(IceServers.shape),
});
/** The first time and after every change of network: the call keeps its place. */
export const connectWebCall = endpoint({
  method: 'POST',
  path: '/api/web-call/line',
  summary: 'Connect the browser of a visitor (WebRTC offer in, answer out)',
  body: z.object({ token, sdp: z.string().min(1).max(20_000) }),
  reply: z.object({ sdp: z.string() }),
});
export const webCallIce = endpoint({
  method: 'POST',
  path: '/api/web-call/ice',
  summary: 'Servers by which a visitor’s browser reaches us, before it connects again',
  body: z.object({ token }),
  reply: IceServers,
});
export const webCallState = endpoint({
  method: 'POST',
  path: '/api/web-call/state',
  summary: 'How the call of a visitor stands',
  body: z.object({ token }),
  reply: WebCallState,
});
export const hangUpWebCall = endpoint({
  method: 'POST',
  path: '/api/web-call/hang-up',
  summary: 'The visitor hangs up',
  body: z.object({ token }),
  reply: Done,
});
