import { expect, test } from 'vitest';
import type { WorkKind } from '@kernlijn/contract/conversations';
import type { Demand } from '@kernlijn/contract/routing';
import type { Queue } from './demand.ts';
import { keptForMs, Matcher, passedOverMs } from './matcher.ts';
import type { Agent, Contact } from './matcher.ts';

const start = 1_000_000_000;
const seconds = (n: number) => start + n * 1_000;

function queue(id: string, given: Partial<Queue> = {}): Queue {
  return {
    id,
    clientId: 'client',
    demands: [],
    overflowQueueId: null,
    overflowAfterSeconds: null,
    answerWithin: { call: 3_600, chat: 3_600, written: 3_600 },
    offerSeconds: 20,
    ...given,
  };
}

function contact(id: string, given: Partial<Contact> = {}): Contact {
  return {
    id,
    clientId: 'client',
    queueId: 'service',
    kind: 'call',
    language: 'nl',
    priority: 5,
    queuedAt: start,
    preferredAgentId: null,
    version: 1,
    passedOver: new Map(),
    ...given,
  };
}

function agent(id: string, given: Partial<Agent> = {}): Agent {
  return {
    id,
    onDuty: true,
    idleSince: start,
    clientIds: ['client'],
    skills: [{ skill: 'dutch', level: 5 }],
    capacity: { call: 1, chat: 3, written: 1 },
    taken: { call: 0, chat: 0, written: 0 },
    ...given,
  };
}

function floor(queues: Queue[] = [queue('service')]) {
  const matcher = new Matcher({
    queues,
    languageSkills: new Map([
      ['nl', 'dutch'],
      ['de', 'german'],
    ]),
  });
  return {
    matcher,
    /** The offers since the last look, as `contact → agent`; they take effect. */
    offers: () =>
      matcher.take().map((decision) => {
        matcher.settled(decision, true);
        return `${decision.conversationId} → ${decision.agentId}`;
      }),
  };
}

const demand = (skill: string, given: Partial<Demand> = {}): Demand => ({
  skill,
  kind: 'required',
  level: 1,
  untilSeconds: null,
  ...given,
});
const skills = (...names: string[]) => ['dutch', ...names].map((skill) => ({ skill, level: 3 }));
const taken = (given: Partial<Record<WorkKind, number>>) => ({ call: 0, chat: 0, written: 0, ...given });

test('a contact is offered to an agent who is ready', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna'), start);
  matcher.contactWaits(contact('call'), start);
  expect(offers()).toEqual(['call → anna']);
});

test('a contact that waits is offered as soon as an agent becomes ready', () => {
  const { matcher, offers } = floor();
  matcher.contactWaits(contact('call'), start);
  expect(offers()).toEqual([]);
  matcher.agentIs(agent('anna'), start);
  expect(offers()).toEqual(['call → anna']);
});

test('work goes by priority, then oldest first', () => {
  const { matcher, offers } = floor();
  matcher.contactWaits(contact('late', { queuedAt: seconds(2) }), seconds(5));
  matcher.contactWaits(contact('early', { queuedAt: seconds(1) }), seconds(5));
  matcher.contactWaits(contact('urgent', { queuedAt: seconds(3), priority: 1 }), seconds(5));
  matcher.agentIs(agent('anna'), seconds(5));
  expect(offers()).toEqual(['urgent → anna']);
  matcher.agentIs(agent('anna'), seconds(6));
  expect(offers()).toEqual(['early → anna']);
  matcher.agentIs(agent('anna'), seconds(7));
  expect(offers()).toEqual(['late → anna']);
});

test('a returned offer is at the front again: nobody who came later goes first', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna'), seconds(1));
  matcher.contactWaits(contact('first', { queuedAt: seconds(1) }), seconds(1));
  matcher.contactWaits(contact('second', { queuedAt: seconds(2) }), seconds(2));
  expect(offers()).toEqual(['first → anna']);
  matcher.contactWaits(
    contact('first', { queuedAt: seconds(1), version: 3, passedOver: new Map([['anna', seconds(33)]]) }),
    seconds(3),
  );
  matcher.agentIs(agent('bert'), seconds(4));
  expect(offers()).toEqual(['first → bert']);
});

test('the longest idle agent is asked first', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna', { idleSince: seconds(2) }), seconds(5));
  matcher.agentIs(agent('bert', { idleSince: seconds(1) }), seconds(5));
  matcher.agentIs(agent('carl', { idleSince: seconds(3) }), seconds(5));
  matcher.contactWaits(contact('call'), seconds(5));
  expect(offers()).toEqual(['call → bert']);
});

test('an agent with nothing in hand is asked before one who is working', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna', { idleSince: seconds(1), taken: taken({ chat: 0b1 }) }), seconds(5));
  matcher.agentIs(agent('bert', { idleSince: seconds(4) }), seconds(5));
  matcher.contactWaits(contact('chat', { kind: 'chat' }), seconds(5));
  expect(offers()).toEqual(['chat → bert']);
});

test('a required skill at too low a level is no match', () => {
  const { matcher, offers } = floor([queue('service', { demands: [demand('repair', { level: 4 })] })]);
  matcher.agentIs(agent('anna', { skills: skills('repair') }), start);
  matcher.contactWaits(contact('call'), start);
  expect(offers()).toEqual([]);
  matcher.agentIs(agent('bert', { skills: [...skills(), { skill: 'repair', level: 4 }] }), start);
  expect(offers()).toEqual(['call → bert']);
});

test('a preferred skill raises an agent above one who is idle for longer, and keeps nobody out', () => {
  const { matcher, offers } = floor([queue('service', { demands: [demand('repair', { kind: 'preferred' })] })]);
  matcher.agentIs(agent('anna', { idleSince: seconds(-100) }), start);
  matcher.agentIs(agent('bert', { skills: skills('repair') }), start);
  matcher.contactWaits(contact('call-1'), start);
  matcher.contactWaits(contact('call-2'), start);
  expect(offers()).toEqual(['call-1 → bert', 'call-2 → anna']);
});

test('the language of a contact is a required skill', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna'), start);
  matcher.contactWaits(contact('call', { language: 'de' }), start);
  matcher.tick(seconds(10_000));
  expect(offers()).toEqual([]);
  matcher.agentIs(agent('bert', { skills: skills('german') }), seconds(10_000));
  expect(offers()).toEqual(['call → bert']);
});

test('a language that is no skill is asked of nobody', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna'), start);
  matcher.contactWaits(contact('call', { language: 'fy' }), start);
  expect(offers()).toEqual(['call → anna']);
});

test('the language relaxes only when a demand of the queue says so', () => {
  const { matcher, offers } = floor([queue('service', { demands: [demand('german', { untilSeconds: 30 })] })]);
  matcher.agentIs(agent('anna', { skills: [] }), start);
  matcher.contactWaits(contact('call', { language: 'de' }), start);
  matcher.tick(seconds(29));
  expect(offers()).toEqual([]);
  matcher.tick(seconds(30));
  expect(offers()).toEqual(['call → anna']);
});

test('a demand relaxes with the waiting time, also for a contact that was offered meanwhile', () => {
  const { matcher, offers } = floor([queue('service', { demands: [demand('repair', { untilSeconds: 20 })] })]);
  matcher.agentIs(agent('anna'), start);
  matcher.contactWaits(contact('call', { version: 7 }), start);
  expect(matcher.nextMoment()).toBe(seconds(20));
  matcher.tick(seconds(19.999));
  expect(offers()).toEqual([]);
  matcher.tick(seconds(20));
  expect(offers()).toEqual(['call → anna']);
});

test('an agent serves the contacts of its own clients and of no other', () => {
  const { matcher, offers } = floor([queue('service'), queue('other', { clientId: 'other-client' })]);
  matcher.agentIs(agent('anna'), start);
  matcher.contactWaits(contact('call', { clientId: 'other-client', queueId: 'other' }), start);
  expect(offers()).toEqual([]);
  matcher.agentIs(agent('bert', { clientIds: ['client', 'other-client'] }), start);
  expect(offers()).toEqual(['call → bert']);
});

test('an agent who serves several clients works on all of them, the most urgent first', () => {
  const { matcher, offers } = floor([queue('service'), queue('other', { clientId: 'other-client' })]);
  matcher.contactWaits(contact('own', { kind: 'chat' }), start);
  matcher.contactWaits(
    contact('others', { clientId: 'other-client', queueId: 'other', kind: 'chat', priority: 2 }),
    start,
  );
  matcher.agentIs(agent('anna', { clientIds: ['client', 'other-client'] }), start);
  expect(offers()).toEqual(['others → anna', 'own → anna']);
});

test('a call excludes a second call', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna'), start);
  matcher.contactWaits(contact('call-1'), start);
  matcher.contactWaits(contact('call-2'), start);
  expect(offers()).toEqual(['call-1 → anna']);
});

test('an agent has as many chats as its capacity and no more', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna', { capacity: { call: 1, chat: 2, written: 1 } }), start);
  for (const id of ['chat-1', 'chat-2', 'chat-3']) matcher.contactWaits(contact(id, { kind: 'chat' }), start);
  expect(offers()).toEqual(['chat-1 → anna', 'chat-2 → anna']);
  matcher.agentIs(agent('anna', { capacity: { call: 1, chat: 2, written: 1 }, taken: taken({ chat: 0b10 }) }), start);
  expect(offers()).toEqual(['chat-3 → anna']);
});

test('a freed slot is the one that is used again', () => {
  const { matcher } = floor();
  matcher.agentIs(agent('anna', { taken: taken({ chat: 0b101 }) }), start);
  matcher.contactWaits(contact('chat', { kind: 'chat' }), start);
  expect(matcher.take()).toMatchObject([{ kind: 'chat', slot: 2 }]);
});

test('each kind of work has its own room: chats do not keep the telephone from ringing', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna', { taken: taken({ chat: 0b111, written: 0b1 }) }), start);
  matcher.contactWaits(contact('call'), start);
  expect(offers()).toEqual(['call → anna']);
});

test('an agent who is not on duty gets nothing', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna'), start);
  matcher.agentIs(agent('anna', { onDuty: false }), start);
  matcher.contactWaits(contact('call'), start);
  expect(offers()).toEqual([]);
});

test('who declined or missed a contact is not asked for it again for 30 seconds', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna'), start);
  matcher.contactWaits(contact('call', { passedOver: new Map([['anna', start + passedOverMs]]) }), start);
  matcher.tick(start + passedOverMs - 1);
  expect(offers()).toEqual([]);
  matcher.tick(start + passedOverMs);
  expect(offers()).toEqual(['call → anna']);
});

test('a declined contact stands in nobody else’s way', () => {
  const { matcher, offers } = floor();
  matcher.contactWaits(contact('declined', { passedOver: new Map([['anna', start + passedOverMs]]) }), start);
  matcher.contactWaits(contact('next', { queuedAt: seconds(1) }), seconds(1));
  matcher.agentIs(agent('anna'), seconds(1));
  expect(offers()).toEqual(['next → anna']);
});

test('a contact is kept for the agent who had it, for a minute, while that agent is on duty', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna', { taken: taken({ written: 0b1 }) }), start);
  matcher.agentIs(agent('bert'), start);
  matcher.contactWaits(contact('mail', { kind: 'written', preferredAgentId: 'anna' }), start);
  matcher.tick(start + keptForMs - 1);
  expect(offers()).toEqual([]);
  matcher.tick(start + keptForMs);
  expect(offers()).toEqual(['mail → bert']);
});

test('the agent who had it gets it before one who is idle for longer', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('bert', { idleSince: seconds(-100) }), start);
  matcher.agentIs(agent('anna', { taken: taken({ chat: 0b11 }) }), start);
  matcher.contactWaits(contact('mail', { kind: 'written', preferredAgentId: 'anna' }), start);
  expect(offers()).toEqual(['mail → anna']);
});

test('when the agent who had it goes off duty, anyone may have it at once', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna', { taken: taken({ written: 0b1 }) }), start);
  matcher.agentIs(agent('bert'), start);
  matcher.contactWaits(contact('mail', { kind: 'written', preferredAgentId: 'anna' }), start);
  expect(offers()).toEqual([]);
  matcher.agentIs(agent('anna', { onDuty: false }), seconds(5));
  expect(offers()).toEqual(['mail → bert']);
});

test('after the overflow time the agents of the overflow queue may have it as well', () => {
  const { matcher, offers } = floor([
    queue('service', { demands: [demand('repair')], overflowQueueId: 'general', overflowAfterSeconds: 45 }),
    queue('general', { demands: [demand('general')] }),
  ]);
  matcher.agentIs(agent('anna', { skills: skills('general') }), start);
  matcher.contactWaits(contact('call'), start);
  matcher.tick(seconds(44));
  expect(offers()).toEqual([]);
  matcher.tick(seconds(45));
  expect(offers()).toEqual(['call → anna']);
});

test('in overflow an agent of the own queue still goes first', () => {
  const { matcher, offers } = floor([
    queue('service', { demands: [demand('repair')], overflowQueueId: 'general', overflowAfterSeconds: 0 }),
    queue('general', { demands: [demand('repair', { kind: 'preferred', level: 2 })] }),
  ]);
  matcher.agentIs(agent('anna', { idleSince: seconds(-100) }), start);
  matcher.agentIs(agent('bert', { skills: [...skills(), { skill: 'repair', level: 1 }] }), start);
  matcher.contactWaits(contact('call'), start);
  expect(offers()).toEqual(['call → bert']);
});

test('a contact of low priority rises while it waits, so that none waits for ever', () => {
  const { matcher, offers } = floor([queue('service', { answerWithin: { call: 10, chat: 3_600, written: 3_600 } })]);
  matcher.contactWaits(contact('patient', { priority: 9 }), start);
  for (let i = 1; i <= 900; i += 10) {
    matcher.contactWaits(contact(`urgent-${i}`, { priority: 1, queuedAt: seconds(i) }), seconds(i));
    matcher.agentIs(agent('anna'), seconds(i));
    if (offers().includes('patient → anna')) return expect(i).toBeGreaterThan(790);
  }
  expect.unreachable('the patient contact was never served');
});

test('what is written rises by its own norm, not by that of who is on the line', () => {
  const { matcher, offers } = floor([queue('service', { answerWithin: { call: 10, chat: 10, written: 3_600 } })]);
  matcher.contactWaits(contact('letter', { kind: 'written', priority: 9 }), start);
  matcher.contactWaits(contact('urgent', { kind: 'written', priority: 8, queuedAt: seconds(800) }), seconds(800));
  matcher.agentIs(agent('anna'), seconds(800));
  expect(offers()).toEqual(['urgent → anna']);
});

test('a caller who hung up is offered to nobody', () => {
  const { matcher, offers } = floor();
  matcher.contactWaits(contact('call'), start);
  matcher.contactLeft('call');
  matcher.agentIs(agent('anna'), start);
  expect(offers()).toEqual([]);
  expect(matcher.waitingCount).toBe(0);
});

test('a decision that is under way is not made twice', () => {
  const { matcher } = floor();
  matcher.agentIs(agent('anna'), start);
  matcher.agentIs(agent('bert'), start);
  matcher.contactWaits(contact('call'), start);
  matcher.contactWaits(contact('call'), start);
  matcher.agentIs(agent('anna'), start);
  matcher.contactWaits(contact('call-2'), start);
  expect(matcher.take().map(({ conversationId, agentId }) => `${conversationId} → ${agentId}`)).toEqual([
    'call → anna',
    'call-2 → bert',
  ]);
});

test('after a refused decision both sides are matched anew', () => {
  const { matcher, offers } = floor();
  matcher.agentIs(agent('anna'), start);
  matcher.contactWaits(contact('call'), start);
  for (const decision of matcher.take()) matcher.settled(decision, false);
  matcher.contactWaits(contact('call', { version: 2 }), start);
  expect(offers()).toEqual([]); // until the agent is read again as well
  matcher.agentIs(agent('anna'), start);
  expect(offers()).toEqual(['call → anna']);
});
