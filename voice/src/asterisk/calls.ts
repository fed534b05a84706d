/**
 * The engine of the contract on Asterisk nodes. Asterisk has the calls and the sound; this knows which legs there are,
 * says what they should hear, and tells what happened. Only one process does this, so that commands on a leg keep their
 * order whichever server they come from. When it ends, calls go on; the next one reads from the nodes what there is.
 *
 * Agents' browsers are legs of the engine inside this process (`gateway`), with a line to the node they talk on.
 */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { VoiceReplies } from '@kernlijn/contract/voice';
import type {
  LegQuality,
  LegSnapshot,
  RecordingSnapshot,
  TrunkState,
  VoiceCommand,
  VoiceEvent,
} from '@kernlijn/contract/voice';
import type { z } from 'zod';
import { CommandRefused } from '../call/command-refused.ts';
import type { Calls } from '../call/calls.ts';
import type { Log } from '../log.ts';
import { estimateMos } from '../rtp/e-model.ts';
import type { Ending } from '../sip/core.ts';
import { application, AriRefused, AriUnreachable, ifStillThere } from './ari.ts';
import { Endpoints, RtpStatistics } from './ari-messages.ts';
import type { AriEvent, Channel, EventOf } from './ari-messages.ts';
import { aside, BridgesOfLegs, type ListeningParty, type Party } from './bridges.ts';
import { causeFor, endingOf, mayTryAnother } from './causes.ts';
import { Configuration } from './configuration.ts';
import { keptOf, keptOn, legIdOf, legOn, snapshotOf, variable, type BrowserLeg, type Leg, type SipLeg } from './leg.ts';
import { lineChannel, Lines } from './lines.ts';
import type { Found, Node } from './node.ts';
import { Playbacks } from './playbacks.ts';
import { isPaused, Recordings } from './recordings.ts';
import { routesTo } from './routes.ts';

type Command<Name extends VoiceCommand['command']> = Extract<VoiceCommand, { command: Name }>;
type WithoutTime<E> = E extends VoiceEvent ? Omit<E, 'at'> : never;

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
  private readonly legs = new Map<string, Leg>();
  private readonly byChannel = new Map<string, SipLeg>();
  private readonly bridges = new BridgesOfLegs();
  private readonly lines: Lines;
  private readonly playbacks: Playbacks;
  private readonly recordings: Recordings;
  private readonly configuration: Configuration;
  /** On which node a desk phone is registered. */
  private readonly phones = new Map<string, Node>();
  private trunkStates: TrunkState[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** Servers were told what there is: what is found later and unknown has nobody who wants it. */
  private isSettled = false;

  constructor(parts: CallsOnAsteriskParts) {
    super();
    this.parts = parts;
    this.lines = new Lines(parts.gateway, parts.gatewayAddress);
    this.playbacks = new Playbacks(parts.promptDirs, parts.promptsOnNodes);
    this.recordings = new Recordings(parts.recordingDir, parts.log);
    this.configuration = new Configuration(parts);
    parts.gateway.on('event', (event) => void this.heardOfGateway(event).catch(this.failed('gateway')));
    for (const node of parts.nodes) {
      node.on('up', (found) => this.found(node, found));
      node.on('down', () => this.lostNode(node));
      node.on('event', (event) => this.happened(node, event));
    }
  }

  /** Resolves when it is known what the nodes have. */
  async open(): Promise<void> {
    const { nodes } = this.parts;
    for (const node of nodes) node.open();
    const until = Date.now() + settleWithinMs;
    while (nodes.some(({ state }) => state !== 'up') && Date.now() < until) await sleep(20);
    this.isSettled = true;
    this.timer = setInterval(() => void this.look().catch(this.failed('figures')), qualityEveryMs);
  }

  /** Calls go on. */
  close(): void {
    clearInterval(this.timer);
    for (const leg of this.legs.values()) if (leg.kind === 'sip') clearTimeout(leg.timer);
    for (const node of this.parts.nodes) node.close();
  }

  snapshot(): z.infer<(typeof VoiceReplies)['snapshot']> {
    const legs: LegSnapshot[] = [...this.legs.values()].map(snapshotOf);
    return {
      legs,
      startedAt: this.startedAt.toISOString(),
      recordings: [...this.legs.values()].flatMap(recordingsOf),
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
    const { gateway } = this.parts;
    switch (command.command) {
      case 'answer':
        return await this.answer(this.ringing(command.legId));
      case 'ring':
        return await this.ring(this.ringing(command.legId), command.earlyMedia);
      case 'reject':
        return await this.reject(this.ringing(command.legId), command.status);
      case 'hangup':
        return await this.hangup(this.leg(command.legId));
      case 'dial':
        return await this.dial(command);
      case 'play':
        return await this.play(command);
      case 'stop-playing':
        return await this.stopPlaying(this.audible(command.legId));
      case 'bridge':
        return await this.bridge(command);
      case 'unbridge':
        return await this.unbridge(this.audible(command.legId));
      case 'mute':
        return await this.mute(this.audible(command.legId), command.muted);
      case 'send-dtmf':
        return await this.sendDtmf(this.audible(command.legId), command.digits);
      case 'connect-browser': {
        const answer = await gateway.carryOut(command);
        const earlier = this.legs.get(command.legId);
        if (earlier === undefined) this.legs.set(command.legId, browserLeg(command.legId));
        return answer;
      }
      case 'disconnect-browser':
        if (this.leg(command.legId).kind !== 'browser') throw new CommandRefused('wrong-state', 'a SIP leg');
        return await gateway.carryOut(command);
      case 'quality':
        return await this.qualityOf(this.audible(command.legId));
      case 'record':
        return await this.record(this.sip(command.legId), command.recordingId);
      case 'pause-recording': {
        const leg = this.sip(command.legId);
        await this.recordings.pause(leg, command.recordingId, command.paused);
        return await this.keep(leg);
      }
      case 'stop-recording': {
        const leg = this.sip(command.legId);
        const ended = this.recordings.stop(leg, command.recordingId).then((event) => this.tell(event));
        ended.catch(this.failed('stop-recording'));
        return await this.keep(leg);
      }
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
    if (leg.kind === 'browser') return await this.unbridge(leg);
    const before = leg.direction === 'in' ? ('rejected' as const) : ('cancelled' as const);
    leg.ending = { reason: leg.state === 'up' ? 'hangup' : before, by: 'server' };
    if (leg.state === 'up') leg.quality = await this.measure(leg).catch(() => leg.quality);
    await this.end(leg, leg.state === 'up' || leg.direction === 'out' ? 16 : causeFor(480));
  }

  private async end(leg: SipLeg, cause: number): Promise<void> {
    leg.routes = [];
    await ifStillThere(leg.node.ari.request('DELETE', `channels/${leg.channelId}`, { reason_code: cause }));
  }

  private async dial(command: Command<'dial'>): Promise<void> {
    const { legId, from, to, via, timeoutSeconds } = command;
    if (this.legs.has(legId)) throw new CommandRefused('wrong-state', `${legId} exists`);
    const routes = routesTo(command, this.configuration);
    const registered = via === 'phone' ? this.phones.get(to) : undefined;
    if (via === 'phone' && registered === undefined)
      throw new CommandRefused('no-such-phone', `${to} is not registered`);
    const node = registered ?? this.nodeFor(command.near);
    const leg: SipLeg = {
      kind: 'sip',
      legId,
      node,
      channelId: legId,
      channelName: '',
      direction: 'out',
      state: 'dialling',
      early: false,
      from,
      to,
      startedAt: new Date(),
      answeredAt: null,
      bridgeId: null,
      muted: false,
      held: false,
      silenced: false,
      quality: null,
      ending: null,
      routes,
      tries: 0,
      recordings: [],
      timer: setTimeout(() => {
        leg.ending ??= { reason: 'no-answer', by: 'engine' };
        void this.end(leg, 19).catch(this.failed('dial'));
      }, timeoutSeconds * 1_000),
    };
    this.legs.set(legId, leg);
    try {
      await this.tryNext(leg, command);
    } catch (error) {
      clearTimeout(leg.timer);
      this.forget(leg);
      throw error;
    }
  }

  /** Each try is a channel of its own; the leg stays the same. */
  private async tryNext(
    leg: SipLeg,
    { displayName, timeoutSeconds }: Pick<Command<'dial'>, 'displayName' | 'timeoutSeconds'>,
  ): Promise<void> {
    const route = leg.routes.shift();
    if (route === undefined) throw new CommandRefused('unreachable', leg.to);
    this.byChannel.delete(keyOf(leg.node, leg.channelId));
    leg.channelId = `${leg.legId}${leg.tries === 0 ? '' : `-${leg.tries}`}`;
    leg.tries += 1;
    this.byChannel.set(keyOf(leg.node, leg.channelId), leg);
    const query = {
      endpoint: route.endpoint,
      app: application,
      appArgs: 'dialled',
      callerId: displayName === undefined ? leg.from : `"${displayName.replace(/["\\]/g, '')}" <${leg.from}>`,
      // Ours comes first; this one is for the case that we are gone by then.
      timeout: timeoutSeconds + 5,
      channelId: leg.channelId,
    };
    const variables = { ...route.variables, [variable]: keptOf(leg) };
    await leg.node.ari.request('POST', 'channels', query, { variables });
  }

  private async play({ legId, playback }: Command<'play'>): Promise<void> {
    const leg = this.audible(legId);
    if (leg.bridgeId !== null) throw new CommandRefused('wrong-state', `${legId} is in bridge ${leg.bridgeId}`);
    if (leg.kind === 'browser') {
      await this.parts.gateway.carryOut({ command: 'play', legId, playback });
      return;
    }
    await this.unsilence(leg);
    await this.playbacks.play(leg, playback);
  }

  private async stopPlaying(leg: Leg): Promise<void> {
    if (leg.kind === 'browser') await this.parts.gateway.carryOut({ command: 'stop-playing', legId: leg.legId });
    else {
      await this.playbacks.stop(leg);
      await this.silence(leg);
    }
  }

  private async bridge({ bridgeId, legIds, listeners = [] }: Command<'bridge'>): Promise<void> {
    if (bridgeId === aside) throw new CommandRefused('bad-command', 'no such name of a bridge');
    const legs = [...legIds, ...listeners.map(({ legId }) => legId)].map((legId) => this.audible(legId));
    const node = legs.find((leg) => leg.kind === 'sip')?.node ?? this.nodeFor(undefined);
    const away = legs.find((leg) => leg.kind === 'sip' && leg.node !== node);
    if (away) throw new CommandRefused('wrong-state', `${away.legId} is on another node`);
    for (const leg of legs) {
      if (leg.kind === 'browser') continue;
      await this.playbacks.stop(leg);
      await this.unsilence(leg);
    }
    const channels = new Map<string, string>();
    await Promise.all(
      legs.map(async (leg) => {
        channels.set(leg.legId, leg.kind === 'sip' ? leg.channelId : await this.lines.to(leg.legId, node));
      }),
    );
    const party = (legId: string): Party => ({ legId, channelId: channels.get(legId) ?? '' });
    await this.bridges.arrange({
      bridgeId,
      node,
      parties: legIds.map(party),
      listeners: listeners.map(({ legId, heardBy }): ListeningParty => ({ ...party(legId), heardBy })),
    });
    for (const leg of this.legs.values())
      if (leg.bridgeId === bridgeId && !legs.includes(leg)) await this.leftBridge(leg);
    for (const leg of legs) {
      leg.bridgeId = bridgeId;
      if (leg.kind === 'sip') await this.recordings.apply(leg);
    }
  }

  private async unbridge(leg: Leg): Promise<void> {
    if (leg.bridgeId === null) return;
    await this.bridges.leave(leg.legId);
    await this.leftBridge(leg);
  }

  private async leftBridge(leg: Leg): Promise<void> {
    leg.bridgeId = null;
    if (leg.kind === 'browser') return await this.lines.drop(leg.legId);
    if (leg.state === 'ended') return;
    await this.recordings.apply(leg);
    await this.silence(leg);
  }

  /** Some networks hang up on a call without sound. */
  private async silence(leg: SipLeg): Promise<void> {
    if (leg.silenced || leg.state !== 'up') return;
    leg.silenced = true;
    await ifStillThere(leg.node.ari.request('POST', `channels/${leg.channelId}/silence`));
  }

  private async unsilence(leg: SipLeg): Promise<void> {
    if (!leg.silenced) return;
    leg.silenced = false;
    await ifStillThere(leg.node.ari.request('DELETE', `channels/${leg.channelId}/silence`));
  }

  private async mute(leg: Leg, muted: boolean): Promise<void> {
    if (leg.kind === 'browser') await this.parts.gateway.carryOut({ command: 'mute', legId: leg.legId, muted });
    else {
      // ARI's own mute drops what is said, and nothing would go out in its place.
      const query = { variable: 'MUTEAUDIO(in)', value: muted ? 'on' : 'off' };
      await leg.node.ari.request('POST', `channels/${leg.channelId}/variable`, query);
    }
    leg.muted = muted;
    if (leg.kind === 'sip') await this.keep(leg);
  }

  private async sendDtmf(leg: Leg, dtmf: string): Promise<void> {
    if (leg.kind === 'browser') throw new CommandRefused('wrong-state', 'a browser takes no digits');
    if (!this.playbacks.isPlaying(leg)) {
      await leg.node.ari.request('POST', `channels/${leg.channelId}/dtmf`, { dtmf });
      return;
    }
    // ARI would send them when the playback is over, which music never is.
    for (const digit of dtmf)
      await leg.node.manager.tell('PlayDTMF', { Channel: leg.channelName, Digit: digit, Duration: '100' });
  }

  private async record(leg: SipLeg, recordingId: string): Promise<void> {
    if (leg.state !== 'up') throw new CommandRefused('wrong-state', `${leg.legId} is not up`);
    if (leg.recordings.some((each) => each.recordingId === recordingId)) return;
    await this.recordings.start(leg, recordingId);
    await this.keep(leg);
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
    for (const leg of [...this.legs.values()]) {
      if (leg.kind !== 'sip' || leg.state !== 'up') continue;
      const quality = await this.measure(leg).catch(() => null); // it left, or has no RTP yet
      if (quality === null || this.legs.get(leg.legId) !== leg) continue;
      leg.quality = quality;
      this.tell({ event: 'quality', legId: leg.legId, quality });
    }
    await this.lookAtTrunks();
  }

  private async lookAtTrunks(): Promise<void> {
    const before = new Map(this.trunkStates.map((trunk) => [trunk.trunkId, `${trunk.state} ${trunk.detail}`]));
    this.trunkStates = await this.configuration.trunkStates();
    for (const trunk of this.trunkStates)
      if (before.get(trunk.trunkId) !== `${trunk.state} ${trunk.detail}`) this.tell({ event: 'trunk-state', trunk });
  }

  private happened(node: Node, event: AriEvent): void {
    if (event.type === 'PlaybackFinished') return this.playbackFinished(event.playback);
    if (event.type === 'ContactStatusChange') return this.phoneChanged(node, event);
    if (event.type === 'ChannelTransfer') return this.transferAsked(node, event);
    if (event.type === 'StasisStart' && event.args[0] === 'incoming')
      return this.incoming(node, event.channel, event.args);
    const leg = this.byChannel.get(keyOf(node, event.channel.id));
    if (leg === undefined) return;
    leg.channelName = event.channel.name;
    if (event.type === 'StasisStart') return this.isUp(leg);
    if (event.type === 'ChannelDestroyed') return this.destroyed(leg, event);
    const { legId } = leg;
    if (event.type === 'ChannelDtmfReceived') this.tell({ event: 'dtmf', legId, digit: event.digit });
    if (event.type === 'ChannelStateChange' && event.channel.state === 'Ringing' && leg.state === 'dialling') {
      leg.state = 'ringing';
      this.tell({ event: 'ringing', legId });
    }
    if (event.type === 'ChannelHold' || event.type === 'ChannelUnhold') {
      leg.held = event.type === 'ChannelHold';
      this.tell({ event: 'remote-hold', legId, held: leg.held });
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
    const from =
      presentation.startsWith('prohib') || /^anonymous$/i.test(channel.caller.number) ? '' : channel.caller.number;
    const leg = legOn(node, channel, { state: 'arrived', from, startedAt: new Date() });
    this.add(leg);
    leg.timer = setTimeout(() => {
      leg.ending ??= { reason: 'no-answer', by: 'engine' };
      void this.end(leg, causeFor(480)).catch(this.failed('unheeded'));
    }, unheededMs);
    const phone = this.configuration.phones.find(({ user }) => user === endpoint)?.user;
    this.tell({
      event: 'incoming',
      legId,
      from: from.slice(0, 120),
      to: leg.to.slice(0, 120),
      displayName: from === '' ? '' : channel.caller.name.slice(0, 80),
      sipCallId,
      ...(phone !== undefined && { phone }),
    });
    void this.keep(leg).catch(this.failed('keep'));
  }

  private isUp(leg: SipLeg): void {
    if (leg.state === 'up' || leg.state === 'ended') return;
    clearTimeout(leg.timer);
    leg.state = 'up';
    leg.routes = [];
    leg.answeredAt = new Date();
    this.tell({ event: 'answered', legId: leg.legId });
    void this.keep(leg).catch(this.failed('keep'));
  }

  private destroyed(leg: SipLeg, { cause, tech_cause: status }: EventOf<'ChannelDestroyed'>): void {
    if (leg.state === 'dialling' && leg.ending === null && leg.routes.length > 0 && mayTryAnother(cause, status)) {
      void this.tryNext(leg, { timeoutSeconds: 180 }).catch(() =>
        this.ended(leg, { reason: 'unreachable', by: 'engine' }),
      );
      return;
    }
    this.ended(leg, endingOf(leg, cause, status));
  }

  private ended(leg: SipLeg, { reason, by }: Ending): void {
    if (leg.state === 'ended') return;
    clearTimeout(leg.timer);
    leg.state = 'ended';
    void this.bridges.gone(leg.legId).catch(this.failed('bridges'));
    void this.recordings
      .legEnded(leg)
      .then((all) => all.forEach((event) => this.tell(event)), this.failed('recordings'));
    this.forget(leg);
    this.tell({ event: 'ended', legId: leg.legId, reason, by, quality: leg.quality });
  }

  private forget(leg: SipLeg): void {
    this.playbacks.forget(leg.legId);
    this.byChannel.delete(keyOf(leg.node, leg.channelId));
    if (this.legs.get(leg.legId) === leg) this.legs.delete(leg.legId);
  }

  private playbackFinished({ id, state }: { id: string; state: string }): void {
    const leg = this.playbacks.finished(id, state);
    if (leg === null) return;
    void this.silence(leg).catch(() => undefined); // it hung up
    this.tell({ event: 'played', legId: leg.legId });
  }

  private transferAsked(node: Node, event: EventOf<'ChannelTransfer'>): void {
    const leg = this.byChannel.get(keyOf(node, event.referred_by.source_channel.id));
    const to = event.refer_to.requested_destination?.destination;
    if (leg && to) this.tell({ event: 'transfer-asked', legId: leg.legId, to });
  }

  private phoneChanged(
    node: Node,
    { endpoint, contact_info: { contact_status: status } }: EventOf<'ContactStatusChange'>,
  ): void {
    const user = endpoint.resource;
    if (!this.configuration.phones.some((phone) => phone.user === user)) return;
    const registered = !['Removed', 'Unreachable'].includes(status);
    // It may have gone to another node already, and this one only now lets it go.
    if (!registered && this.phones.get(user) !== node) return;
    if (registered === this.phones.has(user)) {
      if (registered) this.phones.set(user, node);
      return;
    }
    if (registered) this.phones.set(user, node);
    else this.phones.delete(user);
    this.tell({ event: 'phone-registered', user, registered });
  }

  private async heardOfGateway(event: VoiceEvent): Promise<void> {
    const withoutLine = await this.lines.heard(event);
    if (withoutLine !== null) await this.lineLost(withoutLine);
    if (!('legId' in event) || this.legs.get(event.legId)?.kind !== 'browser') return;
    const leg = this.legs.get(event.legId);
    if (leg?.kind !== 'browser') return;
    if (event.event === 'quality') this.emit('event', event);
    if (event.event === 'browser-connected') {
      leg.answeredAt ??= new Date();
      this.emit('event', event);
    }
    if (event.event === 'browser-disconnected') {
      this.legs.delete(leg.legId);
      this.emit('event', event);
      if (leg.bridgeId !== null) await this.bridges.leave(leg.legId);
      await this.lines.drop(leg.legId);
    }
  }

  /** Asterisk ended an agent's line: his node is gone, which its callers notice by themselves. */
  private async lineLost(legId: string): Promise<void> {
    const leg = this.legs.get(legId);
    if (leg) leg.bridgeId = null;
    await this.bridges.gone(legId);
  }

  /** What a node has, and what we thought it had. */
  private found(node: Node, { channels, bridges, restarted }: Found): void {
    if (restarted) this.loseAll(node);
    const there = new Map(channels.map((channel) => [channel.id, channel]));
    for (const leg of this.legsOn(node))
      if (!there.has(leg.channelId)) this.ended(leg, leg.ending ?? { reason: 'hangup', by: 'remote' });
    for (const channel of channels) if (!this.byChannel.has(keyOf(node, channel.id))) this.adopt(node, channel);
    for (const { id, name, channels: within } of bridges) {
      const parties = within.flatMap((channelId) => {
        const leg = this.byChannel.get(keyOf(node, channelId));
        return leg ? [{ legId: leg.legId, channelId }] : [];
      });
      if (this.isSettled) continue;
      if (name === aside) void ifStillThere(node.ari.request('DELETE', `bridges/${id}`)).catch(() => undefined);
      else if (id.startsWith('kernlijn-bridge-')) this.bridges.adopt(node, name, id, parties);
      else continue;
      for (const { legId } of parties) {
        const leg = this.legs.get(legId);
        if (leg && name !== aside) leg.bridgeId = name;
      }
    }
    void this.after(node, restarted).catch(this.failed('reading a node'));
  }

  private async after(node: Node, restarted: boolean): Promise<void> {
    await this.configuration.nodeUp(node, this.parts.nodes, restarted);
    const endpoints = Endpoints.parse(await node.ari.request('GET', 'endpoints/PJSIP'));
    for (const { resource, state } of endpoints)
      if (state === 'online')
        this.phoneChanged(node, {
          type: 'ContactStatusChange',
          endpoint: { resource },
          contact_info: { contact_status: 'Created' },
        });
    const running = new Set(this.legsOn(node).flatMap((leg) => leg.recordings.map(({ recordingId }) => recordingId)));
    for (const event of await this.recordings.leftOn(node, running)) this.tell(event);
  }

  private adopt(node: Node, channel: Channel): void {
    const kept = keptOn(channel);
    const isCaller = channel.name.startsWith('PJSIP/') && !channel.id.startsWith(lineChannel);
    const end = () => void ifStillThere(node.ari.request('DELETE', `channels/${channel.id}`)).catch(() => undefined);
    if (this.lines.has(channel.id)) return;
    // Snoops and lines of a process that is no more; what a playback or a recording of Asterisk runs on ends with it.
    if (!isCaller) return channel.name.startsWith('Snoop/') || channel.id.startsWith(lineChannel) ? end() : undefined;
    if (this.isSettled && channel.state === 'Up') return end();
    const leg = legOn(node, channel, {
      ...(kept && { ...kept, answeredAt: kept.answeredAt === null ? null : new Date(kept.answeredAt) }),
    });
    if (leg.state !== 'up' && leg.direction === 'out') leg.state = 'dialling';
    this.add(leg);
    if (this.isSettled && leg.direction === 'in')
      this.tell({ event: 'incoming', legId: leg.legId, from: leg.from, to: leg.to, displayName: '', sipCallId: '' });
  }

  private lostNode(node: Node): void {
    this.loseAll(node);
    for (const [user, at] of [...this.phones]) {
      if (at !== node) continue;
      this.phones.delete(user);
      this.tell({ event: 'phone-registered', user, registered: false });
    }
    void this.configuration.nodeDown(node, this.parts.nodes).catch(this.failed('trunks'));
  }

  private loseAll(node: Node): void {
    this.bridges.forgetNode(node);
    for (const leg of this.legsOn(node)) this.ended(leg, { reason: 'engine-stopped', by: 'engine' });
  }

  private legsOn(node: Node): SipLeg[] {
    return [...this.legs.values()].filter((leg) => leg.kind === 'sip').filter((leg) => leg.node === node);
  }

  /** Near a leg, or where there are the fewest. */
  private nodeFor(near: string | undefined): Node {
    const leg = near === undefined ? undefined : this.legs.get(near);
    if (leg?.kind === 'sip') return leg.node;
    const up = this.parts.nodes.filter(({ state }) => state === 'up');
    const [least] = up.toSorted((one, other) => this.legsOn(one).length - this.legsOn(other).length);
    if (least === undefined) throw new CommandRefused('unreachable', 'no Asterisk can be reached');
    return least;
  }

  private add(leg: SipLeg): void {
    this.legs.set(leg.legId, leg);
    this.byChannel.set(keyOf(leg.node, leg.channelId), leg);
  }

  /** On the channel itself, for our successor. */
  private async keep(leg: SipLeg): Promise<void> {
    const query = { variable, value: keptOf(leg) };
    await ifStillThere(leg.node.ari.request('POST', `channels/${leg.channelId}/variable`, query));
  }

  private leg(legId: string): Leg {
    const leg = this.legs.get(legId);
    if (leg === undefined) throw new CommandRefused('no-such-leg', `no leg ${legId}`);
    return leg;
  }

  private sip(legId: string): SipLeg {
    const leg = this.leg(legId);
    if (leg.kind !== 'sip') throw new CommandRefused('wrong-state', `${legId} is a browser`);
    return leg;
  }

  private ringing(legId: string): SipLeg {
    const leg = this.sip(legId);
    if (leg.direction !== 'in' || leg.state === 'up')
      throw new CommandRefused('wrong-state', `${legId} is no ringing caller`);
    return leg;
  }

  private audible(legId: string): Leg {
    const leg = this.leg(legId);
    if (leg.kind === 'sip' && leg.state !== 'up' && !leg.early)
      throw new CommandRefused('wrong-state', `${legId} has no media before answer or early media`);
    return leg;
  }

  private tell(event: WithoutTime<VoiceEvent>): void {
    this.emit('event', { ...event, at: new Date().toISOString() });
  }

  private failed(what: string): (error: unknown) => void {
    return (error) => this.parts.log.error({ err: error }, `asterisk: ${what} failed`);
  }
}

const keyOf = (node: Node, channelId: string): string => `${node.name} ${channelId}`;

function browserLeg(legId: string): BrowserLeg {
  return { kind: 'browser', legId, bridgeId: null, muted: false, startedAt: new Date(), answeredAt: null };
}

function recordingsOf(leg: Leg): RecordingSnapshot[] {
  if (leg.kind === 'browser') return [];
  return leg.recordings.map((recording) => ({
    recordingId: recording.recordingId,
    legId: leg.legId,
    startedAt: new Date(recording.startedAt).toISOString(),
    paused: isPaused(recording),
  }));
}
