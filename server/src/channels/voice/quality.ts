/**
 * How well each leg of a call is received. The engine tells it every five seconds, counted from when the leg began; what
 * came between two tellings is one sample of the call. Kept for many calls at once, once a second; the desk is told when
 * the line becomes better or worse, not of every sample.
 */
import { mosOf, stepOf } from '@kernlijn/contract/line-quality';
import type { LineStep } from '@kernlijn/contract/line-quality';
import type { LegQuality, VoiceEvent } from '@kernlijn/contract/voice';
import { callChanged, lockConversation } from '../../conversations/index.ts';
import type { Db } from '../../platform/db.ts';
import { callLegs, saveLine, saveSamples } from './quality-store.ts';
import type { CallLeg, Sample } from './quality-store.ts';

type Told = Extract<VoiceEvent, { event: 'quality' }>;

/** Worse is shown at the second sample in a row, and so is better: one hiccup is no news. */
const inARow = 2;

interface Heard {
  quality: LegQuality;
  step: LineStep | null;
  times: number;
  /** When it was told last; a leg of which nothing is told is gone. */
  at: number;
}

export class Qualities {
  readonly #db: Db;
  readonly #heard = new Map<string, Heard>();
  #samples: (Omit<Sample, keyof CallLeg> & { legId: string; times: number })[] = [];

  constructor(db: Db) {
    this.#db = db;
  }

  heard({ legId, quality, at }: Told): void {
    const before = this.#heard.get(legId);
    const figures = between(before?.quality, quality);
    const heard: Heard = { quality, step: null, times: 0, at: Date.parse(at) };
    this.#heard.set(legId, heard);
    // The first one tells of the time before, which may have been another call; and a leg that sent nothing is on hold.
    if (before === undefined || figures === null) return;
    const mos = mosOf(figures);
    heard.step = stepOf(mos);
    heard.times = heard.step === before.step ? before.times + 1 : 1;
    this.#samples.push({ legId, ...figures, mos, step: heard.step, times: heard.times, at: new Date(at) });
  }

  /** What was heard since, into the calls that these legs are in. */
  async save(now: Date): Promise<void> {
    for (const [legId, { at }] of this.#heard) if (now.getTime() - at > 60_000) this.#heard.delete(legId);
    const samples = this.#samples;
    this.#samples = [];
    if (samples.length === 0) return;
    const legs = await this.#db.asSystem(async (tx) => {
      const known = await callLegs(
        tx,
        samples.map(({ legId }) => legId),
      );
      const placed = samples.flatMap((sample) => {
        const leg = known.get(sample.legId);
        return leg === undefined ? [] : [{ ...leg, ...sample }];
      });
      if (placed.length > 0) await saveSamples(tx, placed);
      return placed;
    });
    for (const { conversationId, party, step, times, line } of legs) {
      if (party === 'other' || times < inARow || step === line) continue;
      await this.#db.asSystem(async (tx) => {
        await lockConversation(tx, conversationId);
        if (!(await saveLine(tx, conversationId, party, step))) return;
        await callChanged(tx, conversationId);
      });
    }
  }
}

/** Null when nothing came: a muted telephone may send nothing, and its line is no worse for it. */
function between(
  before: LegQuality | undefined,
  after: LegQuality,
): { received: number; lost: number; jitterMs: number; roundTripMs: number | null } | null {
  const received = after.packetsReceived - (before?.packetsReceived ?? 0);
  // A lost packet that came late after all counts back.
  const lost = Math.max(0, after.packetsLost - (before?.packetsLost ?? 0));
  if (received < 0 || received + lost === 0) return null;
  return { received, lost, jitterMs: after.jitterMs, roundTripMs: after.roundTripMs };
}
