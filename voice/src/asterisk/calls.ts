/**
 * The engine of the contract on Asterisk nodes. Asterisk has the calls and the sound; this knows which legs there are,
 * says what they should hear, and tells what happened. Only one process does this, so that commands on a leg keep their
 * order whichever server they come from. When it ends, calls go on; the next one reads from the nodes what there is.
 *
 *     commands ─▶ calls ─┬─ dialling   which node and trunk, one after the other
 *                        ├─ sound      playbacks, bridges (with snoops for listeners), lines to browsers and other nodes
 *                        ├─ recordings MixMonitor, and one stereo file in the end
 *                        └─ configuration   trunks and phones as PJSIP objects
 *     events   ◀─ calls ◀── node (ARI) ─── taking-over: after any restart
 */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LegQuality, RecordingSnapshot, TrunkState, VoiceCommand, VoiceEvent } from '@kernlijn/contract/voice';
import { VoiceReplies } from '@kernlijn/contract/voice';
import type { z } from 'zod';
import { CommandRefused } from '../call/command-refused.ts';
import type { Calls } from '../call/calls.ts';
import type { Log } from '../log.ts';
import { estimateMos } from '../rtp/e-model.ts';
import type { Ending } from '../sip/core.ts';
import { AriRefused, AriUnreachable, ifStillThere } from './ari.ts';
import { Endpoints, RtpStatistics } from './ari-messages.ts';
import type { AriEvent, Channel, EventOf } from './ari-messages.ts';
import { causeFor, endingOf } from './causes.ts';
import { Configuration } from './configuration.ts';
import { Dialling } from './dialling.ts';
import { legIdOf, legOn, snapshotOf, type Leg, type SipLeg } from './leg.ts';
import { browserLeg, Legs } from './legs.ts';
import { Lines } from './lines.ts';
import type { Found, Node } from './node.ts';
import { Playbacks } from './playbacks.ts';
import { isPaused, Recordings } from './recordings.ts';
import { Sound } from './sound.ts';
import { TakingOver } from './taking-over.ts';

export interface CallsOnAsteriskParts {
  nodes: readonly Node[];
  /** The engine in this process, which has the browsers. */
  gateway: Calls;
  /** Host and port at which the nodes reach it. */
  gatewayAddress: () => string;
  promptDirs: readonly string[];
  /** Where the nodes have them; null for the same folder. */
  promptsOnNodes: string | null;
  /** Null: there is no recording. */
  recordingDir: string | null;
  mediaTimeoutSeconds: number;
  log: Log;
}

const unheededMs = 5_000;
const qualityEveryMs = 5_000;
/** A node that does not answer at the start must not keep callers of the others waiting. */
const settleWithinMs = 3_000;

export class CallsOnAsterisk extends EventEmitter<{ event: [VoiceEvent] }> {
  readonly startedAt = new Date();
  private readonly parts: CallsOnAsteriskParts;
  private readonly legs = new Legs((event) => this.emit('event', { ...event, at: new Date().toISOString() }));
  private readonly lines: Lines;
  private readonly recordings: Recordings;
  private readonly configuration: Configuration;
  private readonly sound: Sound;
  private readonly dialling: Dialling;
  private readonly takingOver: TakingOver;
  private readonly phones = new Map<string, Node>();
  private trunkStates: TrunkState[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(parts: CallsOnAsteriskParts) {
    super();
    this.parts = parts;
    const { nodes, gateway, log } = parts;
    const { legs, phones } = this;
    this.lines = new Lines(gateway, parts.gatewayAddress);
    this.recordings = new Recordings(parts.recordingDir, log);
    this.configuration = new Configuration(parts);
    this.dialling = new Dialling({ legs, nodes, configuration: this.configuration, phones });
    this.sound = new Sound({
      legs,
      gateway,
      lines: this.lines,
      recordings: this.recordings,
      playbacks: new Playbacks(parts.promptDirs, parts.promptsOnNodes),
      anyNode: () => this.dialling.nodeFor(undefined),
    });
    const { bridges } = this.sound;
    this.takingOver = new TakingOver({ legs, lines: this.lines, bridges, ended: (leg, how) => this.ended(leg, how) });
    gateway.on('event', (event) => void this.heardOfGateway(event).catch(this.failed('gateway')));
    for (const node of nodes) {
      node.on('up', (found) => this.nodeUp(node, found));
      node.on('down', () => this.nodeDown(node));
      node.on('event', (event) => this.happened(node, event));
    }
  }

  /** Resolves when it is known what the nodes have. */
  async open(): Promise<void> {
    const { nodes } = this.parts;
    for (const node of nodes) node.open();
    const until = Date.now() + settleWithinMs;
    while (nodes.some(({ state }) => state !== 'up') && Date.now() < until) await sleep(20);
    this.takingOver.isSettled = true;
    this.timer = setInterval(() => void this.look().catch(this.failed('figures')), qualityEveryMs);
  }

  /** Calls go on. */
  close(): void {
    clearInterval(this.timer);
    for (const leg of this.legs.all())
      if (leg.kind === 'sip') [leg.timer, leg.noting].forEach((timer) => clearTimeout(timer));
    for (const node of this.parts.nodes) node.close();
  }

  snapshot(): z.infer<(typeof VoiceReplies)['snapshot']> {
    return {
      legs: this.legs.all().map(snapshotOf),
      startedAt: this.startedAt.toISOString(),
      recordings: this.legs.all().flatMap(recordingsOf),
      trunks: this.trunkStates,
      phones: [...this.phones.keys()],
    };
  }

  async carryOut(command: VoiceCommand): Promise<unknown> {
    try {
      return await this.execute(command);
    } catch (error) {
      // Between a caller's hanging up and our hearing of it everything about him is refused.
      if (error instanceof AriRefused && [404, 409, 412].includes(error.status))
        throw new CommandRefused('no-such-leg', error.message);
      if (error instanceof AriUnreachable) throw new CommandRefused('unreachable', error.message);
      throw error;
    }
  }

  private async execute(command: VoiceCommand): Promise<unknown> {
    const { legs, sound } = this;
    switch (command.command) {
      case 'answer':
        return await this.answer(legs.ringing(command.legId));
      case 'ring':
        return await this.ring(legs.ringing(command.legId), command.earlyMedia);
      case 'reject':
        return await this.reject(legs.ringing(command.legId), command.status);
      case 'hangup':
        return await this.hangup(legs.leg(command.legId));
      case 'dial':
        return await this.dialling.dial(command);
      case 'play':
        return await sound.play(command);
      case 'stop-playing':
        return await sound.stopPlaying(legs.audible(command.legId));
      case 'bridge':
        return await sound.bridge(command);
      case 'unbridge':
        return await sound.unbridge(legs.audible(command.legId));
      case 'mute':
        return await sound.mute(legs.audible(command.legId), command.muted);
      case 'send-dtmf':
        return await sound.sendDtmf(legs.audible(command.legId), command.digits);
      case 'connect-browser': {
        const answer = await this.parts.gateway.carryOut(command);
        if (!legs.has(command.legId)) legs.add(browserLeg(command.legId));
        return answer;
      }
      case 'disconnect-browser':
        if (legs.leg(command.legId).kind === 'sip') throw new CommandRefused('wrong-state', 'a SIP leg');
        return await this.parts.gateway.carryOut(command);
      case 'quality':
        return await this.qualityOf(legs.audible(command.legId));
      case 'record':
      case 'pause-recording':
      case 'stop-recording':
        return await this.record(legs.sip(command.legId), command);
      case 'configure':
        await this.configuration.want(command, this.parts.nodes);
        return await this.lookAtTrunks();
      case 'snapshot':
        return this.snapshot();
    }
  }

  private async answer(leg: SipLeg): Promise<void> {
    clearTimeout(leg.timer);
    await leg.node.ari.request('POST', `channels/${leg.channelId}/answer`);
    if (leg.state === 'ended') throw new CommandRefused('no-such-leg', leg.legId);
    this.isUp(leg);
  }

  private async ring(leg: SipLeg, earlyMedia: boolean): Promise<void> {
    clearTimeout(leg.timer);
    await leg.node.ari.request('POST', `channels/${leg.channelId}/${earlyMedia ? 'progress' : 'ring'}`);
    leg.early = earlyMedia;
    leg.state = 'ringing';
  }

  private async reject(leg: SipLeg, status: number): Promise<void> {
    clearTimeout(leg.timer);
    leg.ending = { reason: status === 486 || status === 600 ? 'busy' : 'rejected', by: 'server' };
    await this.end(leg, causeFor(status));
  }

  private async hangup(leg: Leg): Promise<void> {
    if (leg.kind === 'browser') return await this.sound.unbridge(leg);
    const before = leg.direction === 'in' ? ('rejected' as const) : ('cancelled' as const);
    leg.ending = { reason: leg.state === 'up' ? 'hangup' : before, by: 'server' };
    if (leg.state === 'up') leg.quality = await this.measure(leg).catch(() => leg.quality);
    if (leg.transferAsked)
      await ifStillThere(
        leg.node.ari.request('POST', `channels/${leg.channelId}/transfer_progress`, { states: 'channel_answered' }),
      );
    await this.end(leg, leg.state === 'up' || leg.direction === 'out' ? normalClearing : causeFor(480));
  }

  private async end(leg: SipLeg, cause: number): Promise<void> {
    leg.routes = [];
    await ifStillThere(leg.node.ari.request('DELETE', `channels/${leg.channelId}`, { reason_code: cause }));
  }

  private async record(
    leg: SipLeg,
    command: Extract<VoiceCommand, { command: 'record' | 'pause-recording' | 'stop-recording' }>,
  ): Promise<void> {
    const { recordingId } = command;
    if (command.command === 'record') {
      if (leg.state !== 'up') throw new CommandRefused('wrong-state', `${leg.legId} is not up`);
      if (leg.recordings.some((each) => each.recordingId === recordingId)) return;
      await this.recordings.start(leg, recordingId);
    } else if (command.command === 'pause-recording') {
      await this.recordings.pause(leg, recordingId, command.paused);
    } else {
      const ended = await this.recordings.stop(leg, recordingId);
      void ended().then(this.legs.tell, this.failed('recording'));
    }
    await this.legs.keep(leg);
  }

  private async qualityOf(leg: Leg): Promise<LegQuality> {
    if (leg.kind === 'sip') return await this.measure(leg);
    const { gateway } = this.parts;
    return VoiceReplies.quality.parse(await gateway.carryOut({ command: 'quality', legId: leg.legId }));
  }

  /** From the reports of RTCP and what Asterisk counted itself. */
  private async measure(leg: SipLeg): Promise<LegQuality> {
    const answer = await leg.node.ari.request('GET', `channels/${leg.channelId}/rtp_statistics`);
    const { rxcount, rxploss, rxjitter, rtt } = RtpStatistics.parse(answer);
    const [jitterMs, roundTripMs] = [rxjitter * 1_000, rtt === undefined || rtt === 0 ? null : rtt * 1_000];
    const lossPercent = (100 * rxploss) / Math.max(1, rxcount + rxploss);
    const mos = rxcount === 0 ? null : estimateMos({ lossPercent, jitterMs, roundTripMs });
    return { packetsReceived: rxcount, packetsLost: rxploss, jitterMs, roundTripMs, mos };
  }

  /** Every few seconds: how each leg is heard, and how the registrations stand. */
  private async look(): Promise<void> {
    for (const leg of this.legs.all()) {
      if (leg.kind !== 'sip' || leg.state !== 'up') continue;
      const quality = await this.measure(leg).catch(() => null); // it left, or has no RTP yet
      if (quality === null || this.legs.find(leg.legId) !== leg) continue;
      leg.quality = quality;
      this.legs.tell({ event: 'quality', legId: leg.legId, quality });
    }
    await this.lookAtTrunks();
  }

  private async lookAtTrunks(): Promise<void> {
    const before = new Map(this.trunkStates.map((trunk) => [trunk.trunkId, `${trunk.state} ${trunk.detail}`]));
    this.trunkStates = await this.configuration.trunkStates();
    for (const trunk of this.trunkStates)
      if (before.get(trunk.trunkId) !== `${trunk.state} ${trunk.detail}`)
        this.legs.tell({ event: 'trunk-state', trunk });
  }

  private happened(node: Node, event: AriEvent): void {
    if (event.type === 'PlaybackFinished') return this.playbackFinished(event.playback);
    if (event.type === 'ContactStatusChange') return this.phoneChanged(node, event);
    if (event.type === 'ChannelTransfer') return this.transferAsked(node, event);
    if (event.type === 'StasisStart' && event.args[0] === 'incoming')
      return this.incoming(node, event.channel, event.args);
    const leg = this.legs.ofChannel(node, event.channel.id);
    if (leg === undefined) return;
    leg.channelName = event.channel.name;
    if (event.type === 'StasisStart') return this.isUp(leg);
    if (event.type === 'ChannelDestroyed') return this.destroyed(leg, event);
    const { legId } = leg;
    if (event.type === 'ChannelDtmfReceived') this.legs.tell({ event: 'dtmf', legId, digit: event.digit });
    if (event.type === 'ChannelStateChange' && event.channel.state === 'Ringing' && leg.state === 'dialling') {
      leg.state = 'ringing';
      this.legs.tell({ event: 'ringing', legId });
    }
    if (event.type === 'ChannelHold' || event.type === 'ChannelUnhold') {
      leg.held = event.type === 'ChannelHold';
      this.legs.tell({ event: 'remote-hold', legId, held: leg.held });
    }
    // The last moment at which its figures can be asked for.
    if (event.type === 'ChannelHangupRequest' && leg.state === 'up')
      void this.measure(leg).then(
        (quality) => (leg.quality = quality),
        () => undefined,
      );
  }

  private incoming(node: Node, channel: Channel, args: readonly string[]): void {
    const legId = legIdOf(node, channel.id);
    if (this.legs.has(legId)) return; // back in our hands after a lost connection
    const [, endpoint = '', presentation = '', sipCallId = ''] = args;
    const isWithheld = presentation.startsWith('prohib') || /^anonymous$/i.test(channel.caller.number);
    const from = isWithheld ? '' : channel.caller.number.slice(0, 120);
    const leg = legOn(node, channel, { state: 'arrived', from, startedAt: new Date() });
    this.legs.add(leg);
    leg.timer = setTimeout(() => {
      leg.ending ??= { reason: 'no-answer', by: 'engine' };
      void this.end(leg, causeFor(480)).catch(this.failed('refusing a caller nobody reacts to'));
    }, unheededMs);
    const phone = this.configuration.phones.find(({ user }) => user === endpoint)?.user;
    const displayName = isWithheld ? '' : channel.caller.name.slice(0, 80);
    const event = { event: 'incoming', legId, from, to: leg.to.slice(0, 120), displayName, sipCallId } as const;
    this.legs.tell({ ...event, ...(phone !== undefined && { phone }) });
    // The channel itself says the rest.
    if (isWithheld) void this.legs.keep(leg).catch(this.failed('keeping a leg'));
  }

  private isUp(leg: SipLeg): void {
    if (leg.state === 'up' || leg.state === 'ended') return;
    clearTimeout(leg.timer);
    leg.state = 'up';
    leg.routes = [];
    leg.answeredAt = new Date();
    this.legs.tell({ event: 'answered', legId: leg.legId });
    this.legs.keepSoon(leg);
  }

  private destroyed(leg: SipLeg, event: EventOf<'ChannelDestroyed'>): void {
    const failed = () => this.ended(leg, { reason: 'unreachable', by: 'engine' });
    if (!this.dialling.goesOn(leg, event, failed)) this.ended(leg, endingOf(leg, event.cause, event.tech_cause));
  }

  private ended(leg: SipLeg, { reason, by }: Ending): void {
    if (leg.state === 'ended') return;
    clearTimeout(leg.timer);
    leg.state = 'ended';
    void this.sound.gone(leg).catch(this.failed('parting'));
    for (const recording of this.recordings.ofEnded(leg))
      void recording().then(this.legs.tell, this.failed('recording'));
    this.legs.forget(leg);
    this.legs.tell({ event: 'ended', legId: leg.legId, reason, by, quality: leg.quality });
  }

  private playbackFinished({ id, state }: { id: string; state: string }): void {
    const leg = this.sound.played(id, state);
    if (leg) this.legs.tell({ event: 'played', legId: leg.legId });
  }

  private transferAsked(node: Node, event: EventOf<'ChannelTransfer'>): void {
    const leg = this.legs.ofChannel(node, event.referred_by.source_channel.id);
    const to = event.refer_to.requested_destination?.destination;
    if (!leg || !to || event.state !== undefined) return;
    leg.transferAsked = true;
    this.legs.tell({ event: 'transfer-asked', legId: leg.legId, to });
  }

  private phoneChanged(node: Node, event: Pick<EventOf<'ContactStatusChange'>, 'endpoint' | 'contact_info'>): void {
    const user = event.endpoint.resource;
    if (!this.configuration.phones.some((phone) => phone.user === user)) return;
    const registered = !['Removed', 'Unreachable'].includes(event.contact_info.contact_status);
    // It may have gone to another node already, and this one only now lets it go.
    if (!registered && this.phones.get(user) !== node) return;
    const isNews = registered !== this.phones.has(user);
    if (registered) this.phones.set(user, node);
    else this.phones.delete(user);
    if (isNews) this.legs.tell({ event: 'phone-registered', user, registered });
  }

  private async heardOfGateway(event: VoiceEvent): Promise<void> {
    const withoutLine = await this.lines.heard(event);
    const parted = withoutLine === null ? undefined : this.legs.find(withoutLine);
    // Its node ended the line, as it does when it dies; the leg itself lives.
    if (parted) await this.sound.gone(parted);
    const leg = 'legId' in event ? this.legs.find(event.legId) : undefined;
    if (leg?.kind !== 'browser') return;
    if (event.event === 'quality') this.emit('event', event);
    if (event.event === 'browser-connected') {
      leg.answeredAt ??= new Date();
      this.emit('event', event);
    }
    if (event.event === 'browser-disconnected') {
      this.legs.forget(leg);
      this.emit('event', event);
      await this.sound.unbridge(leg);
    }
  }

  private nodeUp(node: Node, found: Found): void {
    this.takingOver.found(node, found);
    void this.bring(node, found.restarted).catch(this.failed('bringing a node up'));
  }

  private async bring(node: Node, restarted: boolean): Promise<void> {
    await this.configuration.nodeUp(node, this.parts.nodes, restarted);
    const endpoints = Endpoints.parse(await node.ari.request('GET', 'endpoints/PJSIP'));
    for (const { resource, state } of endpoints)
      if (state === 'online')
        this.phoneChanged(node, { endpoint: { resource }, contact_info: { contact_status: 'Created' } });
    const running = this.legs.on(node).flatMap((leg) => leg.recordings.map(({ recordingId }) => recordingId));
    for (const event of await this.recordings.leftOn(node, new Set(running))) this.legs.tell(event);
  }

  private nodeDown(node: Node): void {
    this.takingOver.lost(node);
    for (const user of [...this.phones.keys()])
      if (this.phones.get(user) === node)
        this.phoneChanged(node, { endpoint: { resource: user }, contact_info: { contact_status: 'Removed' } });
    void this.configuration.nodeDown(node, this.parts.nodes).catch(this.failed('trunks'));
  }

  private failed(what: string): (error: unknown) => void {
    return (error) => this.parts.log.error({ err: error }, `asterisk: ${what} failed`);
  }
}

/** Q.850. */
const normalClearing = 16;

function recordingsOf(leg: Leg): RecordingSnapshot[] {
  if (leg.kind === 'browser') return [];
  return leg.recordings.map((recording) => ({
    recordingId: recording.recordingId,
    legId: leg.legId,
    startedAt: new Date(recording.startedAt).toISOString(),
    paused: isPaused(recording),
  }));
}
