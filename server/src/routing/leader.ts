/**
 * The one process that routes, for as long as it holds the lease. Events and hints only say what to read again; the
 * database says what is true.
 */
import { miss, withdrawOffers } from '../conversations/index.ts';
import type { Context } from '../platform/context.ts';
import { Bell } from '../platform/events.ts';
import type { PublishedEvent } from '../platform/events.ts';
import type { Held } from '../platform/lease.ts';
import { Matcher } from './matcher.ts';
import type { Contact, Decision } from './matcher.ts';
import { OfferClock } from './offer-clock.ts';
import { Offering } from './offering.ts';
import { agentsOnFloor, readSettings, standingOffers, waitingContacts } from './store.ts';
import type { ReadAgent, StandingOffer } from './store.ts';

/** The longest sleep; timers further away are looked at again. */
const longestWaitMs = 10_000;
/** A pair the database refused is not tried again at once, whatever the reason. */
const refusedMs = 1_000;

export class Leader {
  readonly #context: Pick<Context, 'db' | 'log' | 'feed'>;
  readonly #held: Held;
  readonly #bell: Bell;
  readonly #offering: Offering;
  readonly #clock = new OfferClock();
  readonly #staleContacts = new Set<string>();
  readonly #staleAgents = new Set<string>();
  readonly #refused = new Map<string, Map<string, number>>();
  #matcher = new Matcher({ queues: [], languageSkills: new Map() });
  #settingsChanged = true;
  #timeouts: Promise<void> = Promise.resolve();
  /** Conversations and agents whose decision was settled while they were being read: what was read is older. */
  #settledMeanwhile: Set<string> | null = null;
  #failure: unknown;

  constructor(context: Pick<Context, 'db' | 'log' | 'feed'>, held: Held) {
    this.#context = context;
    this.#held = held;
    this.#bell = new Bell(held.signal);
    this.#offering = new Offering({
      db: context.db,
      log: context.log,
      held,
      made: (decision, expiresAt) => this.#made(decision, expiresAt),
      refused: (decision) => this.#refuse(decision),
      idle: () => this.#bell.ring(),
      failed: (error) => this.#fail(error),
    });
  }

  /** Routes until the lease is lost. */
  async lead(): Promise<void> {
    const { db, feed } = this.#context;
    const hear = (event: PublishedEvent) => this.#hear(event);
    const ear = await db.dedicated('routing');
    feed.on('event', hear); // before the first reading: what happens meanwhile is read again
    try {
      ear.on('notification', ({ payload }) => this.#note(payload ?? ''));
      ear.on('end', () => this.#fail(new Error('routing no longer hears its notifications')));
      await ear.query('listen routing');
      while (!this.#held.signal.aborted) await this.#step();
    } finally {
      await Promise.all([this.#offering.clear(), this.#timeouts]);
      feed.off('event', hear);
      await ear.end().catch(() => {});
    }
  }

  /** This conversation waits, or no longer does: committed, and not yet in the feed. */
  hint(conversationId: string): void {
    this.#staleContacts.add(conversationId);
    this.#bell.ring();
  }

  async #step(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#settingsChanged) await this.read();
    else if (this.#staleContacts.size + this.#staleAgents.size > 0) await this.#readAgain();
    const now = Date.now();
    this.#matcher.tick(now);
    for (const offer of this.#clock.due(now)) this.#timeouts = this.#timeouts.then(() => this.#timedOut(offer));
    this.#offering.offer(this.#matcher.take());
    if (this.#staleContacts.size + this.#staleAgents.size > 0) return;
    const next = Math.min(this.#matcher.nextMoment() ?? Infinity, this.#clock.nextMoment() ?? Infinity) - Date.now();
    await this.#bell.wait(Math.max(0, Math.min(next, longestWaitMs)));
  }

  /** Everything, from the database: at a take-over, and when queues are set up differently. */
  async read(): Promise<void> {
    const { db, log } = this.#context;
    const startedAt = performance.now();
    this.#settingsChanged = false;
    await this.#offering.clear();
    const now = Date.now();
    // Side by side: each statement sees its own moment anyway, and what changes meanwhile is heard and read again.
    const [settings, contacts, agents, offers] = await Promise.all([
      db.asSystem((tx) => readSettings(tx)),
      db.asSystem((tx) => waitingContacts(tx, now)),
      db.asSystem((tx) => agentsOnFloor(tx)),
      db.asSystem((tx) => standingOffers(tx)),
    ]);
    this.#matcher = new Matcher(settings);
    for (const offer of offers) this.#clock.set(offer);
    for (const agent of agents) this.#matcher.agentIs(agent, now);
    // Oldest first, so that nobody's turn depends on the order of reading.
    for (const contact of contacts.toSorted(comesBefore))
      this.#matcher.contactWaits(this.#withRefusals(contact, now), now);
    log.info(
      {
        waiting: contacts.length,
        agents: agents.length,
        offers: offers.length,
        ms: Math.round(performance.now() - startedAt),
      },
      'routing: the floor is read',
    );
  }

  async #readAgain(): Promise<void> {
    const contactIds = [...this.#staleContacts];
    const agentIds = [...this.#staleAgents];
    this.#staleContacts.clear();
    this.#staleAgents.clear();
    const now = Date.now();
    const settled = new Set<string>();
    this.#settledMeanwhile = settled;
    const read = await this.#read(contactIds, agentIds, now);
    this.#settledMeanwhile = null;
    for (const id of contactIds) if (settled.has(id)) this.#staleContacts.add(id);
    for (const id of agentIds) if (settled.has(id)) this.#staleAgents.add(id);
    const contacts = read.contacts.filter(({ id }) => !settled.has(id));
    const agents = read.agents.filter(({ id }) => !settled.has(id));
    const waiting = new Set(contacts.map(({ id }) => id));
    for (const id of contactIds) {
      if (waiting.has(id) || settled.has(id)) continue;
      this.#matcher.contactLeft(id);
      this.#refused.delete(id);
    }
    // Who went is known before anything is offered; who came takes the best of all, the newest contacts included.
    for (const agent of agents) if (!agent.onDuty) this.#matcher.agentIs(agent, now);
    for (const contact of contacts.toSorted(comesBefore))
      this.#matcher.contactWaits(this.#withRefusals(contact, now), now);
    for (const agent of agents) if (agent.onDuty) this.#matcher.agentIs(agent, now);
    for (const agent of agents) if (agent.away && agent.hasOffers) await this.#takeBack(agent);
  }

  async #read(
    contactIds: readonly string[],
    agentIds: readonly string[],
    now: number,
  ): Promise<{ contacts: Contact[]; agents: ReadAgent[] }> {
    return await this.#context.db.asSystem(async (tx) => ({
      contacts: contactIds.length > 0 ? await waitingContacts(tx, now, contactIds) : [],
      agents: agentIds.length > 0 ? await agentsOnFloor(tx, agentIds) : [],
    }));
  }

  /** The agent stopped at the moment of our offer: it is not to lie with somebody who is not there. */
  async #takeBack(agent: ReadAgent): Promise<void> {
    const { db, log } = this.#context;
    await db
      .asSystem((tx) => withdrawOffers(tx, agent.id, new Date()))
      .catch((error: unknown) =>
        log.error({ err: error, agent: agent.id }, 'routing: offers to an absent agent were not taken back'),
      );
  }

  /** Ends this term; the next begins with everything read anew. */
  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#bell.ring();
  }

  #made(decision: Decision, expiresAt: number): void {
    const { conversationId, agentId, version } = decision;
    this.#settledMeanwhile?.add(conversationId).add(agentId);
    this.#matcher.settled(decision, true);
    this.#refused.delete(conversationId);
    this.#clock.set({ conversationId, agentId, version: version + 1, expiresAt });
  }

  #refuse(decision: Decision): void {
    this.#settledMeanwhile?.add(decision.conversationId).add(decision.agentId);
    this.#matcher.settled(decision, false);
    const until = Date.now() + refusedMs;
    const known = this.#refused.get(decision.conversationId);
    if (known === undefined) this.#refused.set(decision.conversationId, new Map([[decision.agentId, until]]));
    else known.set(decision.agentId, until);
    this.#staleContacts.add(decision.conversationId);
    this.#staleAgents.add(decision.agentId);
  }

  #withRefusals(contact: Contact, now: number): Contact {
    const known = this.#refused.get(contact.id);
    if (known === undefined) return contact;
    const refused = [...known].filter(([, until]) => until > now);
    if (refused.length === 0) return contact;
    return { ...contact, passedOver: new Map([...refused, ...contact.passedOver]) };
  }

  async #timedOut(offer: StandingOffer): Promise<void> {
    const { db, log } = this.#context;
    try {
      await db.asSystem((tx) => miss(tx, offer.conversationId, offer.agentId, new Date()));
      this.#staleAgents.add(offer.agentId);
      this.hint(offer.conversationId);
    } catch (error) {
      if (this.#held.signal.aborted) return;
      log.error(
        { err: error, conversation: offer.conversationId },
        'routing: a missed offer was not taken back, trying again',
      );
      this.#clock.set({ ...offer, expiresAt: Date.now() + 1_000 });
      this.#bell.ring();
    }
  }

  #hear(event: PublishedEvent): void {
    if (event.type === 'agent.changed') {
      this.#staleAgents.add(event.body.status.agentId);
      this.#bell.ring();
      return;
    }
    if (!concernsRouting.has(event.type) || !('previousAgentId' in event.body)) return;
    const { card, previousAgentId } = event.body;
    if (card.state === 'offered' && card.agentId !== null && card.offerExpiresAt !== null) {
      const offer = {
        conversationId: card.id,
        agentId: card.agentId,
        version: card.version,
        expiresAt: Date.parse(card.offerExpiresAt),
      };
      if (this.#clock.has(offer)) return; // our own
      this.#clock.set(offer);
    }
    this.#clock.clear(card.id, card.version);
    if (event.type === 'conversation.accepted') return;
    this.#staleContacts.add(card.id);
    for (const agentId of [card.agentId, previousAgentId]) if (agentId !== null) this.#staleAgents.add(agentId);
    this.#bell.ring();
  }

  /** `settings`, `contact <id>` or `agent <id>`. */
  #note(payload: string): void {
    const [what, id] = payload.split(' ');
    if (what === 'settings') this.#settingsChanged = true;
    else if (what === 'contact' && id !== undefined) this.#staleContacts.add(id);
    else if (what === 'agent' && id !== undefined) this.#staleAgents.add(id);
    this.#bell.ring();
  }
}

/** Those that change who waits, whose slot is free, or which offer stands. */
const concernsRouting: ReadonlySet<string> = new Set([
  'conversation.queued',
  'conversation.started',
  'conversation.offered',
  'conversation.accepted',
  'conversation.declined',
  'conversation.missed',
  'conversation.withdrawn',
  'conversation.registered',
  'conversation.abandoned',
  'conversation.forwarded',
  'conversation.callback-rests',
  'conversation.parked',
  'conversation.resumed',
  'conversation.requeued',
  'conversation.reassigned',
]);

function comesBefore(a: Contact, b: Contact): number {
  return a.priority - b.priority || a.queuedAt - b.queuedAt;
}
