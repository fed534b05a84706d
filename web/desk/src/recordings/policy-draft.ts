/** The settings of recording while they are typed. */
import {
  usualRetention,
  wantsDecision,
  type Listener,
  type PurposeRule,
  type RecordingPolicy,
  type RecordingPurpose,
} from '@kernlijn/contract/recordings';

export interface PurposeDraft {
  purpose: RecordingPurpose;
  /** Whether the client records for it at all. */
  used: boolean;
  retentionDays: number | null;
  onObjection: PurposeRule['onObjection'];
  listeners: Listener[];
  decision: string;
}

const usual: Record<RecordingPurpose, Pick<PurposeDraft, 'onObjection' | 'listeners'>> = {
  quality: { onObjection: 'drop', listeners: ['own', 'team-leader', 'coach'] },
  agreement: { onObjection: 'keep', listeners: ['team-leader', 'administrator'] },
  dispute: { onObjection: 'keep', listeners: ['team-leader', 'administrator'] },
  'legal-duty': { onObjection: 'goes-on', listeners: ['administrator'] },
};

export const purposeDrafts = (rules: readonly PurposeRule[], all: readonly RecordingPurpose[]): PurposeDraft[] =>
  all.map((purpose) => {
    const rule = rules.find((each) => each.purpose === purpose);
    return rule
      ? { ...rule, used: true }
      : { purpose, used: false, retentionDays: usualRetention[purpose], ...usual[purpose], decision: '' };
  });

export const lacksDecision = ({ purpose, decision }: Pick<PurposeDraft, 'purpose' | 'decision'>): boolean =>
  wantsDecision(purpose) && decision.trim() === '';

/** Null while something cannot be saved. */
export function rulesIn(drafts: readonly PurposeDraft[]): PurposeRule[] | null {
  const rules: PurposeRule[] = [];
  for (const { used, retentionDays, ...rule } of drafts) {
    if (!used) continue;
    if (retentionDays === null || !(retentionDays >= 1 && retentionDays <= 3_660)) return null;
    if (lacksDecision(rule)) return null;
    rules.push({ ...rule, retentionDays });
  }
  return rules;
}

export const newPolicy = (purposes: readonly RecordingPurpose[]): RecordingPolicy => ({
  mode: 'always',
  purposes: [...purposes],
  announcement: 'recorded-nl',
  objectionKey: '9',
  agentMayPause: true,
  agentMayStop: false,
  remindSeconds: 60,
});

export type PolicyFault = 'purposes' | 'announcement' | 'remindSeconds';
export function faultsOf(policy: RecordingPolicy, known: readonly RecordingPurpose[]): PolicyFault[] {
  if (policy.mode === 'never') return [];
  return [
    ...(policy.purposes.some((purpose) => known.includes(purpose)) ? [] : (['purposes'] as const)),
    ...(/^[a-z0-9][a-z0-9_-]{0,79}$/i.test(policy.announcement) ? [] : (['announcement'] as const)),
    ...(policy.remindSeconds >= 10 && policy.remindSeconds <= 3_600 ? [] : (['remindSeconds'] as const)),
  ];
}
