/** Between SIP's words for an end and those of Asterisk, which speaks Q.850. */
import type { EndReason } from '@kernlijn/contract/voice';
import { endReason } from '../sip/end-reason.ts';
import type { Ending } from '../sip/core.ts';
import type { SipLeg } from './leg.ts';

/** What makes Asterisk refuse with that status, or the nearest it can (`hangup_cause2sip` of chan_pjsip). */
export function causeFor(status: number): number {
  return causes[status] ?? (status >= 600 ? 21 : status >= 500 ? 38 : 31);
}

const causes: Readonly<Record<number, number>> = {
  403: 21,
  404: 1,
  408: 18,
  410: 22,
  480: 19,
  484: 28,
  486: 17,
  488: 58,
  500: 127,
  501: 29,
  502: 27,
  503: 34,
  600: 17,
};

/** Asterisk ends a channel without RTP with this one. */
const noMedia = 44;

export function endingOf(leg: SipLeg, cause: number, status: number | undefined): Ending {
  if (leg.ending) return leg.ending;
  if (leg.state === 'up')
    return cause === noMedia ? { reason: 'media-timeout', by: 'engine' } : { reason: 'hangup', by: 'remote' };
  if (leg.direction === 'in') return { reason: 'cancelled', by: 'remote' };
  if (status !== undefined && status >= 300) return { reason: endReason(status), by: 'remote' };
  const reason = byCause[cause] ?? 'error';
  return { reason, by: reason === 'unreachable' ? 'engine' : 'remote' };
}

/** Whether another trunk may have more luck: it could not be reached, or said 408 or 500–599. */
export function mayTryAnother(cause: number, status: number | undefined): boolean {
  if (status !== undefined && status >= 300) return status === 408 || (status >= 500 && status < 600);
  return byCause[cause] === 'unreachable';
}

const byCause: Readonly<Record<number, EndReason>> = {
  1: 'unreachable',
  3: 'unreachable',
  16: 'no-answer',
  17: 'busy',
  18: 'no-answer',
  19: 'no-answer',
  20: 'unreachable',
  21: 'rejected',
  27: 'unreachable',
  34: 'unreachable',
  38: 'unreachable',
};
