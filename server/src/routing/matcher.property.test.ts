/**
 * The matcher against the plainest thing that can decide the same: look at every waiting contact in order, look at every
 * agent, take the best. Any sequence of events must lead both to the same offers.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WorkKind } from '@kernlijn/contract/conversations';
import { priorityAfter, wishesAt } from './demand.ts';
import type { Queue, Wish } from './demand.ts';
import { keptForMs, Matcher, passedOverMs } from './matcher.ts';
import type { Agent, Contact, Decision, Settings } from './matcher.ts';

const kinds: WorkKind[] = ['call', 'chat', 'written'];
const skills = ['nl', 'de', 'billing', 'repair'];

type Offers = Pick<Decision, 'conversationId' | 'agentId' | 'kind' | 'slot'>[];

class Reference {
  readonly waiting = new Map<string, Contact>();
  readonly agents = new Map<string, Agent & { taken: Record<WorkKind, number> }>();
  readonly settings: Settings;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  decide(now: number): Offers {
    const offers: Offers = [];
    for (;;) {
      const pair = this.#firstPair(now);
      if (pair === undefined) return offers;
      const { contact, agent } = pair;
      const slot = freeSlot(agent, contact.kind);
      agent.taken[contact.kind] |= 1 << (slot - 1);
      this.waiting.delete(contact.id);
      offers.push({ conversationId: contact.id, agentId: agent.id, kind: contact.kind, slot });
    }
  }

  #firstPair(now: number): { contact: Contact; agent: Agent & { taken: Record<WorkKind, number> } } | undefined {
    const order = [...this.waiting.values()].toSorted(
      (a, b) => this.#priority(a, now) - this.#priority(b, now) || a.queuedAt - b.queuedAt || (a.id < b.id ? -1 : 1),
    );
    for (const contact of order) {
      const able = [...this.agents.values()].filter((agent) => this.#can(contact, agent, now));
      const best = able.toSorted(
        (a, b) =>
          (this.#merit(contact, b, now) ?? 0) - (this.#merit(contact, a, now) ?? 0) ||
          load(a) - load(b) ||
          a.idleSince - b.idleSince ||
          (a.id < b.id ? -1 : 1),
      )[0];
      if (best !== undefined) return { contact, agent: best };
    }
    return undefined;
  }

  #can(contact: Contact, agent: Agent & { taken: Record<WorkKind, number> }, now: number): boolean {
    if (
      !agent.onDuty ||
      freeSlot(agent, contact.kind) === 0 ||
      isPassedOver(contact, agent.id, now) ||
      this.#merit(contact, agent, now) === null
    )
      return false;
    const preferred = contact.preferredAgentId === null ? undefined : this.agents.get(contact.preferredAgentId);
    if (preferred === undefined || preferred.id === agent.id || now >= contact.queuedAt + keptForMs) return true;
    const keeps =
      preferred.onDuty &&
      preferred.capacity[contact.kind] > 0 &&
      this.#merit(contact, preferred, now) !== null &&
      !isPassedOver(contact, preferred.id, now);
    return !keeps;
  }

  #merit(contact: Contact, agent: Agent, now: number): number | null {
    if (!agent.clientIds.includes(contact.clientId)) return null;
    for (const [way, { required, preferred }] of this.#wishes(contact, now).entries()) {
      const has = ({ skill, level }: { skill: string; level: number }) =>
        agent.skills.some((each) => each.skill === skill && each.level >= level);
      if (required.every(has)) return (way === 0 ? 1_000 : 0) + preferred.filter(has).length;
    }
    return null;
  }

  #wishes(contact: Contact, now: number): Wish[] {
    const queue = this.#queue(contact);
    const overflow = this.settings.queues.find(({ id }) => id === queue.overflowQueueId);
    return wishesAt(
      queue,
      overflow,
      this.settings.languageSkills.get(contact.language),
      (now - contact.queuedAt) / 1_000,
    );
  }

  #priority(contact: Contact, now: number): number {
    const norm = this.#queue(contact).answerWithin[contact.kind];
    return priorityAfter(contact.priority, norm, (now - contact.queuedAt) / 1_000);
  }

  #queue(contact: Contact): Queue {
    const queue = this.settings.queues.find(({ id }) => id === contact.queueId);
    if (queue === undefined) throw new Error('the test made a contact for no queue');
    return queue;
  }
}

function freeSlot(agent: Agent, kind: WorkKind): number {
  for (let slot = 1; slot <= agent.capacity[kind]; slot += 1)
    if ((agent.taken[kind] & (1 << (slot - 1))) === 0) return slot;
  return 0;
}

function load(agent: Agent): number {
  return kinds.reduce((sum, kind) => sum + agent.taken[kind].toString(2).replaceAll('0', '').length, 0);
}

function isPassedOver(contact: Contact, agentId: string, now: number): boolean {
  return (contact.passedOver.get(agentId) ?? 0) > now;
}

// ── what may happen ──

const demand = fc.record({
  skill: fc.constantFrom(...skills),
  kind: fc.constantFrom<'required' | 'preferred'>('required', 'preferred'),
  level: fc.integer({ min: 1, max: 3 }),
  untilSeconds: fc.option(fc.constantFrom(10, 30, 60)),
});
const queues = fc
  .array(
    fc.record({
      clientId: fc.constantFrom('client-1', 'client-2'),
      demands: fc.array(demand, { maxLength: 3 }),
      overflows: fc.boolean(),
      after: fc.constantFrom(0, 15, 45),
      norm: fc.constantFrom(1, 20, 3_600),
    }),
    { minLength: 2, maxLength: 4 },
  )
  .map((made) =>
    made.map(({ clientId, demands, overflows, after, norm }, i): Queue => {
      const overflow = made.findIndex((other, j) => j !== i && other.clientId === clientId);
      const has = overflows && overflow >= 0;
      return {
        id: `queue-${i}`,
        clientId,
        demands,
        overflowQueueId: has ? `queue-${overflow}` : null,
        overflowAfterSeconds: has ? after : null,
        answerWithin: { call: norm, chat: norm, written: norm },
        offerSeconds: 20,
      };
    }),
  );
const agentIds = ['agent-1', 'agent-2', 'agent-3', 'agent-4'];
const happening = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      is: fc.constant('queued' as const),
      queue: fc.nat(3),
      kind: fc.constantFrom(...kinds),
      language: fc.constantFrom('nl', 'de', 'fr'),
      priority: fc.integer({ min: 1, max: 3 }),
      preferred: fc.option(fc.constantFrom(...agentIds), { freq: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('agent' as const),
      id: fc.constantFrom(...agentIds),
      onDuty: fc.boolean(),
      idle: fc.nat(50),
      clientIds: fc.subarray(['client-1', 'client-2'], { minLength: 1 }),
      skills: fc
        .subarray(skills)
        .chain((chosen) =>
          fc.tuple(
            ...chosen.map((skill) => fc.record({ skill: fc.constant(skill), level: fc.integer({ min: 1, max: 3 }) })),
          ),
        ),
      call: fc.nat(1),
      chat: fc.nat(3),
      written: fc.nat(1),
    }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('left' as const), nth: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.record({ is: fc.constant('ended' as const), nth: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('declined' as const), nth: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('refused' as const), nth: fc.nat(20) }) },
  {
    weight: 4,
    arbitrary: fc.record({ is: fc.constant('time' as const), seconds: fc.constantFrom(0, 1, 9, 10, 25, 40, 60) }),
  },
);

test('any sequence of events leads to the offers of the plain reference, one agent to a contact and never above a capacity', () => {
  fc.assert(
    fc.property(queues, fc.array(happening, { minLength: 10, maxLength: 80, size: 'max' }), (made, events) => {
      const settings: Settings = {
        queues: made,
        languageSkills: new Map([
          ['nl', 'nl'],
          ['de', 'de'],
        ]),
      };
      const matcher = new Matcher(settings);
      const reference = new Reference(settings);
      const held: { contact: Contact; decision: Decision }[] = [];
      const contacts = new Map<string, Contact>();
      let now = 1_000_000_000;
      let count = 0;
      const check = () => {
        const decided = matcher.take();
        const expected = reference.decide(now);
        expect(
          decided.map(({ conversationId, agentId, kind, slot }) => ({ conversationId, agentId, kind, slot })),
        ).toEqual(expected);
        for (const decision of decided) {
          matcher.settled(decision, true);
          const contact = contacts.get(decision.conversationId);
          if (contact === undefined) throw new Error('a contact out of nowhere');
          held.push({ contact: { ...contact, version: contact.version + 1 }, decision });
        }
        expect(matcher.waitingCount).toBe(reference.waiting.size);
        expect(new Set(held.map(({ contact }) => contact.id)).size).toBe(held.length);
        expect(new Set(held.map(({ decision: { agentId, kind, slot } }) => `${agentId} ${kind} ${slot}`)).size).toBe(
          held.length,
        );
      };
      const waits = (contact: Contact) => {
        contacts.set(contact.id, contact);
        reference.waiting.set(contact.id, contact);
        matcher.contactWaits(contact, now);
      };
      const tellAgent = (id: string) => {
        const agent = reference.agents.get(id);
        if (agent !== undefined) matcher.agentIs({ ...agent, taken: { ...agent.taken } }, now);
      };
      for (const event of events) {
        if (event.is === 'time') {
          now += event.seconds * 1_000;
          matcher.tick(now);
        } else if (event.is === 'queued') {
          const queue = made[event.queue % made.length];
          if (queue === undefined) continue;
          count += 1;
          waits({
            id: `contact-${count}`,
            clientId: queue.clientId,
            queueId: queue.id,
            kind: event.kind,
            language: event.language,
            priority: event.priority,
            queuedAt: now,
            preferredAgentId: event.preferred,
            version: 1,
            passedOver: new Map(),
          });
        } else if (event.is === 'left') {
          const ids = [...reference.waiting.keys()];
          const id = ids[event.nth % Math.max(1, ids.length)];
          if (id === undefined) continue;
          reference.waiting.delete(id);
          matcher.contactLeft(id);
        } else if (event.is === 'agent') {
          const before = reference.agents.get(event.id);
          const agent = {
            id: event.id,
            onDuty: event.onDuty,
            idleSince: event.idle,
            clientIds: event.clientIds,
            skills: event.skills,
            capacity: { call: event.call, chat: event.chat, written: event.written },
            taken: before?.taken ?? { call: 0, chat: 0, written: 0 },
          };
          reference.agents.set(event.id, agent);
          tellAgent(event.id);
        } else {
          const [gone] = held.length > 0 ? held.splice(event.nth % held.length, 1) : [];
          if (gone === undefined) continue;
          const { agentId, kind, slot } = gone.decision;
          const agent = reference.agents.get(agentId);
          if (agent === undefined) throw new Error('an offer to nobody');
          agent.taken[kind] &= ~(1 << (slot - 1));
          tellAgent(agentId);
          if (event.is !== 'ended') {
            check();
            const passedOver =
              event.is === 'declined'
                ? new Map([...gone.contact.passedOver, [agentId, now + passedOverMs]])
                : gone.contact.passedOver;
            waits({ ...gone.contact, version: gone.contact.version + 1, passedOver });
          }
        }
        check();
      }
    }),
    { numRuns: 1_500 },
  );
});
