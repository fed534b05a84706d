/**
 * The legs that exist, what the server may do with them, and what happened to them: SIP dialogs and media on one side,
 * the contract's commands and events on the other. It decides nothing on its own but the ends nobody asked for.
 */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { LegSnapshot, RecordingSnapshot, TrunkState, VoiceCommand, VoiceEvent } from '@kernlijn/contract/voice';
import { CommandRefused, refusalCode } from './command-refused.ts';
import { execute } from './execute.ts';
import { routesOf, type Ways } from './dial-plan.ts';
import { mayMove, move, snapshotOf, type BrowserLeg, type InboundLeg, type Leg, type OutboundLeg } from './leg.ts';
import type { CallMedia, RtpLeg } from './call-media.ts';
import type { Log } from '../log.ts';
import type { CallEvents, Ending } from '../sip/core.ts';
import type { InboundCall } from '../sip/inbound-call.ts';
import type { UserAgent } from '../sip/user-agent.ts';

/** Of each leg that is up it is told so often what it receives; of a few at a time, for sound goes first. */
const qualityMilliseconds = 5_000;
const qualityTurns = 20;
/** An `incoming` nobody reacts to is refused after this. */
const unheededMilliseconds = 5_000;

export type Command<Name extends VoiceCommand['command']> = Extract<VoiceCommand, { command: Name }>;
type WithoutTime<E> = E extends VoiceEvent ? Omit<E, 'at'> : never;

export type CallsParts = {
  sip: Pick<UserAgent, 'dial' | 'overloaded' | 'configure' | 'registeredPhones'> & Ways;
  media: CallMedia;
  publicAddress: string;
  log: Log;
};

export class Calls extends EventEmitter<{ event: [VoiceEvent] }> {
  readonly startedAt = new Date();
  private readonly parts: CallsParts;
  private readonly legs = new Map<string, Leg>();
  private readonly reports = setInterval(() => this.tellQuality(), qualityMilliseconds / qualityTurns).unref();
  private turn = 0;

  constructor(parts: CallsParts) {
    super();
    this.parts = parts;
    const { media } = parts;
    media.on('dtmf', ({ legId, digit }) => this.tell(legId, { event: 'dtmf', legId, digit }));
    media.on('played', ({ legId }) => this.tell(legId, { event: 'played', legId }));
    media.on('browser-connected', ({ legId }) => this.browserConnected(legId));
    media.on('browser-codec', ({ legId, codec }) => this.tell(legId, { event: 'browser-codec', legId, codec }));
    media.on('browser-disconnected', ({ legId }) => this.browserGone(legId));
    media.on('media-timeout', ({ legId }) => this.mediaTimedOut(legId));
    media.on('recording-ended', ({ problem, ...recording }) =>
      // Its leg may be gone: the file is on disk only a little later.
      this.emit('event', {
        event: 'recording-ended',
        ...recording,
        failed: problem !== null,
        at: new Date().toISOString(),
      }),
    );
  }

  snapshot(): {
    legs: LegSnapshot[];
    startedAt: string;
    recordings: RecordingSnapshot[];
    trunks: TrunkState[];
    phones: string[];
  } {
    const { sip, media } = this.parts;
    return {
      legs: [...this.legs.values()].map((leg) => snapshotOf(leg, media)),
      startedAt: this.startedAt.toISOString(),
      recordings: media.recordings(),
      trunks: sip.trunks.states,
      phones: sip.registeredPhones,
    };
  }

  configure({ trunks, realm, phones }: Command<'configure'>): void {
    this.parts.sip.configure(trunks, realm, phones);
  }

  trunkChanged(trunk: TrunkState): void {
    this.say({ event: 'trunk-state', trunk });
  }

  phoneChanged(user: string, registered: boolean): void {
    this.say({ event: 'phone-registered', user, registered });
  }

  close(): void {
    clearInterval(this.reports);
  }

  async carryOut(command: VoiceCommand): Promise<unknown> {
    return await execute(this, command);
  }

  /** A call that passed the gates of the user agent. */
  arrived(call: InboundCall): void {
    const legId = `sip-${randomUUID()}`;
    const unheeded = setTimeout(() => call.refuse(480, { reason: 'no-answer', by: 'engine' }), unheededMilliseconds);
    const { from, to, displayName } = call.identity;
    const leg: InboundLeg = {
      legId,
      kind: 'sip',
      direction: 'in',
      state: 'arrived',
      from,
      to,
      call,
      media: null,
      held: false,
      unheeded,
      startedAt: new Date(),
      answeredAt: null,
    };
    this.legs.set(legId, leg);
    this.listen(leg);
    const phone = call.phone === null ? {} : { phone: call.phone };
    this.tell(legId, { event: 'incoming', legId, from, to, displayName, sipCallId: call.sipCallId, ...phone });
  }

  async ring({ legId, earlyMedia }: Command<'ring'>): Promise<void> {
    const leg = this.inbound(legId, 'ring');
    clearTimeout(leg.unheeded);
    if (earlyMedia) await this.describe(leg, (media) => leg.call.ring(media));
    else leg.call.ring(null);
    move(leg, 'ring', new Date());
  }

  async answer({ legId }: Command<'answer'>): Promise<void> {
    const leg = this.inbound(legId, 'answer');
    clearTimeout(leg.unheeded);
    await this.describe(leg, (media) => leg.call.answer(media));
    move(leg, 'answer', new Date());
    this.tell(legId, { event: 'answered', legId });
  }

  reject({ legId, status }: Command<'reject'>): void {
    this.inbound(legId, 'refuse').call.refuse(status, {
      reason: status === 486 || status === 600 ? 'busy' : 'rejected',
      by: 'server',
    });
  }

  hangup({ legId }: Command<'hangup'>): void {
    const leg = this.leg(legId);
    if (leg.kind === 'browser') return this.parts.media.unbridge(legId);
    const before = leg.direction === 'in' ? ('rejected' as const) : ('cancelled' as const);
    leg.call.hangup({ reason: leg.state === 'up' ? 'hangup' : before, by: 'server' });
  }

  async dial(command: Command<'dial'>): Promise<void> {
    const { legId, to, from, timeoutSeconds, via } = command;
    const { sip, media, publicAddress } = this.parts;
    if (this.legs.has(legId)) throw new CommandRefused('wrong-state', `${legId} exists`);
    if (sip.overloaded) throw new CommandRefused('overloaded', 'as many calls as allowed');
    const routes = routesOf(command, sip, publicAddress);
    const rtp = await media.openRtp(legId);
    const order = via === 'phone' ? 'all-at-once' : 'one-by-one';
    const call = sip.dial({ routes, order, media: rtp, timeoutSeconds });
    const leg: OutboundLeg = {
      legId,
      kind: 'sip',
      direction: 'out',
      state: 'dialling',
      from,
      to,
      call,
      media: rtp,
      held: false,
      startedAt: new Date(),
      answeredAt: null,
    };
    this.legs.set(legId, leg);
    call.on('ringing', () => {
      move(leg, 'ring', new Date());
      this.tell(legId, { event: 'ringing', legId });
    });
    call.on('answered', () => {
      move(leg, 'answer', new Date());
      this.tell(legId, { event: 'answered', legId });
    });
    this.listen(leg);
    void call.start();
  }

  /** The media behind a leg, for commands that only concern what it hears and says. */
  audible(legId: string): CallMedia {
    const leg = this.leg(legId);
    if (leg.kind === 'sip' && !leg.media)
      throw new CommandRefused('wrong-state', `${legId} has no media before answer or early media`);
    return this.parts.media;
  }

  bridge({ bridgeId, legIds, listeners = [] }: Command<'bridge'>): void {
    for (const legId of [...legIds, ...listeners.map(({ legId }) => legId)]) this.audible(legId);
    this.parts.media.bridge(bridgeId, legIds, listeners);
  }

  async connectBrowser({ legId, sdp }: Command<'connect-browser'>): Promise<{ sdp: string }> {
    const known = this.legs.get(legId);
    if (known && known.kind !== 'browser') throw new CommandRefused('wrong-state', `${legId} is a SIP leg`);
    const answer = await this.parts.media.openBrowser(legId, sdp);
    const leg: BrowserLeg = known ?? {
      legId,
      kind: 'browser',
      direction: 'out',
      state: 'connecting',
      from: '',
      to: '',
      startedAt: new Date(),
      answeredAt: null,
    };
    this.legs.set(legId, leg);
    return { sdp: answer };
  }

  disconnectBrowser({ legId }: Command<'disconnect-browser'>): void {
    const leg = this.leg(legId);
    if (leg.kind !== 'browser') throw new CommandRefused('wrong-state', `${legId} is a SIP leg`);
    this.browserGone(legId);
  }

  private browserConnected(legId: string): void {
    const leg = this.legs.get(legId);
    if (leg?.kind !== 'browser') return;
    move(leg, 'connect', new Date());
    this.tell(legId, { event: 'browser-connected', legId });
  }

  private browserGone(legId: string): void {
    const leg = this.legs.get(legId);
    if (leg?.kind !== 'browser') return;
    move(leg, 'end', new Date());
    this.parts.media.close(legId);
    this.tell(legId, { event: 'browser-disconnected', legId });
    this.legs.delete(legId);
  }

  private tellQuality(): void {
    this.turn = (this.turn + 1) % qualityTurns;
    for (const { legId, state, startedAt } of this.legs.values()) {
      if (startedAt.getTime() % qualityTurns !== this.turn) continue;
      const quality = state === 'up' ? this.parts.media.quality(legId) : null;
      if (quality) this.tell(legId, { event: 'quality', legId, quality });
    }
  }

  private mediaTimedOut(legId: string): void {
    const leg = this.legs.get(legId);
    if (leg?.kind === 'sip') leg.call.hangup({ reason: 'media-timeout', by: 'engine' });
  }

  /** Gives a ringing leg its media. A caller we cannot agree with is refused: 488 (RFC 3261 §13.3.1.3), or 503 for want of ports. */
  private async describe(leg: InboundLeg, use: (media: RtpLeg) => void): Promise<void> {
    try {
      const rtp = leg.media ?? (await this.parts.media.openRtp(leg.legId));
      leg.media = rtp;
      if (leg.state === 'ended') throw new CommandRefused('no-such-leg', `${leg.legId} ended meanwhile`);
      use(rtp);
    } catch (error) {
      this.parts.log.info({ err: error, sipCallId: leg.call.sipCallId }, 'a caller cannot be given media');
      const status = refusalCode(error) === 'bad-sdp' ? 488 : 503;
      leg.call.refuse(status, { reason: 'error', by: 'engine' });
      this.parts.media.close(leg.legId);
      throw error;
    }
  }

  private listen(leg: InboundLeg | OutboundLeg): void {
    const { legId } = leg;
    const call: EventEmitter<CallEvents> = leg.call;
    call.on('held', (held) => this.held(leg, held));
    call.on('dtmf', (digit) => this.tell(legId, { event: 'dtmf', legId, digit }));
    call.on('transfer-asked', (to) => this.tell(legId, { event: 'transfer-asked', legId, to }));
    call.on('ended', (ending) => this.ended(leg, ending));
  }

  private held(leg: InboundLeg | OutboundLeg, held: boolean): void {
    leg.held = held;
    this.tell(leg.legId, { event: 'remote-hold', legId: leg.legId, held });
  }

  private ended(leg: InboundLeg | OutboundLeg, { reason, by }: Ending): void {
    if (!mayMove(leg, 'end')) return;
    move(leg, 'end', new Date());
    if (leg.direction === 'in') clearTimeout(leg.unheeded);
    const { legId } = leg;
    const quality = leg.media ? this.parts.media.quality(legId) : null;
    this.parts.media.close(legId);
    this.tell(legId, { event: 'ended', legId, reason, by, quality });
    this.legs.delete(legId);
  }

  private leg(legId: string): Leg {
    const leg = this.legs.get(legId);
    if (!leg) throw new CommandRefused('no-such-leg', `no leg ${legId}`);
    return leg;
  }

  private inbound(legId: string, wanted: 'ring' | 'answer' | 'refuse'): InboundLeg {
    const leg = this.leg(legId);
    if (leg.kind !== 'sip' || leg.direction !== 'in' || !mayMove(leg, wanted))
      throw new CommandRefused('wrong-state', `${legId} is no ringing caller`);
    return leg;
  }

  /** Events of legs that are gone are late echoes of the media side, and told to nobody. */
  private tell(legId: string, event: WithoutTime<VoiceEvent>): void {
    if (this.legs.has(legId)) this.say(event);
  }

  private say(event: WithoutTime<VoiceEvent>): void {
    this.emit('event', { ...event, at: new Date().toISOString() });
  }
}
