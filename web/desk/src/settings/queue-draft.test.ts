import type { QueueSettings } from '@kernlijn/contract/routing';
import { describe, expect, it } from 'vitest';
import { bodyOf, changesOf, channelsOf, draftOf, faultsOf, newDemand, overwritten, phasesOf } from './queue-draft.ts';

const dutch = '01a2092a-1a0e-706b-a499-56ce4df9c3a0';
const english = '01a2092a-1a0e-706b-a499-56ce4df9c3a1';
const other = '01a2092a-1a0e-706b-a499-56ce4df9c3a2';
const queue: QueueSettings = {
  id: '01a2092a-1a0e-706b-a499-56ce4df9c3af',
  clientId: '01a2092a-1a0e-706b-a499-56ce4df9c3ae',
  name: { nl: 'Service', en: 'Service' },
  priority: 5,
  openingHoursId: null,
  demands: [{ skill: dutch, kind: 'required', level: 3, untilSeconds: null }],
  offerSeconds: 20,
  maxMissed: 2,
  answerWithin: { call: 20, chat: 60, email: 28_800, message: 28_800, voicemail: 28_800 },
  wrapUp: 'timed',
  wrapUpSeconds: 60,
  overflowQueueId: null,
  overflowAfterSeconds: null,
  greeting: null,
  closedMessage: null,
  music: 'hold-music',
  waiting: null,
  contactPoints: [],
};
const draft = (part: Partial<ReturnType<typeof draftOf>> = {}) => ({ ...draftOf(queue), ...part });

describe('a draft', () => {
  it('that is as it was changes nothing and has no faults', () => {
    expect(changesOf(queue, draft())).toEqual([]);
    expect(faultsOf(draft())).toEqual({});
  });

  it('sends what changed and nothing else', () => {
    const changed = draft({ priority: 2 });
    expect(bodyOf(changed, changesOf(queue, changed))).toEqual({ priority: 2 });
  });

  it('sends the queue and the time of an overflow together', () => {
    const changed = draft({ overflowQueueId: other, overflowAfterSeconds: 90 });
    expect(bodyOf(changed, changesOf(queue, changed))).toEqual({ overflowQueueId: other, overflowAfterSeconds: 90 });
    const stopped = { ...changed, overflowQueueId: null };
    expect(bodyOf(stopped, ['overflowQueueId'])).toEqual({ overflowQueueId: null, overflowAfterSeconds: null });
  });

  it('drops a wrap-up time that no longer applies', () => {
    const changed = draft({ wrapUp: 'required' });
    expect(bodyOf(changed, changesOf(queue, changed))).toEqual({ wrapUp: 'required', wrapUpSeconds: null });
  });

  it('counts another order of demands as a change', () => {
    const two: QueueSettings = {
      ...queue,
      demands: [...queue.demands, { skill: english, kind: 'preferred', level: 1, untilSeconds: 30 }],
    };
    expect(changesOf(two, { ...draftOf(two), demands: draftOf(two).demands.toReversed() })).toEqual(['demands']);
  });
});

describe('a fault', () => {
  it('stands at its field: out of range, half a number, or nothing at all', () => {
    expect(
      Object.keys(
        faultsOf(
          draft({
            priority: 10,
            offerSeconds: 4,
            maxMissed: 1.5,
            wrapUpSeconds: null,
            answerWithin: { ...queue.answerWithin, chat: null },
          }),
        ),
      ),
    ).toEqual(['priority', 'offerSeconds', 'maxMissed', 'wrapUpSeconds', 'answerWithin']);
  });

  it('is not found in a field that does not apply', () => {
    expect(faultsOf(draft({ wrapUp: 'required', wrapUpSeconds: null, overflowAfterSeconds: -4 }))).toEqual({});
    expect(faultsOf(draft({ overflowQueueId: other, overflowAfterSeconds: null }))).toMatchObject({
      overflowAfterSeconds: { is: 'overflowAfter' },
    });
  });

  it('stands at the demand that has it', () => {
    const [first] = draft().demands;
    const none = newDemand(null);
    const twice = newDemand(dutch);
    if (first === undefined) throw new Error('no demand');
    expect(faultsOf(draft({ demands: [first, none, twice] })).demands).toEqual({
      is: 'demands',
      byKey: { [none.key]: 'skill', [twice.key]: 'twice' },
    });
    // The same skill at another level for a while is what relaxation is.
    expect(faultsOf(draft({ demands: [first, { ...twice, untilSeconds: 30 }] }))).toEqual({});
  });
});

it('a queue has a norm for each channel that leads to it, and a closed chat takes messages', () => {
  const point = (channel: 'call' | 'chat') => ({ id: channel, channel, address: channel, name: channel });
  expect(channelsOf({ contactPoints: [point('chat'), point('call')] })).toEqual([
    'call',
    'chat',
    'message',
    'voicemail',
  ]);
  expect(channelsOf({ contactPoints: [] })).toEqual(['call', 'email', 'chat', 'message', 'voicemail']);
});

it('only a field that both changed is a conflict', () => {
  expect(overwritten(queue, { ...queue, priority: 1 }, ['offerSeconds'])).toEqual([]);
  expect(overwritten(queue, { ...queue, priority: 1, maxMissed: 4 }, ['priority', 'offerSeconds'])).toEqual([
    'priority',
  ]);
});

it('demands relax one after the other', () => {
  const demand = (untilSeconds: number | null) => ({ ...newDemand(dutch), untilSeconds });
  const [always, short, long] = [demand(null), demand(30), demand(90)];
  expect(phasesOf([always, short, long]).map(({ from, until, demands }) => [from, until, demands.length])).toEqual([
    [0, 30, 3],
    [30, 90, 2],
    [90, null, 1],
  ]);
  expect(phasesOf([])).toEqual([{ from: 0, until: null, demands: [] }]);
});
