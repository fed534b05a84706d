/** Waiting with announcements, going elsewhere, and callbacks that keep the place. Times are brought forward in the rows. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WaitingRules } from '@kernlijn/contract/waiting';
import { addOpeningHours } from '../../../conversations/index.ts';
import { TestLine, up } from './line.fixture.ts';

let line: TestLine;
let noon: string;
const johanna = '+3197010000101';
const quiet: WaitingRules = {
  firstAfterSeconds: 600,
  everySeconds: 600,
  position: true,
  expectedWait: true,
  callback: null,
  voicemail: false,
  overflow: null,
};

const setRules = (rules: WaitingRules | null) =>
  line.db.asSystem((tx) =>
    tx
      .updateTable('queue')
      .set({ waiting: rules === null ? null : JSON.stringify(rules) })
      .where('id', '=', line.people.shop.queue.id)
      .execute(),
  );
const setHours = (openingHoursId: string | null) =>
  line.db.asSystem((tx) =>
    tx
      .updateTable('queue')
      .set({ opening_hours_id: openingHoursId })
      .where('id', '=', line.people.shop.queue.id)
      .execute(),
  );
/** Nobody is called by night, whatever the clock of the one who runs these tests says. */
function whereItIsNoon(now: Date): string {
  const ahead = 12 - now.getUTCHours();
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}
/** Everybody who waits has waited so much longer. */
const later = (seconds: number) =>
  line.db.asSystem((tx) =>
    tx
      .updateTable('conversation')
      .set({ queued_at: sql`queued_at - make_interval(secs => ${seconds})` })
      .where('state', '=', 'waiting')
      .execute(),
  );

beforeAll(async () => {
  line = await TestLine.open();
  noon = await line.db.asSystem((tx) =>
    addOpeningHours(tx, line.people.shop.id, {
      name: 'Altijd',
      timezone: whereItIsNoon(new Date()),
      periods: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: '00:00', to: '24:00' })),
    }),
  );
  await line.db.asSystem((tx) => tx.updateTable('agent').set({ state: 'ready' }).execute());
});
afterAll(() => line.close());
beforeEach(async () => {
  line.told.length = 0;
  line.refuses.clear();
  await setHours(noon);
});

/** Rings, waits, and is gone in the end. */
async function waiting(rules: WaitingRules, from = johanna) {
  await setRules(rules);
  const legId = await line.ring(from);
  const card = await line.conversationOf(legId);
  if (card === undefined) throw new Error('no conversation');
  return { legId, id: card.id };
}

describe('a caller who waits', () => {
  it('is told his place at its time, and hears music after it', async () => {
    const first = await waiting(quiet, '');
    const { legId } = await waiting({ ...quiet, firstAfterSeconds: 5 });
    await expect
      .poll(() => line.hears(legId), { timeout: 15_000 })
      .toEqual(['position-nl', 'number-2-nl', 'hold-music']);
    await Promise.all([line.over(legId), line.over(first.legId)]);
  });

  it('goes to a number outside after a time, keeps his place while that rings, and waits on when nobody answers', async () => {
    const rules = { ...quiet, overflow: { afterSeconds: 10, whenNobody: false, number: '+3197019999999' } };
    const { legId, id } = await waiting(rules);
    expect(line.last('dial')).toBeUndefined();
    await later(60);
    await line.restart([up(legId)]);
    const dial = line.last('dial');
    expect(dial).toMatchObject({ to: '+3197019999999', from: line.people.shop.phone.address });
    expect((await line.card(id)).state).toBe('waiting');
    await line.over(dial?.legId ?? '', 'no-answer');
    expect(line.hears(legId)).toEqual(['hold-music']);
    expect((await line.card(id)).state).toBe('waiting');
    line.told.length = 0;
    await line.calls.heard({ event: 'played', legId, at: new Date().toISOString() });
    expect(line.last('dial')).toBeUndefined();
    await line.over(legId);
    expect((await line.card(id)).state).toBe('abandoned');
  });

  it('is put through when somebody does, unless an agent was quicker', async () => {
    const rules = { ...quiet, overflow: { afterSeconds: null, whenNobody: true, number: '+3197019999999' } };
    await line.db.asSystem((tx) => tx.updateTable('agent').set({ state: 'offline' }).execute());
    const put = await waiting(rules);
    await line.answered(line.last('dial')?.legId ?? '');
    expect(await line.card(put.id)).toMatchObject({ state: 'forwarded', call: { parties: [{ kind: 'outside' }] } });
    await line.over(put.legId);
    const other = await waiting(rules);
    const dial = line.last('dial');
    await line.taken(other.id);
    expect(line.last('hangup')).toEqual({ command: 'hangup', legId: dial?.legId });
    expect((await line.card(other.id)).state).toBe('handling');
    await line.over(other.legId);
    await done(other.id);
  });
});

/** Registered by hand, so that the agent is free for the next. */
async function done(id: string): Promise<void> {
  await line.db.asSystem(async (tx) => {
    await tx
      .updateTable('assignment')
      .set({ state: 'ended', ended_at: new Date() })
      .where('conversation_id', '=', id)
      .execute();
    await tx
      .updateTable('conversation')
      .set({ state: 'closed', registered_at: new Date() })
      .where('id', '=', id)
      .execute();
    await tx.updateTable('agent').set({ state: 'ready' }).execute();
  });
}

describe('a callback that keeps the place', () => {
  const rules = { ...quiet, callback: { attempts: 2, retryMinutes: 5 } };
  const asked = async (from = johanna) => {
    const place = await waiting(rules, from);
    await line.press(place.legId, '11');
    expect(line.hears(place.legId)).toEqual(['callback-promised-nl']);
    await line.played(place.legId);
    expect(line.last('hangup')).toEqual({ command: 'hangup', legId: place.legId });
    const { queuedAt } = await line.card(place.id);
    await line.over(place.legId, 'hangup', 'server');
    return { ...place, queuedAt };
  };

  it('is asked for with the number spelt out, or another that is typed', async () => {
    const { legId, id } = await waiting(rules);
    await line.press(legId, '1');
    expect(line.hears(legId)).toEqual([
      'callback-number-nl',
      ...Array.from('097010000101', (digit) => `digit-${digit}-nl`),
      'callback-confirm-nl',
    ]);
    await line.press(legId, '2');
    expect(line.hears(legId)).toEqual(['callback-type-nl']);
    await line.press(legId, '0900123#');
    expect(line.hears(legId)).toEqual(['number-wrong-nl', 'callback-type-nl']);
    await line.press(legId, '097010000202#');
    expect(line.hears(legId)).toContain('digit-2-nl');
    await line.press(legId, '1');
    expect((await line.card(id)).call?.callback).toMatchObject({ state: 'waiting', number: '+3197010000202' });
    await line.over(legId);
    expect(await line.card(id)).toMatchObject({ state: 'waiting', call: { live: false } });
    await line.db.asSystem((tx) =>
      tx.updateTable('conversation').set({ state: 'abandoned' }).where('id', '=', id).execute(),
    );
    await line.restart([]);
  });

  it('waits on at its place, is dialled when an agent takes it, and they talk', async () => {
    const { id, queuedAt } = await asked();
    expect(await line.card(id)).toMatchObject({ state: 'waiting', queuedAt, call: { live: false } });
    await line.taken(id);
    const dial = line.last('dial');
    expect(dial).toMatchObject({ to: johanna, from: line.people.shop.phone.address });
    expect(await line.card(id)).toMatchObject({
      state: 'handling',
      call: { live: true, phase: 'dialling', callback: { state: 'dialling', attempts: 1 } },
    });
    await line.answered(dial?.legId ?? '');
    expect(line.last('bridge')?.legIds).toContain(dial?.legId);
    expect((await line.card(id)).call?.callback?.state).toBe('kept');
    await line.over(dial?.legId ?? '');
    expect((await line.card(id)).state).toBe('wrap-up');
    await done(id);
  });

  it('not reached rests and comes back to its place; after the last try it is left to be registered', async () => {
    const { id, queuedAt } = await asked();
    await line.taken(id);
    await line.over(line.last('dial')?.legId ?? '', 'no-answer');
    const rests = await line.card(id);
    expect(rests).toMatchObject({
      state: 'parked',
      agentId: null,
      call: { callback: { state: 'resting', attempts: 1 } },
    });
    expect(Date.parse(rests.call?.callback?.nextAt ?? '')).toBeGreaterThan(Date.now() + 200_000);
    // Five minutes later, after a restart.
    await line.db.asSystem((tx) =>
      tx.updateTable('call').set({ callback_next_at: new Date() }).where('conversation_id', '=', id).execute(),
    );
    await line.restart([]);
    await expect.poll(async () => (await line.card(id)).state).toBe('waiting');
    expect((await line.card(id)).queuedAt).toBe(queuedAt);
    await line.taken(id);
    await line.over(line.last('dial')?.legId ?? '', 'no-answer');
    expect(await line.card(id)).toMatchObject({
      state: 'wrap-up',
      call: { callback: { state: 'not-reached', attempts: 2 } },
    });
    await done(id);
  });

  it('is the place of the customer who calls meanwhile', async () => {
    const { id, queuedAt } = await asked();
    const again = await line.ring();
    expect(line.hears(again)).toEqual(['place-kept-nl', 'hold-music']);
    expect(await line.card(id)).toMatchObject({ state: 'waiting', queuedAt, call: { live: true, legId: again } });
    await line.taken(id);
    expect(line.last('dial')).toBeUndefined();
    expect((await line.card(id)).call?.callback?.state).toBe('kept');
    await line.over(again);
    await done(id);
    const { id: cancelled } = await asked();
    const calls = await line.ring();
    await line.over(calls);
    expect(await line.card(cancelled)).toMatchObject({
      state: 'abandoned',
      call: { callback: { state: 'cancelled' } },
    });
    // And the next call of his is a new one.
    const next = await line.ring();
    expect((await line.conversationOf(next))?.id).not.toBe(cancelled);
    await line.over(next);
  });

  it('never rings while the queue is closed: it rests until it opens', async () => {
    const { id } = await asked();
    const weekday = ((new Date().getDay() + 2) % 7) + 1;
    const hours = await line.db.asSystem((tx) =>
      addOpeningHours(tx, line.people.shop.id, { name: 'Straks', periods: [{ weekday, from: '10:00', to: '11:00' }] }),
    );
    await setHours(hours);
    await line.taken(id);
    expect(line.last('dial')).toBeUndefined();
    const rests = await line.card(id);
    expect(rests).toMatchObject({
      state: 'parked',
      agentId: null,
      call: { callback: { state: 'resting', attempts: 0 } },
    });
    expect(Date.parse(rests.call?.callback?.nextAt ?? '')).toBeGreaterThan(Date.now() + 3_600_000);
  });

  it('is not for a number that costs more, or is in another country', async () => {
    for (const number of ['09001234', '0044207946000', '112']) {
      const { legId } = await waiting(rules, '');
      await line.press(legId, `1${number}#`);
      expect(line.hears(legId)).toEqual(['number-wrong-nl', 'callback-type-nl']);
      await line.over(legId);
    }
  });
});
