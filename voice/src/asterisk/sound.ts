/** What each leg hears and who hears it: the commands about sound, on a node and in this process. */
import type { VoiceCommand } from '@kernlijn/contract/voice';
import { CommandRefused } from '../call/command-refused.ts';
import type { Calls } from '../call/calls.ts';
import { ifStillThere } from './ari.ts';
import { aside, BridgesOfLegs, type ListeningParty, type Party } from './bridges.ts';
import type { Leg, SipLeg } from './leg.ts';
import type { Legs } from './legs.ts';
import type { Lines } from './lines.ts';
import type { Node } from './node.ts';
import type { Playbacks } from './playbacks.ts';
import type { Recordings } from './recordings.ts';

type Command<Name extends VoiceCommand['command']> = Extract<VoiceCommand, { command: Name }>;

export interface SoundParts {
  legs: Legs;
  lines: Lines;
  playbacks: Playbacks;
  recordings: Recordings;
  /** The engine in this process, which has the browsers. */
  gateway: Calls;
  /** Where a bridge of browsers alone goes. */
  anyNode: () => Node;
}

export class Sound {
  readonly bridges = new BridgesOfLegs();
  private readonly parts: SoundParts;

  constructor(parts: SoundParts) {
    this.parts = parts;
  }

  async play({ legId, playback }: Command<'play'>): Promise<void> {
    const leg = this.parts.legs.audible(legId);
    if (leg.bridgeId !== null) throw new CommandRefused('wrong-state', `${legId} is in bridge ${leg.bridgeId}`);
    if (leg.kind === 'browser') return await this.inProcess({ command: 'play', legId, playback });
    this.parts.playbacks.check(playback);
    await this.unsilence(leg);
    await this.parts.playbacks.play(leg, playback);
  }

  async stopPlaying(leg: Leg): Promise<void> {
    if (leg.kind === 'browser') return await this.inProcess({ command: 'stop-playing', legId: leg.legId });
    await this.parts.playbacks.stop(leg);
    if (leg.bridgeId === null) await this.silence(leg);
  }

  /** Gives the leg that has heard all there was to hear. */
  played(id: string, state: string): SipLeg | null {
    const leg = this.parts.playbacks.finished(id, state);
    if (leg) void this.silence(leg).catch(() => undefined); // it hung up
    return leg;
  }

  async bridge({ bridgeId, legIds, listeners = [] }: Command<'bridge'>): Promise<void> {
    if (bridgeId === aside) throw new CommandRefused('bad-command', 'no such name of a bridge');
    const { legs, playbacks } = this.parts;
    const concerned = [...legIds, ...listeners.map(({ legId }) => legId)].map((legId) => legs.audible(legId));
    const node = concerned.find((leg) => leg.kind === 'sip')?.node ?? this.parts.anyNode();
    for (const leg of concerned) {
      if (leg.kind === 'browser') continue;
      await playbacks.stop(leg);
      await this.unsilence(leg);
    }
    const channels = new Map<string, string>();
    await Promise.all(concerned.map(async (leg) => channels.set(leg.legId, await this.channelOn(node, leg))));
    const party = (legId: string): Party => ({ legId, channelId: channels.get(legId) ?? '' });
    await this.bridges.arrange({
      bridgeId,
      node,
      parties: legIds.map(party),
      listeners: listeners.map(({ legId, heardBy }): ListeningParty => ({ ...party(legId), heardBy })),
    });
    for (const leg of legs.all()) if (leg.bridgeId === bridgeId && !concerned.includes(leg)) await this.leftBridge(leg);
    for (const leg of concerned) {
      leg.bridgeId = bridgeId;
      if (leg.kind === 'sip') await this.parts.recordings.apply(leg);
    }
  }

  async unbridge(leg: Leg): Promise<void> {
    if (leg.bridgeId === null) return;
    await this.bridges.leave(leg.legId);
    await this.leftBridge(leg);
  }

  /** Its channel, or its line, is there no longer. */
  async gone(leg: Leg): Promise<void> {
    leg.bridgeId = null;
    if (leg.kind === 'sip') this.parts.playbacks.forget(leg.legId);
    await this.bridges.gone(leg.legId);
    await this.parts.lines.drop(leg.legId);
  }

  async mute(leg: Leg, muted: boolean): Promise<void> {
    if (leg.kind === 'browser') await this.inProcess({ command: 'mute', legId: leg.legId, muted });
    else {
      // ARI's own mute drops what is said, and nothing would go out in its place.
      const query = { variable: 'MUTEAUDIO(in)', value: muted ? 'on' : 'off' };
      await leg.node.ari.request('POST', `channels/${leg.channelId}/variable`, query);
    }
    leg.muted = muted;
    if (leg.kind === 'sip') await this.parts.legs.keep(leg);
  }

  async sendDtmf(leg: Leg, dtmf: string): Promise<void> {
    if (leg.kind === 'browser') throw new CommandRefused('wrong-state', 'a browser takes no digits');
    if (!this.parts.playbacks.isPlaying(leg)) {
      await leg.node.ari.request('POST', `channels/${leg.channelId}/dtmf`, { dtmf });
      return;
    }
    // ARI would send them when the playback is over, which music never is.
    for (const digit of dtmf)
      await leg.node.manager.tell('PlayDTMF', { Channel: leg.channelName, Digit: digit, Duration: '100' });
  }

  private async channelOn(node: Node, leg: Leg): Promise<string> {
    const { lines } = this.parts;
    if (leg.kind === 'browser') return await lines.toBrowser(leg.legId, node);
    if (leg.node !== node) return await lines.toOtherNode(leg, node);
    await lines.drop(leg.legId); // it may have been elsewhere until now
    return leg.channelId;
  }

  private async leftBridge(leg: Leg): Promise<void> {
    leg.bridgeId = null;
    await this.parts.lines.drop(leg.legId);
    if (leg.kind === 'browser' || leg.state === 'ended') return;
    await this.parts.recordings.apply(leg);
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

  private async inProcess(command: VoiceCommand): Promise<void> {
    await this.parts.gateway.carryOut(command);
  }
}
