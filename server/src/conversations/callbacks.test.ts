/** What was promised is kept by who promised it, or else by whoever is there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cast } from '../../../tests/cast.ts';
import type { Cast } from '../../../tests/cast.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { openLog } from '../platform/log.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { callbackCalled, dropCallback, readCallbacks } from './callbacks.ts';
import { card } from './changes.ts';
import { end, register } from './endings.ts';
import { receive } from './intake.ts';
import { accept, chooseState, offerAll } from './offers.ts';

let db: Db;
let drop: () => Promise<void>;
let people: Cast;
beforeAll(async () => {
  const database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'silent') });
  people = await cast(db);
  drop = async () => {
    await db.close();
    await database.drop();
  };
});
afterAll(async () => await drop());

const noon = new Date('2026-03-18T11:00:00Z');
const after = (minutes: number): Date => new Date(noon.getTime() + minutes * 60_000);

/** Sanne ends a call of this number, and promises. @returns the conversation */
async function promised(dueAt: Date | null, from = '+31612345678', by = people.sanne): Promise<string> {
  const { shop } = people;
  await db.asViewer(by, (tx) => chooseState(tx, by, { state: 'ready', pauseReason: null }, noon));
  const id = await db.asSystem((tx) =>
    receive(
      tx,
      {
        ...{ clientId: shop.id, channel: 'call', queueId: shop.queue.id, contactPointId: null, customerId: null },
        ...{ customerAddress: from, customerName: 'Anna', subject: '', language: 'nl' },
      },
      noon,
    ),
  );
  const offer = { assignmentId: newId(), conversationId: id, version: 1, agentId: by.personId, kind: 'call' as const };
  await db.asSystem((tx) => offerAll(tx, [{ ...offer, slot: 1, expiresAt: after(1) }], noon));
  await db.asViewer(by, (tx) => accept(tx, id, by, noon));
  await db.asViewer(by, (tx) => end(tx, id, by, noon));
  await db.asViewer(by, (tx) =>
    register(
      tx,
      id,
      by,
      {
        reasonId: shop.queue.reasons['question'] ?? '',
        outcomeId: shop.queue.outcomes['solved'] ?? '',
        summary: '',
        followUp: 'zoekt het uit',
        followUpAt: dueAt?.toISOString() ?? null,
        callBack: true,
      },
      noon,
    ),
  );
  return id;
}
const seen = async (viewer: Viewer, at: Date) => await db.asReader(viewer, (tx) => readCallbacks(tx, viewer, at));
const code = async (work: Promise<unknown>) =>
  await work.then(
    () => undefined,
    (error: unknown) => (error instanceof Refusal ? error.code : error),
  );

describe('a promise to call back', () => {
  it('stands on the day with who made it, and with others once it is late or he is not there', async () => {
    const id = await promised(after(60));
    expect(await seen(people.sanne, noon)).toMatchObject([
      { conversationId: id, number: '+31612345678', mine: true, note: 'zoekt het uit', customerName: 'Anna' },
    ]);
    expect(await seen(people.sanne, after(-24 * 60))).toEqual([]);
    expect(await seen(people.daan, after(62))).toEqual([]);
    expect(await seen(people.daan, after(65))).toMatchObject([{ mine: false, agentName: 'Sanne Visser' }]);
    await db.asViewer(people.sanne, (tx) =>
      chooseState(tx, people.sanne, { state: 'offline', pauseReason: null }, noon),
    );
    expect(await seen(people.daan, after(60))).toHaveLength(1);
    expect(await seen(people.femke, after(90))).toEqual([]);
  });

  it('is kept by one call, and dropped once', async () => {
    const [open] = await seen(people.sanne, noon);
    const [first] = [open?.id ?? ''];
    const made = await db.asSystem((tx) => card(tx, open?.conversationId ?? ''));
    const keeps = (viewer: Viewer) =>
      code(db.asViewer(viewer, (tx) => callbackCalled(tx, viewer, first, made, after(61))));
    expect([await keeps(people.daan), await keeps(people.sanne)]).toEqual([undefined, 'conflict']);
    expect(await seen(people.sanne, after(61))).toEqual([]);
    await promised(after(60));
    const [second] = await seen(people.sanne, noon);
    const dropped = (viewer: Viewer) =>
      code(db.asViewer(viewer, (tx) => dropCallback(tx, viewer, second?.id ?? '', noon)));
    expect(await dropped(people.femke)).toBe('not-found');
    expect([await dropped(people.sanne), await dropped(people.sanne)]).toEqual([undefined, 'not-found']);
  });

  it('needs a time and a number', async () => {
    expect(await code(promised(null))).toBe('registration-incomplete');
    expect(await code(promised(after(60), '', people.daan))).toBe('registration-incomplete');
  });
});
