/** Opening hours as people set them. Entrances read them at every contact: a change holds from its commit on. */
import type { z } from 'zod';
import { hoursFaults } from '@kernlijn/contract/opening-hours';
import type { addOpeningHours, changeOpeningHours, OpeningHoursSettings } from '@kernlijn/contract/opening-hours';
import { audit } from '../access/index.ts';
import type { Tx } from '../platform/db.ts';
import { append } from '../platform/events.ts';
import { newId } from '../platform/ids.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import {
  deleteOpeningHours,
  insertOpeningHours,
  lockOpeningHours,
  openingHours,
  queuesOfHours,
  saveOpeningHours,
} from './hours-store.ts';

type Fields = Pick<OpeningHoursSettings, 'name' | 'periods' | 'exceptions'>;

/** @throws Refusal `bad-input`, `not-found` for a client of others */
export async function addHours(
  tx: Tx,
  viewer: Viewer,
  given: z.output<typeof addOpeningHours.body>,
): Promise<OpeningHoursSettings> {
  const id = newId();
  await check(tx, id, given.clientId, given);
  if (!(await insertOpeningHours(tx, { id, ...given }))) throw new Refusal('not-found');
  const [added] = await openingHours(tx, id);
  if (added === undefined) throw new Refusal('not-found');
  await settle(tx, viewer, added, 'opening-hours.added', {});
  return added;
}

/** Holds at once for every queue that uses them. @throws Refusal `not-found`, `conflict` when somebody saved first, `bad-input` */
export async function changeHours(
  tx: Tx,
  viewer: Viewer,
  id: string,
  given: z.output<typeof changeOpeningHours.body>,
): Promise<OpeningHoursSettings> {
  const before = await lockOpeningHours(tx, id);
  if (before === undefined) throw new Refusal('not-found');
  if (before.version !== given.version) throw new Refusal('conflict', { version: before.version });
  await check(tx, id, before.clientId, given);
  const after = { ...before, ...given, version: before.version + 1 };
  await saveOpeningHours(tx, after);
  await settle(tx, viewer, after, 'opening-hours.changed', difference(before, after));
  return after;
}

/** @throws Refusal `not-found`, `in-use` naming the queues that open by them */
export async function removeHours(tx: Tx, viewer: Viewer, id: string): Promise<void> {
  const before = await lockOpeningHours(tx, id);
  if (before === undefined) throw new Refusal('not-found');
  const queues = await queuesOfHours(tx, id);
  if (queues.length > 0) throw new Refusal('in-use', { by: queues });
  await deleteOpeningHours(tx, id);
  await settle(tx, viewer, before, 'opening-hours.removed', {});
}

async function settle(
  tx: Tx,
  viewer: Viewer,
  { id, clientId, name }: OpeningHoursSettings,
  action: string,
  facts: Record<string, unknown>,
): Promise<void> {
  await audit(tx, { clientId, personId: viewer.personId, action, subject: id, facts: { name, ...facts } });
  await append(tx, clientId, { type: 'settings.changed', body: { clientId } });
}

async function check(tx: Tx, id: string, clientId: string, given: Fields): Promise<void> {
  const faults = hoursFaults(given);
  const wrong: string[] = (['periods', 'exceptions'] as const).filter((part) => Object.keys(faults[part]).length > 0);
  // Two of the same name cannot be told apart where a queue chooses.
  const others = (await openingHours(tx)).filter((each) => each.clientId === clientId && each.id !== id);
  if (others.some(({ name }) => name.toLowerCase() === given.name.toLowerCase())) wrong.push('name');
  if (wrong.length > 0) throw new Refusal('bad-input', { fields: wrong });
}

/** What the audit keeps: the week as a whole when it became another, and of the exceptions those that came and went. */
function difference(before: OpeningHoursSettings, after: OpeningHoursSettings): Record<string, unknown> {
  const changed = (['name', 'timezone', 'periods'] as const).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  const not = (those: OpeningHoursSettings) => {
    const known = new Set(those.exceptions.map((each) => JSON.stringify(each)));
    return (each: OpeningHoursSettings['exceptions'][number]) => !known.has(JSON.stringify(each));
  };
  const [added, removed] = [after.exceptions.filter(not(before)), before.exceptions.filter(not(after))];
  return {
    ...(changed.length === 0
      ? {}
      : {
          before: Object.fromEntries(changed.map((field) => [field, before[field]])),
          after: Object.fromEntries(changed.map((field) => [field, after[field]])),
        }),
    ...(added.length === 0 ? {} : { added }),
    ...(removed.length === 0 ? {} : { removed }),
  };
}
