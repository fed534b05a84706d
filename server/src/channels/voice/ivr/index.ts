/** What happens to a call before an agent has it, and beside one: menus, waiting, callbacks, voicemail. Each event goes to whom it concerns. */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { CustomerLine } from '@kernlijn/contract/customers';
import { Flow } from '@kernlijn/contract/menu';
import type { LegSnapshot, RecordingSnapshot, VoiceEvent } from '@kernlijn/contract/voice';
import type { Context } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db.ts';
import type { endCall, Entrance } from '../store.ts';
import { Callbacks } from './callbacks.ts';
import type { Line } from './line.ts';
import { Menus } from './menus.ts';
import { outsideIsOver } from './store.ts';
import { isVoicemail, Voicemails } from './voicemails.ts';
import { Waits } from './waits.ts';

export { isVoicemail };

type End = Parameters<typeof endCall>[2];

export class Ivr {
  readonly #line: Line;
  readonly #menus: Menus;
  readonly #waits: Waits;
  readonly #callbacks: Callbacks;
  readonly #voicemails: Voicemails;

  constructor(line: Line, files: Context['files']) {
    this.#line = line;
    this.#callbacks = new Callbacks(line);
    this.#voicemails = new Voicemails(line, files);
    this.#waits = new Waits(line, this.#callbacks, this.#voicemails);
    this.#menus = new Menus(line, this.#waits, this.#voicemails);
  }

  /** A number with a menu: the call is in it. Null for one without. @returns what to do after the commit */
  async enters(
    tx: Tx,
    entrance: Entrance,
    caller: { legId: string; customer: CustomerLine | undefined; customerAddress: string; customerName: string },
    now: Date,
  ): Promise<(() => Promise<void>) | null> {
    const flow = Flow.safeParse(entrance.flow).data;
    if (flow === undefined) return null;
    const { clientId, contactPointId, queueId, language } = entrance;
    const customerId = caller.customer?.id ?? null;
    return await this.#menus.begin(
      tx,
      { ...caller, clientId, contactPointId, customerId },
      { queueId, flow, language },
      now,
    );
  }

  /** Somebody who keeps a place calls himself. True when he is in it. */
  async comesBack(entrance: Entrance, legId: string, number: string): Promise<boolean> {
    const conversationId = number === '' ? null : this.#callbacks.placeOf(entrance.clientId, number);
    if (conversationId === null) return false;
    const place = await this.#callbacks.comesBack(conversationId, legId);
    if (place === null) return false;
    await this.#line.tell({ command: 'answer', legId });
    if (place.inHand) {
      await this.#line.connect(conversationId);
      return true;
    }
    await this.#line.waitWith(conversationId, [`place-kept-${entrance.language === 'en' ? 'en' : 'nl'}`, place.music]);
    if (entrance.waiting !== null) await this.#waits.begin(conversationId, entrance.language);
    return true;
  }

  /** A call waits in a queue that says something. */
  async waits(conversationId: string, language: string): Promise<void> {
    await this.#waits.begin(conversationId, language);
  }

  /** An agent has it. True when the customer is not on the line yet, but being called. */
  async taken(card: ConversationCard): Promise<boolean> {
    if (card.call !== null) await this.#waits.over(card.call.legId);
    return await this.#callbacks.taken(card);
  }

  /** True when it was ours. */
  async heard(event: VoiceEvent): Promise<boolean> {
    switch (event.event) {
      case 'dtmf':
        return await this.#key(event.legId, event.digit);
      case 'played':
        return await this.#played(event.legId);
      case 'answered':
        return await this.#answered(event.legId);
      case 'recording-ended':
        if (!isVoicemail(event.recordingId)) return false;
        await this.#voicemails.recorded(event.recordingId);
        return true;
      default:
        return false;
    }
  }

  async #key(legId: string, key: string): Promise<boolean> {
    if (this.#menus.has(legId)) await this.#menus.happened(legId, { is: 'key', key });
    else if (this.#waits.has(legId)) return await this.#waits.happened(legId, { is: 'key', key });
    else if (this.#voicemails.has(legId)) await this.#voicemails.key(legId, key);
    else return false;
    return true;
  }

  async #played(legId: string): Promise<boolean> {
    if (this.#menus.has(legId)) await this.#menus.happened(legId, { is: 'played' });
    else if (this.#waits.has(legId)) await this.#waits.happened(legId, { is: 'played' });
    else if (this.#voicemails.has(legId)) await this.#voicemails.played(legId);
    else if (this.#callbacks.isLeaving(legId)) await this.#callbacks.goodbye(legId);
    else return false;
    return true;
  }

  async #answered(legId: string): Promise<boolean> {
    if (this.#menus.isOutside(legId)) await this.#menus.outsideAnswered(legId);
    else if (this.#waits.isOutside(legId)) await this.#waits.outsideAnswered(legId);
    else if (this.#callbacks.isDialling(legId)) await this.#callbacks.answered(legId);
    else return false;
    return true;
  }

  /** A leg is gone. True when nothing else is to be done about it. */
  async ended(legId: string, end: End): Promise<boolean> {
    if (this.#menus.has(legId)) await this.#menus.left(legId, end);
    else if (this.#menus.isOutside(legId)) await this.#menus.outsideFailed(legId);
    else if (this.#waits.isOutside(legId)) await this.#waits.outsideFailed(legId);
    else if (this.#callbacks.isDialling(legId)) await this.#callbacks.failed(legId, end);
    else if (legId.startsWith('menu-') || legId.startsWith('overflow-')) await this.#outsideOver(legId, end);
    else {
      if (this.#voicemails.has(legId)) await this.#voicemails.left(legId);
      await this.#waits.over(legId);
      this.#callbacks.left(legId);
      return false;
    }
    return true;
  }

  async #outsideOver(legId: string, { reason, now }: End): Promise<void> {
    const caller = await this.#line.db.asSystem((tx) => outsideIsOver(tx, legId, reason, now));
    if (caller !== null) await this.#line.tell({ command: 'hangup', legId: caller });
  }

  /** After a restart of either side: everything goes on. @returns legs that are ours */
  async resume(legs: readonly LegSnapshot[], recordings: readonly RecordingSnapshot[], end: End): Promise<Set<string>> {
    const byId = new Map(legs.map((leg) => [leg.legId, leg]));
    const recording = new Set(recordings.map(({ recordingId }) => recordingId));
    const ours = [
      ...(await this.#menus.resume(byId, end)),
      ...(await this.#voicemails.resume(byId, recording)),
      ...(await this.#callbacks.resume(byId, end)),
    ];
    await this.#waits.resume(byId);
    return new Set(ours);
  }

  close(): void {
    this.#line.timers.close();
  }
}
