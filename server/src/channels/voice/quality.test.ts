/** How well the legs of a call are received, as the engine tells it. */
import { mosOf, stepOf } from '@kernlijn/contract/line-quality';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFloor } from './line-floor.fixture.ts';
import type { Floor } from './line-floor.fixture.ts';
import { legOfAgent } from './legs.ts';

let floor: Floor;
let call: Awaited<ReturnType<Floor['ring']>>;
let agentLeg: string;
const totals = new Map<string, { received: number; lost: number }>();

beforeAll(async () => {
  floor = await openFloor();
  const { daan } = floor.people;
  await floor.connect(daan);
  call = await floor.ringAndAnswer(daan);
  agentLeg = legOfAgent(daan.personId);
});
afterAll(() => floor.close());

const sample = async (legId: string, received: number, lost: number, jitterMs = 3, roundTripMs: number | null = 20) => {
  const total = totals.get(legId) ?? { received: 0, lost: 0 };
  totals.set(legId, { received: total.received + received, lost: total.lost + lost });
  const { received: packetsReceived, lost: packetsLost } = totals.get(legId) ?? total;
  await floor.calls.heard({
    event: 'quality',
    legId,
    quality: { packetsReceived, packetsLost, jitterMs, roundTripMs, mos: 4.4 },
    at: new Date().toISOString(),
  });
  await floor.calls.due(new Date());
};
const lines = async () => {
  const { call: status, version } = await floor.cardOf(call.id);
  return { customer: status?.customerLine, agent: status?.agentLine, version };
};

describe('the step', () => {
  it('is good on a quiet line, fair when words are lost now and then, bad when sentences are', () => {
    const step = (share: number, jitterMs: number, roundTripMs: number) =>
      stepOf(mosOf({ received: 1_000 * (1 - share), lost: 1_000 * share, jitterMs, roundTripMs }));
    expect(step(0, 2, 30)).toBe('good');
    expect(step(0.005, 10, 100)).toBe('good');
    expect(step(0.05, 10, 100)).toBe('fair');
    expect(step(0.15, 20, 100)).toBe('bad');
    expect(step(0, 60, 300)).toBe('fair');
    expect(step(0, 200, 600)).toBe('bad');
  });
});

describe('a call', () => {
  it('is told of a line that became bad at the second sample in a row, and once', async () => {
    await sample(call.legId, 250, 0);
    await sample(call.legId, 250, 0);
    await sample(call.legId, 250, 0);
    expect(await lines()).toMatchObject({ customer: 'good', agent: null });
    await sample(call.legId, 200, 50);
    const before = await lines();
    expect(before.customer).toBe('good');
    await sample(call.legId, 200, 50);
    const after = await lines();
    expect(after.customer).toBe('bad');
    await sample(call.legId, 200, 50);
    expect((await lines()).version).toBe(after.version);
  });

  it('counts only what came during the call, for each side apart', async () => {
    // The line of an agent is there since the morning.
    totals.set(agentLeg, { received: 90_000, lost: 4_000 });
    await sample(agentLeg, 250, 0);
    await sample(agentLeg, 240, 10);
    await sample(agentLeg, 250, 0);
    const kept = await floor.db.asSystem((tx) =>
      tx
        .selectFrom('call_quality')
        .select(['party', 'samples', 'fair', 'bad', 'packets_received', 'packets_lost'])
        .where('conversation_id', '=', call.id)
        .orderBy('party')
        .execute(),
    );
    expect(kept).toEqual([
      { party: 'agent', samples: 2, fair: 1, bad: 0, packets_received: 490, packets_lost: 10 },
      { party: 'customer', samples: 5, fair: 0, bad: 3, packets_received: 1_100, packets_lost: 150 },
    ]);
  });

  it('knows nothing of a leg in no call, or of a line that sends nothing', async () => {
    await sample('agent-of-nobody', 250, 0);
    await sample('agent-of-nobody', 250, 0);
    const before = await lines();
    await sample(call.legId, 0, 0);
    await sample(call.legId, 0, 0);
    expect(await lines()).toEqual(before);
  });
});
