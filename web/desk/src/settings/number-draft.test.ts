import { expect, test } from 'vitest';
import { faultsOf, firstFlow, mayBeSaved, newStep, newWay, type NumberDraft } from './number-draft.ts';

const queueId = '00000000-0000-4000-8000-000000000001';
const draft = (change: (draft: NumberDraft) => void = () => {}): NumberDraft => {
  const made: NumberDraft = {
    name: 'Telefoon',
    language: 'nl',
    queueId,
    flow: firstFlow(queueId, { menu: 'Keuze', choice: 'storing' }),
  };
  const [menu] = made.flow?.steps ?? [];
  if (menu?.kind === 'menu') menu.say = { nl: ['choose-energy-nl'] };
  change(made);
  return made;
};

test('a number without a menu, and a first menu with its question, can be saved', () => {
  expect(faultsOf(draft())).toEqual({});
  expect(faultsOf(draft((each) => (each.flow = null)))).toEqual({});
});

test('what is wrong is told at its place', () => {
  const faults = faultsOf(
    draft(({ flow }) => {
      const [menu] = flow?.steps ?? [];
      if (menu?.kind !== 'menu') return;
      menu.choices.push({ key: '2', label: '', language: 'en', way: { to: 'outside', number: '12' } });
    }),
  );
  expect(faults).toEqual({
    'step-1 choices.1.label': 'empty',
    'step-1 choices.1.number': 'number',
    'step-1 say.en': 'not-said',
  });
  expect(mayBeSaved(faults)).toBe(false);
});

test('a new step gets a name of its own, and does no harm before something leads to it', () => {
  const made = draft(({ flow }) => {
    const said = newStep('say', queueId, 'Mededeling', flow?.steps ?? []);
    if (said.kind === 'say') said.say = { nl: ['greeting-nl'] };
    flow?.steps.push(said);
  });
  expect(made.flow?.steps.map(({ id }) => id)).toEqual(['step-1', 'step-2']);
  expect(faultsOf(made)).toEqual({ 'step-2 id': 'unreachable' });
  expect(mayBeSaved(faultsOf(made))).toBe(true);
});

test('another way keeps the queue', () => {
  const to = newWay(
    'voicemail',
    { to: 'queue', queueId: 'mine', priority: 1, skillId: null },
    { queueId, firstStep: 'x' },
  );
  expect(to).toEqual({ to: 'voicemail', queueId: 'mine', say: {} });
});
