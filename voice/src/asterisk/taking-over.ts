/** What a node has when we come to it, made one with what we knew: after a restart of ours, of its, or of the network. */
import { ifStillThere } from './ari.ts';
import type { Channel } from './ari-messages.ts';
import { aside, type BridgesOfLegs } from './bridges.ts';
import { keptOn, legOn, type SipLeg } from './leg.ts';
import type { Legs } from './legs.ts';
import { lineChannel, type Lines } from './lines.ts';
import type { Found, Node } from './node.ts';
import type { Ending } from '../sip/core.ts';

export interface TakingOverParts {
  legs: Legs;
  lines: Lines;
  bridges: BridgesOfLegs;
  ended: (leg: SipLeg, ending: Ending) => void;
}

export class TakingOver {
  private readonly parts: TakingOverParts;
  /** Servers were told what there is: what is found later and unknown has nobody who wants it. */
  isSettled = false;

  constructor(parts: TakingOverParts) {
    this.parts = parts;
  }

  found(node: Node, { channels, bridges, restarted }: Found): void {
    const { legs, ended } = this.parts;
    if (restarted) this.lost(node);
    const there = new Set(channels.map(({ id }) => id));
    for (const leg of legs.on(node))
      if (!there.has(leg.channelId)) ended(leg, leg.ending ?? { reason: 'hangup', by: 'remote' });
    for (const channel of channels) if (legs.ofChannel(node, channel.id) === undefined) this.adopt(node, channel);
    if (!this.isSettled) for (const bridge of bridges) this.adoptBridge(node, bridge);
  }

  /** All that was on a node is over. */
  lost(node: Node): void {
    this.parts.bridges.forgetNode(node);
    for (const leg of this.parts.legs.on(node)) this.parts.ended(leg, { reason: 'engine-stopped', by: 'engine' });
  }

  private adopt(node: Node, channel: Channel): void {
    const { legs, lines } = this.parts;
    if (lines.has(channel.id)) return;
    const isLine = channel.id.startsWith(lineChannel);
    const end = () => void quietly(node, `channels/${channel.id}`);
    // Snoops and lines of a process that is no more. What Asterisk itself plays and records by ends with its leg.
    if (isLine || channel.name.startsWith('Snoop/')) return end();
    if (!channel.name.startsWith('PJSIP/')) return;
    if (this.isSettled && channel.state === 'Up') return end();
    const kept = keptOn(channel);
    const answeredAt = typeof kept?.answeredAt === 'string' ? new Date(kept.answeredAt) : null;
    const leg = legOn(node, channel, { ...kept, answeredAt });
    if (leg.state !== 'up' && leg.direction === 'out') leg.state = 'dialling';
    legs.add(leg);
    const { legId, from, to } = leg;
    if (this.isSettled && leg.direction === 'in')
      legs.tell({ event: 'incoming', legId, from, to, displayName: '', sipCallId: '' });
  }

  private adoptBridge(node: Node, { id, name, channels }: Found['bridges'][number]): void {
    if (!id.startsWith('kernlijn-')) return;
    // Of listeners, and between nodes: their lines are gone.
    if (name === aside || id.startsWith('kernlijn-link-')) return void quietly(node, `bridges/${id}`);
    const within = channels.flatMap((channelId) => this.parts.legs.ofChannel(node, channelId) ?? []);
    this.parts.bridges.adopt(node, name, id, within);
    for (const leg of within) leg.bridgeId = name;
  }
}

/** What is gone already is what is wanted. */
async function quietly(node: Node, path: string): Promise<void> {
  await ifStillThere(node.ari.request('DELETE', path)).catch(() => undefined);
}
