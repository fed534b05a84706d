/**
 * The recording of a call while it goes on: pure. Nothing is recorded before the caller has heard that it will be, and
 * nothing after he objected unless the law says so; whatever order things happen in, and whoever presses what.
 */
import type { RecordingPolicy, RecordingPurpose } from '@kernlijn/contract/recordings';
import { Refusal } from '../platform/refusal.ts';
import { onObjection, purposesOf } from './policy.ts';
import type { Rules } from './policy.ts';

export type PauseReason = 'agent' | 'payment';
export interface Current {
  state: 'announcing' | 'running' | 'paused';
  purposes: readonly RecordingPurpose[];
  pausedFor: PauseReason | null;
}
export interface CallSide {
  /** He heard the announcement to its end. */
  told: boolean;
  objected: boolean;
  current: Current | null;
}

export type Step =
  /** An agent and the customer are put through to each other. */
  | { is: 'talk' }
  /** The announcement was heard to its end. */
  | { is: 'heard' }
  | { is: 'start' }
  | { is: 'pause'; reason: PauseReason }
  | { is: 'resume'; reason: PauseReason }
  | { is: 'stop' }
  /** The caller does not want it: by a key, or told the agent. */
  | { is: 'object' }
  | { is: 'over' };

/** What became of a recording that is no longer current. `nothing`: it had not begun. */
export type Fate = 'kept' | 'dropped' | 'nothing';
export interface Outcome {
  call: CallSide;
  fate: Fate | null;
  /** With fate `kept`: the purposes for which it may be kept. */
  keptFor: readonly RecordingPurpose[];
}

/** @throws Refusal `not-recorded` or `not-permitted` for what a person asks and may not have */
export function step(call: CallSide, asked: Step, policy: RecordingPolicy | null, rules: Rules): Outcome {
  const { current } = call;
  const stays = (next: CallSide): Outcome => ({ call: next, fate: null, keptFor: [] });
  switch (asked.is) {
    case 'talk':
      if (current !== null) return policy?.mode === 'never' ? without(call) : stays(call); // it goes on along a transfer
      return policy?.mode === 'always' ? stays(begun(call, policy, rules)) : stays(call);
    case 'heard':
      return stays({
        ...call,
        told: true,
        current: current?.state === 'announcing' ? { ...current, state: 'running' } : current,
      });
    case 'start': {
      if (current !== null) return stays(call);
      const next = begun(call, policy, rules);
      if (next.current === null) throw new Refusal('not-recorded', { reason: call.objected ? 'objected' : 'policy' });
      return stays(next);
    }
    case 'pause':
      permit(asked.reason, policy);
      if (current === null) throw new Refusal('not-recorded', { reason: 'none' });
      // A payment may begin while an agent has paused already: then it is the payment that lasts.
      if (current.state === 'announcing') throw new Refusal('not-recorded', { reason: 'announcing' });
      return stays({ ...call, current: { ...current, state: 'paused', pausedFor: asked.reason } });
    case 'resume':
      permit(asked.reason, policy);
      if (current?.state !== 'paused') return stays(call);
      return stays({ ...call, current: { ...current, state: 'running', pausedFor: null } });
    case 'stop':
      if (current === null) return stays(call);
      if (policy !== null && !policy.agentMayStop && policy.mode !== 'agent')
        throw new Refusal('not-permitted', { permission: 'policy' });
      return without(call);
    case 'object':
      return objected(call, rules);
    case 'over':
      return current === null ? stays(call) : without(call);
  }
}

function begun(call: CallSide, policy: RecordingPolicy | null, rules: Rules): CallSide {
  const purposes = purposesOf(policy, rules, call.objected);
  if (purposes.length === 0) return call;
  return { ...call, current: { state: call.told ? 'running' : 'announcing', purposes, pausedFor: null } };
}

function without(call: CallSide): Outcome {
  const isThere = call.current?.state === 'running' || call.current?.state === 'paused';
  return {
    call: { ...call, current: null },
    fate: isThere ? 'kept' : 'nothing',
    keptFor: isThere ? (call.current?.purposes ?? []) : [],
  };
}

function objected(call: CallSide, rules: Rules): Outcome {
  const after = { ...call, objected: true };
  const { current } = call;
  if (current === null) return { call: after, fate: null, keptFor: [] };
  const { goesOnFor, keptFor } = onObjection(current.purposes, rules);
  if (goesOnFor.length > 0)
    return { call: { ...after, current: { ...current, purposes: goesOnFor } }, fate: null, keptFor: [] };
  const gone = { ...after, current: null };
  if (current.state === 'announcing') return { call: gone, fate: 'nothing', keptFor: [] };
  return { call: gone, fate: keptFor.length > 0 ? 'kept' : 'dropped', keptFor };
}

/** Card numbers must never be recorded, so that pause is nobody's to forbid. */
function permit(reason: PauseReason, policy: RecordingPolicy | null): void {
  if (reason === 'agent' && policy?.agentMayPause !== true)
    throw new Refusal('not-permitted', { permission: 'policy' });
}
