/** Session timers (RFC 4028): a call whose far end vanished without BYE must not live for ever. */
import { header, lists, type HeaderField, type SipRequest, type SipResponse } from './message.ts';

export type SessionInterval = { seconds: number; refresher: 'us' | 'them' };

/** §5: the interval we propose. */
const proposedSeconds = 1_800;
/** §5: the smallest interval we accept; also the smallest the RFC allows. */
export const minSeconds = 90;

/** §9 lets us lower what is asked; a day also keeps the timer within what the runtime can count. */
const mostSeconds = 86_400;

/** §7.1: what an INVITE of ours says. After a 422 (§7.3) with the Min-SE that it asked for. */
export function offerHeaders(minSE = minSeconds): HeaderField[] {
  return [
    { name: 'session-expires', value: String(Math.max(proposedSeconds, minSE)) },
    { name: 'min-se', value: String(minSE) },
  ];
}

/** §7.3 */
export function minSEOf(response: SipResponse): number | null {
  const value = /^(\d{1,9})\s*(?:;|$)/.exec(header(response, 'min-se') ?? '')?.[1];
  return value === undefined ? null : Number(value);
}

/** §9: decides on an INVITE or UPDATE; 'too-small' is answered 422. `wasUs`: who refreshed until now, if anybody. */
export function decideAsServer(
  request: SipRequest,
  before: SessionInterval | null,
): SessionInterval | 'too-small' | null {
  const asked = read(header(request, 'session-expires'));
  const knows = lists(request, 'supported', 'timer');
  if (asked && asked.seconds < minSeconds) {
    // Table 2: a client that knows nothing of timers cannot be told 422; the interval is raised instead.
    return knows ? 'too-small' : { seconds: minSeconds, refresher: 'us' };
  }
  if (!asked) return knows ? { seconds: before?.seconds ?? proposedSeconds, refresher: 'them' } : null;
  // Table 2: only a client that supports timers can refresh. It does so unless it asked us to.
  return { seconds: asked.seconds, refresher: knows && asked.refresher !== 'uas' ? 'them' : 'us' };
}

/** §7.2: what a 2xx to our INVITE or UPDATE decided. */
export function readDecision(response: SipResponse): SessionInterval | null {
  const decided = read(header(response, 'session-expires'));
  if (!decided) return null;
  return { seconds: Math.max(decided.seconds, minSeconds), refresher: decided.refresher === 'uas' ? 'them' : 'us' };
}

/** §9: the decision, in our 2xx. In a request the client is the refresher of its own transaction. */
export function decisionHeaders(interval: SessionInterval | null): HeaderField[] {
  if (!interval) return [];
  const refresher = interval.refresher === 'them' ? 'uac' : 'uas';
  const field = { name: 'session-expires', value: `${interval.seconds};refresher=${refresher}` };
  return refresher === 'uac' ? [field, { name: 'require', value: 'timer' }] : [field];
}

/** §7.4: a refresh by us says that we go on refreshing. */
export function refreshHeaders(interval: SessionInterval): HeaderField[] {
  return [
    { name: 'session-expires', value: `${interval.seconds};refresher=uac` },
    { name: 'min-se', value: String(minSeconds) },
  ];
}

/** Runs from one refresh to the next. */
export class SessionTimer {
  private timer: NodeJS.Timeout | undefined;
  private readonly on: { refresh: () => void; expired: () => void };
  interval: SessionInterval | null = null;

  constructor(on: { refresh: () => void; expired: () => void }) {
    this.on = on;
  }

  /** §10: the refresher acts at half the interval; the other side ends the call shortly before it is over. */
  restart(interval: SessionInterval | null): void {
    this.stop();
    this.interval = interval;
    if (!interval) return;
    const { seconds, refresher } = interval;
    const wait = refresher === 'us' ? seconds / 2 : seconds - Math.min(32, seconds / 3);
    this.timer = setTimeout(refresher === 'us' ? this.on.refresh : this.on.expired, wait * 1_000);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}

function read(value: string | null): { seconds: number; refresher: string | null } | null {
  const match = /^(\d{1,8})\s*(.*)$/s.exec(value ?? '');
  if (!match) return null;
  return {
    seconds: Math.min(Number(match[1]), mostSeconds),
    refresher: /;\s*refresher\s*=\s*(ua[cs])\b/i.exec(match[2] ?? '')?.[1]?.toLowerCase() ?? null,
  };
}
