/**
 * People as administrators make them, and agents as those set them who lead and plan. A person is seen by whoever serves
 * one of his clients, and changed only by who serves all of them: what one client's people decide must not take from
 * another client the agent it counts on.
 */
import { permissionsOf } from '@kernlijn/contract/access';
import type { addStaff, changeAgent, changeStaff, Staff } from '@kernlijn/contract/people';
import type { z } from 'zod';
import { addPerson, audit, firstPassword, savePassword, savePerson } from '../access/index.ts';
import type { Hashing } from '../access/index.ts';
import type { Tx } from '../platform/db.ts';
import { append } from '../platform/events.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { leaveFloor } from './agent.ts';
import { addAgent } from './agents.ts';
import {
  emailTaken,
  insertAgentIfNone,
  lockPerson,
  saveCapacity,
  saveSkills,
  skillsThere,
  staff,
  workFor,
} from './staff-store.ts';
import { agentStatuses, lockAgent, saveAgent } from './store.ts';

/**
 * Holds for the next offer. @throws Refusal `not-found`, `works-elsewhere`, `bad-input` for a skill that is not there,
 * `state-not-allowed` for somebody whose role is offered no work
 */
export async function setAgent(
  tx: Tx,
  viewer: Viewer,
  personId: string,
  change: z.output<typeof changeAgent.body>,
): Promise<Staff> {
  const before = await changeable(tx, viewer, personId);
  if (!takesWork(before.role)) throw new Refusal('state-not-allowed', { role: before.role });
  const known = new Set((await skillsThere(tx)).map(({ id }) => id));
  if (change.skills?.some(({ skillId }) => !known.has(skillId))) throw new Refusal('bad-input', { fields: ['skills'] });
  const capacityBefore = before.agent?.capacity ?? { call: 0, chat: 0, written: 0 };
  await insertAgentIfNone(tx, personId, capacityBefore);
  await lockAgent(tx, personId);
  const given = Object.fromEntries(Object.entries(change.capacity ?? {}).filter(([, value]) => value !== undefined));
  await saveCapacity(tx, personId, { ...capacityBefore, ...given });
  await saveSkills(tx, personId, change.skills ?? []);
  const after = await one(tx, personId);
  await settle(tx, viewer, after, after.clientIds, 'agent.changed', agentDifference(before, after));
  return after;
}

/** As the system, for a person is nobody's row. @throws Refusal `bad-input` for an address that is known, `not-permitted` for clients of others */
export async function addMember(
  tx: Tx,
  viewer: Viewer,
  signIn: Hashing,
  given: z.output<typeof addStaff.body>,
): Promise<{ person: Staff; firstPassword: string }> {
  ownClients(viewer, given.clientIds);
  if (await emailTaken(tx, given.email)) throw new Refusal('bad-input', { fields: ['email'] });
  const password = firstPassword();
  const personId = await addPerson(tx, signIn, { ...given, password, by: viewer.personId });
  if (given.role === 'agent' || given.role === 'senior-agent') await addAgent(tx, { personId, skills: [] });
  const person = await one(tx, personId);
  await tell(tx, person, person.clientIds);
  return { person, firstPassword: password };
}

/**
 * As the system. Nobody changes his own role, clients or place: an administrator does not lock himself out.
 * @throws Refusal `not-found`, `works-elsewhere`, `not-permitted`, `has-work` when he holds work of a client that goes
 */
export async function changeMember(
  tx: Tx,
  viewer: Viewer,
  personId: string,
  change: z.output<typeof changeStaff.body>,
  now: Date,
): Promise<Staff> {
  const before = await changeable(tx, viewer, personId);
  const { role, clientIds, active } = change;
  if (personId === viewer.personId && (role ?? clientIds ?? active) !== undefined)
    throw new Refusal('not-permitted', { self: true });
  if (clientIds !== undefined) {
    ownClients(viewer, clientIds);
    const gone = before.clientIds.filter((id) => !clientIds.includes(id));
    const count = await workFor(tx, personId, gone);
    if (count > 0) throw new Refusal('has-work', { count });
  }
  await savePerson(tx, personId, change, now);
  const after = await one(tx, personId);
  if (after.agent !== null && (!after.active || !takesWork(after.role))) {
    const agent = await lockAgent(tx, personId);
    if (agent !== undefined) await saveAgent(tx, agent, leaveFloor(agent, now));
  }
  const everyClient = [...new Set([...before.clientIds, ...after.clientIds])];
  await settle(tx, viewer, after, everyClient, 'person.changed', memberDifference(before, after));
  return after;
}

/** As the system. @throws Refusal `not-found`, `works-elsewhere`, `not-permitted` for oneself */
export async function renewPassword(tx: Tx, viewer: Viewer, signIn: Hashing, personId: string): Promise<string> {
  const person = await changeable(tx, viewer, personId);
  if (personId === viewer.personId) throw new Refusal('not-permitted', { self: true });
  const password = firstPassword();
  await savePassword(tx, signIn, personId, password);
  await settle(tx, viewer, person, person.clientIds, 'person.password-renewed', {});
  return password;
}

const takesWork = (role: Staff['role']): boolean => permissionsOf[role].includes('work.handle');

async function one(tx: Tx, personId: string): Promise<Staff> {
  const [found] = await staff(tx, personId);
  if (found === undefined) throw new Refusal('not-found');
  return found;
}

/** Locks and reads somebody; as the system everybody is there, so the viewer's clients are asked here too. */
async function changeable(tx: Tx, viewer: Viewer, personId: string): Promise<Staff> {
  await lockPerson(tx, personId);
  const person = await one(tx, personId);
  const strange = person.clientIds.filter((id) => !viewer.clientIds.includes(id));
  if (strange.length === person.clientIds.length) throw new Refusal('not-found');
  if (person.elsewhere || strange.length > 0) throw new Refusal('works-elsewhere');
  return person;
}

function ownClients(viewer: Viewer, clientIds: readonly string[]): void {
  if (clientIds.some((id) => !viewer.clientIds.includes(id))) throw new Refusal('not-permitted', { clients: true });
}

async function settle(
  tx: Tx,
  viewer: Viewer,
  person: Staff,
  clientIds: readonly string[],
  action: string,
  facts: Record<string, unknown>,
): Promise<void> {
  for (const clientId of clientIds)
    await audit(tx, {
      clientId,
      personId: viewer.personId,
      action,
      subject: person.id,
      facts: { name: person.name, ...facts },
    });
  await tell(tx, person, clientIds);
}

/** Routing reads the agent again; the desks of his clients, his own included, read what they show of him. */
async function tell(tx: Tx, person: Staff, clientIds: readonly string[]): Promise<void> {
  for (const clientId of clientIds)
    await append(tx, clientId, { type: 'settings.changed', body: { clientId, personId: person.id } });
  const [status] = await agentStatuses(tx, [person.id]);
  if (status !== undefined)
    await append(tx, null, { type: 'agent.changed', body: { status, clientIds: status.clientIds } });
}

function agentDifference(before: Staff, after: Staff): Record<string, unknown> {
  const told = ({ agent }: Staff): Record<string, unknown> => ({
    ...agent?.capacity,
    ...Object.fromEntries((agent?.skills ?? []).map(({ skillId, level }) => [skillId, level])),
  });
  return difference(told(before), told(after));
}

function memberDifference(before: Staff, after: Staff): Record<string, unknown> {
  const told = ({ name, role, active }: Staff) => ({ name, role, active });
  return difference(told(before), told(after));
}

/** What became another, as it was and as it is. */
function difference(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, unknown> {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => before[key] !== after[key],
  );
  if (changed.length === 0) return {};
  const of = (whole: Record<string, unknown>) => Object.fromEntries(changed.map((key) => [key, whole[key] ?? null]));
  return { before: of(before), after: of(after) };
}
