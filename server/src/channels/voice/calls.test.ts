/** Calls to a door that is closed; the engine is the outside world. */
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LegSnapshot, VoiceCommand } from '@kernlijn/contract/voice';
import { cast } from '../../../../tests/cast.ts';
import type { Cast } from '../../../../tests/cast.ts';
import { testDatabase } from '../../../../tests/support/database.ts';
import type { TestDatabase } from '../../../../tests/support/database.ts';
import { addOpeningHours, screenPop } from '../../conversations/index.ts';
import { Files } from '../../platform/files.ts';
import { openDb } from '../../platform/db.ts';
import type { Db } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import { Calls } from './calls.ts';

let database: TestDatabase;
let db: Db;
let people: Cast;
let calls: Calls;
const told: Pick<VoiceCommand, 'command'>[] = [];
const hints: string[] = [];
const johanna = '+3197010000101';

beforeAll(async () => {
  database = await testDatabase();
  const log = openLog('test', 'silent');
  db = openDb({ url: database.ownerUrl, log });
  people = await cast(db);
  await db.asSystem(async (tx) => {
    const never = await addOpeningHours(tx, people.shop.id, { name: 'Nooit', periods: [] });
    await tx
      .updateTable('queue')
      .set({ opening_hours_id: never, closed_message: 'closed' })
      .where('id', '=', people.shop.queue.id)
      .execute();
  });
  calls = new Calls({
    db,
    log,
    engine: {
      tell: async (command) => void told.push(command),
      connectBrowser: async () => '',
      recording: () => Promise.reject(new Error('none')),
      forgetRecording: async () => undefined,
      on: () => undefined,
      off: () => undefined,
      network: async () => ({ trunks: [], phones: [] }),
      close: () => undefined,
    },
    hint: (id) => hints.push(id),
    files: new Files(tmpdir()),
  });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});
beforeEach(() => {
  told.length = 0;
  hints.length = 0;
});

const ring = async (to = people.shop.phone.address, from = johanna) => {
  const legId = newId();
  await calls.heard({
    event: 'incoming',
    legId,
    from,
    to,
    displayName: '',
    sipCallId: 'x',
    at: new Date().toISOString(),
  });
  return legId;
};
const over = (legId: string) =>
  calls.heard({
    event: 'ended',
    legId,
    reason: 'hangup',
    by: 'server',
    quality: null,
    at: new Date().toISOString(),
  });
const conversationOf = (legId: string) =>
  db.asSystem((tx) =>
    tx
      .selectFrom('call as t')
      .innerJoin('conversation as c', 'c.id', 't.conversation_id')
      .select(['c.id', 'c.state', 'c.customer_id', 'c.agent_id', 'c.registered_at', 't.live'])
      .where('t.leg_id', '=', legId)
      .executeTakeFirst(),
  );
const leg = (legId: string, state: LegSnapshot['state']): LegSnapshot => ({
  legId,
  kind: 'sip',
  direction: 'in',
  state,
  from: johanna,
  to: people.shop.phone.address,
  bridgeId: null,
  muted: false,
  startedAt: new Date().toISOString(),
  answeredAt: null,
});

describe('a call while the queue is closed', () => {
  it('hears so, and is kept with who it was, without asking anything of anyone', async () => {
    const legId = await ring();
    expect(told.map(({ command }) => command)).toEqual(['answer', 'play']);
    expect(hints).toEqual([]);
    const [customerId] = people.shop.customerIds;
    const kept = await conversationOf(legId);
    expect(kept).toMatchObject({ state: 'turned-away', customer_id: customerId, agent_id: null, live: true });
    await calls.heard({ event: 'played', legId, at: new Date().toISOString() });
    expect(told.at(-1)?.command).toBe('hangup');
    await over(legId);
    expect(await conversationOf(legId)).toMatchObject({ state: 'turned-away', registered_at: null, live: false });
    const pop = await db.asViewer(people.joris, (tx) =>
      screenPop(tx, {
        clientId: people.shop.id,
        channel: 'call',
        customerId: customerId ?? null,
        customerAddress: johanna,
        customerName: '',
        language: 'nl',
      }),
    );
    expect(pop).toMatchObject({
      kind: 'known',
      dossier: { timeline: [{ conversationId: kept?.id, state: 'turned-away' }], openConversations: 0 },
    });
  });

  it('is not greeted with music after a restart: one that rings hears it, one that was hearing it is let go', async () => {
    const rings = await ring();
    const hears = await ring();
    told.length = 0;
    await calls.reconcile([leg(rings, 'ringing'), leg(hears, 'up')]);
    expect(told.map(({ command }) => command)).toEqual(['answer', 'play', 'hangup']);
    await Promise.all([over(rings), over(hears)]);
  });

  it('without a message is refused, and kept all the same', async () => {
    await db.asSystem((tx) =>
      tx.updateTable('queue').set({ closed_message: null }).where('id', '=', people.shop.queue.id).execute(),
    );
    const legId = await ring(people.shop.phone.address, '');
    expect(told).toEqual([{ command: 'reject', legId, status: 480 }]);
    expect(await conversationOf(legId)).toMatchObject({ state: 'turned-away', customer_id: null });
  });
});

it('a call to a number that is nobody’s is refused and leaves nothing', async () => {
  const legId = await ring('+3197010999999');
  expect(told).toEqual([{ command: 'reject', legId, status: 404 }]);
  expect(await conversationOf(legId)).toBeUndefined();
});

it('a call while the queue is open waits in it', async () => {
  const legId = await ring(people.energy.phone.address);
  const kept = await conversationOf(legId);
  expect(kept?.state).toBe('waiting');
  expect(hints).toEqual([kept?.id]);
});
