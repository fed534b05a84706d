/** Whatever agents, customers, colleagues and crashes do, in any order: no caller in silence, no agent in two calls, nobody forgotten. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accept, decline, end, register, requeue } from '../../conversations/index.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { ask, join, leave, putThrough, takeBack, talkWith } from './consulting.ts';
import { hold } from './controls.ts';
import { johanna, Telephones } from './floor.fixture.ts';
import { agentOfLeg, legOfAgent } from './legs.ts';
import { start } from './outbound.ts';
import { park, parkedSeconds, take } from './parking.ts';
import { allLiveCalls } from './store.ts';

let floor: Telephones;
let agents: Viewer[];
beforeAll(async () => {
  floor = await Telephones.open();
  agents = [floor.people.sanne, floor.people.daan, floor.people.joris];
});
afterAll(async () => await floor.close());

const steps = [
  ...['caller arrives', 'caller arrives', 'agent calls', 'offer', 'offer', 'accept', 'accept', 'decline', 'hold'],
  ...['ask colleague', 'ask colleague', 'ask queue', 'ask number', 'transfer to colleague', 'transfer to number'],
  ...['join', 'join', 'leave', 'with customer', 'with guest', 'with all', 'put through', 'put through', 'take back'],
  ...['park', 'take', 'requeue', 'end', 'answers', 'answers', 'busy', 'hangs up', 'browser lost', 'browser back'],
  ...['time passes', 'much time passes', 'listener killed', 'register', 'caller arrives', 'offer', 'accept', 'answers'],
] as const;
type Step = { does: (typeof steps)[number]; who: number; whom: number; at: number };
const step: fc.Arbitrary<Step> = fc.record({
  does: fc.constantFrom(...steps),
  who: fc.nat(2),
  whom: fc.nat(2),
  at: fc.nat(5),
});

async function doStep({ does, who, whom, at }: Step): Promise<unknown> {
  const { engine, db, people } = floor;
  const now = new Date();
  const live = await db.asSystem(allLiveCalls);
  const pick = <T>(from: readonly T[]): T | undefined => from[at % Math.max(1, from.length)];
  const person = (id: string | null | undefined) => agents.find(({ personId }) => personId === id);
  // Whoever it concerns does it; somebody else only where that is the point.
  const own = pick(live.filter(({ state }) => state === 'handling'));
  const offered = pick(live.filter(({ state }) => state === 'offered'));
  const guestOf = pick(live.filter(({ parties }) => parties.some(({ kind }) => kind === 'agent')));
  const one = agents[who] ?? people.sanne;
  const other = agents[whom] ?? people.daan;
  const agent = person(own?.agentId) ?? one;
  const taker = person(offered?.agentId) ?? one;
  const guest = person(guestOf?.parties[0]?.personId) ?? one;
  const id = own?.conversationId ?? '';
  const asked = async (to: Parameters<typeof ask>[4]['to'], purpose: 'consult' | 'transfer') =>
    own && (await floor.as(agent, (tx) => ask(tx, engine, id, agent, { to, purpose, note: '', reasonId: null }, now)));
  switch (does) {
    case 'caller arrives':
      if (live.length > 3) return;
      await floor.calls.heard(engine.arrives(newId(), johanna, people.shop.phone.address));
      return await floor.settle();
    case 'agent calls':
      return await floor.as(one, (tx) =>
        start(
          tx,
          engine,
          one,
          { clientId: people.shop.id, number: '0101234567', customerId: null, contactPointId: null, callbackId: null },
          now,
        ),
      );
    case 'offer': {
      const waits = pick(live.filter(({ state }) => state === 'waiting'));
      return waits && (await floor.offer(waits.conversationId, one));
    }
    case 'accept':
      return offered && (await floor.as(taker, (tx) => accept(tx, offered.conversationId, taker, now)));
    case 'decline':
      return offered && (await floor.as(taker, (tx) => decline(tx, offered.conversationId, taker, now)));
    case 'hold':
      return own && (await floor.as(agent, (tx) => hold(tx, engine, id, agent, at % 2 === 0, now)));
    case 'ask colleague':
      return await asked({ is: 'colleague', agentId: other.personId }, 'consult');
    case 'transfer to colleague':
      return await asked({ is: 'colleague', agentId: other.personId }, 'transfer');
    case 'ask queue':
      return await asked({ is: 'queue', queueId: people.shop.queue.id }, 'consult');
    case 'ask number':
      return await asked({ is: 'number', number: '0207654321' }, 'consult');
    case 'transfer to number':
      return await asked({ is: 'number', number: '0207654321' }, 'transfer');
    case 'join':
      return guestOf && (await floor.as(guest, (tx) => join(tx, engine, guestOf.conversationId, guest, now)));
    case 'leave':
      return guestOf && (await floor.as(guest, (tx) => leave(tx, engine, guestOf.conversationId, guest, now)));
    case 'with customer':
      return own && (await floor.as(agent, (tx) => talkWith(tx, engine, id, agent, 'customer', now)));
    case 'with guest':
      return own && (await floor.as(agent, (tx) => talkWith(tx, engine, id, agent, 'guest', now)));
    case 'with all':
      return own && (await floor.as(agent, (tx) => talkWith(tx, engine, id, agent, 'all', now)));
    case 'put through':
      return (
        own && (await floor.as(agent, (tx) => putThrough(tx, engine, id, agent, { note: '', reasonId: null }, now)))
      );
    case 'take back':
      return (
        own && (await floor.as(agent, (tx) => takeBack(tx, engine, id, agent, own.parties[0]?.id ?? newId(), now)))
      );
    case 'park':
      return own && (await floor.as(agent, (tx) => park(tx, engine, id, agent, '', now)));
    case 'take': {
      const parked = pick(live.filter(({ state }) => state === 'parked'));
      return parked && (await floor.as(one, (tx) => take(tx, engine, parked.conversationId, one, now)));
    }
    case 'requeue':
      if (own === undefined || own.ringing) return;
      await floor.as(agent, (tx) => requeue(tx, id, agent, people.shop.queue.id, now));
      return await floor.requeued(id);
    case 'end':
      if (own === undefined) return;
      await floor.as(agent, (tx) => end(tx, id, agent, now));
      return await floor.hangUp(id);
    case 'answers': {
      const rings = pick([...engine.legs].filter(([, leg]) => leg.direction === 'out' && leg.state === 'ringing'));
      if (rings !== undefined) engine.answers(rings[0]);
      return await floor.settle();
    }
    case 'busy':
    case 'hangs up': {
      const leg = pick([...engine.legs].filter(([, { state }]) => (state === 'up') === (does === 'hangs up')));
      if (leg !== undefined) engine.ends(leg[0], does === 'busy' ? 'busy' : 'hangup');
      return await floor.settle();
    }
    case 'browser lost':
      engine.loses(legOfAgent(one.personId));
      return await floor.settle();
    case 'browser back':
      engine.connects(legOfAgent(one.personId));
      return await floor.settle();
    case 'time passes':
      return await floor.due(new Date(Date.now() + 30_000));
    case 'much time passes':
      return await floor.due(new Date(Date.now() + (parkedSeconds + 1) * 1_000));
    case 'listener killed':
      return await floor.restarted();
    case 'register':
      return await registerAll();
  }
}

async function registerAll(): Promise<void> {
  const { reasons, outcomes } = floor.people.shop.queue;
  const fields = {
    reasonId: reasons['question'] ?? '',
    outcomeId: outcomes['solved'] ?? '',
    summary: '',
    followUp: '',
    followUpAt: null,
  };
  const left = await floor.db.asSystem((tx) =>
    tx.selectFrom('conversation').select(['id', 'agent_id']).where('state', '=', 'wrap-up').execute(),
  );
  for (const { id, agent_id } of left) {
    const agent = agents.find((one) => one.personId === agent_id) ?? floor.people.sanne;
    await floor.as(agent, (tx) => register(tx, id, agent, fields, new Date()));
  }
}

async function allIsWell(after: Step[]): Promise<void> {
  const { engine, db } = floor;
  const live = await db.asSystem(allLiveCalls);
  const trail = after.map(({ does, who, whom }) => `${does} ${who} ${whom}`).join(', ');
  for (const { legId } of live)
    if (engine.legs.get(legId)?.state === 'up')
      expect(engine.heardBy(legId), `${trail}: a caller`).not.toEqual(['silence']);
  // Who hears whom is one call's matter.
  const callOf = new Map(
    live.flatMap((call) => [call, ...call.parties].map(({ legId }) => [legId, call.conversationId])),
  );
  for (const call of live)
    if (call.agentId !== null && call.state === 'handling') callOf.set(legOfAgent(call.agentId), call.conversationId);
  for (const legId of [...engine.legs.keys(), ...engine.browsers])
    for (const heard of engine.heardBy(legId))
      if (callOf.has(heard)) expect(callOf.get(heard), `${trail}: ${legId} hears ${heard}`).toBe(callOf.get(legId));
  // Nobody is rung who is not in a call any more.
  for (const legId of engine.legs.keys()) expect(callOf.has(legId), `${trail}: ${legId} is nobody's`).toBe(true);
  const { rows } = await holders();
  for (const { agent, calls } of rows) expect(calls, `${trail}: calls of ${agent}`).toBeLessThan(2);
}

/** In how many calls an agent is, as its own or asked into. */
async function holders(): Promise<{ rows: { agent: string; calls: number }[] }> {
  const live = await floor.db.asSystem(allLiveCalls);
  const rows = agents.map(({ personId, name }) => ({
    agent: name,
    calls: live.filter(
      (call) =>
        (call.agentId === personId && ['handling', 'offered'].includes(call.state)) ||
        call.parties.some((party) => party.personId === personId),
    ).length,
  }));
  return { rows };
}

async function everythingEnds(): Promise<void> {
  const { engine, db } = floor;
  for (const legId of [...engine.legs.keys()]) engine.ends(legId);
  await floor.settle();
  await floor.restarted();
  await registerAll();
  for (const agent of agents) engine.connects(legOfAgent(agent.personId));
  await floor.settle();
  expect(await db.asSystem(allLiveCalls)).toEqual([]);
  const held = await db.asSystem((tx) =>
    tx.selectFrom('assignment').select('agent_id').where('live', '=', true).execute(),
  );
  expect(held).toEqual([]);
  const states = await db.asSystem((tx) =>
    tx
      .selectFrom('agent')
      .select('state')
      .where(
        'person_id',
        'in',
        agents.map(({ personId }) => personId),
      )
      .execute(),
  );
  expect(states.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
  for (const leg of engine.browsers) if (agentOfLeg(leg) !== null) expect(engine.heardBy(leg)).toEqual(['silence']);
}

it('holds for any run of steps', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (run) => {
      const done: Step[] = [];
      await floor.talking(floor.people.sanne);
      try {
        for (const each of run) {
          done.push(each);
          await doStep(each).catch((error: unknown) => {
            if (!(error instanceof Refusal)) throw error;
          });
          await floor.settle();
          await allIsWell(done);
        }
      } finally {
        // The last that can happen is that the engine dies.
        if (run.length % 2 === 0) floor.engine.crashes();
        await everythingEnds();
      }
    }),
    { numRuns: Number(process.env['RUNS'] ?? 25), endOnFailure: true },
  );
}, 120_000);
