/**
 * Lines from a node to this process. The media of an agent's browser (DTLS-SRTP, ICE) ends here, the same way it does
 * without Asterisk; from here to the node it is an ordinary call, which Asterisk makes and we answer. A line lives while
 * the agent is in a bridge of that node. Two lines put together here join two nodes.
 */
import { randomUUID } from 'node:crypto';
import type { VoiceEvent } from '@kernlijn/contract/voice';
import { CommandRefused } from '../call/command-refused.ts';
import type { Calls } from '../call/calls.ts';
import { application, AriRefused, ifStillThere } from './ari.ts';
import type { SipLeg } from './leg.ts';
import type { Node } from './node.ts';
import { directEndpoint } from './pjsip-objects.ts';

interface Line {
  node: Node;
  channelId: string;
  /** Our end of the call. */
  gatewayLegId: string | null;
}
/** A leg that takes part in a bridge of another node: its own bridge, a line there and a line here. */
interface Link {
  node: Node;
  bridge: string;
}

export const lineChannel = 'kernlijn-line-';
const away = (legId: string) => `${legId} away`;

export class Lines {
  private readonly gateway: Calls;
  private readonly address: () => string;
  /** By the leg they belong to; a leg that is linked has a second, away. */
  private readonly lines = new Map<string, Line>();
  private readonly links = new Map<string, Link>();

  /** `address`: host and port at which the nodes reach this process. */
  constructor(gateway: Calls, address: () => string) {
    this.gateway = gateway;
    this.address = address;
  }

  /** The channel on that node through which an agent's browser is heard. */
  async toBrowser(legId: string, node: Node): Promise<string> {
    const channelId = await this.line(legId, node);
    await this.join(channelId, [legId, this.gatewayLeg(legId)]);
    return channelId;
  }

  /** The channel on that node through which a leg of another node is heard. */
  async toOtherNode(leg: SipLeg, node: Node): Promise<string> {
    const present = this.links.get(leg.legId);
    const line = this.lines.get(leg.legId);
    if (present?.node === node && line?.node === node) return line.channelId;
    if (present) await this.drop(leg.legId);
    const bridge = `kernlijn-link-${randomUUID()}`;
    this.links.set(leg.legId, { node, bridge });
    const { ari } = leg.node;
    const [here, there] = await Promise.all([this.line(leg.legId, node), this.line(away(leg.legId), leg.node)]);
    await this.join(here, [this.gatewayLeg(leg.legId), this.gatewayLeg(away(leg.legId))]);
    await ari.request('POST', `bridges/${bridge}`, { type: 'mixing,dtmf_events', name: bridge });
    for (const channel of [leg.channelId, there])
      await ari.request('POST', `bridges/${bridge}/addChannel`, { channel });
    return here;
  }

  async drop(legId: string): Promise<void> {
    const link = this.links.get(legId);
    const awayLine = this.lines.get(away(legId));
    this.links.delete(legId);
    for (const key of [legId, away(legId)]) {
      const line = this.lines.get(key);
      this.lines.delete(key);
      if (line) await ifGoneWith(line.node.ari.request('DELETE', `channels/${line.channelId}`));
    }
    if (link && awayLine) await ifGoneWith(awayLine.node.ari.request('DELETE', `bridges/${link.bridge}`));
  }

  /** What the process's own engine says of the calls that are lines. Gives the leg whose line went by itself. */
  async heard(event: VoiceEvent): Promise<string | null> {
    if (event.event === 'incoming') await this.take(event.legId, event.to);
    if (event.event !== 'ended') return null;
    const lost = [...this.lines].find(([, line]) => line.gatewayLegId === event.legId);
    return lost === undefined ? null : lost[0].replace(/ away$/, '');
  }

  /** Whether a channel is one of these that is in use. */
  has(channelId: string): boolean {
    return [...this.lines.values()].some((line) => line.channelId === channelId);
  }

  private async line(key: string, node: Node): Promise<string> {
    const line = this.lines.get(key);
    if (line?.node === node && line.gatewayLegId !== null) return line.channelId;
    if (line) await this.drop(key);
    const channelId = `${lineChannel}${randomUUID()}`;
    const made: Line = { node, channelId, gatewayLegId: null };
    this.lines.set(key, made);
    const query = {
      endpoint: `PJSIP/${directEndpoint}/sip:${channelId}@${this.address()}`,
      app: application,
      appArgs: 'line',
      callerId: 'line',
      channelId,
      timeout: 5,
    };
    try {
      await node.started(channelId, () => node.ari.request('POST', 'channels', query));
    } catch (error) {
      if (this.lines.get(key) === made) this.lines.delete(key);
      throw error instanceof AriRefused ? error : new CommandRefused('unreachable', `no line for ${key}`);
    }
    return channelId;
  }

  private gatewayLeg(key: string): string {
    const id = this.lines.get(key)?.gatewayLegId;
    if (!id) throw new CommandRefused('unreachable', `the line of ${key} is gone`);
    return id;
  }

  private async join(bridgeId: string, legIds: string[]): Promise<void> {
    await this.gateway.carryOut({ command: 'bridge', bridgeId, legIds });
  }

  private async take(gatewayLegId: string, channelId: string): Promise<void> {
    const line = [...this.lines.values()].find((each) => each.channelId === channelId);
    if (line === undefined) {
      await this.gateway.carryOut({ command: 'reject', legId: gatewayLegId, status: 404 });
      return;
    }
    line.gatewayLegId = gatewayLegId;
    await this.gateway.carryOut({ command: 'answer', legId: gatewayLegId });
  }
}

/** A node that died has taken its lines with it. */
async function ifGoneWith(request: Promise<unknown>): Promise<void> {
  await ifStillThere(request).catch(() => undefined);
}
