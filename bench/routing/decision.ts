/**
 * How long a decision takes with 10,000 agents, 100,000 contacts waiting and 20 skills, in memory: each event of a busy
 * floor (somebody is done, somebody comes in, gives up, declines, signs on or off, time passes), one at a time.
 */
import { performance } from 'node:perf_hooks';
import type { WorkKind } from '@kernlijn/contract/conversations';
import type { Queue } from '../../server/src/routing/demand.ts';
import { random } from '../../server/src/routing/floor.fixture.ts';
import { Matcher, passedOverMs } from '../../server/src/routing/matcher.ts';
import type { Agent, Contact, Decision } from '../../server/src/routing/matcher.ts';

const agentCount = 10_000;
const waitingCount = 100_000;
const skillCount = 20;
const events = 200_000;
const goalMicroseconds = 100;

const dice = random(7);
const upTo = (n: number) => Math.floor(dice() * n);
const kinds: WorkKind[] = ['call', 'chat', 'written'];
let now = 1_800_000_000_000;

const queues: Queue[] = Array.from({ length: 200 }, (_, i) => ({
  id: `queue-${i}`,
  clientId: `client-${i % 20}`,
  demands: [
    {
      skill: `skill-${upTo(skillCount)}`,
      kind: 'required',
      level: 1 + upTo(3),
      untilSeconds: dice() < 0.5 ? 30 * (1 + upTo(4)) : null,
    },
    {
      skill: `skill-${upTo(skillCount)}`,
      kind: dice() < 0.5 ? 'required' : 'preferred',
      level: 1 + upTo(2),
      untilSeconds: null,
    },
  ],
  overflowQueueId: i % 4 === 0 ? `queue-${(i + 20) % 200}` : null,
  overflowAfterSeconds: i % 4 === 0 ? 90 : null,
  answerWithin: { call: 60, chat: 60, written: 60 },
  offerSeconds: 20,
}));
const agents = new Map<string, Agent & { taken: Record<WorkKind, number> }>();
for (let i = 0; i < agentCount; i += 1) {
  const clients = new Set(Array.from({ length: 1 + upTo(5) }, () => `client-${upTo(20)}`));
  const skills = new Set(Array.from({ length: 2 + upTo(6) }, () => `skill-${upTo(skillCount)}`));
  agents.set(`agent-${i}`, {
    id: `agent-${i}`,
    onDuty: true,
    idleSince: now - upTo(600_000),
    clientIds: [...clients],
    skills: [
      { skill: 'nl', level: 5 },
      ...(dice() < 0.3 ? [{ skill: 'de', level: 3 }] : []),
      ...[...skills].map((skill) => ({ skill, level: 1 + upTo(5) })),
    ],
    capacity: { call: 1, chat: 3, written: 1 },
    taken: { call: 1, chat: 7, written: 1 },
  });
}
let made = 0;
const newContact = (waited: number): Contact => {
  const queue = queues[upTo(queues.length)];
  if (queue === undefined) throw new Error('no queue');
  made += 1;
  return {
    id: `contact-${made}`,
    clientId: queue.clientId,
    queueId: queue.id,
    kind: kinds[upTo(3)] ?? 'call',
    language: dice() < 0.15 ? 'de' : 'nl',
    priority: 1 + upTo(9),
    queuedAt: now - waited,
    preferredAgentId: dice() < 0.05 ? `agent-${upTo(agentCount)}` : null,
    version: 1,
    passedOver: new Map(),
  };
};

const rebuiltAt = performance.now();
const matcher = new Matcher({
  queues,
  languageSkills: new Map([
    ['nl', 'nl'],
    ['de', 'de'],
  ]),
});
for (const agent of agents.values()) matcher.agentIs(agent, now);
for (let i = 0; i < waitingCount; i += 1) matcher.contactWaits(newContact(upTo(300_000)), now);
console.log(
  `${agentCount} busy agents and ${waitingCount} waiting contacts filed in ${Math.round(performance.now() - rebuiltAt)} ms`,
);

const contacts = new Map<string, Contact>();
const held: Decision[] = [];
const agentIds = [...agents.keys()];
const freeOne = (agent: Agent & { taken: Record<WorkKind, number> }, kind: WorkKind, slot: number) => {
  agent.taken[kind] &= ~(1 << (slot - 1));
};

/** One event, timed; whatever it led to takes effect at once. @returns microseconds */
function timed(event: () => void): number {
  const start = performance.now();
  event();
  const decisions = matcher.take();
  const took = (performance.now() - start) * 1_000;
  for (const decision of decisions) {
    matcher.settled(decision, true);
    const agent = agents.get(decision.agentId);
    if (agent !== undefined) agent.taken[decision.kind] |= 1 << (decision.slot - 1);
    held.push(decision);
  }
  return took;
}

function run(name: string, arrivalShare: number): void {
  const took: number[] = [];
  const before = { held: held.length, waiting: matcher.waitingCount };
  let decided = 0;
  const start = performance.now();
  for (let i = 0; i < events; i += 1) {
    now += 1;
    const what = dice();
    const agent = agents.get(agentIds[upTo(agentIds.length)] ?? '');
    if (agent === undefined) throw new Error('no agent');
    const heldBefore = held.length;
    if (what < arrivalShare) {
      const contact = newContact(0);
      contacts.set(contact.id, contact);
      took.push(timed(() => matcher.contactWaits(contact, now)));
    } else if (what < 0.9) {
      const kind = kinds[upTo(3)] ?? 'call';
      freeOne(agent, kind, 1 + upTo(agent.capacity[kind]));
      agent.idleSince = now;
      took.push(timed(() => matcher.agentIs({ ...agent, taken: { ...agent.taken } }, now)));
    } else if (what < 0.93) {
      const changed = { ...agent, onDuty: !agent.onDuty, taken: { ...agent.taken } };
      agents.set(agent.id, changed);
      took.push(timed(() => matcher.agentIs({ ...changed, taken: { ...changed.taken } }, now)));
    } else if (what < 0.96) {
      const contact = newContact(0);
      matcher.contactWaits({ ...contact, passedOver: new Map([[agent.id, now + passedOverMs]]) }, now);
      matcher.take();
      took.push(timed(() => matcher.contactLeft(contact.id)));
    } else {
      took.push(timed(() => matcher.tick(now)));
    }
    decided += held.length - heldBefore;
  }
  const seconds = (performance.now() - start) / 1_000;
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.floor(took.length * share)] ?? 0;
  console.log(
    `${name}: ${Math.round(events / seconds)} events/s, ${decided} offers of ${before.waiting} → ${matcher.waitingCount} waiting; p50 ${at(0.5).toFixed(1)}, p95 ${at(0.95).toFixed(1)}, p99 ${at(0.99).toFixed(1)}, worst ${at(0.99999).toFixed(0)} µs`,
  );
  console.log(
    `ratio ${(at(0.99) / goalMicroseconds).toFixed(3)} routing decision p99, ${name}, against ${goalMicroseconds} µs, limit 1`,
  );
}

run('100,000 waiting', 0.3);
// Everybody is served: agents wait for contacts instead.
for (const contact of [...contacts.keys()]) matcher.contactLeft(contact);
for (let i = 1; i <= made; i += 1) matcher.contactLeft(`contact-${i}`);
for (const agent of agents.values()) {
  agent.taken = { call: 0, chat: 0, written: 0 };
  matcher.agentIs({ ...agent, taken: { ...agent.taken } }, now);
}
matcher.take();
run('10,000 idle agents', 0.5);
// An agent whom nothing suits, in front of 100,000 who wait.
for (const agent of agents.values()) matcher.agentIs({ ...agent, onDuty: false }, now);
for (let i = 0; i < waitingCount; i += 1) matcher.contactWaits(newContact(0), now);
const stranger: Agent = {
  id: 'stranger',
  onDuty: true,
  idleSince: now,
  clientIds: queues.map(({ clientId }) => clientId),
  skills: [],
  capacity: { call: 1, chat: 3, written: 1 },
  taken: { call: 0, chat: 0, written: 0 },
};
matcher.agentIs(stranger, now);
const none = Array.from({ length: 10_000 }, () => timed(() => matcher.agentIs(stranger, now))).toSorted(
  (a, b) => a - b,
);
console.log(
  `ratio ${((none[9_900] ?? 0) / goalMicroseconds).toFixed(3)} an agent whom none of 100,000 suits, p99 ${(none[9_900] ?? 0).toFixed(1)} µs, against ${goalMicroseconds} µs, limit 1`,
);
