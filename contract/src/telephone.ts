/** What an agent does with a call: the controls of the desk. */
import { z } from 'zod';
import { ConversationCard } from './conversations.ts';
import { Done, endpoint, Id } from './endpoint.ts';
import { IceServers } from './web-call.ts';

const one = z.object({ conversationId: Id });

export const readLine = endpoint({
  method: 'GET',
  path: '/api/line',
  summary: 'Servers by which this browser reaches the voice engine',
  reply: IceServers,
});
/** Connects the agent's browser to the voice engine, once at sign-in and again after a reload. */
export const connectLine = endpoint({
  method: 'POST',
  path: '/api/line',
  summary: 'Connect this browser as your telephone (WebRTC offer in, answer out)',
  body: z.object({ sdp: z.string().min(1).max(20_000) }),
  reply: z.object({ sdp: z.string() }),
});
export const disconnectLine = endpoint({
  method: 'DELETE',
  path: '/api/line',
  summary: 'Hang this telephone up for good',
  reply: Done,
});
export const holdCall = endpoint({
  method: 'PUT',
  path: '/api/calls/:conversationId/hold',
  summary: 'Put the caller on hold with music, or take back',
  params: one,
  body: z.object({ held: z.boolean() }),
  reply: ConversationCard,
});
export const muteCall = endpoint({
  method: 'PUT',
  path: '/api/calls/:conversationId/mute',
  summary: 'Mute yourself towards the caller',
  params: one,
  body: z.object({ muted: z.boolean() }),
  reply: ConversationCard,
});
export const sendDtmf = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/dtmf',
  summary: 'Send tones to the other side',
  params: one,
  body: z.object({ digits: z.string().regex(/^[0-9A-D*#]{1,32}$/) }),
  reply: Done,
});
export const hangUp = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/hang-up',
  summary: 'End the call',
  params: one,
  reply: ConversationCard,
});
