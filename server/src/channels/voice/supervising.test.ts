/** Supervisors in calls of others, on a real database; the engine is the outside world. */
import { permissionsOf } from '@kernlijn/contract/access';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPerson } from '../../access/index.ts';
import { addAgent } from '../../agents/index.ts';
import { askHelp, end, helpFor, register, requeue, takeHelp, withdrawHelp } from '../../conversations/index.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { agentsOnFloor } from '../../routing/store.ts';
import { openFloor } from './line-floor.fixture.ts';
import type { Floor } from './line-floor.fixture.ts';
import { hangUpLine, voiceChannel } from './line.ts';
import { legOfAgent } from './legs.ts';
import { changePolicy } from './supervising-policy.ts';
import { leave, supervise, supervised, takeOverCall } from './supervising.ts';

let floor: Floor;
let joris: Viewer;
let eva: Viewer;
let daan: Viewer;
let call: Awaited<ReturnType<Floor['ring']>>;
const leg = (viewer: Viewer) => legOfAgent(viewer.personId);

beforeAll(async () => {
  floor = await openFloor();
  ({ joris, daan } = floor.people);
  eva = await second(floor);
  await decide('OR 2026-14');
});
afterAll(() => floor.close());
beforeEach(async () => {
  for (const viewer of [joris, eva, daan]) await floor.connect(viewer);
  call = await floor.ringAndAnswer(daan);
});
afterEach(async () => {
  await floor.hangUp(call.legId);
  const card = await floor.cardOf(call.id);
  const agent = [joris, eva, daan].find(({ personId }) => personId === card.agentId);
  if (card.state === 'wrap-up' && agent)
    await floor.db.asViewer(agent, (tx) => register(tx, call.id, agent, codes(), new Date()));
});

async function second({ db, people }: Floor): Promise<Viewer> {
  return await db.asSystem(async (tx) => {
    const clientIds = [people.shop.id];
    const personId = await addPerson(
      tx,
      { auth: { $context: Promise.resolve({ password: { hash: async () => 'none' } }) } },
      {
        ...{ name: 'Eva Coach', email: 'eva@example.org', password: 'none-at-all', role: 'coach', locale: 'nl' },
        clientIds,
      },
    );
    await addAgent(tx, { personId, skills: [] });
    const permissions = new Set(permissionsOf.coach);
    return { ...{ personId, name: 'Eva Coach', role: 'coach', locale: 'nl' }, permissions, clientIds, isAgent: true };
  });
}

const decide = (decision: string) =>
  floor.db.asSystem((tx) => changePolicy(tx, null, floor.people.shop.id, decision, new Date()));
const go = (viewer: Viewer, voice: 'listen' | 'whisper' | 'all') =>
  floor.db.asViewer(viewer, (tx) => supervise(tx, floor.engine, call.id, viewer, voice, new Date()));
const goes = (viewer: Viewer) =>
  floor.db.asViewer(viewer, (tx) => leave(tx, floor.engine, call.id, viewer, new Date()));
const listeners = async () =>
  (await floor.cardOf(call.id)).call?.parties.map(({ name, voice, kind }) => `${kind} ${name} ${voice}`);
const stretches = () =>
  floor.db.asSystem((tx) =>
    tx
      .selectFrom('call_party')
      .select(['person_id', 'voice', 'state', 'over_reason'])
      .where('conversation_id', '=', call.id)
      .orderBy('begun_at')
      .orderBy('id')
      .execute(),
  );
const heardBy = (who: Viewer | string) => floor.engine.heardBy(typeof who === 'string' ? who : leg(who));

describe('a supervisor', () => {
  it('listens unheard, whispers to the agent, speaks with both and leaves, and the agent sees how', async () => {
    await go(joris, 'listen');
    expect(await listeners()).toEqual(['supervisor Joris Bakker listen']);
    expect(heardBy(joris)).toEqual([call.legId, leg(daan)].toSorted());
    expect(heardBy(daan)).toEqual([call.legId]);
    expect(heardBy(call.legId)).toEqual([leg(daan)]);
    await go(joris, 'whisper');
    expect(await listeners()).toEqual(['supervisor Joris Bakker whisper']);
    expect(heardBy(daan)).toEqual([call.legId, leg(joris)].toSorted());
    expect(heardBy(call.legId)).toEqual([leg(daan)]);
    await go(joris, 'all');
    expect(heardBy(call.legId)).toEqual([leg(daan), leg(joris)].toSorted());
    await goes(joris);
    expect(await listeners()).toEqual([]);
    expect(heardBy(joris)).toEqual(['silence']);
    expect(heardBy(daan)).toEqual([call.legId]);
  });

  it('is in the audit with every stretch, from when to when', async () => {
    await go(joris, 'listen');
    await go(joris, 'whisper');
    await goes(joris);
    const rows = await floor.db.asSystem((tx) =>
      tx
        .selectFrom('audit_entry')
        .select(['action', 'person_id', 'facts'])
        .where('subject', '=', call.id)
        .where('action', 'like', 'call.supervised%')
        .orderBy('id')
        .execute(),
    );
    expect(rows.map(({ action, facts }) => [action, facts])).toEqual([
      ['call.supervised', { voice: 'listen' }],
      ['call.supervised-until', expect.objectContaining({ voice: 'listen', reason: 'switched' })],
      ['call.supervised', { voice: 'whisper' }],
      ['call.supervised-until', expect.objectContaining({ voice: 'whisper', reason: 'left' })],
    ]);
    expect(rows.every(({ person_id }) => person_id === joris.personId)).toBe(true);
  });

  it('is one of two at once: each is heard as he chose', async () => {
    await go(joris, 'listen');
    await go(eva, 'whisper');
    expect(heardBy(daan)).toEqual([call.legId, leg(eva)].toSorted());
    expect(heardBy(eva)).toEqual([call.legId, leg(daan)].toSorted());
    await goes(joris);
    expect(heardBy(eva)).toEqual([call.legId, leg(daan)].toSorted());
    expect(await listeners()).toEqual(['supervisor Eva Coach whisper']);
  });

  it('without a connected line is told so, and nothing is left of it', async () => {
    floor.engine.drop(leg(joris));
    await expect(go(joris, 'listen')).rejects.toMatchObject({ code: 'no-line' });
    expect(await stretches()).toEqual([]);
    expect(await listeners()).toEqual([]);
  });

  it('does not listen to his own call, nor while he has one', async () => {
    await expect(go(daan, 'listen')).rejects.toMatchObject({ code: 'line-busy' });
    const own = await floor.ringAndAnswer(joris);
    await expect(go(joris, 'listen')).rejects.toMatchObject({ code: 'line-busy' });
    await floor.hangUp(own.legId);
    await floor.db.asViewer(joris, (tx) => register(tx, own.id, joris, codes(), new Date()));
  });

  it('does not listen while a call is offered to him', async () => {
    const other = await floor.ring();
    await floor.ready(joris);
    expect(await floor.offer(other.id, joris)).toBe(true);
    await expect(go(joris, 'listen')).rejects.toMatchObject({ code: 'line-busy' });
    await floor.hangUp(other.legId);
  });

  it('is offered no call while he listens, and is again afterwards', async () => {
    const other = await floor.ring();
    await floor.ready(joris);
    await go(joris, 'listen');
    expect(await floor.offer(other.id, joris)).toBe(false);
    const capacity = async () => (await floor.db.asSystem((tx) => agentsOnFloor(tx, [joris.personId])))[0]?.capacity;
    expect(await capacity()).toMatchObject({ call: 0, chat: 3 });
    await goes(joris);
    expect(await capacity()).toMatchObject({ call: 1 });
    expect(await floor.offer(other.id, joris)).toBe(true);
    await floor.hangUp(other.legId);
  });
});

describe('nothing is left', () => {
  const left = async () => ({
    stretches: (await stretches()).map(({ state, over_reason }) => [state, over_reason]),
    hears: heardBy(joris),
    desk: await floor.db.asViewer(joris, (tx) => supervised(tx, joris)),
  });
  const nothing = (reason: string) => ({ stretches: [['over', reason]], hears: ['silence'], desk: null });

  it('when the caller hangs up', async () => {
    await go(joris, 'listen');
    await floor.hangUp(call.legId);
    expect(await left()).toEqual(nothing('call-over'));
  });

  it('when the agent ends the call', async () => {
    await go(joris, 'all');
    await floor.db.asViewer(daan, (tx) => end(tx, call.id, daan, new Date()));
    await hangUpLine(floor.db, floor.engine, call.id);
    await floor.hangUp(call.legId);
    expect(await left()).toEqual(nothing('call-over'));
  });

  it('when the call goes to a queue: the caller hears music, not the supervisor', async () => {
    await go(joris, 'all');
    const card = await floor.db.asViewer(daan, (tx) =>
      requeue(tx, call.id, daan, floor.people.shop.queue.id, new Date()),
    );
    await floor.calls.happened({
      ...{ seq: 0, clientId: card.clientId, at: new Date(), type: 'conversation.requeued' },
      body: { card, previousAgentId: daan.personId },
    });
    await voiceChannel(floor.db, floor.engine).requeued?.(call.id);
    expect(heardBy(call.legId)).toEqual(['hold-music']);
    expect(await left()).toEqual(nothing('handed-over'));
  });

  it('when the supervisor’s line is lost, and the agent goes on undisturbed', async () => {
    await go(joris, 'whisper');
    floor.engine.drop(leg(joris));
    await floor.calls.heard({ event: 'browser-disconnected', legId: leg(joris), at: new Date().toISOString() });
    expect(await left()).toEqual(nothing('line-lost'));
    expect(await listeners()).toEqual([]);
    expect(heardBy(daan)).toEqual([call.legId]);
  });

  it('after a restart in which his line went', async () => {
    await go(joris, 'listen');
    floor.engine.drop(leg(joris));
    await floor.calls.reconcile([
      {
        ...{ legId: call.legId, kind: 'sip', direction: 'in', state: 'up', from: '', to: '', bridgeId: null },
        ...{ muted: false, startedAt: new Date().toISOString(), answeredAt: null },
      },
    ]);
    expect(await left()).toEqual(nothing('line-lost'));
    expect(heardBy(daan)).toEqual([call.legId]);
  });
});

describe('taking over', () => {
  it('makes the supervisor the agent, with the hand-over on record, and the former agent free', async () => {
    await go(joris, 'listen');
    await go(eva, 'listen');
    const card = await floor.db.asViewer(joris, (tx) => takeOverCall(tx, floor.engine, call.id, joris, new Date()));
    expect(card).toMatchObject({ state: 'handling', agentId: joris.personId });
    expect(heardBy(call.legId)).toEqual([leg(joris)]);
    expect(heardBy(daan)).toEqual(['silence']);
    expect(heardBy(eva)).toEqual([call.legId, leg(joris)].toSorted());
    const { state, agent } = await floor.db.asSystem(async (tx) => ({
      state: await tx.selectFrom('agent').select('state').where('person_id', '=', daan.personId).executeTakeFirst(),
      agent: await tx
        .selectFrom('hand_over')
        .select(['agent_id', 'to_agent_id', 'by_id'])
        .where('conversation_id', '=', call.id)
        .executeTakeFirst(),
    }));
    expect(state).toEqual({ state: 'ready' });
    expect(agent).toEqual({ agent_id: daan.personId, to_agent_id: joris.personId, by_id: joris.personId });
  });

  it('needs room for a call: with hands full it stays where it is', async () => {
    await floor.db.asSystem((tx) =>
      tx.updateTable('agent').set({ call_capacity: 0 }).where('person_id', '=', joris.personId).execute(),
    );
    await expect(
      floor.db.asViewer(joris, (tx) => takeOverCall(tx, floor.engine, call.id, joris, new Date())),
    ).rejects.toMatchObject({ code: 'no-room' });
    expect(await floor.cardOf(call.id)).toMatchObject({ agentId: daan.personId });
    await floor.db.asSystem((tx) =>
      tx.updateTable('agent').set({ call_capacity: 1 }).where('person_id', '=', joris.personId).execute(),
    );
  });
});

describe('without the works council', () => {
  beforeEach(() => decide(''));
  afterEach(() => decide('OR 2026-14'));

  it('nobody listens in uninvited', async () => {
    await expect(go(joris, 'listen')).rejects.toMatchObject({ code: 'listening-off' });
    await expect(go(joris, 'all')).rejects.toMatchObject({ code: 'listening-off' });
  });

  it('whoever is asked for help may', async () => {
    await floor.db.asViewer(daan, (tx) => askHelp(tx, call.id, daan, 'boze klant', new Date()));
    await go(joris, 'whisper');
    expect(await listeners()).toEqual(['supervisor Joris Bakker whisper']);
  });
});

describe('a request for help', () => {
  const ask = (word = '') => floor.db.asViewer(daan, (tx) => askHelp(tx, call.id, daan, word, new Date()));
  const seen = (viewer: Viewer) => floor.db.asViewer(viewer, (tx) => helpFor(tx, viewer));

  it('is seen by supervisors of the client and by nobody else', async () => {
    await ask('hoe zit dit met de garantie?');
    expect(await seen(joris)).toMatchObject([{ agentName: 'Daan Mulder', word: 'hoe zit dit met de garantie?' }]);
    expect(await seen(daan)).toHaveLength(1);
    expect(await seen(floor.people.sanne)).toEqual([]);
    expect(await seen({ ...joris, clientIds: [floor.people.energy.id] })).toEqual([]);
  });

  it('is taken by the first, and the second hears by whom', async () => {
    await ask();
    const take = (viewer: Viewer) => floor.db.asViewer(viewer, (tx) => takeHelp(tx, call.id, viewer, new Date()));
    const taken = await Promise.allSettled([take(joris), take(eva)]);
    expect(taken.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(taken.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'help-taken' } });
    expect((await seen(daan))[0]?.takenBy).not.toBeNull();
  });

  it('asked again is the same one, and is gone when it is withdrawn or the call ends', async () => {
    const [first, again] = [await ask('een'), await ask('twee')];
    expect(again).toMatchObject({ id: first.id, word: 'twee' });
    await floor.db.asViewer(daan, (tx) => withdrawHelp(tx, call.id, daan, new Date()));
    expect(await seen(joris)).toEqual([]);
    await ask();
    await floor.hangUp(call.legId);
    expect(await seen(joris)).toEqual([]);
  });

  it('is only for who has the contact in hand', async () => {
    await expect(floor.db.asViewer(joris, (tx) => askHelp(tx, call.id, joris, '', new Date()))).rejects.toMatchObject({
      code: 'not-your-conversation',
    });
  });
});

const codes = () => {
  const { reasons, outcomes } = floor.people.shop.queue;
  return {
    ...{ reasonId: reasons['question'] ?? '', outcomeId: outcomes['solved'] ?? '' },
    ...{ summary: '', followUp: '', followUpAt: null },
  };
};
