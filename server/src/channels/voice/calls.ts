/**
 * What happens on the line and what the product makes of it. One process at a time listens (the holder of the lease
 * `voice`); what it knows is in the database and in the engine, so that its successor can go on where it stopped.
 */
import { newCall } from '@kernlijn/contract/conversations';
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { CustomerLine } from '@kernlijn/contract/customers';
import type { LegSnapshot, RecordingSnapshot, VoiceEvent } from '@kernlijn/contract/voice';
import { customerLeft, receive, told, turnAway } from '../../conversations/index.ts';
import { identifyOne } from '../../customers/index.ts';
import type { Context } from '../../platform/context.ts';
import type { Tx } from '../../platform/db.ts';
import { isConversationEvent } from '../../platform/events.ts';
import type { PublishedEvent } from '../../platform/events.ts';
import { callOver } from '../../recordings/index.ts';
import { queueOpen } from '../../routing/index.ts';
import type { VoiceEngine } from './engine.ts';
import { EngineRefusal } from './engine.ts';
import { changes, nothing } from './arrangement.ts';
import type { LineCommand } from './arrangement.ts';
import { arrangementOf, hangUps, withThoseThere } from './arranging.ts';
import { Ivr, isVoicemail } from './ivr/index.ts';
import { Timers } from './ivr/timers.ts';
import { CallRecordings } from './call-recordings.ts';
import { agentOfLeg, webCallOfLeg } from './legs.ts';
import { asE164 } from './number.ts';
import { Qualities } from './quality.ts';
import { allLeave, guestsOf } from './parties.ts';
import { answered, dialDue, due, guestGone, isLetGo, reconcileGuests, rings } from './second-line.ts';
import type { Lines } from './second-line.ts';
import { allLiveCalls, callOf, endCall, findEntrance, liveCall, liveCallOfAgent, liveCallOfLeg } from './store.ts';
import type { Entrance, LiveCall } from './store.ts';
import { supervisorsLeave } from './supervising.ts';
import { stretchOf } from './supervising-store.ts';
import { closeWebCall } from './web-calls-store.ts';
import { arriveByWeb, webCallIsBack, webCallLost, webCallsGone } from './web-calls.ts';

type Happening<Name extends VoiceEvent['event']> = Extract<VoiceEvent, { event: Name }>;

export interface CallsOptions extends Pick<Context, 'db' | 'log'> {
  engine: VoiceEngine;
  /** How long a visitor whose connection is gone keeps his place. */
  webCallGraceSeconds?: number;
  /** Tells routing at once; the event feed tells it too, a little later. */
  hint(conversationId: string): void;
  files: Context['files'];
  /** What happens by itself takes its turn with what happens on a leg. */
  inTurn?: (key: string, work: () => Promise<void>) => void;
}

export class Calls {
  readonly #options: CallsOptions;
  /** Callers who hear that we are closed, and are gone when it was said. */
  readonly #farewells = new Set<string>();
  readonly #lines: Lines;
  /** By the number that was dialled: what it was at the last call. */
  readonly #entrances = new Map<string, Entrance>();
  readonly #qualities: Qualities;
  readonly #ivr: Ivr;

  readonly #recordings: CallRecordings;

  constructor(options: CallsOptions) {
    this.#options = options;
    this.#qualities = new Qualities(options.db);
    const { db, log, engine, hint, inTurn } = options;
    const alone = (_key: string, work: () => Promise<void>) =>
      void work().catch((error: unknown) => log.error({ err: error }, 'voice: what was due failed'));
    this.#recordings = new CallRecordings({
      ...{ db, log },
      tell: (command) => this.#tell(command),
      connect: (call) => this.#connect(call),
      entertain: (legId, prompts) => this.#entertain(legId, prompts),
    });
    this.#ivr = new Ivr(
      {
        ...{ db, log, hint, engine },
        timers: new Timers(inTurn ?? alone),
        tell: (command) => this.#tell(command),
        connect: (conversationId) => this.#connectAgain(conversationId),
        waitWith: (conversationId, prompts) => this.#waitWith(conversationId, prompts),
        sayClosed: (legId, closedMessage) =>
          closedMessage === null ? this.#letGo(legId) : this.#sayClosed(legId, closedMessage),
        isBeingTold: (legId) => this.#recordings.isTelling(legId),
      },
      options.files,
    );
    const now = () => new Date().toISOString();
    this.#lines = {
      ...options,
      ended: async (legId, reason) =>
        await this.#ended({ event: 'ended', legId, reason, by: 'engine', quality: null, at: now() }),
    };
  }

  /** Nothing happens by itself any more. */
  close(): void {
    this.#ivr.close();
  }

  async heard(event: VoiceEvent): Promise<void> {
    if (event.event === 'incoming') return await this.#incoming(event);
    if (event.event === 'ended') return await this.#ended(event);
    if (event.event === 'quality') return this.#qualities.heard(event);
    if (event.event === 'played' && this.#farewells.has(event.legId)) return await this.#letGo(event.legId);
    if (event.event === 'played' && (await this.#recordings.played(event))) return;
    if (event.event === 'dtmf' && this.#recordings.isTelling(event.legId)) return await this.#recordings.pressed(event);
    if (await this.#ivr.heard(event)) return;
    if (event.event === 'ringing') return await rings(this.#lines, event.legId);
    if (event.event === 'answered') return await this.#answered(event.legId);
    if (event.event === 'recording-ended') return await this.#recordings.ended(event);
    if (event.event === 'dtmf') return await this.#recordings.pressed(event);
    if (event.event === 'browser-connected') return await this.#lineConnected(event.legId);
    if (event.event === 'browser-disconnected') return await this.#lineLost(event.legId);
  }

  /** A conversation changed hands: the sound follows. */
  async happened(event: PublishedEvent): Promise<void> {
    if (!isConversationEvent(event) || event.body.card.channel !== 'call') return;
    const { card } = event.body;
    // A customer who keeps his place is not on the line: he is called first.
    if (event.type === 'conversation.accepted' && (await this.#ivr.taken(card))) return;
    if (card.call?.live !== true) return;
    if (event.type === 'conversation.reassigned' || event.type === 'conversation.ended')
      return await this.#recordings.movedOn(card);
    if (event.type === 'conversation.requeued') await this.#ivr.waits(card.id, card.language);
    if (event.type === 'conversation.call-changed') await this.#recordings.changed(card);
    // Who listened to the agent has nobody to listen to.
    if (hasLostItsAgent(card)) await this.#supervisorsLeave({ conversationId: card.id }, 'handed-over');
    if (event.type !== 'conversation.accepted') return await dialDue(this.#lines, card.id);
    const call = await this.#options.db.asSystem((tx) => liveCall(tx, card.id));
    if (call?.state === 'handling') await this.#connect(await this.#recordings.talk(call));
  }

  /** What is due by the clock. */
  async due(now: Date): Promise<void> {
    await due(this.#lines, now);
    const since = new Date(now.getTime() - (this.#options.webCallGraceSeconds ?? 20) * 1_000);
    for (const legId of await this.#options.db.asSystem((tx) => webCallsGone(tx, since)))
      await this.#webCallOver(legId);
    await this.#qualities.save(now);
  }

  /** After a restart of either side: what is in the engine and what we know are made one again. */
  async reconcile(legs: readonly LegSnapshot[], recordings: readonly RecordingSnapshot[] = []): Promise<void> {
    const { db, log } = this.#options;
    const ofCalls = recordings.filter(({ recordingId }) => !isVoicemail(recordingId));
    await this.#recordings.reconcile(ofCalls, new Set(legs.map(({ legId }) => legId)));
    const byId = new Map(legs.map((leg) => [leg.legId, leg]));
    const stopped = () => ({ reason: 'engine-stopped', by: 'engine', quality: null, now: new Date() });
    const ours = await this.#ivr.resume(legs, recordings, stopped());
    const known = new Set(ours);
    for (const call of await db.asSystem(allLiveCalls)) {
      for (const { legId } of [call, ...call.parties]) known.add(legId);
      const leg = byId.get(call.legId);
      for (const { kind, legId, personId } of call.parties)
        if (kind === 'supervisor' && personId !== null && !byId.has(legId))
          await this.#supervisorsLeave({ conversationId: call.conversationId, personId }, 'line-lost');
      // A visitor’s browser connects again by itself.
      if (leg === undefined && webCallOfLeg(call.legId) !== null) await this.#webLineLost(call.legId);
      else if (!call.dialled) await dialDue(this.#lines, call.conversationId);
      else if (leg === undefined) await this.#over(call, stopped());
      else if (ours.has(call.legId)) continue;
      else if (call.state === 'turned-away') await this.#sendAway(call, leg.state === 'ringing');
      else if (leg.state === 'ringing' && leg.direction === 'in')
        await this.#greet(call.legId, [call.music], announcementOf(call));
      else if (call.ringing && leg.state === 'up') await this.#answered(call.legId);
      else if (waits(call) && announcementOf(call) !== null)
        await this.#greet(call.legId, [call.music], announcementOf(call));
      else await this.#goOn(call, byId);
    }
    for (const leg of legs) {
      if (webCallOfLeg(leg.legId) !== null && leg.state === 'up' && !known.has(leg.legId))
        await this.#webLineConnected(leg.legId);
      if (leg.kind !== 'sip' || known.has(leg.legId)) continue;
      if (leg.state === 'ringing' && leg.direction === 'in') {
        await this.#incoming({
          event: 'incoming',
          legId: leg.legId,
          from: leg.from,
          to: leg.to,
          displayName: '',
          sipCallId: '',
          at: leg.startedAt,
        });
        continue;
      }
      // Answered for somebody nobody remembers: a farewell, or a call whose commit did not happen.
      log.warn({ leg: leg.legId }, 'voice: a leg without a conversation is ended');
      await this.#tell({ command: 'hangup', legId: leg.legId });
    }
  }

  /** Who takes part is made one with what the engine has, and the line with that. */
  async #goOn(before: LiveCall, legs: ReadonlyMap<string, LegSnapshot>): Promise<void> {
    await reconcileGuests(this.#lines, before, legs);
    await dialDue(this.#lines, before.conversationId);
    const call = await this.#options.db.asSystem((tx) => liveCall(tx, before.conversationId));
    if (call === undefined) return;
    if (isLetGo(call) && guestsOf(call).length === 0) await this.#tell({ command: 'hangup', legId: call.legId });
    else if (call.state === 'handling')
      await this.#connect(call.wasRecorded ? call : await this.#recordings.talk(call));
    else if (call.state === 'parked' || guestsOf(call).length > 0) await this.#connect(call);
  }

  async #incoming(event: Happening<'incoming'>): Promise<void> {
    const { db, log } = this.#options;
    const now = new Date();
    const known = this.#entrances.get(event.to);
    // Who is to be called back may call himself.
    if (known !== undefined && (await this.#ivr.comesBack(known, event.legId, asE164(event.from)))) return;
    const { entrance, conversationId, isOpen, menu } = await db.asSystem((tx) => this.#receive(tx, event, now));
    if (menu !== null) return await menu();
    if (entrance === undefined || conversationId === null) {
      log.info({ to: event.to }, 'voice: a call to a number that is nobody’s');
      await this.#tell({ command: 'reject', legId: event.legId, status: 404 });
      return;
    }
    if (!isOpen) return await this.#sayClosed(event.legId, entrance.closedMessage);
    this.#options.hint(conversationId);
    // Answered only now: a caller who hears us is in the database.
    const prompts = [...(entrance.greeting === null ? [] : [entrance.greeting]), entrance.music];
    await this.#greet(event.legId, prompts, entrance.announcement);
    if (entrance.waiting !== null) await this.#ivr.waits(conversationId, entrance.language);
  }

  /**
   * A conversation, except at a number that is nobody's. After hours it is over as it begins. What the number was at the
   * call before is asked after together with what it is now: mostly the same, and a caller waits.
   */
  async #receive(
    tx: Tx,
    event: Happening<'incoming'>,
    now: Date,
  ): Promise<{
    entrance: Entrance | undefined;
    conversationId: string | null;
    isOpen: boolean;
    menu: (() => Promise<void>) | null;
  }> {
    const { legId, to } = event;
    const from = asE164(event.from);
    const before = this.#entrances.get(to);
    const [entrance, guessed] = await Promise.all([
      findEntrance(tx, [to, `+${to.replace(/^\+/, '')}`, asE164(to)]),
      before && lookUp(tx, before, from, now).catch(() => undefined),
    ]);
    if (entrance === undefined) return { entrance, conversationId: null, isOpen: false, menu: null };
    this.#entrances.set(to, entrance);
    const isSame = before?.queueId === entrance.queueId && before.clientId === entrance.clientId;
    const { isOpen, customer } = isSame && guessed ? guessed : await lookUp(tx, entrance, from, now);
    if (entrance.flow !== null) {
      const caller = { legId, customer, customerAddress: from, customerName: event.displayName.slice(0, 120) };
      const menu = await this.#ivr.enters(tx, entrance, caller, now);
      if (menu !== null) return { entrance, conversationId: null, isOpen: true, menu };
    }
    const { clientId, contactPointId, queueId, language, priority } = entrance;
    const conversationId = await (isOpen ? receive : turnAway)(
      tx,
      {
        clientId,
        channel: 'call',
        queueId,
        priority,
        contactPointId,
        customerId: customer?.id ?? null,
        customer,
        customerAddress: from,
        customerName: event.displayName.slice(0, 120),
        subject: '',
        language,
      },
      now,
      { card: newCall(legId), insert: callOf(legId) },
    );
    return { entrance, conversationId, isOpen, menu: null };
  }

  /** Somebody whom we called; with a customer the talk begins, and what comes with that. */
  async #answered(legId: string): Promise<void> {
    await answered(this.#lines, legId);
    const call = await this.#options.db.asSystem((tx) => liveCallOfLeg(tx, legId));
    if (call?.state !== 'handling' || call.ringing) return;
    const now = await this.#recordings.talk(call);
    if (now.recording !== null) await this.#connect(now);
  }

  /** After a restart: one that still rings hears it; of another it is not known how far the message was. */
  async #sendAway(call: LiveCall, rings: boolean): Promise<void> {
    if (rings) await this.#sayClosed(call.legId, call.closedMessage);
    else await this.#tell({ command: 'hangup', legId: call.legId });
  }

  async #sayClosed(legId: string, closedMessage: string | null): Promise<void> {
    if (closedMessage === null) {
      await this.#tell({ command: 'reject', legId, status: 480 });
      return;
    }
    this.#farewells.add(legId);
    await this.#tell({ command: 'answer', legId });
    await this.#tell({ command: 'play', legId, playback: { prompts: [closedMessage], loop: false } });
  }

  async #letGo(legId: string): Promise<void> {
    await this.#tell({ command: 'hangup', legId });
  }

  /** An agent or whoever took it from us is there: they talk, recorded as the rows say. */
  async #connectAgain(conversationId: string): Promise<void> {
    const call = await this.#options.db.asSystem((tx) => liveCall(tx, conversationId));
    if (call?.state === 'handling') await this.#connect(call.wasRecorded ? call : await this.#recordings.talk(call));
    else if (call !== undefined) await this.#connect(call);
  }

  /** A caller whom we have answered waits; told first that he will be recorded, where he will. */
  async #waitWith(conversationId: string, prompts: readonly string[]): Promise<void> {
    const call = await this.#options.db.asSystem((tx) => liveCall(tx, conversationId));
    if (call === undefined) return;
    const announcement = announcementOf(call);
    if (announcement === null) await this.#entertain(call.legId, prompts);
    else await this.#recordings.announce(call.legId, announcement, prompts);
  }

  async #greet(legId: string, prompts: readonly string[], announcement: string | null): Promise<void> {
    await this.#tell({ command: 'answer', legId });
    if (announcement === null) await this.#entertain(legId, prompts);
    else await this.#recordings.announce(legId, announcement, prompts);
  }

  async #entertain(legId: string, prompts: readonly string[]): Promise<void> {
    const refused = await this.#tell({ command: 'play', legId, playback: { prompts: [...prompts], loop: true } });
    // A prompt that was renamed must not leave callers in silence.
    if (refused === 'no-such-prompt')
      await this.#tell({ command: 'play', legId, playback: { prompts: ['hold-music'], loop: true } });
  }

  /** The line becomes what it must be, whatever it was. */
  async #connect(call: LiveCall, agentIsThere = true): Promise<void> {
    let refused: EngineRefusal['code'] | null = null;
    for (const command of changes(arrangementOf(call, agentIsThere), this.#recordings.before(call))) {
      const answer = await this.#tell(command);
      if (command.command === 'play' && command.legId === call.legId) refused = answer;
    }
    await this.#recordings.follow(call, refused);
  }

  async #lineConnected(legId: string): Promise<void> {
    if (webCallOfLeg(legId) !== null) return await this.#webLineConnected(legId);
    const agentId = agentOfLeg(legId);
    if (agentId === null) return;
    const call = await this.#options.db.asSystem((tx) => liveCallOfAgent(tx, agentId));
    if (call !== undefined) await this.#connect(call);
  }

  /** The agent's browser is gone: the caller keeps the line and hears music until it is back. */
  async #lineLost(legId: string): Promise<void> {
    if (webCallOfLeg(legId) !== null) return await this.#webLineLost(legId);
    const agentId = agentOfLeg(legId);
    if (agentId === null) return;
    const { own, listensTo } = await this.#options.db.asSystem(async (tx) => ({
      own: await liveCallOfAgent(tx, agentId),
      listensTo: (await stretchOf(tx, agentId))?.conversationId,
    }));
    if (own !== undefined) await this.#connect(own, false);
    await guestGone(this.#lines, legId, 'line-lost');
    if (listensTo !== undefined)
      await this.#supervisorsLeave({ conversationId: listensTo, personId: agentId }, 'line-lost');
  }

  async #supervisorsLeave(
    of: Parameters<typeof supervisorsLeave>[1],
    reason: Parameters<typeof supervisorsLeave>[2],
  ): Promise<void> {
    const { out, call } = await this.#options.db.asSystem(async (tx) => ({
      out: await supervisorsLeave(tx, of, reason, new Date()),
      call: await liveCall(tx, of.conversationId),
    }));
    for (const { legId } of out) await this.#tell({ command: 'unbridge', legId });
    if (out.length > 0 && call?.state === 'handling') await this.#connect(call);
  }

  /** A visitor’s browser is heard: he comes in as a caller does, or he is back where he was. */
  async #webLineConnected(legId: string): Promise<void> {
    const now = new Date();
    const arrived = await this.#options.db.asSystem((tx) => arriveByWeb(tx, legId, now));
    if (arrived === null) return await this.#tell({ command: 'disconnect-browser', legId }).then(() => undefined);
    if (arrived.is === 'new') {
      this.#options.hint(arrived.conversationId);
      const { greeting, music, announcement } = arrived.entrance;
      return await this.#greet(legId, [...(greeting === null ? [] : [greeting]), music], announcement);
    }
    const call = await this.#options.db.asSystem(async (tx) => {
      await webCallIsBack(tx, arrived.conversationId, legId);
      return await liveCall(tx, arrived.conversationId);
    });
    this.#options.hint(arrived.conversationId);
    if (call !== undefined) await this.#connect(call);
  }

  /** Not heard any more: he keeps his place for a moment, unless he hung up or we did. */
  async #webLineLost(legId: string): Promise<void> {
    const waitedFor = await this.#options.db.asSystem((tx) => webCallLost(tx, legId, new Date()));
    if (!waitedFor) await this.#webCallOver(legId);
  }

  async #webCallOver(legId: string): Promise<void> {
    const call = await this.#options.db.asSystem((tx) => liveCallOfLeg(tx, legId));
    if (call === undefined) return;
    const by = call.state === 'wrap-up' || call.state === 'closed' ? 'server' : 'remote';
    await this.#over(call, { reason: 'hangup', by, quality: null, now: new Date() });
    await this.#tell({ command: 'disconnect-browser', legId });
  }

  async #ended(event: Happening<'ended'>): Promise<void> {
    this.#farewells.delete(event.legId);
    this.#recordings.forget(event.legId);
    const { legId, reason, by, quality } = event;
    if (await this.#ivr.ended(legId, { reason, by, quality, now: new Date() })) return;
    const call = await this.#options.db.asSystem((tx) => liveCallOfLeg(tx, event.legId));
    if (call === undefined) return await guestGone(this.#lines, event.legId, event.reason);
    await this.#over(call, { reason: event.reason, by: event.by, quality: event.quality, now: new Date() });
  }

  /** Nobody is on the line any more: abandoned, or wrap-up. */
  async #over(call: LiveCall, end: Parameters<typeof endCall>[2]): Promise<void> {
    const { conversationId } = call;
    const left: LineCommand[] = [];
    await this.#options.db.asSystem(async (tx) => {
      if (call.callbackState === 'waiting' && (await this.#keepsPlace(tx, conversationId, end))) return;
      await customerLeft(tx, conversationId, end.now, async () => {
        const before = await liveCall(tx, conversationId);
        if (before === undefined) return;
        left.push(...withoutCaller(before));
        await supervisorsLeave(tx, { conversationId }, 'call-over', end.now);
        await allLeave(tx, before, 'hangup', end.now);
        await endCall(tx, conversationId, end);
        await closeWebCall(tx, conversationId, end.now);
        await callOver(tx, conversationId, end.now);
      });
    });
    for (const command of left) await this.#tell(command);
    // They would go on hearing the agent.
    for (const { kind, legId } of call.parties)
      if (kind === 'supervisor') await this.#tell({ command: 'unbridge', legId });
  }

  /** He is to be called: nobody is on the line, and he waits on. */
  async #keepsPlace(tx: Tx, conversationId: string, end: Parameters<typeof endCall>[2]): Promise<boolean> {
    const card = await told(tx, conversationId, 'conversation.call-changed', async ({ state }) => {
      if (state !== 'waiting' && state !== 'offered') return false;
      await endCall(tx, conversationId, end);
      return true;
    });
    return card !== null;
  }

  /** A caller may hang up between any two commands: that a leg is gone is no trouble here. */
  async #tell(command: Parameters<VoiceEngine['tell']>[0]): Promise<EngineRefusal['code'] | null> {
    try {
      if (command.command === 'bridge') await withThoseThere(this.#options.engine, command);
      else await this.#options.engine.tell(command);
      return null;
    } catch (error) {
      if (!(error instanceof EngineRefusal)) throw error;
      const usual = error.code === 'no-such-leg' || error.code === 'wrong-state';
      this.#options.log[usual ? 'debug' : 'warn'](
        { command: command.command, code: error.code, reason: error.message },
        'voice: a command was refused',
      );
      return error.code;
    }
  }
}

/** What a caller who waits has yet to be told. */
const announcementOf = ({ policy, told, objected }: LiveCall): string | null =>
  policy?.mode === 'always' && !told && !objected ? policy.announcement : null;

const waits = ({ state }: LiveCall): boolean => state === 'waiting' || state === 'offered';

/** Supervisors are in it, and nobody whom they could hear. */
export const hasLostItsAgent = ({ state, call }: ConversationCard): boolean =>
  state !== 'handling' && call?.parties.some(({ kind }) => kind === 'supervisor') === true;

/** What those hear who were in a call with a caller who is gone: nothing, and nobody outside is kept. */
function withoutCaller(call: LiveCall): LineCommand[] {
  const line = changes(nothing, arrangementOf(call));
  return [
    ...line.filter((command) => !('legId' in command) || command.legId !== call.legId),
    ...hangUps(call, { parties: [] }),
  ];
}

async function lookUp(
  tx: Tx,
  { clientId, queueId }: Entrance,
  from: string,
  now: Date,
): Promise<{ isOpen: boolean; customer: CustomerLine | undefined }> {
  const [isOpen, customer] = await Promise.all([queueOpen(tx, queueId, now), identifyOne(tx, clientId, 'phone', from)]);
  return { isOpen, customer };
}
