/** Calls from a client's site, on a real database; the engine is the outside world. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addContactPoint, addOpeningHours, end } from '../../conversations/index.ts';
import { startChat } from '../chat/chats.ts';
import { newId } from '../../platform/ids.ts';
import { openFloor } from './line-floor.fixture.ts';
import type { Floor } from './line-floor.fixture.ts';
import { hangUpLine } from './line.ts';
import { legOfAgent } from './legs.ts';
import * as web from './web-calls.ts';

let floor: Floor;
const now = () => new Date();

beforeAll(async () => {
  floor = await openFloor();
  const { shop } = floor.people;
  await floor.db.asSystem((tx) =>
    addContactPoint(tx, shop.id, {
      channel: 'call',
      address: 'web:shop-site',
      name: 'Belknop',
      queueId: shop.queue.id,
    }),
  );
});
afterAll(() => floor.close());
beforeEach(async () => {
  await floor.db.asSystem((tx) => tx.updateTable('queue').set({ opening_hours_id: null }).execute());
});

type Form = Parameters<typeof web.startWebCall>[2];
const form = (given: Partial<Form> = {}): Form => ({
  ...{ name: 'Johanna', number: '', email: '', question: 'Waar blijft mijn lamp?', page: 'https://shop.example/lamp' },
  ...{ language: 'nl', key: crypto.randomUUID(), chatToken: null },
  ...given,
});
const start = (given: Partial<Form> = {}) =>
  floor.db.asSystem((tx) => web.startWebCall(tx, 'shop-site', form(given), now()));
const legOf = (token: string) => floor.db.asSystem((tx) => web.webCallLeg(tx, token));
const standing = (token: string) => floor.db.asSystem((tx) => web.webCallState(tx, token));
const heard = async (legId: string) => {
  floor.engine.legs.add(legId);
  await floor.calls.heard({ event: 'browser-connected', legId, at: now().toISOString() });
};
const lost = async (legId: string) => {
  floor.engine.drop(legId);
  await floor.calls.heard({ event: 'browser-disconnected', legId, at: now().toISOString() });
};
const later = (seconds: number) => floor.calls.due(new Date(Date.now() + seconds * 1_000));
const conversationOf = async (legId: string) => {
  const row = await floor.db.asSystem((tx) =>
    tx.selectFrom('call').select('conversation_id').where('leg_id', '=', legId).executeTakeFirst(),
  );
  return row === undefined ? undefined : await floor.cardOf(row.conversation_id);
};
const call = async (given: Partial<Form> = {}) => {
  const token = await start(given);
  const legId = await legOf(token);
  await heard(legId);
  const card = await conversationOf(legId);
  if (card === undefined) throw new Error('it did not arrive');
  return { token, legId, id: card.id, card };
};

describe('a visitor who calls', () => {
  it('waits in the same queue as by telephone from when his browser is heard, and hears music', async () => {
    const token = await start();
    expect(await standing(token)).toMatchObject({ state: 'connecting' });
    const legId = await legOf(token);
    expect(await conversationOf(legId)).toBeUndefined();
    await heard(legId);
    const card = await conversationOf(legId);
    expect(card).toMatchObject({
      ...{ channel: 'call', state: 'waiting', queueId: floor.people.shop.queue.id, customerName: 'Johanna' },
      call: {
        live: true,
        web: { page: 'https://shop.example/lamp', question: 'Waar blijft mijn lamp?', chatId: null, here: true },
      },
    });
    expect(floor.hints).toContain(card?.id);
    expect(floor.engine.heardBy(legId)).toEqual(['hold-music']);
    expect(await standing(token)).toMatchObject({ state: 'waiting', ahead: 0 });
    const second = await call();
    expect(await standing(second.token)).toMatchObject({ state: 'waiting', ahead: 1 });
  });

  it.each([
    ['his number', { number: '+31 97 010000101', email: '' }],
    ['the address he gave', { number: '', email: 'Johanna@Example.org' }],
  ])('is known by %s', async (_, given) => {
    const { card } = await call(given);
    expect(card.customerId).toBe(floor.people.shop.customerIds[0]);
  });

  it('talks with an agent, is put on hold, and hears from us when it is over', async () => {
    const { daan } = floor.people;
    const { token, legId, id } = await call();
    await floor.connect(daan);
    await floor.ready(daan);
    expect(await floor.offer(id, daan)).toBe(true);
    await floor.answer(id, daan);
    expect(floor.engine.heardBy(legId)).toEqual([legOfAgent(daan.personId)]);
    expect(await standing(token)).toEqual({ state: 'talking', agentName: 'Daan Mulder', ahead: null });
    await lost(legId);
    expect((await floor.cardOf(id)).call?.web?.here).toBe(false);
    await heard(legId);
    expect((await floor.cardOf(id)).call?.web?.here).toBe(true);
    expect(floor.engine.heardBy(legId)).toEqual([legOfAgent(daan.personId)]);
    await floor.db.asViewer(daan, (tx) => end(tx, id, daan, now()));
    await hangUpLine(floor.db, floor.engine, id);
    await lost(legId);
    expect((await floor.cardOf(id)).call?.live).toBe(false);
    expect(await standing(token)).toMatchObject({ state: 'ended' });
    await expect(legOf(token)).rejects.toMatchObject({ code: 'call-ended' });
  });

  it('keeps his place when his connection changes, and is gone when he does not come back in time', async () => {
    const { token, legId, id, card } = await call();
    await lost(legId);
    await later(5);
    expect(await floor.cardOf(id)).toMatchObject({ state: 'waiting' });
    await heard(legId);
    await later(60);
    expect(await floor.cardOf(id)).toMatchObject({ state: 'waiting', queuedAt: card.queuedAt });
    await lost(legId);
    await later(60);
    expect(await floor.cardOf(id)).toMatchObject({ state: 'abandoned', call: { live: false } });
    expect(await standing(token)).toMatchObject({ state: 'ended' });
  });

  it('who hangs up is gone at once, before and after he was heard', async () => {
    const { token, legId, id } = await call();
    const leg = await floor.db.asSystem((tx) => web.hangUpWebCall(tx, token, now()));
    expect(leg).toBe(legId);
    await lost(legId);
    expect(await floor.cardOf(id)).toMatchObject({ state: 'abandoned' });
    const early = await start();
    const earlyLeg = await legOf(early);
    await floor.db.asSystem((tx) => web.hangUpWebCall(tx, early, now()));
    await heard(earlyLeg);
    expect(await conversationOf(earlyLeg)).toBeUndefined();
    expect(floor.engine.legs.has(earlyLeg)).toBe(false);
  });

  it('who hung up while nobody listened to the engine is taken out all the same', async () => {
    const { token, legId, id } = await call();
    await floor.db.asSystem((tx) => web.hangUpWebCall(tx, token, now()));
    floor.engine.drop(legId);
    await later(0);
    expect(await floor.cardOf(id)).toMatchObject({ state: 'abandoned' });
  });

  it('keeps his place when the engine starts anew, and is received when nobody listened as he came', async () => {
    const { legId, id } = await call();
    floor.engine.drop(legId);
    await floor.calls.reconcile([]);
    expect(await floor.cardOf(id)).toMatchObject({ state: 'waiting', call: { web: { here: false } } });
    const token = await start();
    const unheard = await legOf(token);
    floor.engine.legs.add(unheard);
    await floor.calls.reconcile([
      {
        ...{ legId: unheard, kind: 'browser', direction: 'out', state: 'up', from: '', to: '', bridgeId: null },
        ...{ muted: false, startedAt: now().toISOString(), answeredAt: null },
      },
    ]);
    expect(await conversationOf(unheard)).toMatchObject({ state: 'waiting' });
  });

  it('who chats at the same time is shown with that chat', async () => {
    const chat = await floor.db.asSystem((tx) =>
      startChat(
        tx,
        'shop-site',
        { ...{ name: 'Jan', email: '', text: 'hallo', page: '', language: 'nl' }, key: crypto.randomUUID() },
        now(),
      ),
    );
    const { card } = await call({ chatToken: chat.token });
    expect(card.call?.web?.chatId).toBe(chat.conversationId);
    const stranger = await call({ chatToken: 'not-a-token-of-anybody-at-all' });
    expect(stranger.card.call?.web?.chatId).toBeNull();
  });
});

describe('the door', () => {
  it('is closed outside opening hours, and says when it opens', async () => {
    await floor.db.asSystem(async (tx) => {
      const hours = await addOpeningHours(tx, floor.people.shop.id, { name: `Nooit ${newId()}`, periods: [] });
      await tx
        .updateTable('queue')
        .set({ opening_hours_id: hours })
        .where('id', '=', floor.people.shop.queue.id)
        .execute();
    });
    expect(await floor.db.asSystem((tx) => web.webCallOpen(tx, 'shop-site', now()))).toEqual({
      open: false,
      opensAt: null,
    });
    await expect(start()).rejects.toMatchObject({ code: 'web-call-closed' });
  });

  it('is not there for an entrance without a call button', async () => {
    await expect(floor.db.asSystem((tx) => web.webCallOpen(tx, 'energy-site', now()))).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('knows nobody by a token that is not his', async () => {
    await expect(standing('nobody-has-this-token-at-all')).rejects.toMatchObject({ code: 'visitor-unknown' });
  });

  it('makes of the same press twice one call, with the newest token', async () => {
    const key = crypto.randomUUID();
    const [first, second] = [await start({ key }), await start({ key })];
    await expect(legOf(first)).rejects.toMatchObject({ code: 'visitor-unknown' });
    await heard(await legOf(second));
    await expect(start({ key })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('lets no more in at once than a client can have callers', async () => {
    const begun = await Promise.allSettled(Array.from({ length: 80 }, () => start()));
    const refused = begun.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(10);
    expect(refused[0]).toMatchObject({ reason: { code: 'too-many-requests' } });
  });
});
