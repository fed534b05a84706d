/** Whatever happens in whatever order: a model of the engine records what the steps say, and a strict listener looks on. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Listener, RecordingPurpose } from '@kernlijn/contract/recordings';
import type { PurposeRule, RecordingPolicy } from '@kernlijn/contract/recordings';
import { Role } from '@kernlijn/contract/access';
import { Refusal } from '../platform/refusal.ts';
import { dayMs, deleteAfter, mayListen } from './policy.ts';
import { step } from './recording.ts';
import type { CallSide, Step } from './recording.ts';

const purposes = RecordingPurpose.options;
const rules = fc.uniqueArray(
  fc.record<PurposeRule>({
    purpose: fc.constantFrom(...purposes),
    retentionDays: fc.integer({ min: 1, max: 3_660 }),
    onObjection: fc.constantFrom('drop', 'keep', 'goes-on'),
    listeners: fc.subarray(Listener.options),
    decision: fc.constantFrom('', 'OR 2026-04'),
  }),
  { selector: ({ purpose }) => purpose },
);
const policy = fc.option(
  fc.record<RecordingPolicy>({
    mode: fc.constantFrom('always', 'agent', 'never'),
    purposes: fc.subarray(purposes, { minLength: 1 }),
    announcement: fc.constant('recorded-nl'),
    objectionKey: fc.constantFrom('9', null),
    agentMayPause: fc.boolean(),
    agentMayStop: fc.boolean(),
    remindSeconds: fc.constant(60),
  }),
);
const steps = fc.array(
  fc.constantFrom<Step>(
    { is: 'talk' },
    { is: 'heard' },
    { is: 'start' },
    { is: 'pause', reason: 'agent' },
    { is: 'pause', reason: 'payment' },
    { is: 'resume', reason: 'agent' },
    { is: 'resume', reason: 'payment' },
    { is: 'stop' },
    { is: 'object' },
    { is: 'over' },
  ),
  { maxLength: 30 },
);
const fresh: CallSide = { told: false, objected: false, current: null };

/** Every state the call comes through; what is refused changes nothing. */
function walk(all: readonly Step[], of: RecordingPolicy | null, by: readonly PurposeRule[]) {
  let call = fresh;
  return all.map((asked) => {
    const before = call;
    try {
      const outcome = step(call, asked, of, by);
      ({ call } = outcome);
      return { asked, before, ...outcome };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { asked, before, call, fate: null, keptFor: [] };
    }
  });
}

describe('no sequence of actions', () => {
  it('records before the caller has heard that it will be', () => {
    fc.assert(
      fc.property(steps, policy, rules, (all, of, by) => {
        let heard = false;
        for (const { asked, call } of walk(all, of, by)) {
          heard ||= asked.is === 'heard';
          if (!heard) expect([null, 'announcing']).toContain(call.current?.state ?? null);
        }
      }),
    );
  });

  it('records where nothing may be, or for a purpose that is no rule of the client', () => {
    fc.assert(
      fc.property(steps, policy, rules, (all, of, by) => {
        for (const { call } of walk(all, of, by)) {
          if (of === null || of.mode === 'never') expect(call.current).toBeNull();
          for (const purpose of call.current?.purposes ?? []) {
            expect(of?.purposes).toContain(purpose);
            expect(by.map((rule) => rule.purpose)).toContain(purpose);
            // Watching staff wants the works council's decision.
            if (purpose === 'quality') expect(by.find((rule) => rule.purpose === purpose)?.decision).not.toBe('');
          }
          expect(call.current?.purposes.length).not.toBe(0);
        }
      }),
    );
  });

  it('goes on after an objection for more than the law says, nor keeps what is to be dropped', () => {
    fc.assert(
      fc.property(steps, policy, rules, (all, of, by) => {
        const says = (purpose: string) => by.find((rule) => rule.purpose === purpose)?.onObjection;
        for (const { asked, before, call, fate, keptFor } of walk(all, of, by)) {
          if (!call.objected) continue;
          for (const purpose of call.current?.purposes ?? []) expect(says(purpose)).toBe('goes-on');
          if (asked.is !== 'object' || before.objected) continue;
          for (const purpose of keptFor) expect(says(purpose)).toBe('keep');
          const isThere = before.current !== null && before.current.state !== 'announcing';
          expect(fate === 'dropped').toBe(
            isThere && before.current?.purposes.every((purpose) => says(purpose) === 'drop'),
          );
        }
      }),
    );
  });

  it('keeps a payment from being paused, nor lets an agent pause or stop where the policy does not', () => {
    fc.assert(
      fc.property(steps, policy, rules, (all, of, by) => {
        for (const { asked, before, call } of walk(all, of, by)) {
          if (asked.is === 'pause' && asked.reason === 'payment' && before.current?.state === 'running')
            expect(call.current).toMatchObject({ state: 'paused', pausedFor: 'payment' });
          if (asked.is === 'pause' && asked.reason === 'agent' && of?.agentMayPause !== true)
            expect(call).toEqual(before);
          if (asked.is === 'stop' && of?.mode === 'always' && !of.agentMayStop) expect(call).toEqual(before);
        }
      }),
    );
  });
});

describe('keeping', () => {
  const ended = new Date('2026-11-25T10:00:00Z');
  const some = fc.subarray(purposes, { minLength: 1 });

  it('ends with the longest retention of its purposes, and at once without a rule', () => {
    fc.assert(
      fc.property(some, rules, (of, by) => {
        const days = (deleteAfter(of, by, ended).getTime() - ended.getTime()) / dayMs;
        const own = by.filter(({ purpose }) => of.includes(purpose)).map(({ retentionDays }) => retentionDays);
        expect(days).toBe(own.length === 0 ? 0 : Math.max(...own));
      }),
    );
  });

  it('lets nobody listen for a purpose whose retention is over, nor anybody once it is to be deleted', () => {
    fc.assert(
      fc.property(
        some,
        rules,
        fc.constantFrom(...Role.options),
        fc.boolean(),
        fc.nat(4_000),
        (of, by, role, isHeard, days) => {
          const now = new Date(ended.getTime() + days * dayMs);
          const may = mayListen({ purposes: of, endedAt: ended }, by, { role, isHeard }, now);
          const reasons = by.filter(({ purpose, retentionDays }) => of.includes(purpose) && retentionDays > days);
          expect(may).toBe(
            reasons.some(({ listeners }) => listeners.some((each) => (each === 'own' ? isHeard : each === role))),
          );
          if (now >= deleteAfter(of, by, ended)) expect(may).toBe(false);
        },
      ),
    );
  });
});
