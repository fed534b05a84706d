/** A number while somebody is changing it: its steps, and what is wrong with them, at their place. Pure. */
import { flowFaults, Step, type Flow, type FlowFault, type NumberSettings, type Way } from '@kernlijn/contract/menu';

export type NumberDraft = Pick<NumberSettings, 'name' | 'language' | 'queueId' | 'flow'>;
export const draftOf = ({ name, language, queueId, flow }: NumberSettings): NumberDraft => ({
  name,
  language,
  queueId,
  flow,
});
export const sameDraft = (a: NumberDraft, b: NumberDraft): boolean => JSON.stringify(a) === JSON.stringify(b);

/** By `step at`, as `welcome next`; `name` of the number by itself. */
export type NumberFaults = Record<string, FlowFault['fault'] | 'empty' | 'number'>;

export function faultsOf(draft: NumberDraft): NumberFaults {
  const faults: NumberFaults = {};
  if (draft.name.trim() === '') faults['name'] = 'empty';
  if (draft.flow === null) return faults;
  for (const step of draft.flow.steps) {
    const read = Step.safeParse(step);
    for (const { path } of read.error?.issues ?? []) {
      const fields = path.map(String);
      faults[`${step.id} ${fields.filter((part) => part !== 'way').join('.')}`] =
        fields.at(-1) === 'number' ? 'number' : 'empty';
    }
  }
  for (const { step, at, fault } of flowFaults(draft.flow, draft.language)) faults[`${step} ${at}`] ??= fault;
  return faults;
}

/** Unreachable steps do no harm: one may be about to use them. */
export const mayBeSaved = (faults: NumberFaults): boolean =>
  Object.values(faults).every((fault) => fault === 'unreachable');

/** What begins a menu: a question that leads to the queue of the number, whatever is pressed. */
export function firstFlow(queueId: string, names: { menu: string; choice: string }): Flow {
  return { steps: [newStep('menu', queueId, names.menu, [], names.choice)] };
}

export function newStep(
  kind: Step['kind'],
  queueId: string,
  name: string,
  taken: readonly Step[],
  choice = '',
  openingHoursId = '',
): Step {
  const id = freeId(taken);
  const way: Way = { to: 'queue', queueId, priority: null, skillId: null };
  if (kind === 'say') return { id, name, kind, say: {}, next: way };
  if (kind === 'hours')
    return { id, name, kind, openingHoursId, open: way, closed: { to: 'hang-up', say: {} }, holiday: null };
  return {
    ...{ id, name, kind, say: {}, waitSeconds: 5, tries: 2, otherwise: way },
    choices: [{ key: '1', label: choice, language: null, way }],
  };
}

function freeId(taken: readonly Step[]): string {
  const ids = new Set(taken.map(({ id }) => id));
  let n = taken.length + 1;
  while (ids.has(`step-${n}`)) n += 1;
  return `step-${n}`;
}

/** Another kind of way, keeping the queue where there is one. */
export function newWay(to: Way['to'], before: Way, draft: { queueId: string; firstStep: string }): Way {
  const queueId = 'queueId' in before ? before.queueId : draft.queueId;
  switch (to) {
    case 'step':
      return { to, step: draft.firstStep };
    case 'queue':
      return { to, queueId, priority: null, skillId: null };
    case 'outside':
      return { to, number: '' };
    case 'voicemail':
      return { to, queueId, say: {} };
    case 'hang-up':
      return { to, say: {} };
    default:
      return { to };
  }
}
