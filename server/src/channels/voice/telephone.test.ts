/** The agent's telephone: who hears whom, whose hands are full, and what is kept, whatever happens when. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accept, customerLeft, decline, end, register, requeue } from '../../conversations/index.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { ask, join, leave, putThrough, takeBack, talkWith } from './consulting.ts';
import { hold } from './controls.ts';
import { readDirectory } from './directory.ts';
import { johanna, Telephones } from './floor.fixture.ts';
import { legOfAgent } from './legs.ts';
import { start } from './outbound.ts';
import { addOutsideNumber } from './outside-numbers.ts';
import { park, parkedSeconds, take } from './parking.ts';

let floor: Telephones;
let sanne: Viewer;
let daan: Viewer;
let joris: Viewer;
const open: string[] = [];

beforeAll(async () => {
  floor = await Telephones.open();
  ({ sanne, daan, joris } = floor.people);
});
afterAll(async () => await floor.close());
/** Everybody is free again. */
afterEach(async () => {
  for (const legId of floor.engine.legs.keys()) floor.engine.ends(legId);
  await floor.settle();
  const left = await floor.db.asSystem((tx) =>
    tx.selectFrom('conversation').select(['id', 'agent_id']).where('state', '=', 'wrap-up').execute(),
  );
  for (const { id, agent_id } of left)
    await registered(
      id,
      [sanne, daan, joris].find((one) => one.personId === agent_id),
    );
  for (const agent of [sanne, daan, joris]) {
    expect(await slots(agent)).toBe(0);
    if (!floor.engine.browsers.has(legOfAgent(agent.personId))) await floor.ready(agent);
  }
  open.length = 0;
});

const registered = async (id: string, agent: Viewer = sanne) => {
  const { reasons, outcomes } = floor.people.shop.queue;
  await floor.as(agent, (tx) =>
    register(
      tx,
      id,
      agent,
      {
        reasonId: reasons['question'] ?? '',
        outcomeId: outcomes['solved'] ?? '',
        summary: '',
        followUp: '',
        followUpAt: null,
      },
      new Date(),
    ),
  );
};
const hears = (who: Viewer | string) => floor.engine.heardBy(typeof who === 'string' ? who : legOfAgent(who.personId));
const leg = (who: Viewer) => legOfAgent(who.personId);
const slots = async (agent: Viewer) => {
  const rows = await floor.db.asSystem((tx) =>
    tx.selectFrom('assignment').select('id').where('agent_id', '=', agent.personId).where('live', '=', true).execute(),
  );
  return rows.length;
};
const stateOf = async (agent: Viewer) =>
  (
    await floor.db.asSystem((tx) =>
      tx.selectFrom('agent').select('state').where('person_id', '=', agent.personId).executeTakeFirstOrThrow(),
    )
  ).state;
const refused = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof Refusal ? error.code : error;
};
type Asked = Parameters<typeof ask>[4];
const asks = (agent: Viewer, id: string, to: Asked['to'], purpose: Asked['purpose'] = 'consult') =>
  floor.as(agent, (tx) =>
    ask(tx, floor.engine, id, agent, { to, purpose, note: 'Kent u dit?', reasonId: null }, new Date()),
  );
const colleague = (agent: Viewer) => ({ is: 'colleague' as const, agentId: agent.personId });
const number = (digits: string) => ({ is: 'number' as const, number: digits });
const joins = (agent: Viewer, id: string) => floor.as(agent, (tx) => join(tx, floor.engine, id, agent, new Date()));
const leaves = (agent: Viewer, id: string) => floor.as(agent, (tx) => leave(tx, floor.engine, id, agent, new Date()));
const talks = (agent: Viewer, id: string, withWhom: 'customer' | 'guest' | 'all') =>
  floor.as(agent, (tx) => talkWith(tx, floor.engine, id, agent, withWhom, new Date()));
const puts = (agent: Viewer, id: string) =>
  floor.as(agent, (tx) => putThrough(tx, floor.engine, id, agent, { note: 'Wil korting', reasonId: null }, new Date()));
const calls = (agent: Viewer, digits = '010 1234567', more: object = {}) =>
  floor.as(agent, (tx) =>
    start(
      tx,
      floor.engine,
      agent,
      {
        clientId: floor.people.shop.id,
        number: digits,
        customerId: null,
        contactPointId: null,
        callbackId: null,
        ...more,
      },
      new Date(),
    ),
  );
const guestLeg = () => [...floor.engine.legs.keys()].find((legId) => legId.startsWith('guest-')) ?? '';

describe('a call that an agent makes', () => {
  it('is in hand at once, rings in his ear, and is a talk when it is answered', async () => {
    const card = await calls(sanne, '06-12 34 56 78');
    expect(card).toMatchObject({
      direction: 'out',
      state: 'handling',
      customerAddress: '+31612345678',
      answeredAt: null,
    });
    expect(card.call?.phase).toBe('dialling');
    expect(await stateOf(sanne)).toBe('busy');
    const legId = card.call?.legId ?? '';
    expect(floor.engine.legs.get(legId)).toMatchObject({
      to: '+31612345678',
      from: floor.people.shop.phone.address,
    });
    expect(hears(sanne)).toEqual(['ring-tone']);
    await floor.calls.heard({ event: 'ringing', legId, at: '' });
    expect((await floor.card(card.id)).call?.phase).toBe('ringing');
    floor.engine.answers(legId);
    await floor.settle();
    expect(await floor.card(card.id)).toMatchObject({ state: 'handling', call: { phase: 'up' } });
    expect((await floor.card(card.id)).answeredAt).not.toBeNull();
    expect([hears(sanne), hears(legId)]).toEqual([[legId], [leg(sanne)]]);
    floor.engine.ends(legId);
    await floor.settle();
    expect(await floor.card(card.id)).toMatchObject({ state: 'wrap-up', call: { live: false, unanswered: null } });
  });

  it.each(['busy', 'no-answer', 'rejected', 'unreachable'] as const)(
    'that ends as %s says so, and is registered',
    async (reason) => {
      const card = await calls(sanne);
      floor.engine.ends(card.call?.legId ?? '', reason);
      await floor.settle();
      expect(await floor.card(card.id)).toMatchObject({ state: 'wrap-up', call: { unanswered: reason, live: false } });
      expect(hears(sanne)).toEqual(['silence']);
    },
  );

  it('that the agent calls off is cancelled, also before it was dialled', async () => {
    const card = await calls(sanne);
    await floor.as(sanne, (tx) => end(tx, card.id, sanne, new Date()));
    await floor.hangUp(card.id);
    expect(await floor.card(card.id)).toMatchObject({ state: 'wrap-up', call: { unanswered: 'cancelled' } });
    await registered(card.id);

    const early = await floor.db.asViewer(sanne, (tx) =>
      start(
        tx,
        floor.engine,
        sanne,
        {
          clientId: floor.people.shop.id,
          number: '0101234567',
          customerId: null,
          contactPointId: null,
          callbackId: null,
        },
        new Date(),
      ),
    );
    await floor.db.asViewer(sanne, (tx) => end(tx, early.id, sanne, new Date()));
    await floor.hangUp(early.id);
    expect(floor.engine.legs.size).toBe(0);
    expect(await floor.card(early.id)).toMatchObject({
      state: 'wrap-up',
      call: { unanswered: 'cancelled', live: false },
    });
  });

  it('knows the customer by the number, and asks when there are several', async () => {
    const known = await calls(sanne, johanna);
    expect(known).toMatchObject({ customerId: floor.people.shop.customerIds[0], customerName: 'Johanna van der Berg' });
    floor.engine.ends(known.call?.legId ?? '');
    await floor.settle();
    await registered(known.id);
    expect((await calls(sanne, '+3197010000103')).customerId).toBeNull();
  });

  it('is refused to one who has a call, is not there, or has no telephone; and to numbers that are none', async () => {
    await calls(sanne);
    expect(await refused(calls(sanne))).toBe('no-room');
    expect(await refused(calls(daan, '112'))).toBe('number-refused');
    expect(await refused(calls(daan, '0900 1234'))).toBe('number-refused');
    expect(await refused(calls(daan, '061234'))).toBe('number-refused');
    expect(await refused(calls(daan, '0101234567', { clientId: floor.people.energy.id }))).toBe('not-found');
    floor.engine.loses(leg(daan));
    await floor.settle();
    expect(await refused(calls(daan))).toBe('no-line');
    expect(await slots(daan)).toBe(0);
    expect(await refused(calls(floor.people.femke))).toBe('not-found');
  });

  it('goes on after the one who listens was killed, before it was dialled and while it rings', async () => {
    const card = await floor.db.asViewer(sanne, (tx) =>
      start(
        tx,
        floor.engine,
        sanne,
        {
          clientId: floor.people.shop.id,
          number: '0101234567',
          customerId: null,
          contactPointId: null,
          callbackId: null,
        },
        new Date(),
      ),
    );
    await floor.restarted();
    const legId = card.call?.legId ?? '';
    expect(floor.engine.legs.has(legId)).toBe(true);
    floor.engine.legs.set(legId, { state: 'up', direction: 'out', to: '', from: '' });
    await floor.restarted();
    expect(await floor.card(card.id)).toMatchObject({ state: 'handling', call: { phase: 'up' } });
    expect(hears(legId)).toEqual([leg(sanne)]);
    floor.engine.crashes();
    await floor.restarted();
    expect(await floor.card(card.id)).toMatchObject({ state: 'wrap-up', call: { live: false, dropped: true } });
  });
});

describe('a second line', () => {
  it('rings at a colleague with who and why, and his hands are full from then on', async () => {
    const { id, legId } = await floor.talking(sanne);
    const card = await asks(sanne, id, colleague(daan));
    expect(card.call?.parties).toMatchObject([
      { personId: daan.personId, name: 'Daan Mulder', askedBy: 'Sanne Visser', note: 'Kent u dit?', state: 'ringing' },
    ]);
    expect([hears(legId), hears(sanne), hears(daan)]).toEqual([['hold-music'], ['ring-tone'], ['silence']]);
    expect(await slots(daan)).toBe(1);
    const other = await floor.talking(joris);
    await floor.as(joris, (tx) => requeue(tx, other.id, joris, floor.people.shop.queue.id, new Date()));
    expect(await floor.offer(other.id, daan)).toBe(false);

    await joins(daan, id);
    expect([hears(legId), hears(sanne), hears(daan)]).toEqual([['hold-music'], [leg(daan)], [leg(sanne)]]);
    expect(await stateOf(daan)).toBe('busy');
    await talks(sanne, id, 'customer');
    expect([hears(legId), hears(sanne), hears(daan)]).toEqual([[leg(sanne)], [legId], ['hold-music']]);
    await talks(sanne, id, 'all');
    expect(hears(legId)).toEqual([leg(daan), leg(sanne)].toSorted());
    await talks(sanne, id, 'guest');
    expect(hears(legId)).toEqual(['hold-music']);
    await leaves(daan, id);
    expect([hears(legId), hears(sanne), hears(daan)]).toEqual([[leg(sanne)], [legId], ['silence']]);
    expect([await stateOf(daan), await slots(daan)]).toEqual(['ready', 0]);
  });

  it('that is declined, not answered or taken back brings the customer back', async () => {
    const { id, legId } = await floor.talking(sanne);
    const back = () => expect([hears(legId), hears(sanne)]).toEqual([[leg(sanne)], [legId]]);
    await asks(sanne, id, colleague(daan));
    await leaves(daan, id);
    back();
    await asks(sanne, id, colleague(daan));
    await floor.due(new Date(Date.now() + 30_000));
    back();
    const card = await asks(sanne, id, number('0101234567'));
    await floor.as(sanne, (tx) => takeBack(tx, floor.engine, id, sanne, card.call?.parties[0]?.id ?? '', new Date()));
    back();
    expect(guestLeg()).toBe('');
    await asks(sanne, id, number('0101234567'));
    floor.engine.ends(guestLeg(), 'busy');
    await floor.settle();
    back();
  });

  it('to a colleague ends in his hands, with what the first did on record', async () => {
    const { id, legId } = await floor.talking(sanne);
    await asks(sanne, id, colleague(daan));
    await joins(daan, id);
    const card = await puts(sanne, id);
    expect(card).toMatchObject({
      state: 'handling',
      agentId: daan.personId,
      call: { parties: [], held: false, aside: false },
    });
    expect([hears(legId), hears(daan), hears(sanne)]).toEqual([[leg(daan)], [legId], ['silence']]);
    expect([await stateOf(sanne), await slots(sanne), await slots(daan)]).toEqual(['ready', 0, 1]);
    const record = await floor.db.asSystem((tx) =>
      tx.selectFrom('hand_over').selectAll().where('conversation_id', '=', id).executeTakeFirstOrThrow(),
    );
    expect(record).toMatchObject({ agent_id: sanne.personId, to_agent_id: daan.personId, note: 'Wil korting' });
    await floor.as(daan, (tx) => hold(tx, floor.engine, id, daan, true, new Date()));
    expect(hears(legId)).toEqual(['hold-music']);
  });

  it('to a number: the customer goes on without the agent, and it ends when one of both hangs up', async () => {
    for (const last of ['guest', 'customer']) {
      const { id, legId } = await floor.talking(sanne);
      await asks(sanne, id, number('0101234567'));
      expect(floor.engine.legs.get(guestLeg())?.from).toBe(floor.people.shop.phone.address);
      expect(await refused(talks(sanne, id, 'all'))).toBe('talk-first');
      const guest = guestLeg();
      floor.engine.answers(guest);
      await floor.settle();
      expect([hears(sanne), hears(legId)]).toEqual([[guest], ['hold-music']]);
      await puts(sanne, id);
      expect([hears(sanne), hears(legId), hears(guest)]).toEqual([['silence'], [guest], [legId]]);
      expect(await floor.card(id)).toMatchObject({ state: 'wrap-up', call: { live: true } });
      await registered(id);
      await floor.restarted();
      expect(hears(legId)).toEqual([guest]);
      floor.engine.ends(last === 'guest' ? guest : legId);
      await floor.settle();
      expect(floor.engine.legs.size).toBe(0);
      expect(await floor.card(id)).toMatchObject({ state: 'closed', call: { live: false, parties: [] } });
    }
  });

  it('is over when the customer hangs up, and frees the colleague', async () => {
    const { id, legId } = await floor.talking(sanne);
    await asks(sanne, id, colleague(daan));
    await joins(daan, id);
    floor.engine.ends(legId);
    await floor.settle();
    expect([await stateOf(sanne), await stateOf(daan), await slots(daan)]).toEqual(['wrap-up', 'ready', 0]);
    expect([hears(sanne), hears(daan)]).toEqual([['silence'], ['silence']]);
  });

  it('of a colleague who loses his line is over; an agent who reloads finds it as he left it', async () => {
    const { id, legId } = await floor.talking(sanne);
    await asks(sanne, id, colleague(daan));
    await joins(daan, id);
    floor.engine.loses(leg(sanne));
    await floor.settle();
    expect([hears(legId), hears(daan)]).toEqual([['hold-music'], ['hold-music']]);
    floor.engine.connects(leg(sanne));
    await floor.settle();
    expect([hears(legId), hears(daan), hears(sanne)]).toEqual([['hold-music'], [leg(sanne)], [leg(daan)]]);
    floor.engine.loses(leg(daan));
    await floor.settle();
    expect([hears(legId), hears(sanne), await slots(daan)]).toEqual([[leg(sanne)], [legId], 0]);
  });

  it('never leaves the customer in silence when the guest goes while the agent reloads', async () => {
    const { id, legId } = await floor.talking(sanne);
    await asks(sanne, id, number('0101234567'));
    floor.engine.loses(leg(sanne));
    await floor.settle();
    floor.engine.ends(guestLeg(), 'busy');
    await floor.settle();
    expect(hears(legId)).toEqual(['hold-music']);
    floor.engine.connects(leg(sanne));
    await floor.settle();
    expect(hears(legId)).toEqual([leg(sanne)]);
  });

  it('to a queue asks the best who is free, then the next', async () => {
    const { id } = await floor.talking(sanne);
    const queue = { is: 'queue' as const, queueId: floor.people.shop.queue.id };
    const first = (await asks(sanne, id, queue)).call?.parties[0]?.personId;
    const [one, two] = first === daan.personId ? [daan, joris] : [joris, daan];
    expect(first).toBe(one.personId);
    await leaves(one, id);
    expect((await floor.card(id)).call?.parties.map(({ personId }) => personId)).toEqual([two.personId]);
    await leaves(two, id);
    expect(await floor.card(id)).toMatchObject({ call: { parties: [], aside: false, held: false } });
    await floor.as(daan, (tx) =>
      start(
        tx,
        floor.engine,
        daan,
        {
          clientId: floor.people.shop.id,
          number: '0101234567',
          customerId: null,
          contactPointId: null,
          callbackId: null,
        },
        new Date(),
      ),
    );
    expect((await asks(sanne, id, queue)).call?.parties[0]?.personId).toBe(joris.personId);
  });

  it('is refused to one who is on the phone, and to a second guest', async () => {
    const { id } = await floor.talking(sanne);
    await floor.talking(daan);
    expect(await refused(asks(sanne, id, colleague(daan)))).toBe('colleague-unavailable');
    expect(await refused(asks(sanne, id, colleague(floor.people.femke)))).toBe('colleague-unavailable');
    expect(await refused(asks(sanne, id, colleague(sanne)))).toBe('colleague-unavailable');
    await asks(sanne, id, colleague(joris));
    expect(await refused(asks(sanne, id, number('0101234567')))).toBe('conflict');
    expect(await refused(joins(daan, id))).toBe('party-gone');
  });

  it('of two agents who ask the same colleague at once, one gets him', async () => {
    const [first, second] = [await floor.talking(sanne), await floor.talking(joris)];
    const answers = await Promise.all([
      refused(
        floor.db.asViewer(sanne, (tx) =>
          ask(
            tx,
            floor.engine,
            first.id,
            sanne,
            { to: colleague(daan), purpose: 'consult', note: '', reasonId: null },
            new Date(),
          ),
        ),
      ),
      refused(
        floor.db.asViewer(joris, (tx) =>
          ask(
            tx,
            floor.engine,
            second.id,
            joris,
            { to: colleague(daan), purpose: 'consult', note: '', reasonId: null },
            new Date(),
          ),
        ),
      ),
    ]);
    expect(answers.toSorted()).toEqual(['colleague-unavailable', undefined]);
    expect(await slots(daan)).toBe(1);
  });
});

describe('a transfer without talking first', () => {
  it('rings at the colleague; the agent is done, and gets it back when that one declines', async () => {
    const { id, legId } = await floor.talking(sanne);
    await asks(sanne, id, colleague(daan), 'transfer');
    expect(await floor.card(id)).toMatchObject({ state: 'offered', agentId: daan.personId });
    expect([hears(legId), await slots(sanne), await slots(daan)]).toEqual([['hold-music'], 0, 1]);
    await floor.as(daan, (tx) => decline(tx, id, daan, new Date()));
    expect(await floor.card(id)).toMatchObject({ state: 'offered', agentId: sanne.personId });
    expect(hears(legId)).toEqual(['hold-music']);
    await floor.as(sanne, (tx) => accept(tx, id, sanne, new Date()));
    expect(hears(legId)).toEqual([leg(sanne)]);
    await asks(sanne, id, colleague(daan), 'transfer');
    await floor.as(daan, (tx) => accept(tx, id, daan, new Date()));
    expect(hears(legId)).toEqual([leg(daan)]);
  });

  it('waits in front of the queue when the agent is on the phone by then', async () => {
    const { id, legId } = await floor.talking(sanne);
    await asks(sanne, id, colleague(daan), 'transfer');
    await floor.talking(sanne);
    await floor.as(daan, (tx) => decline(tx, id, daan, new Date()));
    expect(await floor.card(id)).toMatchObject({ state: 'waiting', agentId: null });
    expect(hears(legId)).toEqual(['hold-music']);
    await floor.db.asSystem((tx) => customerLeft(tx, id, new Date()));
    expect(await floor.card(id)).toMatchObject({ state: 'wrap-up', agentId: sanne.personId });
  });

  it('to a number is done when that answers; not answered, the customer is back with the agent', async () => {
    const { id, legId } = await floor.talking(sanne);
    await asks(sanne, id, number('0101234567'), 'transfer');
    floor.engine.ends(guestLeg(), 'no-answer');
    await floor.settle();
    expect([hears(legId), (await floor.card(id)).state]).toEqual([[leg(sanne)], 'handling']);
    await asks(sanne, id, number('0101234567'), 'transfer');
    const guest = guestLeg();
    floor.engine.answers(guest);
    await floor.settle();
    expect([hears(legId), hears(sanne), (await floor.card(id)).state]).toEqual([[guest], ['silence'], 'wrap-up']);
  });

  it('decided while it rings: to a colleague in person, to a number as soon as it answers', async () => {
    const { id } = await floor.talking(sanne);
    await asks(sanne, id, colleague(daan));
    await puts(sanne, id);
    expect(await floor.card(id)).toMatchObject({ state: 'offered', agentId: daan.personId, call: { parties: [] } });
    await floor.as(daan, (tx) => accept(tx, id, daan, new Date()));
    await asks(daan, id, number('0101234567'));
    await puts(daan, id);
    floor.engine.answers(guestLeg());
    await floor.settle();
    expect(await floor.card(id)).toMatchObject({ state: 'wrap-up', agentId: daan.personId });
  });
});

describe('a parked call', () => {
  const parks = (agent: Viewer, id: string) =>
    floor.as(agent, (tx) => park(tx, floor.engine, id, agent, 'zoekt bonnetje', new Date()));

  it('hears music, frees the agent, and is taken back by anybody who serves the client', async () => {
    const { id, legId } = await floor.talking(sanne);
    const card = await parks(sanne, id);
    expect(card).toMatchObject({
      state: 'parked',
      call: { parked: { byName: 'Sanne Visser', note: 'zoekt bonnetje' } },
    });
    expect([hears(legId), hears(sanne), await stateOf(sanne)]).toEqual([['hold-music'], ['silence'], 'ready']);
    await floor.as(daan, (tx) => take(tx, floor.engine, id, daan, new Date()));
    expect(await floor.card(id)).toMatchObject({ state: 'handling', agentId: daan.personId, call: { parked: null } });
    expect(hears(legId)).toEqual([leg(daan)]);
    expect(await refused(floor.as(sanne, (tx) => take(tx, floor.engine, id, sanne, new Date())))).toBe(
      'conversation-moved-on',
    );
  });

  it('rings again at the one who parked it; when he is on the phone, it is first in the queue', async () => {
    const late = () => new Date(Date.now() + (parkedSeconds + 1) * 1_000);
    const { id } = await floor.talking(sanne);
    await parks(sanne, id);
    await floor.due(late());
    expect(await floor.card(id)).toMatchObject({ state: 'offered', agentId: sanne.personId, call: { parked: null } });
    await floor.as(sanne, (tx) => accept(tx, id, sanne, new Date()));
    await parks(sanne, id);
    await floor.talking(sanne);
    await floor.due(late());
    expect(await floor.card(id)).toMatchObject({ state: 'waiting', agentId: null });
  });

  it('whose caller hangs up is left to register for the one who parked it', async () => {
    const { id, legId } = await floor.talking(sanne);
    await parks(sanne, id);
    floor.engine.ends(legId);
    await floor.settle();
    expect(await floor.card(id)).toMatchObject({ state: 'wrap-up', agentId: sanne.personId, call: { live: false } });
  });
});

it('a call that goes to a queue leaves everybody behind who was asked in', async () => {
  const { id, legId } = await floor.talking(sanne);
  await asks(sanne, id, colleague(daan));
  await joins(daan, id);
  await floor.as(sanne, (tx) => requeue(tx, id, sanne, floor.people.shop.queue.id, new Date()));
  await floor.requeued(id);
  expect([hears(legId), hears(sanne), hears(daan), await slots(daan)]).toEqual([
    ['hold-music'],
    ['silence'],
    ['silence'],
    0,
  ]);
});

it('the directory says who can come, which queue has somebody free, and which numbers there are', async () => {
  const { shop, femke } = floor.people;
  await floor.as(joris, (tx) =>
    addOutsideNumber(tx, joris, { clientId: shop.id, name: 'Storing', number: '0900 1234', note: '' }),
  );
  const { id } = await floor.talking(sanne);
  const read = (viewer: Viewer) =>
    floor.db.asReader(viewer, (tx) => readDirectory(tx, viewer, shop.id, 'nl', new Date()));
  expect((await read(sanne)).colleagues.map(({ name, free, onPhone }) => [name, free, onPhone])).toEqual([
    ['Daan Mulder', true, false],
    ['Joris Bakker', true, false],
  ]);
  expect((await read(daan)).colleagues).toMatchObject([
    { name: 'Joris Bakker', free: true },
    { name: 'Sanne Visser', free: false, onPhone: true, queueIds: [shop.queue.id] },
  ]);
  expect((await read(sanne)).queues).toMatchObject([{ queueId: shop.queue.id, free: 2, waiting: 0 }]);
  expect((await read(sanne)).numbers).toMatchObject([{ name: 'Storing', number: '+319001234' }]);
  expect(await refused(read(femke))).toBe('not-found');
  // What stands in the list is called, though an agent may not dial it by himself.
  expect(await refused(asks(sanne, id, number('0900 4321')))).toBe('number-refused');
  await asks(sanne, id, number('+319001234'));
  expect(floor.engine.legs.get(guestLeg())?.to).toBe('+319001234');
});
