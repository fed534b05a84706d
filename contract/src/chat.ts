/** The chat widget's calls. The visitor is known by a token that only his browser has. */
import { z } from 'zod';
import { endpoint, Id, Time } from './endpoint.ts';

export const VisitorMessage = z.object({
  position: z.number().int(),
  author: z.enum(['customer', 'agent', 'system']),
  authorName: z.string(),
  text: z.string(),
  /** The visitor's own key of the message, so that a repeated one is recognised. */
  key: z.string(),
  at: Time,
});
export type VisitorMessage = z.infer<typeof VisitorMessage>;

export const WidgetSettings = z.object({
  name: z.string(),
  colour: z.string(),
  language: z.enum(['nl', 'en']),
  open: z.boolean(),
  /** When it opens again, when closed and known. */
  opensAt: Time.nullable(),
});
export type WidgetSettings = z.infer<typeof WidgetSettings>;

/** `entrance` is the address of the client's chat contact point, as in the script tag. */
export const readWidget = endpoint({
  method: 'GET',
  path: '/api/chat/:entrance',
  summary: 'How the widget of an entrance looks, and whether it is open',
  params: z.object({ entrance: z.string().max(80) }),
  reply: WidgetSettings,
});
export const startChat = endpoint({
  method: 'POST',
  path: '/api/chat/:entrance',
  summary: 'A visitor starts a chat with its first message',
  params: z.object({ entrance: z.string().max(80) }),
  body: z.object({
    name: z.string().max(80),
    email: z.union([z.literal(''), z.email().max(200)]),
    text: z.string().min(1).max(5_000),
    key: z.uuid(),
    page: z.string().max(500),
    language: z.enum(['nl', 'en']),
  }),
  reply: z.object({ token: z.string(), conversationId: Id }),
});
export const leaveMessage = endpoint({
  method: 'POST',
  path: '/api/chat/:entrance/message',
  summary: 'Outside opening hours: leave a message that is answered by mail',
  params: z.object({ entrance: z.string().max(80) }),
  body: z.object({
    name: z.string().min(1).max(80),
    email: z.email().max(200),
    text: z.string().min(1).max(5_000),
    key: z.uuid(),
    page: z.string().max(500),
    language: z.enum(['nl', 'en']),
  }),
  reply: z.object({ received: z.literal(true) }),
});

/** Over the socket `/api/chat/socket`. `hello` comes first; `after` is the last position the visitor has. */
export const FromVisitor = z.discriminatedUnion('is', [
  z.object({ is: z.literal('hello'), token: z.string(), after: z.number().int() }),
  z.object({ is: z.literal('message'), key: z.uuid(), text: z.string().min(1).max(5_000) }),
  z.object({ is: z.literal('typing') }),
  z.object({ is: z.literal('leave') }),
  z.object({ is: z.literal('ping') }),
]);
export type FromVisitor = z.infer<typeof FromVisitor>;
export const ToVisitor = z.discriminatedUnion('is', [
  z.object({
    is: z.literal('welcome'),
    state: z.enum(['waiting', 'talking', 'ended']),
    agentName: z.string().nullable(),
  }),
  z.object({ is: z.literal('message'), message: VisitorMessage }),
  /** The tick: this message is committed. */
  z.object({ is: z.literal('kept'), key: z.string(), position: z.number().int() }),
  z.object({ is: z.literal('typing'), name: z.string() }),
  z.object({
    is: z.literal('state'),
    state: z.enum(['waiting', 'talking', 'ended']),
    agentName: z.string().nullable(),
  }),
  z.object({ is: z.literal('refused'), code: z.string(), key: z.string().nullable() }),
  z.object({ is: z.literal('pong') }),
]);
export type ToVisitor = z.infer<typeof ToVisitor>;
