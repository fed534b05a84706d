/** One party of a call, and the moves it may make. */
import type { LegSnapshot } from '@kernlijn/contract/voice';
import { CommandRefused } from './command-refused.ts';
import type { CallMedia, RtpLeg } from './call-media.ts';
import type { InboundCall } from '../sip/inbound-call.ts';
import type { OutboundCall } from '../sip/outbound-call.ts';

/**
 * `arrived`: an INVITE the server has not reacted to. `dialling`: our INVITE, without sign of life.
 * `connecting`: a browser whose ICE is not through yet.
 */
export type LegState = 'arrived' | 'dialling' | 'connecting' | 'ringing' | 'up' | 'ended';

const moves = {
  ring: { from: ['arrived', 'dialling', 'ringing'], to: 'ringing' },
  answer: { from: ['arrived', 'dialling', 'ringing'], to: 'up' },
  refuse: { from: ['arrived', 'ringing'], to: 'ended' },
  connect: { from: ['connecting', 'up'], to: 'up' },
  end: { from: ['arrived', 'dialling', 'connecting', 'ringing', 'up'], to: 'ended' },
} as const satisfies Record<string, { from: readonly LegState[]; to: LegState }>;

export type Move = keyof typeof moves;

type Common = {
  readonly legId: string;
  readonly from: string;
  readonly to: string;
  state: LegState;
  readonly startedAt: Date;
  answeredAt: Date | null;
};
export type InboundLeg = Common & {
  readonly kind: 'sip';
  readonly direction: 'in';
  readonly call: InboundCall;
  /** By the far end. */
  held: boolean;
  media: RtpLeg | null;
  unheeded: NodeJS.Timeout;
};
export type OutboundLeg = Common & {
  readonly kind: 'sip';
  readonly direction: 'out';
  readonly call: OutboundCall;
  held: boolean;
  media: RtpLeg;
};
export type BrowserLeg = Common & { readonly kind: 'browser'; readonly direction: 'out' };
export type Leg = InboundLeg | OutboundLeg | BrowserLeg;

export function mayMove(leg: Leg, move: Move): boolean {
  return (moves[move].from as readonly LegState[]).includes(leg.state);
}

/** @throws CommandRefused `wrong-state` when the leg may not make this move. */
export function move(leg: Leg, name: Move, now: Date): void {
  if (!mayMove(leg, name)) throw new CommandRefused('wrong-state', `${leg.legId} is ${leg.state}: no ${name}`);
  leg.state = moves[name].to;
  if (leg.state === 'up') leg.answeredAt ??= now;
}

export function snapshotOf(leg: Leg, media: CallMedia): LegSnapshot {
  return {
    legId: leg.legId,
    kind: leg.kind,
    direction: leg.direction,
    state: leg.state === 'up' ? 'up' : 'ringing',
    from: leg.from,
    to: leg.to,
    bridgeId: media.bridgeOf(leg.legId),
    muted: media.isMuted(leg.legId),
    ...(leg.kind === 'sip' && { remoteHold: leg.held }),
    startedAt: leg.startedAt.toISOString(),
    answeredAt: leg.answeredAt?.toISOString() ?? null,
  };
}
