/** Our part in keeping a session alive (RFC 4028 §7.4, §10), and noticing that it is not. */
import { sdpOf } from './body.ts';
import type { Log } from '../log.ts';
import { capabilities, sdpBody } from './core.ts';
import { refreshTarget } from './dialog.ts';
import type { DialogClient } from './dialog-client.ts';
import type { SipResponse } from './message.ts';
import { readDecision, refreshHeaders, SessionTimer, type SessionInterval } from './session-timer.ts';
import type { SessionParts } from './session.ts';

export class SessionRefresh {
  private readonly client: DialogClient;
  private readonly parts: SessionParts;
  private readonly log: Log;
  private readonly lost: () => void;
  private readonly timer: SessionTimer;
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;
  /** A re-INVITE of ours is under way: an offer of theirs is glare now (RFC 3261 §14.2). */
  offering = false;

  /** `lost`: the far end knows nothing of the call any more, or did not refresh in time. */
  constructor(client: DialogClient, parts: SessionParts, log: Log, lost: () => void) {
    this.client = client;
    this.parts = parts;
    this.log = log;
    this.lost = lost;
    this.timer = new SessionTimer({ refresh: () => this.refresh(), expired: lost });
  }

  get interval(): SessionInterval | null {
    return this.timer.interval;
  }

  /** From a refresh of either side to the next. */
  restart(interval: SessionInterval | null): void {
    this.timer.restart(interval);
  }

  stop(): void {
    this.stopped = true;
    this.timer.stop();
    clearTimeout(this.retry);
  }

  /** UPDATE without SDP where it is understood, else a re-INVITE that changes nothing. */
  private refresh(): void {
    if (!this.timer.interval) return;
    const method = this.parts.updates ? 'UPDATE' : 'INVITE';
    this.offering = method === 'INVITE';
    const body = this.offering ? sdpBody(this.parts.localSdp) : null;
    void this.client.request(method, [...capabilities, ...refreshHeaders(this.timer.interval)], body, {
      response: (response) => {
        if (response.status >= 200) this.answered(response);
      },
      timeout: this.lost,
    });
  }

  private answered(response: SipResponse): void {
    this.offering = false;
    if (response.status < 300) return this.accepted(response);
    if (this.stopped) return;
    if (response.status === 491) {
      // RFC 3261 §14.1: the side that chose the Call-ID waits 2.1–4 s, the other 0–2 s, so that they do not meet again
      const wait = this.parts.caller ? 2_100 + Math.random() * 1_900 : Math.random() * 2_000;
      this.retry = setTimeout(() => this.refresh(), wait);
    } else if (response.status === 481 || response.status === 408) {
      this.lost(); // RFC 3261 §12.2.1.2
    } else if (this.timer.interval) {
      this.timer.restart({ ...this.timer.interval, refresher: 'them' }); // refused: the call lives until it expires
    }
  }

  private accepted(response: SipResponse): void {
    if (response.cseq.method === 'INVITE') void this.client.acknowledge(response.cseq.number);
    if (this.stopped) return;
    refreshTarget(this.parts.dialog, response);
    this.timer.restart(readDecision(response));
    const sdp = sdpOf(response);
    try {
      if (sdp !== null) this.parts.media.applyAnswer(sdp, this.parts.flow.address);
    } catch (error) {
      this.log.info({ err: error }, 'session description refused'); // nothing was to change: the call goes on as it was
    }
  }
}
