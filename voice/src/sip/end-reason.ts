import type { EndReason } from '@kernlijn/contract/voice';

/** What a final refusal of our INVITE means to people (RFC 3261 §21.3–21.6). */
export function endReason(status: number): EndReason {
  return byStatus[status] ?? byClass[Math.floor(status / 100)] ?? 'error';
}

const byStatus: Readonly<Record<number, EndReason>> = {
  404: 'unreachable',
  408: 'no-answer',
  410: 'unreachable',
  480: 'no-answer',
  484: 'unreachable',
  485: 'unreachable',
  486: 'busy',
  487: 'cancelled',
  502: 'unreachable',
  503: 'unreachable',
  504: 'unreachable',
  600: 'busy',
  603: 'rejected',
  604: 'unreachable',
  607: 'rejected',
  608: 'rejected',
};

const byClass: Readonly<Record<number, EndReason>> = { 3: 'unreachable', 4: 'rejected', 5: 'error', 6: 'rejected' };
