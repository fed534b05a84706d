import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cast } from '../../../tests/cast.ts';
import type { Cast } from '../../../tests/cast.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import type { TestDatabase } from '../../../tests/support/database.ts';
import { agentStatuses } from '../agents/index.ts';
import { openDb } from '../platform/db.ts';
import type { Db, Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { openLog } from '../platform/log.ts';
import type { Viewer } from '../platform/viewer.ts';
import { park, register, registerByDefault, resume, skipRegistration } from './endings.ts';
import { assign, requeue, sendHome } from './handing-over.ts';
import {
  accept,
  addCustomerMessage,
  chooseState,
  customerLeft,
  decline,
  end,
  miss,
  offerAll,
  readCards,
  receive,
} from './index.ts';
import type { Offer } from './index.ts';
import { closeDesks } from './jobs.ts';
import { readConversation, readWork, saveDraft } from './reading.ts';
import { reply } from './replies.ts';
import { markSeen } from './seen.ts';

let database: TestDatabase;
let db: Db;
let people: Cast;

beforeAll(async () => {
  database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'silent') });
  people = await cast(db);
  for (const agent of [people.sanne, people.daan, people.femke])
    await as(agent, (tx) => chooseState(tx, agent, { state: 'ready', pauseReason: null }, new Date()));
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const as = <T>(viewer: Viewer, work: (tx: Tx) => Promise<T>): Promise<T> => db.asViewer(viewer, work);
const system = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.asSystem(work);
const later = (seconds: number): Date => new Date(Date.now() + seconds * 1_000);

const from = (clientId: string, queueId: string) => ({
  clientId,
  queueId,
  contactPointId: null,
  customerId: null,
  customerAddress: 'nieuw@example.org',
  customerName: 'Nieuw',
  subject: 'Vraag',
  language: 'nl',
});

async function arrives(channel: 'call' | 'email' | 'chat' = 'email'): Promise<string> {
  const { id, queue } = people.shop;
  return await system((tx) => receive(tx, { ...from(id, queue.id), channel }, new Date()));
}

async function offerTo(
  agent: Viewer,
  conversationId: string,
  slot = 1,
  kind: Offer['kind'] = 'written',
  at = new Date(),
): Promise<boolean> {
  return await system(async (tx) => {
    const [card] = await readCards(tx, [conversationId]);
    const offers = [
      {
        assignmentId: newId(),
        conversationId,
        version: card?.version ?? 0,
        agentId: agent.personId,
        kind,
        slot,
        expiresAt: new Date(at.getTime() + 20_000),
      },
    ];
    return (await offerAll(tx, offers, at)).length === 1;
  });
}

async function inHandsOf(agent: Viewer, channel: 'call' | 'email' | 'chat' = 'email'): Promise<string> {
  const id = await arrives(channel);
  expect(await offerTo(agent, id, 1, channel === 'email' ? 'written' : channel)).toBe(true);
  await as(agent, (tx) => accept(tx, id, agent, new Date()));
  return id;
}

const stateOf = async (id: string) => (await system((tx) => readCards(tx, [id])))[0]?.state;
const agentState = async (agent: Viewer) => (await system((tx) => agentStatuses(tx, [agent.personId])))[0];

function codes() {
  const { reasons, outcomes } = people.shop.queue;
  return {
    reasonId: reasons['question'] ?? '',
    outcomeId: outcomes['solved'] ?? '',
    summary: 'klaar',
    followUp: '',
    followUpAt: null,
  };
}

async function registered(agent: Viewer, id: string): Promise<void> {
  await as(agent, (tx) => register(tx, id, agent, codes(), new Date()));
}

const email = {
  email: { reply: async () => 'pending' as const, externalId: ({ key }: { key: string }) => `<${key}@example.org>` },
};

describe('a conversation', () => {
  it('goes from its queue through an agent to its registration, and the agent with it', async () => {
    const id = await inHandsOf(people.daan);
    expect(await agentState(people.daan)).toMatchObject({ state: 'busy' });
    await as(people.daan, (tx) => end(tx, id, people.daan, new Date()));
    expect(await stateOf(id)).toBe('wrap-up');
    expect(await agentState(people.daan)).toMatchObject({ state: 'wrap-up' });
    await registered(people.daan, id);
    expect(await stateOf(id)).toBe('closed');
    expect(await agentState(people.daan)).toMatchObject({ state: 'ready' });
  });

  it('that is declined goes back to the front: its place is the time it came in', async () => {
    const id = await arrives();
    const [before] = await system((tx) => readCards(tx, [id]));
    await offerTo(people.daan, id);
    await as(people.daan, (tx) => decline(tx, id, people.daan, new Date()));
    const [after] = await system((tx) => readCards(tx, [id]));
    expect(after).toMatchObject({ state: 'waiting', agentId: null, queuedAt: before?.queuedAt });
  });

  it('is missed only after its time, and the misses pause the agent', async () => {
    const first = await arrives();
    await offerTo(people.daan, first);
    expect(await system((tx) => miss(tx, first, people.daan.personId, later(1)))).toBeNull();
    await system((tx) => miss(tx, first, people.daan.personId, later(30)));
    await offerTo(people.daan, first, 1, 'written', later(31));
    await system((tx) => miss(tx, first, people.daan.personId, later(60)));
    expect(await agentState(people.daan)).toMatchObject({ state: 'paused', pauseReason: 'missed' });
    await as(people.daan, (tx) => chooseState(tx, people.daan, { state: 'ready', pauseReason: null }, new Date()));
  });

  it('that rings together with others and is missed with them counts as one miss', async () => {
    const [mail, chat] = [await arrives(), await arrives('chat')];
    await offerTo(people.daan, mail, 1, 'written', later(100));
    await offerTo(people.daan, chat, 1, 'chat', later(101));
    await system((tx) => miss(tx, mail, people.daan.personId, later(121)));
    await system((tx) => miss(tx, chat, people.daan.personId, later(122)));
    expect(await agentState(people.daan)).toMatchObject({ state: 'ready' });
    await offerTo(people.daan, mail, 1, 'written', later(123));
    await system((tx) => miss(tx, mail, people.daan.personId, later(144)));
    expect(await agentState(people.daan)).toMatchObject({ state: 'paused', pauseReason: 'missed' });
    await as(people.daan, (tx) => chooseState(tx, people.daan, { state: 'ready', pauseReason: null }, new Date()));
  });

  it('cannot be accepted after the offer was missed', async () => {
    const id = await arrives();
    await offerTo(people.sanne, id);
    await system((tx) => miss(tx, id, people.sanne.personId, later(30)));
    await expect(as(people.sanne, (tx) => accept(tx, id, people.sanne, new Date()))).rejects.toMatchObject({
      code: 'offer-gone',
    });
  });

  it('is never decided before it was offered, also when who decides looked at the clock first', async () => {
    const id = await arrives();
    const looked = new Date();
    await offerTo(people.sanne, id, 1, 'written', later(5));
    await as(people.sanne, (tx) => accept(tx, id, people.sanne, looked));
    await as(people.sanne, (tx) => end(tx, id, people.sanne, looked));
    await registered(people.sanne, id);
    const spans = await system((tx) =>
      tx.selectFrom('assignment').selectAll().where('conversation_id', '=', id).execute(),
    );
    expect(spans).toHaveLength(1);
    for (const { offered_at, decided_at, ended_at } of spans)
      expect([offered_at, decided_at, ended_at]).toEqual([offered_at, offered_at, offered_at]);
  });

  it('is withdrawn from an agent who pauses', async () => {
    const id = await arrives();
    await offerTo(people.sanne, id);
    await as(people.sanne, (tx) =>
      chooseState(tx, people.sanne, { state: 'paused', pauseReason: 'lunch' }, new Date()),
    );
    expect(await stateOf(id)).toBe('waiting');
    expect(await offerTo(people.sanne, id)).toBe(false);
    await as(people.sanne, (tx) => chooseState(tx, people.sanne, { state: 'ready', pauseReason: null }, new Date()));
  });

  it('is offered once, however many offer it at the same time', async () => {
    const id = await arrives();
    const took = await Promise.all(
      [people.sanne, people.daan, people.sanne, people.daan].map((agent) => offerTo(agent, id)),
    );
    expect(took.filter(Boolean)).toHaveLength(1);
    const [card] = await system((tx) => readCards(tx, [id]));
    await system((tx) => miss(tx, id, card?.agentId ?? '', later(30)));
  });

  it('is not offered above the capacity of an agent', async () => {
    const call = await inHandsOf(people.daan, 'call');
    const second = await arrives('call');
    expect(await offerTo(people.daan, second, 1, 'call')).toBe(false);
    expect(await offerTo(people.daan, second, 2, 'call')).toBe(false);
    await system((tx) => customerLeft(tx, second, new Date()));
    await system((tx) => customerLeft(tx, call, new Date()));
    await registered(people.daan, call);
  });

  it('whose customer leaves while waiting is abandoned; while handled it waits for registration', async () => {
    const waiting = await arrives('call');
    await system((tx) => customerLeft(tx, waiting, new Date()));
    expect(await stateOf(waiting)).toBe('abandoned');
    const handled = await inHandsOf(people.daan, 'call');
    await system((tx) => customerLeft(tx, handled, new Date()));
    expect(await stateOf(handled)).toBe('wrap-up');
    await registered(people.daan, handled);
  });

  it('whose customer leaves after being handed over is registered by the agent who spoke with him last', async () => {
    const id = await inHandsOf(people.daan, 'call');
    await as(people.daan, (tx) => requeue(tx, id, people.daan, people.shop.queue.id, new Date()));
    expect(await offerTo(people.sanne, id, 1, 'call')).toBe(true);
    await system((tx) => customerLeft(tx, id, new Date()));
    expect((await system((tx) => readCards(tx, [id])))[0]).toMatchObject({
      state: 'wrap-up',
      agentId: people.daan.personId,
    });
    expect(await agentState(people.sanne)).toMatchObject({ state: 'ready' });
    await registered(people.daan, id);
    expect(await agentState(people.daan)).toMatchObject({ state: 'ready' });
  });

  it('cannot be registered while the call goes on, nor with codes of another queue', async () => {
    const id = await inHandsOf(people.daan, 'call');
    await expect(registered(people.daan, id)).rejects.toMatchObject({ code: 'conversation-moved-on' });
    await as(people.daan, (tx) => end(tx, id, people.daan, new Date()));
    const { reasons, outcomes } = people.energy.queue;
    const foreign = {
      reasonId: reasons['question'] ?? '',
      outcomeId: outcomes['solved'] ?? '',
      summary: '',
      followUp: '',
      followUpAt: null,
    };
    await expect(as(people.daan, (tx) => register(tx, id, people.daan, foreign, new Date()))).rejects.toMatchObject({
      code: 'reason-not-of-queue',
    });
    await expect(as(people.daan, (tx) => skipRegistration(tx, id, people.daan, new Date()))).rejects.toMatchObject({
      code: 'registration-incomplete',
    });
    await registered(people.daan, id);
  });

  it('in the hands of one agent is not for another', async () => {
    const id = await inHandsOf(people.daan);
    await expect(as(people.sanne, (tx) => end(tx, id, people.sanne, new Date()))).rejects.toMatchObject({
      code: 'not-your-conversation',
    });
    await registered(people.daan, id);
  });

  it('of another client does not exist', async () => {
    const id = await arrives();
    await expect(as(people.femke, (tx) => readConversation(tx, id, people.femke))).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(as(people.femke, (tx) => accept(tx, id, people.femke, new Date()))).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('handed to another queue waits there in its old place, and not for another client’s', async () => {
    const id = await inHandsOf(people.daan);
    await expect(
      as(people.daan, (tx) => requeue(tx, id, people.daan, people.energy.queue.id, new Date())),
    ).rejects.toMatchObject({ code: 'not-found' });
    await as(people.daan, (tx) => requeue(tx, id, people.daan, people.shop.queue.id, new Date()));
    expect(await stateOf(id)).toBe('waiting');
    expect(await agentState(people.daan)).toMatchObject({ state: 'ready' });
  });
});

describe('a contact that is handed over', () => {
  it('carries the part of the agent who had it: who, from where to where, why, and what the next one should know', async () => {
    const id = await inHandsOf(people.daan);
    const { queue } = people.shop;
    await as(people.daan, (tx) =>
      saveDraft(tx, id, people.daan, 'registration', { summary: 'Wil ruilen' }, new Date()),
    );
    const said = { note: ' Wil ruilen, bon is kwijt. ', reasonId: queue.reasons['question'] ?? null };
    await as(people.daan, (tx) => requeue(tx, id, people.daan, queue.id, new Date(), said));
    await offerTo(people.sanne, id);
    const atRing = await as(people.sanne, (tx) => readConversation(tx, id, people.sanne));
    expect(atRing.handOvers).toMatchObject([
      {
        byName: people.daan.name,
        agentName: null,
        fromQueue: { nl: 'Service' },
        toQueue: { nl: 'Service' },
        reason: { nl: 'Vraag' },
        note: 'Wil ruilen, bon is kwijt.',
        round: 1,
      },
    ]);
    await as(people.sanne, (tx) => accept(tx, id, people.sanne, new Date()));
    await registered(people.sanne, id);
    expect((await as(people.daan, (tx) => readConversation(tx, id, people.daan))).registrationDraft).toBeNull();
  });

  it('is handed over without a word, and with a code of another queue, all the same', async () => {
    const id = await inHandsOf(people.daan);
    const foreign = { note: '', reasonId: people.energy.queue.reasons['question'] ?? null };
    await as(people.daan, (tx) => requeue(tx, id, people.daan, people.shop.queue.id, new Date(), foreign));
    expect(await stateOf(id)).toBe('waiting');
    const { handOvers } = await as(people.daan, (tx) => readConversation(tx, id, people.daan));
    expect(handOvers).toMatchObject([{ byName: people.daan.name, reason: null, note: '' }]);
  });
});

describe('a supervisor', () => {
  it('gives what an agent left unregistered to another, who registers it', async () => {
    const id = await inHandsOf(people.daan, 'call');
    await system((tx) => customerLeft(tx, id, new Date()));
    await expect(as(people.sanne, (tx) => register(tx, id, people.sanne, codes(), new Date()))).rejects.toMatchObject({
      code: 'not-your-conversation',
    });
    await as(people.daan, (tx) =>
      saveDraft(tx, id, people.daan, 'registration', { summary: 'Wil ruilen' }, new Date()),
    );
    const seenByJoris = await as(people.joris, (tx) => readConversation(tx, id, people.joris));
    expect(seenByJoris.registrationDraft).toEqual({ summary: 'Wil ruilen' });
    await as(people.joris, (tx) => assign(tx, id, people.joris, people.sanne.personId, new Date(), 'Daan is ziek'));
    expect((await system((tx) => readCards(tx, [id])))[0]).toMatchObject({
      state: 'wrap-up',
      agentId: people.sanne.personId,
    });
    expect(await agentState(people.daan)).toMatchObject({ state: 'ready' });
    expect(await agentState(people.sanne)).toMatchObject({ state: 'wrap-up' });
    const { handOvers } = await as(people.sanne, (tx) => readConversation(tx, id, people.sanne));
    expect(handOvers).toMatchObject([
      {
        byName: people.joris.name,
        agentName: people.daan.name,
        toAgentName: people.sanne.name,
        note: 'Daan is ziek\nWil ruilen',
      },
    ]);
    await registered(people.sanne, id);
    expect(await agentState(people.sanne)).toMatchObject({ state: 'ready' });
  });

  it('registers in the place of an agent who is gone', async () => {
    const id = await inHandsOf(people.daan, 'call');
    await system((tx) => customerLeft(tx, id, new Date()));
    await registered(people.joris, id);
    expect(await stateOf(id)).toBe('closed');
    expect(await agentState(people.daan)).toMatchObject({ state: 'ready' });
  });

  it('gives a chat to an agent who has room, and puts nobody through to one who was not asked', async () => {
    const chat = await inHandsOf(people.daan, 'chat');
    const call = await inHandsOf(people.daan, 'call');
    const give = (id: string, to: Viewer) =>
      as(people.joris, (tx) => assign(tx, id, people.joris, to.personId, new Date()));
    await expect(give(call, people.sanne)).rejects.toMatchObject({ code: 'conversation-moved-on' });
    await expect(give(chat, people.femke)).rejects.toMatchObject({ code: 'state-not-allowed' });
    await give(chat, people.sanne);
    expect((await system((tx) => readCards(tx, [chat])))[0]).toMatchObject({
      state: 'handling',
      agentId: people.sanne.personId,
    });
    expect(await agentState(people.sanne)).toMatchObject({ state: 'busy' });
    const mail = await inHandsOf(people.daan);
    const full = await inHandsOf(people.sanne);
    await expect(give(mail, people.sanne)).rejects.toMatchObject({ code: 'no-room' });
    await registered(people.daan, mail);
    await registered(people.sanne, full);
    await system((tx) => customerLeft(tx, chat, new Date()));
    await registered(people.sanne, chat);
    await system((tx) => customerLeft(tx, call, new Date()));
    await registered(people.daan, call);
  });

  it('sends an agent home: contacts return to their queues, what is over waits, and he is offered nothing more', async () => {
    const mail = await inHandsOf(people.daan);
    const ended = await inHandsOf(people.daan, 'call');
    await system((tx) => customerLeft(tx, ended, new Date()));
    const offered = await arrives('chat');
    await offerTo(people.daan, offered, 1, 'chat');
    await as(people.joris, (tx) => sendHome(tx, people.joris, people.daan.personId, new Date()));
    expect(await Promise.all([mail, ended, offered].map(stateOf))).toEqual(['waiting', 'wrap-up', 'waiting']);
    expect(await agentState(people.daan)).toMatchObject({ state: 'offline' });
    await registered(people.joris, ended);
    expect(await agentState(people.daan)).toMatchObject({ state: 'offline' });
    await as(people.daan, (tx) => chooseState(tx, people.daan, { state: 'ready', pauseReason: null }, new Date()));
    expect(await agentState(people.daan)).toMatchObject({ state: 'ready' });
  });

  it('who does not see an agent’s other client still leaves him at his work there', async () => {
    const onlyShop = { ...people.joris, clientIds: [people.shop.id] };
    const chat = await inHandsOf(people.sanne, 'chat');
    const elsewhere = await system((tx) =>
      receive(tx, { ...from(people.energy.id, people.energy.queue.id), channel: 'chat' }, new Date()),
    );
    expect(await offerTo(people.sanne, elsewhere, 2, 'chat')).toBe(true);
    await as(people.sanne, (tx) => accept(tx, elsewhere, people.sanne, new Date()));
    await as(onlyShop, (tx) => requeue(tx, chat, onlyShop, people.shop.queue.id, new Date()));
    expect(await agentState(people.sanne)).toMatchObject({ state: 'busy' });
    await as(people.sanne, (tx) => requeue(tx, elsewhere, people.sanne, people.energy.queue.id, new Date()));
    expect(await agentState(people.sanne)).toMatchObject({ state: 'ready' });
  });
});

describe('an agent whose desk is gone', () => {
  const seenAt = (agent: Viewer, at: Date | null) =>
    system((tx) => tx.updateTable('agent').set({ last_seen_at: at }).where('person_id', '=', agent.personId).execute());
  const close = () => closeDesks({ db, log: openLog('test', 'silent') }, new Date());
  const minutesAgo = (minutes: number) => later(-60 * minutes);

  it('is offline after two minutes, and what rang there goes on to others at once', async () => {
    const id = await arrives('chat');
    await offerTo(people.daan, id, 1, 'chat');
    await seenAt(people.daan, minutesAgo(1));
    await close();
    expect(await stateOf(id)).toBe('offered');
    await seenAt(people.daan, minutesAgo(3));
    await close();
    expect(await stateOf(id)).toBe('waiting');
    expect(await agentState(people.daan)).toMatchObject({ state: 'offline' });
    await as(people.daan, (tx) => chooseState(tx, people.daan, { state: 'ready', pauseReason: null }, new Date()));
  });

  it('keeps what is in hand, for when he is back, and is offered nothing more', async () => {
    const id = await inHandsOf(people.daan);
    await seenAt(people.daan, minutesAgo(3));
    await close();
    expect(await agentState(people.daan)).toMatchObject({ state: 'busy', nextState: 'offline' });
    expect(await stateOf(id)).toBe('handling');
    await as(people.daan, (tx) => chooseState(tx, people.daan, { state: 'ready', pauseReason: null }, new Date()));
    await seenAt(people.daan, null);
    await registered(people.daan, id);
    expect(await agentState(people.daan)).toMatchObject({ state: 'ready' });
  });

  it('who never had one, as behind another system’s desk, is left alone', async () => {
    await seenAt(people.daan, null);
    await close();
    expect(await agentState(people.daan)).toMatchObject({ state: 'ready' });
  });
});

describe('wrap-up that runs out of time', () => {
  it('keeps what the agent had typed by then', async () => {
    const id = await inHandsOf(people.daan);
    const { queue } = people.shop;
    await as(people.daan, (tx) => end(tx, id, people.daan, new Date()));
    const draft = { outcomeId: queue.outcomes['passed-on'], summary: 'Belt morgen terug', followUp: 'Nakijken' };
    await as(people.daan, (tx) => saveDraft(tx, id, people.daan, 'registration', draft, new Date()));
    await system(async (tx) => {
      await tx
        .updateTable('queue')
        .set({ default_reason_id: queue.reasons['question'], default_outcome_id: queue.outcomes['solved'] })
        .where('id', '=', queue.id)
        .execute();
      await tx.updateTable('conversation').set({ wrap_up_until: new Date() }).where('id', '=', id).execute();
    });
    await system((tx) => registerByDefault(tx, id, later(1)));
    const { registration } = await as(people.daan, (tx) => readConversation(tx, id, people.daan));
    expect(registration).toMatchObject({
      reasonId: queue.reasons['question'],
      outcomeId: queue.outcomes['passed-on'],
      summary: 'Belt morgen terug',
      followUp: 'Nakijken',
      byDefault: true,
    });
  });
});

describe('what a person has read', () => {
  const says = (id: string, externalId: string) =>
    system((tx) => addCustomerMessage(tx, id, { text: 'Hallo', html: null, externalId }, new Date()));
  const mark = (id: string, position: number) =>
    as(people.daan, (tx) => markSeen(tx, id, people.daan.personId, position));
  const seen = async () => (await as(people.daan, (tx) => readWork(tx, people.daan))).seen;

  it('is kept, only moves forward, never past the last message, and is forgotten with the registration', async () => {
    const id = await inHandsOf(people.daan);
    const first = await says(id, '<s1@example.org>');
    const second = await says(id, '<s2@example.org>');
    expect(await mark(id, 2)).toMatchObject({ position: 2, at: second.at });
    expect(await mark(id, 1)).toBeNull();
    expect(await mark(id, 99)).toBeNull();
    expect(await seen()).toEqual([{ conversationId: id, position: 2, at: second.at }]);
    expect(first.position).toBe(1);
    await registered(people.daan, id);
    expect(await seen()).toEqual([]);
  });

  it('is each person’s own', async () => {
    const id = await inHandsOf(people.daan);
    await says(id, '<s3@example.org>');
    await as(people.sanne, (tx) => markSeen(tx, id, people.sanne.personId, 1));
    expect(await seen()).toEqual([]);
    await registered(people.daan, id);
  });
});

describe('a written thread', () => {
  const written = (externalId: string) => ({ text: 'Nog een vraag', html: null, externalId });

  it('that is parked frees the agent, and comes back with the customer’s answer, first to that agent', async () => {
    const id = await inHandsOf(people.daan);
    await as(people.daan, (tx) => park(tx, id, people.daan, new Date()));
    expect(await agentState(people.daan)).toMatchObject({ state: 'ready' });
    await system((tx) => addCustomerMessage(tx, id, written('<a@example.org>'), new Date()));
    const row = await system((tx) =>
      tx
        .selectFrom('conversation')
        .select(['state', 'preferred_agent_id', 'round'])
        .where('id', '=', id)
        .executeTakeFirst(),
    );
    expect(row).toEqual({ state: 'waiting', preferred_agent_id: people.daan.personId, round: 1 });
  });

  it('that is parked can be taken in hand again while there is room', async () => {
    const id = await inHandsOf(people.daan);
    await as(people.daan, (tx) => park(tx, id, people.daan, new Date()));
    const other = await inHandsOf(people.daan);
    await expect(as(people.daan, (tx) => resume(tx, id, people.daan, new Date()))).rejects.toMatchObject({
      code: 'no-room',
    });
    await registered(people.daan, other);
    await as(people.daan, (tx) => resume(tx, id, people.daan, new Date()));
    expect(await stateOf(id)).toBe('handling');
    await registered(people.daan, id);
  });

  it('answered after it was closed comes back as the next round and is registered again', async () => {
    const id = await inHandsOf(people.daan);
    await registered(people.daan, id);
    await system((tx) => addCustomerMessage(tx, id, written('<b@example.org>'), new Date()));
    expect((await system((tx) => readCards(tx, [id])))[0]).toMatchObject({
      state: 'waiting',
      round: 2,
      answeredAt: null,
    });
    await offerTo(people.daan, id);
    await as(people.daan, (tx) => accept(tx, id, people.daan, new Date()));
    await registered(people.daan, id);
    const { n } = await system((tx) =>
      tx
        .selectFrom('registration')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .where('conversation_id', '=', id)
        .executeTakeFirstOrThrow(),
    );
    expect(n).toBe(2);
  });

  it('answered while the agent is about to register stays with that agent', async () => {
    const id = await inHandsOf(people.daan);
    await as(people.daan, (tx) => end(tx, id, people.daan, new Date()));
    await system((tx) => addCustomerMessage(tx, id, written('<c@example.org>'), new Date()));
    expect(await stateOf(id)).toBe('handling');
    await registered(people.daan, id);
  });

  it('keeps the same message once, however often it is delivered', async () => {
    const id = await arrives();
    const both = await Promise.all(
      [1, 2].map(() => system((tx) => addCustomerMessage(tx, id, written('<d@example.org>'), new Date()))),
    );
    expect(both[0]?.id).toBe(both[1]?.id);
    expect((await as(people.daan, (tx) => readConversation(tx, id, people.daan))).messages).toHaveLength(1);
  });

  it('is answered once by the same key, and the draft is gone with it', async () => {
    const id = await inHandsOf(people.daan);
    await as(people.daan, (tx) => saveDraft(tx, id, people.daan, 'reply', { text: 'Beste' }, new Date()));
    const key = newId();
    const send = () =>
      as(people.daan, (tx) => reply(tx, email, id, people.daan, { key, text: 'Beste klant', fileIds: [] }, new Date()));
    const [first, second] = await Promise.all([send(), send()]);
    expect(first.id).toBe(second.id);
    const detail = await as(people.daan, (tx) => readConversation(tx, id, people.daan));
    expect(detail.messages.map((message) => message.text)).toEqual(['Beste klant']);
    expect(detail.replyDraft).toBeNull();
    await registered(people.daan, id);
  });

  it('cannot carry a file of another client in an answer', async () => {
    const foreign = newId();
    await system((tx) =>
      tx
        .insertInto('file')
        .values({
          id: foreign,
          client_id: people.energy.id,
          sha256: 'a'.repeat(64),
          size: 1,
          media_type: 'text/plain',
          name: 'x',
        })
        .execute(),
    );
    const id = await inHandsOf(people.sanne);
    const send = as(people.sanne, (tx) =>
      reply(tx, email, id, people.sanne, { key: newId(), text: 'Zie bijlage', fileIds: [foreign] }, new Date()),
    );
    await expect(send).rejects.toMatchObject({ code: 'not-found' });
    await registered(people.sanne, id);
  });
});
