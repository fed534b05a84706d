/** The legs as the driver knows them, and what of them is kept on Asterisk's own channel, for whoever comes after us. */
import type { LegQuality, LegSnapshot } from '@kernlijn/contract/voice';
import { z } from 'zod';
import type { Channel } from './ari-messages.ts';
import type { Node } from './node.ts';
import type { Ending } from '../sip/core.ts';

/** A party on a channel of Asterisk. `arrived`: no server reacted yet. `dialling`: no sign of life from the far end yet. */
export interface SipLeg {
  readonly kind: 'sip';
  readonly legId: string;
  readonly node: Node;
  channelId: string;
  channelName: string;
  readonly direction: 'in' | 'out';
  state: 'arrived' | 'dialling' | 'ringing' | 'up' | 'ended';
  /** Media flows before the answer. */
  early: boolean;
  readonly from: string;
  readonly to: string;
  readonly startedAt: Date;
  answeredAt: Date | null;
  bridgeId: string | null;
  muted: boolean;
  held: boolean;
  /** The far end waits to hear what became of the transfer it asked for. */
  transferAsked: boolean;
  silenced: boolean;
  quality: LegQuality | null;
  /** How it will have ended, when that is ours to say. */
  ending: Ending | null;
  /** An `incoming` nobody reacts to, or a far end that does not answer. */
  timer: NodeJS.Timeout | undefined;
  /** Until what changed is kept on the channel. */
  noting?: NodeJS.Timeout | undefined;
  /** The way to the far end that is being tried, and those after it. */
  route: Route | null;
  routes: Route[];
  tries: number;
  /** Recordings that run, as they are kept on the channel. */
  recordings: KeptRecording[];
}

/** An agent's browser: its media ends in this process, and has a line to a node while it is in a bridge there. */
export interface BrowserLeg {
  readonly kind: 'browser';
  readonly legId: string;
  bridgeId: string | null;
  muted: boolean;
  readonly startedAt: Date;
  answeredAt: Date | null;
}

export type Leg = SipLeg | BrowserLeg;

/** What Asterisk dials. */
export interface Route {
  /** Of the trunk, when it is one. */
  trunkId: string | null;
  /** Our number, as they want it. */
  from: string;
  endpoint: string;
  variables: Readonly<Record<string, string>>;
}

const KeptRecording = z.object({
  recordingId: z.string(),
  startedAt: z.number(),
  pauses: z.array(z.object({ from: z.number(), to: z.number().nullable() })),
});
export type KeptRecording = z.infer<typeof KeptRecording>;

const Kept = z.object({
  legId: z.string(),
  direction: z.enum(['in', 'out']),
  from: z.string(),
  to: z.string(),
  answeredAt: z.iso.datetime().nullable(),
  muted: z.boolean(),
  recordings: z.array(KeptRecording),
});
type Kept = z.infer<typeof Kept>;

/** The channel variable all of it stands in. */
export const variable = 'KERNLIJN';

export function keptOf(leg: SipLeg): string {
  const { legId, direction, from, to, answeredAt, muted, recordings } = leg;
  const kept: Kept = { legId, direction, from, to, answeredAt: answeredAt?.toISOString() ?? null, muted, recordings };
  return JSON.stringify(kept);
}

/** What was kept on a channel; null for one that has nothing of ours. */
export function keptOn(channel: Channel): Kept | null {
  const text = channel.channelvars?.[variable];
  if (!text) return null;
  try {
    return Kept.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export const legIdOf = (node: Node, channelId: string): string => `${node.name}-${channelId}`;

export function legOn(node: Node, channel: Channel, is: Partial<SipLeg>): SipLeg {
  return {
    kind: 'sip',
    legId: legIdOf(node, channel.id),
    node,
    channelId: channel.id,
    channelName: channel.name,
    direction: 'in',
    state: channel.state === 'Up' ? 'up' : 'ringing',
    early: false,
    from: channel.caller.number,
    to: channel.dialplan.exten,
    startedAt: new Date(channel.creationtime.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')),
    answeredAt: null,
    bridgeId: null,
    muted: false,
    held: false,
    transferAsked: false,
    silenced: false,
    quality: null,
    ending: null,
    timer: undefined,
    route: null,
    routes: [],
    tries: 0,
    recordings: [],
    ...is,
  };
}

export function snapshotOf(leg: Leg): LegSnapshot {
  const common = {
    legId: leg.legId,
    bridgeId: leg.bridgeId,
    muted: leg.muted,
    startedAt: leg.startedAt.toISOString(),
    answeredAt: leg.answeredAt?.toISOString() ?? null,
  };
  if (leg.kind === 'browser')
    return { ...common, kind: 'browser', direction: 'out', state: leg.answeredAt ? 'up' : 'ringing', from: '', to: '' };
  return {
    ...common,
    kind: 'sip',
    direction: leg.direction,
    state: leg.state === 'up' ? 'up' : 'ringing',
    from: leg.from,
    to: leg.to,
    remoteHold: leg.held,
  };
}
