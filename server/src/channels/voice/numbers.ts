/** Telephone numbers as people set them: what they say and ask, and where that leads. Holds from the next call on. */
import type { z } from 'zod';
import { flowFaults, waysOf } from '@kernlijn/contract/menu';
import type { changeNumber, Flow, NumberSettings } from '@kernlijn/contract/menu';
import { audit } from '../../access/index.ts';
import { skillsThere } from '../../agents/index.ts';
import type { Tx } from '../../platform/db.ts';
import { append } from '../../platform/events.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { shippedPrompts } from './shipped-prompts.ts';
import { knownOf, lockNumber, ownPrompts, saveNumber } from './settings-store.ts';

/** @throws Refusal `not-found`, `conflict` when somebody saved first, `bad-input` naming steps, `not-permitted` */
export async function changeNumberOf(
  tx: Tx,
  viewer: Viewer,
  id: string,
  given: z.output<typeof changeNumber.body>,
): Promise<NumberSettings> {
  const before = await lockNumber(tx, id);
  if (before === undefined) throw new Refusal('not-found');
  if (before.version !== given.version) throw new Refusal('conflict', { version: before.version });
  const after = { ...before, ...given, version: before.version + 1 };
  const known = outsideNumbers(before.flow);
  // Calls to numbers outside are paid for: who may let strangers make them is for administrators to say.
  if (viewer.role !== 'administrator' && [...outsideNumbers(after.flow)].some((number) => !known.has(number)))
    throw new Refusal('not-permitted', { permission: 'outside-number' });
  const wrong = await faultsOf(tx, after);
  if (wrong.length > 0) throw new Refusal('bad-input', { fields: wrong });
  await saveNumber(tx, after);
  await audit(tx, {
    clientId: after.clientId,
    personId: viewer.personId,
    action: 'number.changed',
    subject: id,
    facts: { address: after.address, before: told(before), after: told(after) },
  });
  await append(tx, after.clientId, { type: 'settings.changed', body: { clientId: after.clientId } });
  return after;
}

async function faultsOf(tx: Tx, number: NumberSettings): Promise<string[]> {
  const { queues, hours } = await knownOf(tx, number.clientId);
  const wrong = queues.has(number.queueId) ? [] : ['queueId'];
  if (number.flow === null) return wrong;
  const own = (await ownPrompts(tx)).flatMap(({ id, clientId }) => (clientId === number.clientId ? [`p-${id}`] : []));
  const faults = flowFaults(number.flow, number.language, {
    queues,
    hours,
    skills: new Set((await skillsThere(tx)).map(({ id }) => id)),
    prompts: new Set([...own, ...(await shippedPrompts()).map(({ prompt }) => prompt)]),
  });
  // A step that nothing leads to does no harm: one may be about to use it.
  return [
    ...wrong,
    ...faults.flatMap(({ step, at, fault }) => (fault === 'unreachable' ? [] : [`flow ${step} ${at} ${fault}`])),
  ];
}

const outsideNumbers = (flow: Flow | null): Set<string> =>
  new Set((flow?.steps ?? []).flatMap(waysOf).flatMap(({ way }) => (way.to === 'outside' ? [way.number] : [])));

const told = ({ name, language, queueId, flow }: NumberSettings) => ({
  name,
  language,
  queueId,
  flow: flow === null ? '' : flow.steps.map((step) => step.name).join(' → '),
});
