/** The legs there are, where they are found, and what is said of them to the servers. */
import type { VoiceEvent } from '@kernlijn/contract/voice';
import { CommandRefused } from '../call/command-refused.ts';
import { ifStillThere } from './ari.ts';
import { keptOf, variable, type BrowserLeg, type Leg, type SipLeg } from './leg.ts';
import type { Node } from './node.ts';

export type WithoutTime<E> = E extends VoiceEvent ? Omit<E, 'at'> : never;
export type Tell = (event: WithoutTime<VoiceEvent>) => void;

const notedAfterMs = 250;

export class Legs {
  readonly tell: Tell;
  private readonly byId = new Map<string, Leg>();
  private readonly byChannel = new Map<string, SipLeg>();

  constructor(tell: Tell) {
    this.tell = tell;
  }

  all(): Leg[] {
    return [...this.byId.values()];
  }

  on(node: Node): SipLeg[] {
    return this.all().flatMap((leg) => (leg.kind === 'sip' && leg.node === node ? [leg] : []));
  }

  has(legId: string): boolean {
    return this.byId.has(legId);
  }

  find(legId: string): Leg | undefined {
    return this.byId.get(legId);
  }

  ofChannel(node: Node, channelId: string): SipLeg | undefined {
    return this.byChannel.get(keyOf(node, channelId));
  }

  add(leg: Leg): void {
    this.byId.set(leg.legId, leg);
    if (leg.kind === 'sip') this.byChannel.set(keyOf(leg.node, leg.channelId), leg);
  }

  /** The same leg on another channel. */
  move(leg: SipLeg, channelId: string): void {
    this.byChannel.delete(keyOf(leg.node, leg.channelId));
    leg.channelId = channelId;
    this.byChannel.set(keyOf(leg.node, channelId), leg);
  }

  forget(leg: Leg): void {
    if (leg.kind === 'sip') this.byChannel.delete(keyOf(leg.node, leg.channelId));
    if (this.byId.get(leg.legId) === leg) this.byId.delete(leg.legId);
  }

  /** The same in a while: a caller who is being answered does not wait for our notes. */
  keepSoon(leg: SipLeg): void {
    leg.noting ??= setTimeout(() => {
      leg.noting = undefined;
      if (this.byId.get(leg.legId) === leg) void this.keep(leg).catch(() => undefined); // the node was lost
    }, notedAfterMs);
  }

  /** On the channel itself, for our successor. */
  async keep(leg: SipLeg): Promise<void> {
    const query = { variable, value: keptOf(leg) };
    await ifStillThere(leg.node.ari.request('POST', `channels/${leg.channelId}/variable`, query));
  }

  /** @throws CommandRefused `no-such-leg` */
  leg(legId: string): Leg {
    const leg = this.byId.get(legId);
    if (leg === undefined) throw new CommandRefused('no-such-leg', `no leg ${legId}`);
    return leg;
  }

  /** @throws CommandRefused `no-such-leg`, `wrong-state` for a browser */
  sip(legId: string): SipLeg {
    const leg = this.leg(legId);
    if (leg.kind !== 'sip') throw new CommandRefused('wrong-state', `${legId} is a browser`);
    return leg;
  }

  /** @throws CommandRefused `no-such-leg`, `wrong-state` for one that does not call us or was answered */
  ringing(legId: string): SipLeg {
    const leg = this.sip(legId);
    if (leg.direction !== 'in' || leg.state === 'up')
      throw new CommandRefused('wrong-state', `${legId} is no ringing caller`);
    return leg;
  }

  /** @throws CommandRefused `no-such-leg`, `wrong-state` for one without media */
  audible(legId: string): Leg {
    const leg = this.leg(legId);
    if (leg.kind === 'sip' && leg.state !== 'up' && !leg.early)
      throw new CommandRefused('wrong-state', `${legId} has no media before answer or early media`);
    return leg;
  }
}

export function browserLeg(legId: string): BrowserLeg {
  return { kind: 'browser', legId, bridgeId: null, muted: false, startedAt: new Date(), answeredAt: null };
}

const keyOf = (node: Node, channelId: string): string => `${node.name} ${channelId}`;
