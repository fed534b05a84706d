import { z } from 'zod';
import { Done, endpoint, Id, Locale } from './endpoint.ts';

export const Role = z.enum([
  'agent',
  'senior-agent',
  'team-leader',
  'coach',
  'trainer',
  'planner',
  'administrator',
  'client-representative',
]);
export type Role = z.infer<typeof Role>;

export const Permission = z.enum([
  'profile.own', // read and change one's own preferences
  'work.handle', // be offered work, answer, reply, register
  'work.supervise', // see the work of others, take it over, reassign it
  'calls.listen', // listen to calls of others, and whisper to the agent
  'calls.join', // speak with the customer in a call of somebody else, and take it over
  'board.view', // the live board of one's clients
  'customers.view',
  'customers.edit',
  'knowledge.view',
  'settings.view', // queues, opening hours, skills
  'settings.edit',
  'people.edit',
  'supervising.edit', // whether calls may be listened to
  'telephony.edit', // trunks and desk phones
  'audit.view',
  'recordings.listen', // as far as the purpose of each recording lets one
  'recordings.copy', // take a copy out of the product, with a reason
  'recordings.govern', // what is recorded, legal hold, deletion
]);
export type Permission = z.infer<typeof Permission>;

const everyday: Permission[] = [
  'profile.own',
  'work.handle',
  'customers.view',
  'customers.edit',
  'knowledge.view',
  'recordings.listen',
];
const governing: Permission[] = ['recordings.copy', 'recordings.govern'];
const supervising: Permission[] = [...everyday, 'work.supervise', 'calls.listen', 'board.view', 'settings.view'];

/** What each role may do. The server checks it at every route; the desk only hides what would be refused. */
export const permissionsOf: Record<Role, readonly Permission[]> = {
  agent: everyday,
  'senior-agent': [...everyday, 'board.view'],
  'team-leader': [...supervising, 'calls.join', 'settings.edit', 'audit.view', ...governing],
  coach: supervising,
  trainer: [...everyday, 'board.view', 'settings.view'],
  planner: ['profile.own', 'board.view', 'settings.view', 'settings.edit', 'knowledge.view'],
  administrator: [
    ...supervising,
    'calls.join',
    'settings.edit',
    'people.edit',
    'supervising.edit',
    'telephony.edit',
    'audit.view',
    ...governing,
  ],
  'client-representative': ['profile.own', 'board.view', 'knowledge.view', 'recordings.listen'],
};

export const ClientSummary = z.object({
  id: Id,
  slug: z.string(),
  name: z.string(),
  /** `#rrggbb`; shown as a thin band and badge. */
  colour: z.string(),
});
export type ClientSummary = z.infer<typeof ClientSummary>;

export const Me = z.object({
  id: Id,
  name: z.string(),
  email: z.string(),
  role: Role,
  locale: Locale,
  permissions: z.array(Permission),
  clients: z.array(ClientSummary),
  /** True when the person can be offered work. */
  isAgent: z.boolean(),
});
export type Me = z.infer<typeof Me>;

// Sign-in and sign-out are better-auth's own calls below /api/auth.
export const readMe = endpoint({
  method: 'GET',
  path: '/api/me',
  summary: 'Who is signed in, and what may they do',
  reply: Me,
});
export const changeLocale = endpoint({
  method: 'PUT',
  path: '/api/me/locale',
  summary: 'Change the language of the interface',
  body: z.object({ locale: Locale }),
  reply: Done,
});

export const AuditEntry = z.object({
  id: z.number(),
  at: z.string(),
  clientId: Id.nullable(),
  personName: z.string().nullable(),
  action: z.string(),
  subject: z.string(),
  facts: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
export const readAudit = endpoint({
  method: 'GET',
  path: '/api/audit',
  summary: 'The audit of your clients, newest first',
  query: z.object({ before: z.coerce.number().int().optional() }),
  reply: z.object({ entries: z.array(AuditEntry), next: z.number().nullable() }),
});

/** Demo only: who can be signed in with one press. Empty when this is no demo. */
export const readDemoSignIns = endpoint({
  method: 'GET',
  path: '/api/demo/sign-ins',
  summary: 'The people of the demo day',
  reply: z.object({
    password: z.string().nullable(),
    people: z.array(
      z.object({
        name: z.string(),
        email: z.string(),
        role: Role,
        clients: z.array(z.string()),
        skills: z.array(z.string()),
      }),
    ),
  }),
});
