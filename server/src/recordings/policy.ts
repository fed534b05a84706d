/** What may be recorded, and how long it may be kept. Pure; the rules are rows that people set. */
import { wantsDecision } from '@kernlijn/contract/recordings';
import type { Listener, PurposeRule, RecordingPolicy, RecordingPurpose } from '@kernlijn/contract/recordings';
import type { Role } from '@kernlijn/contract/access';

export type Rules = readonly PurposeRule[];
export const dayMs = 86_400_000;

const ruleOf = (rules: Rules, purpose: RecordingPurpose): PurposeRule | undefined =>
  rules.find((rule) => rule.purpose === purpose);

const isReason = (rule: PurposeRule | undefined): boolean =>
  rule !== undefined && (rule.decision !== '' || !wantsDecision(rule.purpose));

/** Why a call of this policy may be recorded; a purpose without a rule of the client is none. */
export function purposesOf(policy: RecordingPolicy | null, rules: Rules, objected: boolean): RecordingPurpose[] {
  if (policy === null || policy.mode === 'never') return [];
  const known = policy.purposes.filter((purpose) => isReason(ruleOf(rules, purpose)));
  return objected ? onObjection(known, rules).goesOnFor : known;
}

/** What an objection leaves: reasons to go on, and reasons to keep what there is already. */
export function onObjection(
  purposes: readonly RecordingPurpose[],
  rules: Rules,
): { goesOnFor: RecordingPurpose[]; keptFor: RecordingPurpose[] } {
  const says = (what: PurposeRule['onObjection']) =>
    purposes.filter((purpose) => ruleOf(rules, purpose)?.onObjection === what);
  return { goesOnFor: says('goes-on'), keptFor: says('keep') };
}

/** The last reason to keep it ends here; at once when no purpose of it is a rule any more. */
export function deleteAfter(purposes: readonly RecordingPurpose[], rules: Rules, endedAt: Date): Date {
  const days = purposes.map((purpose) => ruleOf(rules, purpose)?.retentionDays ?? 0);
  return new Date(endedAt.getTime() + Math.max(0, ...days) * dayMs);
}

/** Whoever may listen for some purpose may do so while that purpose is a reason to keep it, not as long as another is. */
export function mayListen(
  recording: { purposes: readonly RecordingPurpose[]; endedAt: Date },
  rules: Rules,
  who: { role: Role; isHeard: boolean },
  now: Date,
): boolean {
  return recording.purposes.some((purpose) => {
    const rule = ruleOf(rules, purpose);
    if (rule === undefined || recording.endedAt.getTime() + rule.retentionDays * dayMs <= now.getTime()) return false;
    return rule.listeners.some((listener) => isAmong(listener, who));
  });
}

const isAmong = (listener: Listener, { role, isHeard }: { role: Role; isHeard: boolean }): boolean =>
  listener === 'own' ? isHeard : listener === role;
