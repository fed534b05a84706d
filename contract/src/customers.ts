import { z } from 'zod';
import { BothNames, endpoint, Id, Time } from './endpoint.ts';

export const IdentifierKind = z.enum(['phone', 'email', 'handle']);
export type IdentifierKind = z.infer<typeof IdentifierKind>;

export const Address = z.object({
  street: z.string().max(120),
  houseNumber: z.number().int().min(1).max(99_999).nullable(),
  suffix: z.string().max(12),
  /** `1234AB` for Dutch addresses, without the space. */
  postcode: z.string().max(12),
  city: z.string().max(80),
  country: z.string().length(2),
});
export type Address = z.infer<typeof Address>;

export const CustomerFields = z.object({
  kind: z.enum(['person', 'business']),
  title: z.enum(['mr', 'mrs', 'mx']).nullable(),
  givenName: z.string().max(80),
  /** "van der" */
  prefix: z.string().max(30),
  familyName: z.string().max(120),
  company: z.string().max(160),
  language: z.string().min(2).max(8),
  /** The client's own customer number. */
  reference: z.string().max(60),
  identifiers: z.array(z.object({ kind: IdentifierKind, value: z.string().min(1).max(200) })).max(20),
  address: Address.nullable(),
});
export type CustomerFields = z.infer<typeof CustomerFields>;

export const Customer = CustomerFields.extend({
  id: Id,
  clientId: Id,
  customerSince: z.string().nullable(),
  version: z.number().int(),
});
export type Customer = z.infer<typeof Customer>;

/** One line of a search result or a candidate of a screen pop. */
export const CustomerLine = z.object({
  id: Id,
  clientId: Id,
  name: z.string(),
  kind: z.enum(['person', 'business']),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  address: z.string().nullable(),
  reference: z.string(),
});
export type CustomerLine = z.infer<typeof CustomerLine>;

export const Note = z.object({ id: Id, text: z.string(), authorName: z.string(), at: Time });
export type Note = z.infer<typeof Note>;

/** One line of the timeline, over all channels, newest first. */
export const TimelineItem = z.object({
  conversationId: Id,
  channel: z.enum(['call', 'email', 'chat', 'message', 'voicemail']),
  direction: z.enum(['in', 'out']),
  state: z.string(),
  subject: z.string(),
  summary: z.string(),
  reason: z.object({ nl: z.string(), en: z.string() }).nullable(),
  outcome: z.object({ nl: z.string(), en: z.string() }).nullable(),
  agentName: z.string().nullable(),
  at: Time,
  /** Agents who passed it on, and what they said of it. */
  handOvers: z.array(
    z.object({ byName: z.string(), toQueue: BothNames, toAgentName: z.string().nullable(), note: z.string() }),
  ),
  /** Of a call that we made and nobody answered. */
  unanswered: z.enum(['busy', 'no-answer', 'rejected', 'unreachable', 'cancelled']).nullable(),
});
export type TimelineItem = z.infer<typeof TimelineItem>;

/** Everything the desk shows of a customer at ring time, in one message. */
export const Dossier = z.object({
  customer: Customer,
  notes: z.array(Note),
  timeline: z.array(TimelineItem),
  openConversations: z.number().int(),
});
export type Dossier = z.infer<typeof Dossier>;

/** The screen pop: known, several candidates, or a new customer with what is known filled in. */
export const ScreenPop = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('known'), dossier: Dossier }),
  z.object({ kind: z.literal('candidates'), candidates: z.array(CustomerLine) }),
  z.object({
    kind: z.literal('new'),
    prefill: z.object({ identifierKind: IdentifierKind, value: z.string(), name: z.string(), language: z.string() }),
  }),
]);
export type ScreenPop = z.infer<typeof ScreenPop>;

export const searchCustomers = endpoint({
  method: 'GET',
  path: '/api/customers',
  summary: 'Find customers by name, number, e-mail, postcode and house number, or customer number',
  query: z.object({ q: z.string().min(1).max(120), clientId: Id.optional() }),
  reply: z.object({ customers: z.array(CustomerLine), misspelt: z.boolean() }),
});
export const readDossier = endpoint({
  method: 'GET',
  path: '/api/customers/:customerId',
  summary: 'The dossier of a customer',
  params: z.object({ customerId: Id }),
  reply: Dossier,
});
export const createCustomer = endpoint({
  method: 'POST',
  path: '/api/customers',
  summary: 'Add a customer',
  body: CustomerFields.extend({ clientId: Id }),
  reply: Customer,
});
export const changeCustomer = endpoint({
  method: 'PUT',
  path: '/api/customers/:customerId',
  summary: 'Change a customer; refused when somebody saved first',
  params: z.object({ customerId: Id }),
  body: CustomerFields.extend({ version: z.number().int() }),
  reply: Customer,
});
export const addNote = endpoint({
  method: 'POST',
  path: '/api/customers/:customerId/notes',
  summary: 'Write a note in the dossier',
  params: z.object({ customerId: Id }),
  body: z.object({ text: z.string().min(1).max(10_000) }),
  reply: Note,
});
export const readTimeline = endpoint({
  method: 'GET',
  path: '/api/customers/:customerId/timeline',
  summary: 'Older contacts of a customer',
  params: z.object({ customerId: Id }),
  query: z.object({ before: Time.optional() }),
  reply: z.object({ items: z.array(TimelineItem) }),
});

export const CustomerEvent = z.object({
  type: z.literal('customer.changed'),
  body: z.object({ customerId: Id, clientId: Id }),
});
export type CustomerEvent = z.infer<typeof CustomerEvent>;
