import { expect, it } from 'vitest';
import { RecordingPurpose } from '@kernlijn/contract/recordings';
import { faultsOf, newPolicy, purposeDrafts, rulesIn } from './policy-draft.ts';

it('proposes what the law usually has, and uses none of it unasked', () => {
  const drafts = purposeDrafts([], RecordingPurpose.options);
  expect(drafts.map(({ purpose, retentionDays }) => [purpose, retentionDays])).toEqual([
    ['quality', 30],
    ['agreement', null],
    ['dispute', 183],
    ['legal-duty', null],
  ]);
  expect(rulesIn(drafts)).toEqual([]);
});

it('does not save a purpose without an end, nor one that watches staff without a decision', () => {
  const drafts = purposeDrafts([], RecordingPurpose.options).map((draft) => ({ ...draft, used: true }));
  expect(rulesIn(drafts)).toBeNull();
  expect(rulesIn(drafts.map((draft) => ({ ...draft, retentionDays: draft.retentionDays ?? 365 })))).toBeNull();
  const whole = drafts.map((draft) => ({
    ...draft,
    retentionDays: draft.retentionDays ?? 365,
    decision: 'OR 2026-04',
  }));
  expect(rulesIn(whole)).toHaveLength(4);
});

it('names what is missing of a policy, and asks nothing of one that records nothing', () => {
  const policy = { ...newPolicy(['dispute']), announcement: '../x', remindSeconds: 5 };
  expect(faultsOf(policy, ['quality'])).toEqual(['purposes', 'announcement', 'remindSeconds']);
  expect(faultsOf({ ...policy, mode: 'never' }, [])).toEqual([]);
});
