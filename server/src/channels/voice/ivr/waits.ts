/** Callers who wait in a queue that says something: announcements at their times, keys, and where they may go instead. */
import { SpokenLanguage } from '@kernlijn/contract/menu';
import { forward, lockConversation } from '../../../conversations/index.ts';
import type { Tx } from '../../../platform/db.ts';
import { newId } from '../../../platform/ids.ts';
import { anybodyFor, placeInQueue, waitExpected, wholeMinutes } from '../../../routing/index.ts';
import { callableFrom } from '../number.ts';
import type { Callbacks } from './callbacks.ts';
import { dialOut, inSeconds, say } from './line.ts';
import type { Line } from './line.ts';
import { insertOutsideParty, saveWait, waitingCall, waitingOnTheLine } from './store.ts';
import type { WaitingCall } from './store.ts';
import type { Voicemails } from './voicemails.ts';
import { newWaiting, waitOn } from './waiting.ts';
import type { WaitingAction, WaitingEvent, WaitingExit, WaitingState, WaitingWorld } from './waiting.ts';

export class Waits {
  readonly #line: Line;
  readonly #callbacks: Callbacks;
  readonly #voicemails: Voicemails;
  /** Who waits, by leg. */
  readonly #waiting = new Map<string, string>();
  /** Numbers outside that ring for somebody who waits meanwhile, by their leg. */
  readonly #outside = new Map<string, { conversationId: string; number: string }>();

  constructor(line: Line, callbacks: Callbacks, voicemails: Voicemails) {
    this.#line = line;
    this.#callbacks = callbacks;
    this.#voicemails = voicemails;
  }

  has(legId: string): boolean {
    return this.#waiting.has(legId);
  }
  isOutside(legId: string): boolean {
    return this.#outside.has(legId);
  }

  /** It waits now, on the line, and hears music already. */
  async begin(conversationId: string, language: string): Promise<void> {
    const state = newWaiting(SpokenLanguage.safeParse(language).data ?? 'nl');
    await this.#step(conversationId, { is: 'begin' }, state);
  }

  /** True when it meant something. */
  async happened(legId: string, event: WaitingEvent): Promise<boolean> {
    const conversationId = this.#waiting.get(legId);
    if (conversationId === undefined) return false;
    if (event.is === 'time' && this.#line.isBeingTold(legId)) {
      this.#again(legId, inSeconds(new Date(), 3));
      return true;
    }
    return await this.#step(conversationId, event);
  }

  #again(legId: string, at: Date | null): void {
    this.#line.timers.set(legId, at, async () => void (await this.happened(legId, { is: 'time' })));
  }

  /** It no longer waits: an agent has it, or the caller is gone. */
  async over(legId: string): Promise<void> {
    const conversationId = this.#waiting.get(legId);
    if (conversationId === undefined) return;
    this.#waiting.delete(legId);
    this.#line.timers.clear(legId);
    for (const [outside, { conversationId: of }] of this.#outside) {
      if (of !== conversationId) continue;
      this.#outside.delete(outside);
      await this.#line.tell({ command: 'hangup', legId: outside });
    }
    await this.#line.db.asSystem((tx) => saveWait(tx, conversationId, null, null));
  }

  /** After a restart: with those on the line it goes on. */
  async resume(legs: ReadonlyMap<string, unknown>): Promise<void> {
    for (const call of await this.#line.db.asSystem(waitingOnTheLine)) {
      if (!legs.has(call.legId)) continue;
      this.#waiting.set(call.legId, call.conversationId);
      // Who was being asked something hears music, and is asked when he presses the key again.
      if (!this.#line.isBeingTold(call.legId)) await say(this.#line, call.legId, [call.music], true);
      await this.begin(call.conversationId, call.wait?.language ?? call.language);
    }
  }

  async outsideAnswered(outsideLegId: string): Promise<void> {
    const waits = this.#outside.get(outsideLegId);
    this.#outside.delete(outsideLegId);
    if (waits === undefined) return;
    const { conversationId, number } = waits;
    const now = new Date();
    const forwarded = await this.#line.db.asSystem((tx) =>
      forward(tx, conversationId, now, async ({ clientId }) => {
        const party = { id: newId(), address: number, legId: outsideLegId };
        await insertOutsideParty(tx, { clientId, conversationId }, party, now);
        await saveWait(tx, conversationId, null, null);
      }),
    );
    // An agent was quicker.
    if (forwarded === null) {
      await this.#line.tell({ command: 'hangup', legId: outsideLegId });
      return;
    }
    this.#forget(conversationId);
    await this.#line.connect(conversationId);
  }

  /** Nobody took it: the caller kept his place and waits on, and it is not tried again. */
  async outsideFailed(outsideLegId: string): Promise<void> {
    const waits = this.#outside.get(outsideLegId);
    this.#outside.delete(outsideLegId);
    if (waits === undefined) return;
    await this.#goesOn(waits.conversationId);
  }

  async #goesOn(conversationId: string): Promise<void> {
    const call = await this.#line.db.asSystem((tx) => waitingCall(tx, conversationId));
    if (call?.waits !== true) return;
    await say(this.#line, call.legId, [call.music], true);
    await this.#step(conversationId, { is: 'begin' }, { ...newWaiting(call.language), stays: true });
  }

  async #step(conversationId: string, event: WaitingEvent, anew?: WaitingState): Promise<boolean> {
    const now = new Date();
    const done = await this.#line.db.asSystem(async (tx) => {
      await lockConversation(tx, conversationId);
      const call = await waitingCall(tx, conversationId);
      const before = anew ?? call?.wait;
      if (call?.waits !== true || call.rules === null || before == null) return { call, actions: [], dueAt: null };
      const { state, actions } = waitOn(call.rules, before, event, await worldOf(tx, call, event, now));
      const wait = actions.find((action) => action.do === 'wait');
      const dueAt = wait === undefined ? call.dueAt : inSeconds(now, wait.seconds);
      await saveWait(tx, conversationId, state, dueAt);
      return { call, actions, dueAt };
    });
    const { call, actions, dueAt } = done;
    if (call === undefined || actions.length === 0) return false;
    const { legId } = call;
    this.#waiting.set(legId, conversationId);
    this.#again(legId, dueAt);
    for (const action of actions) await this.#do(call, action);
    return true;
  }

  async #do(call: WaitingCall, action: WaitingAction): Promise<void> {
    if (action.do === 'play') await say(this.#line, call.legId, action.prompts, action.loop);
    else if (action.do === 'exit') await this.#leave(call, action.exit);
  }

  async #leave(call: WaitingCall, exit: WaitingExit): Promise<void> {
    const { conversationId, legId } = call;
    this.#line.timers.clear(legId);
    if (exit.to === 'callback') {
      if (await this.#callbacks.ask(call, exit.number)) this.#forget(conversationId);
      return;
    }
    if (exit.to === 'outside') {
      const outsideLegId = `overflow-${newId()}`;
      this.#outside.set(outsideLegId, { conversationId, number: exit.number });
      const from = call.ownNumber;
      // He hears music meanwhile, and an agent may still take him.
      if ((await dialOut(this.#line, { legId: outsideLegId, to: exit.number, from })) !== null)
        await this.outsideFailed(outsideLegId);
      return;
    }
    const now = new Date();
    const begin = await this.#line.db.asSystem(async (tx) => {
      const { state } = await lockConversation(tx, conversationId);
      if (state !== 'waiting' && state !== 'offered') return null;
      const begun = await this.#voicemails.begin(tx, { ...call, channel: 'call' }, [], now);
      // No agent is offered somebody who is leaving a message.
      await forward(tx, conversationId, now, () => saveWait(tx, conversationId, null, null));
      return begun;
    });
    if (begin === null) return;
    this.#forget(conversationId);
    await begin();
  }

  #forget(conversationId: string): void {
    for (const [legId, id] of this.#waiting) {
      if (id !== conversationId) continue;
      this.#waiting.delete(legId);
      this.#line.timers.clear(legId);
    }
  }
}

async function worldOf(tx: Tx, call: WaitingCall, event: WaitingEvent, now: Date): Promise<WaitingWorld> {
  // Asked only where it is said or decides.
  const asked = event.is === 'time' || event.is === 'begin';
  const { rules } = call;
  const position = asked ? await placeInQueue(tx, call.conversationId) : 1;
  const seconds = asked && rules?.expectedWait === true ? await waitExpected(tx, call.queueId, position, now) : null;
  const anybody = rules?.overflow?.whenNobody !== true || (await anybodyFor(tx, call.queueId));
  return {
    waited: (now.getTime() - call.queuedAt.getTime()) / 1_000,
    position,
    minutes: seconds === null ? null : wholeMinutes(seconds),
    anybody,
    ownNumber: callableFrom(call.ownNumber, call.customerAddress) ?? '',
    music: call.music,
    callable: (digits) => callableFrom(call.ownNumber, digits),
  };
}
