/**
 * The line between an agent's browser and a node. The browser's media (DTLS-SRTP, ICE) ends in this process, the same way
 * it does without Asterisk; from here to the node it is an ordinary call, which Asterisk makes and we answer. A line
 * lives while the agent is in a bridge of that node.
 */
import { randomUUID } from 'node:crypto';
import type { VoiceEvent } from '@kernlijn/contract/voice';
import { CommandRefused } from '../call/command-refused.ts';
import type { Calls } from '../call/calls.ts';
import { application, AriRefused, ifStillThere } from './ari.ts';
import type { Node } from './node.ts';
import { directEndpoint } from './pjsip-objects.ts';

interface Line {
  node: Node;
  channelId: string;
  /** Our end of the call. */
  gatewayLegId: string | null;
}

export const lineChannel = 'kernlijn-line-';

export class Lines {
  private readonly gateway: Calls;
  private readonly address: () => string;
  private readonly lines = new Map<string, Line>();

  /** `address`: host and port at which the nodes reach this process. */
  constructor(gateway: Calls, address: () => string) {
    this.gateway = gateway;
    this.address = address;
  }

  /** The channel an agent is heard through on that node. */
  async to(legId: string, node: Node): Promise<string> {
    const line = this.lines.get(legId);
    if (line?.node === node && line.gatewayLegId !== null) return line.channelId;
    if (line) await this.drop(legId);
    const channelId = `${lineChannel}${randomUUID()}`;
    const made: Line = { node, channelId, gatewayLegId: null };
    this.lines.set(legId, made);
    const begin = async () =>
      await node.ari.request(
        'POST',
        'channels',
        {
          endpoint: `PJSIP/${directEndpoint}/sip:${channelId}@${this.address()}`,
          app: application,
          appArgs: 'line',
          callerId: 'line',
          channelId,
          timeout: 5,
        },
        { variables: {} },
      );
    try {
      await node.started(channelId, begin);
    } catch (error) {
      if (this.lines.get(legId) === made) this.lines.delete(legId);
      throw error instanceof AriRefused ? error : new CommandRefused('unreachable', 'no line to the agent’s browser');
    }
    return channelId;
  }

  async drop(legId: string): Promise<void> {
    const line = this.lines.get(legId);
    if (line === undefined) return;
    this.lines.delete(legId);
    await ifStillThere(line.node.ari.request('DELETE', `channels/${line.channelId}`));
  }

  /** What the process's own engine says of the calls that are lines. Gives the browser whose line went by itself. */
  async heard(event: VoiceEvent): Promise<string | null> {
    if (event.event === 'incoming') await this.take(event.legId, event.to);
    if (event.event !== 'ended') return null;
    const lost = [...this.lines].find(([, line]) => line.gatewayLegId === event.legId);
    if (lost === undefined) return null;
    this.lines.delete(lost[0]);
    return lost[0];
  }

  /** Whether a channel is one of these that is in use. */
  has(channelId: string): boolean {
    return [...this.lines.values()].some((line) => line.channelId === channelId);
  }

  private async take(gatewayLegId: string, channelId: string): Promise<void> {
    const wanted = [...this.lines].find(([, line]) => line.channelId === channelId);
    if (wanted === undefined) {
      await this.gateway.carryOut({ command: 'reject', legId: gatewayLegId, status: 404 });
      return;
    }
    const [browser, line] = wanted;
    line.gatewayLegId = gatewayLegId;
    await this.gateway.carryOut({ command: 'answer', legId: gatewayLegId });
    await this.gateway.carryOut({ command: 'bridge', bridgeId: channelId, legIds: [browser, gatewayLegId] });
  }
}
