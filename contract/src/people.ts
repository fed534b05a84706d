/** The people who work for one's clients, as those see and set them who plan and lead the work. */
import { z } from 'zod';
import { Role } from './access.ts';
import { AgentState } from './agents.ts';
import { endpoint, Id, Locale } from './endpoint.ts';
import { Skill } from './routing.ts';

export const Capacity = z.object({
  call: z.number().int().min(0).max(1),
  chat: z.number().int().min(0).max(10),
  written: z.number().int().min(0).max(10),
});
export type Capacity = z.infer<typeof Capacity>;
const SkillLevel = z.object({ skillId: Id, level: z.number().int().min(1).max(5) });

export const Staff = z.object({
  id: Id,
  name: z.string(),
  email: z.string(),
  role: Role,
  active: z.boolean(),
  /** Those of the clients that the reader serves too. */
  clientIds: z.array(Id),
  /** Also works for a client that the reader does not serve: only who serves all of them changes anything. */
  elsewhere: z.boolean(),
  /** Null for who is never offered work. */
  agent: z.object({ state: AgentState, capacity: Capacity, skills: z.array(SkillLevel) }).nullable(),
});
export type Staff = z.infer<typeof Staff>;

const one = z.object({ personId: Id });
const fields = z.object({
  name: z.string().trim().min(1).max(120),
  email: z.email().max(200),
  role: Role,
  clientIds: z.array(Id).min(1).max(200),
});

export const readStaff = endpoint({
  method: 'GET',
  path: '/api/settings/people',
  summary: 'The people who work for your clients, and the skills there are',
  reply: z.object({ people: z.array(Staff), skills: z.array(Skill) }),
});
/** Only what is named changes: two who change different things do not undo each other. A level of null takes a skill away. */
export const changeAgent = endpoint({
  method: 'PATCH',
  path: '/api/settings/people/:personId/agent',
  summary: 'Change what an agent can do and how much at a time; takes effect at once',
  params: one,
  body: z.object({
    capacity: Capacity.partial().optional(),
    skills: z
      .array(z.object({ skillId: Id, level: z.number().int().min(1).max(5).nullable() }))
      .max(200)
      .optional(),
  }),
  reply: Staff,
});
export const addStaff = endpoint({
  method: 'POST',
  path: '/api/settings/people',
  summary: 'Someone new; the first password is in the answer and nowhere else',
  body: fields.extend({ locale: Locale }),
  reply: z.object({ person: Staff, firstPassword: z.string() }),
});
export const changeStaff = endpoint({
  method: 'PATCH',
  path: '/api/settings/people/:personId',
  summary: 'Change who somebody is, or whether he works here; who no longer does is signed out everywhere',
  params: one,
  body: fields.omit({ email: true }).extend({ active: z.boolean() }).partial(),
  reply: Staff,
});
export const resetPassword = endpoint({
  method: 'POST',
  path: '/api/settings/people/:personId/password',
  summary: 'A new first password, shown once; the old one and every session end',
  params: one,
  reply: z.object({ firstPassword: z.string() }),
});
