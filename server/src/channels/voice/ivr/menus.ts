/**
 * Callers in a menu. What a key or a time-out means is decided purely (`menu-walk.ts`); here the row is locked, walked and
 * saved, and after the commit the line does as it was decided. A conversation is made when the caller is out of the menu.
 */
import { newCall } from '@kernlijn/contract/conversations';
import type { CustomerLine } from '@kernlijn/contract/customers';
import { dayOf, isOpen } from '@kernlijn/contract/opening-hours';
import type { OpeningHours } from '@kernlijn/contract/opening-hours';
import { SpokenLanguage } from '@kernlijn/contract/menu';
import type { Flow } from '@kernlijn/contract/menu';
import { newMenu, walk } from '@kernlijn/contract/menu-walk';
import type { Exit, MenuAction, MenuEvent, MenuWorld } from '@kernlijn/contract/menu-walk';
import { forwardAtOnce, leaveMenu, receive, turnAway } from '../../../conversations/index.ts';
import type { Arrival } from '../../../conversations/index.ts';
import type { Tx } from '../../../platform/db.ts';
import { newId } from '../../../platform/ids.ts';
import { queueOpen } from '../../../routing/index.ts';
import { callOf, endCall } from '../store.ts';
import { dialOut, inSeconds, say } from './line.ts';
import type { Line } from './line.ts';
import {
  allMenuCalls,
  deleteMenuCall,
  hoursOfClient,
  insertMenuCall,
  insertOutsideParty,
  lockMenuCall,
  queueForCalls,
  saveMenuCall,
} from './store.ts';
import type { Caller, MenuCall } from './store.ts';
import type { Voicemails } from './voicemails.ts';
import type { Waits } from './waits.ts';

/** What is done once it is true. */
type Effect = () => Promise<void>;
type End = Parameters<typeof endCall>[2];

export class Menus {
  readonly #line: Line;
  readonly #waits: Waits;
  readonly #voicemails: Voicemails;
  readonly #legs = new Set<string>();
  /** Numbers outside that ring, by their leg: for whom. */
  readonly #outside = new Map<string, string>();

  constructor(line: Line, waits: Waits, voicemails: Voicemails) {
    this.#line = line;
    this.#waits = waits;
    this.#voicemails = voicemails;
  }

  has(legId: string): boolean {
    return this.#legs.has(legId);
  }
  isOutside(legId: string): boolean {
    return this.#outside.has(legId);
  }

  /** A call comes in. @returns what to do after the commit */
  async begin(
    tx: Tx,
    caller: Caller & { customer: CustomerLine | undefined },
    number: { queueId: string; flow: Flow; language: string },
    now: Date,
  ): Promise<Effect> {
    const language = SpokenLanguage.safeParse(number.language).data ?? 'nl';
    const state = newMenu(language);
    const { customer: _, ...rest } = caller;
    const call = { ...rest, queueId: number.queueId, flow: number.flow, state, dueAt: null };
    await insertMenuCall(tx, call, now);
    const effect = await this.#step(tx, { ...call, outsideLegId: null, ownNumber: '' }, { is: 'begin' }, now);
    return async () => {
      this.#legs.add(caller.legId);
      await this.#line.tell({ command: 'answer', legId: caller.legId });
      await effect();
    };
  }

  async happened(legId: string, event: MenuEvent): Promise<void> {
    const now = new Date();
    const effect = await this.#line.db.asSystem(async (tx) => {
      const call = await lockMenuCall(tx, legId);
      // While a number outside rings for him, keys mean nothing.
      if (call === undefined || call.outsideLegId !== null) return null;
      return await this.#step(tx, call, event, now);
    });
    await effect?.();
  }

  /** The caller hung up. */
  async left(legId: string, end: End): Promise<void> {
    const outside = await this.#line.db.asSystem(async (tx) => {
      const call = await lockMenuCall(tx, legId);
      if (call === undefined) return null;
      await deleteMenuCall(tx, legId);
      const id = await leaveMenu(tx, await arrivalOf(tx, call, call.queueId), end.now, this.#onTheLine(legId));
      await endCall(tx, id, end);
      return call.outsideLegId;
    });
    this.#forget(legId);
    if (outside === null) return;
    this.#outside.delete(outside);
    await this.#line.tell({ command: 'hangup', legId: outside });
  }

  /** The number outside took the call: the two talk, and nobody of ours has anything to do. */
  async outsideAnswered(outsideLegId: string): Promise<void> {
    const legId = this.#outside.get(outsideLegId);
    if (legId === undefined) return;
    const now = new Date();
    const id = await this.#line.db.asSystem(async (tx) => {
      const call = await lockMenuCall(tx, legId);
      if (call === undefined || call.outsideLegId !== outsideLegId) return null;
      await deleteMenuCall(tx, legId);
      const arrival = await arrivalOf(tx, call, call.queueId);
      const conversationId = await forwardAtOnce(tx, arrival, now, this.#onTheLine(legId));
      const address = outsideNumber(call);
      const party = { id: newId(), address, legId: outsideLegId };
      await insertOutsideParty(tx, { clientId: call.clientId, conversationId }, party, now);
      return conversationId;
    });
    this.#outside.delete(outsideLegId);
    this.#forget(legId);
    if (id === null) await this.#line.tell({ command: 'hangup', legId: outsideLegId });
    else await this.#line.connect(id);
  }

  /** Nobody took it: the caller waits in the queue of the number. */
  async outsideFailed(outsideLegId: string): Promise<void> {
    const legId = this.#outside.get(outsideLegId);
    this.#outside.delete(outsideLegId);
    if (legId === undefined) return;
    const now = new Date();
    const effect = await this.#line.db.asSystem(async (tx) => {
      const call = await lockMenuCall(tx, legId);
      if (call === undefined || call.outsideLegId !== outsideLegId) return null;
      const exit = { to: 'queue' as const, queueId: call.queueId, priority: null, skillId: null };
      return await this.#leave(tx, call, { ...exit, say: [`unreachable-${call.state.language}`] }, now);
    });
    await effect?.();
  }

  /**
   * After a restart of either side. @returns the legs that are ours
   */
  async resume(legs: ReadonlyMap<string, { state: 'ringing' | 'up' }>, end: End): Promise<string[]> {
    const ours: string[] = [];
    for (const call of await this.#line.db.asSystem(allMenuCalls)) {
      const { legId, outsideLegId } = call;
      const leg = legs.get(legId);
      if (leg === undefined) {
        await this.left(legId, end);
        continue;
      }
      ours.push(legId);
      this.#legs.add(legId);
      if (leg.state === 'ringing') await this.#line.tell({ command: 'answer', legId });
      if (outsideLegId !== null) {
        ours.push(outsideLegId);
        this.#outside.set(outsideLegId, legId);
        const other = legs.get(outsideLegId);
        if (other === undefined) await this.outsideFailed(outsideLegId);
        else if (other.state === 'up') await this.outsideAnswered(outsideLegId);
        continue;
      }
      // How far it was said is not known: it is said again, without counting that as a try.
      await this.#again(call);
    }
    return ours;
  }

  async #again({ legId, flow, state }: MenuCall): Promise<void> {
    const { at } = state;
    const menu = at.is === 'saying' || at.is === 'listening' ? flow.steps.find(({ id }) => id === at.step) : undefined;
    const words = menu?.kind === 'menu' ? (menu.say[state.language] ?? menu.say[state.ownLanguage] ?? []) : [];
    if (words.length === 0) return await this.happened(legId, { is: 'time' });
    await this.#line.db.asSystem(async (tx) => {
      const call = await lockMenuCall(tx, legId);
      if (call === undefined || (at.is !== 'saying' && at.is !== 'listening')) return;
      await saveMenuCall(tx, {
        ...call,
        state: { ...state, at: { ...at, is: 'saying' } },
        dueAt: inSeconds(new Date(), 200),
      });
    });
    this.#goesOnAt(legId, inSeconds(new Date(), 200));
    await say(this.#line, legId, words, false);
  }

  async #step(tx: Tx, call: MenuCall, event: MenuEvent, now: Date): Promise<Effect> {
    const world = await worldOf(tx, call, now);
    const { state, actions } = walk(call.flow, call.state, event, world);
    const walked = { ...call, state };
    const exit = actions.find((action) => action.do === 'exit');
    if (exit !== undefined) return await this.#leave(tx, walked, exit.exit, now);
    const wait = actions.find((action) => action.do === 'wait');
    const dueAt = wait === undefined ? call.dueAt : inSeconds(now, wait.seconds);
    await saveMenuCall(tx, { ...walked, dueAt });
    return async () => {
      this.#goesOnAt(call.legId, dueAt);
      for (const action of actions) await this.#do(call.legId, action);
    };
  }

  async #do(legId: string, action: MenuAction): Promise<void> {
    if (action.do === 'play') await say(this.#line, legId, action.prompts, false);
  }

  #goesOnAt(legId: string, dueAt: Date | null): void {
    this.#line.timers.set(legId, dueAt, () => this.happened(legId, { is: 'time' }));
  }

  async #leave(tx: Tx, call: MenuCall, exit: Exit, now: Date): Promise<Effect> {
    const { legId } = call;
    if (exit.to === 'outside') return await this.#dial(tx, call, exit.number, now);
    await deleteMenuCall(tx, legId);
    if (exit.to === 'queue') return await this.#wait(tx, call, exit, now);
    if (exit.to === 'voicemail') {
      const arrival = await arrivalOf(tx, call, exit.queueId);
      const begin = await this.#voicemails.begin(tx, { ...arrival, legId, conversationId: null }, exit.say, now);
      return async () => {
        this.#forget(legId);
        await begin();
      };
    }
    // Told goodbye. What he was told is in the flow: he was turned away.
    if (exit.to === 'hang-up') await turnAway(tx, await arrivalOf(tx, call, call.queueId), now, this.#onTheLine(legId));
    return async () => {
      this.#forget(legId);
      await this.#line.tell({ command: 'hangup', legId });
    };
  }

  async #wait(tx: Tx, call: MenuCall, exit: Extract<Exit, { to: 'queue' }>, now: Date): Promise<Effect> {
    const { legId, state } = call;
    const known = await queueForCalls(tx, exit.queueId);
    const there = known?.clientId === call.clientId;
    const queueId = there ? exit.queueId : call.queueId;
    const queue = there ? known : await queueForCalls(tx, queueId);
    const open = await queueOpen(tx, queueId, now);
    const arrival = {
      ...(await arrivalOf(tx, call, queueId)),
      ...(exit.priority === null ? {} : { priority: exit.priority }),
      skillId: exit.skillId,
    };
    const id = await (open ? receive : turnAway)(tx, arrival, now, this.#onTheLine(legId));
    return async () => {
      this.#forget(legId);
      if (!open) return await this.#line.sayClosed(legId, queue?.closedMessage ?? null);
      this.#line.hint(id);
      await this.#line.waitWith(id, [...exit.say, queue?.music ?? 'hold-music']);
      if (queue?.rules != null) await this.#waits.begin(id, state.language);
    };
  }

  async #dial(tx: Tx, call: MenuCall, number: string, now: Date): Promise<Effect> {
    const { legId } = call;
    const outsideLegId = `menu-${newId()}`;
    const state = { ...call.state, at: { is: 'leaving' as const, way: { to: 'outside' as const, number } } };
    await saveMenuCall(tx, { legId, state, dueAt: inSeconds(now, 60), outsideLegId });
    const from = call.ownNumber === '' ? await ownNumber(tx, call.contactPointId) : call.ownNumber;
    return async () => {
      this.#outside.set(outsideLegId, legId);
      this.#line.timers.set(legId, null, async () => {});
      await this.#line.tell({ command: 'play', legId, playback: { prompts: ['ring-tone'], loop: true } });
      const refused = await dialOut(this.#line, { legId: outsideLegId, to: number, from });
      if (refused !== null) await this.outsideFailed(outsideLegId);
    };
  }

  #forget(legId: string): void {
    this.#legs.delete(legId);
    this.#line.timers.clear(legId);
  }

  #onTheLine(legId: string) {
    return { card: newCall(legId), insert: callOf(legId) };
  }
}

const outsideNumber = ({ state }: MenuCall): string =>
  state.at.is === 'leaving' && state.at.way.to === 'outside' ? state.at.way.number : '';

async function ownNumber(tx: Tx, contactPointId: string): Promise<string> {
  const row = await tx
    .selectFrom('contact_point')
    .select('address')
    .where('id', '=', contactPointId)
    .executeTakeFirst();
  return row?.address ?? '';
}

async function arrivalOf(tx: Tx, call: MenuCall, queueId: string): Promise<Arrival> {
  // In the words of the flow, for whoever takes the call and for whoever reads it back.
  const subject = call.state.chosen.join(', ').slice(0, 200);
  const { clientId, contactPointId, customerId, customerAddress, customerName } = call;
  const known = await queueForCalls(tx, queueId);
  return {
    ...{ clientId, contactPointId, customerId, customerAddress, customerName, subject },
    channel: 'call',
    queueId: known?.clientId === clientId ? queueId : call.queueId,
    language: call.state.language,
  };
}

async function worldOf(tx: Tx, call: MenuCall, now: Date): Promise<MenuWorld> {
  const ids = call.flow.steps.flatMap((step) => (step.kind === 'hours' ? [step.openingHoursId] : []));
  const hours = await hoursOfClient(tx, call.clientId, ids);
  return {
    queueId: call.queueId,
    hours: (id) => {
      const these = hours.get(id);
      return these === undefined ? null : doorAt(these, now);
    },
  };
}

function doorAt(hours: OpeningHours, now: Date): 'open' | 'closed' | 'holiday' {
  if (isOpen(hours, now)) return 'open';
  return dayOf(hours, now).exception === null ? 'closed' : 'holiday';
}
