/**
 * What happens on the lines that we dial, to customers and to those who are asked in, and what is due by the clock. Called by
 * the one process that listens to the engine; each step is a change of rows under the lock of its conversation, and the
 * line follows before another can change them.
 */
import type { LegSnapshot } from '@kernlijn/contract/voice';
import { callChanged, customerAnswered, lockConversation, parkedTooLong } from '../../conversations/index.ts';
import type { Context } from '../../platform/context.ts';
import type { Tx } from '../../platform/db.ts';
import { changes } from './arrangement.ts';
import type { LineCommand } from './arrangement.ts';
import { arrangementOf, hangUps, quietly, withThoseThere } from './arranging.ts';
import type { VoiceEngine } from './engine.ts';
import { EngineRefusal } from './engine.ts';
import { isDialled } from './legs.ts';
import { answers, guestsOf, leaves } from './parties.ts';
import type { Leaving } from './parties.ts';
import { parkedDue, partiesDue, partyOfLeg, saveParked, savePhase, takeUndialled } from './party-store.ts';
import { noteOnRecording } from './recording-marks.ts';
import { liveCall, liveCallOfLeg } from './store.ts';
import type { LiveCall } from './store.ts';

/** How long a number may ring, in seconds. */
const ringSeconds = 45;

export interface Lines extends Pick<Context, 'db' | 'log'> {
  engine: VoiceEngine;
  /** A leg ended, or never came to be. */
  ended(legId: string, why: 'unreachable'): Promise<void>;
}

/** It rings at a customer whom we call. */
export async function rings(lines: Lines, legId: string): Promise<void> {
  if (!isDialled(legId)) return;
  const call = await lines.db.asSystem((tx) => liveCallOfLeg(tx, legId));
  if (call?.ringing !== true) return;
  await change(lines, call.conversationId, async (tx) => {
    if (await savePhase(tx, call.conversationId, 'ringing')) await callChanged(tx, call.conversationId);
  });
}

/** Somebody whom we called answered. */
export async function answered(lines: Lines, legId: string): Promise<void> {
  if (!isDialled(legId)) return;
  const { db } = lines;
  const now = new Date();
  const call = await db.asSystem((tx) => liveCallOfLeg(tx, legId));
  if (call !== undefined) {
    if (!call.ringing) return;
    return await change(lines, call.conversationId, (tx) =>
      customerAnswered(tx, call.conversationId, now, () => savePhase(tx, call.conversationId, 'up')),
    );
  }
  await ofGuest(lines, legId, async (tx, before, guest) => {
    if (guest.state !== 'ringing') return;
    await answers(tx, before, guest, now);
    await callChanged(tx, before.conversationId);
  });
}

/** A line of somebody who was asked in is gone. */
export async function guestGone(lines: Lines, legId: string, why: Leaving): Promise<void> {
  await ofGuest(lines, legId, async (tx, before, guest) => {
    // Who has not answered yet can still do so when his browser is back.
    if (why === 'line-lost' && guest.state === 'ringing') return;
    await leaves(tx, before, guest, why, new Date());
    await callChanged(tx, before.conversationId);
  });
}

/** Calls whom this conversation still has to call. */
export async function dialDue(lines: Lines, conversationId: string): Promise<void> {
  const { db, engine, log } = lines;
  const { legs, from } = await db.asSystem(async (tx) => {
    await lockConversation(tx, conversationId);
    const call = await liveCall(tx, conversationId);
    if (call?.state !== 'handling') return { legs: [], from: '' };
    return { legs: await takeUndialled(tx, conversationId), from: call.ownNumber };
  });
  for (const { legId, to } of legs) {
    try {
      await engine.tell({ command: 'dial', legId, to, from, timeoutSeconds: ringSeconds });
    } catch (error) {
      if (!(error instanceof EngineRefusal)) throw error;
      log.warn({ leg: legId, code: error.code, reason: error.message }, 'voice: a number could not be dialled');
      await lines.ended(legId, 'unreachable');
      continue;
    }
    // Taken back, or hung up, while it was being dialled.
    if (!(await isWanted(lines, conversationId, legId))) await quietly(engine.tell({ command: 'hangup', legId }));
  }
}

async function isWanted({ db }: Lines, conversationId: string, legId: string): Promise<boolean> {
  const call = await db.asSystem((tx) => liveCall(tx, conversationId));
  if (call === undefined) return false;
  if (call.legId === legId) return call.state === 'handling';
  return call.parties.some((party) => party.legId === legId);
}

/** What is due: colleagues who do not answer, calls that are parked too long, and whoever is left where nobody is. */
export async function due(lines: Lines, now: Date): Promise<void> {
  const { db } = lines;
  const [guests, parked] = await Promise.all([
    db.asSystem((tx) => partiesDue(tx, now)),
    db.asSystem((tx) => parkedDue(tx, now)),
  ]);
  for (const { conversationId, partyId } of guests)
    await change(lines, conversationId, async (tx, before) => {
      const guest = guestsOf(before).find(({ id }) => id === partyId);
      if (guest === undefined) return;
      await leaves(tx, before, guest, 'no-answer', now);
      await callChanged(tx, conversationId);
    });
  for (const conversationId of parked)
    await change(lines, conversationId, async (tx) => {
      await saveParked(tx, conversationId, null);
      await parkedTooLong(tx, conversationId, now);
    });
}

/** After a restart of either side: those who were asked in, against what the engine has. */
export async function reconcileGuests(
  lines: Lines,
  call: LiveCall,
  legs: ReadonlyMap<string, LegSnapshot>,
): Promise<void> {
  for (const guest of guestsOf(call)) {
    const leg = legs.get(guest.legId);
    if (guest.kind === 'outside' && leg === undefined) {
      if (guest.dialled) await guestGone(lines, guest.legId, 'engine-stopped');
    } else if (guest.kind === 'outside' && leg?.state === 'up' && guest.state === 'ringing')
      await answered(lines, guest.legId);
    else if (guest.kind === 'agent' && leg === undefined && guest.state === 'up')
      await guestGone(lines, guest.legId, 'line-lost');
  }
}

async function ofGuest(
  lines: Lines,
  legId: string,
  then: (tx: Tx, before: LiveCall, guest: LiveCall['parties'][number]) => Promise<void>,
): Promise<void> {
  const found = await lines.db.asSystem((tx) => partyOfLeg(tx, legId));
  if (found === undefined) return;
  await change(lines, found.conversationId, async (tx, before) => {
    const guest = guestsOf(before).find(({ id }) => id === found.partyId);
    if (guest !== undefined) await then(tx, before, guest);
  });
}

/** Changes rows of a call that is live, and has the line follow. What the line refuses is somebody who has just gone. */
async function change(
  { db, engine, log }: Lines,
  conversationId: string,
  work: (tx: Tx, before: LiveCall) => Promise<unknown>,
): Promise<void> {
  await db.asSystem(async (tx) => {
    await lockConversation(tx, conversationId);
    const before = await liveCall(tx, conversationId);
    if (before === undefined) return;
    await work(tx, before);
    const after = await liveCall(tx, conversationId);
    if (after === undefined) return;
    await noteOnRecording(tx, before, after, new Date());
    const line = changes(arrangementOf(after), arrangementOf(before));
    for (const command of [...line, ...hangUps(before, after), ...alone(before, after)])
      await quietly(withThoseThere(engine, command), (error) =>
        log.debug({ command: command.command, reason: error.message }, 'voice: a command was refused'),
      );
  });
}

/** A customer with whom nobody is left. */
function alone(before: LiveCall, after: LiveCall): LineCommand[] {
  const isAlone = isLetGo(after) && guestsOf(before).length > 0 && guestsOf(after).length === 0;
  return isAlone ? [{ command: 'hangup', legId: after.legId }] : [];
}

/** No agent has it and none will: the customer went on with somebody outside. */
export const isLetGo = ({ state }: LiveCall): boolean => state === 'wrap-up' || state === 'closed';
