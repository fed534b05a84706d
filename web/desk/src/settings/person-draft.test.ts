import type { Staff } from '@kernlijn/contract/people';
import type { QueueSettings } from '@kernlijn/contract/routing';
import { describe, expect, it } from 'vitest';
import { agentChange, draftOf, faultless, faultsOf, memberChange, reachOf } from './person-draft.ts';

const [dutch, english, shop, energy] = ['dutch', 'english', 'shop', 'energy'];
const sanne: Staff = {
  id: 'sanne',
  name: 'Sanne Visser',
  email: 'sanne@example.org',
  role: 'agent',
  active: true,
  clientIds: [shop, energy],
  elsewhere: false,
  agent: { state: 'ready', capacity: { call: 1, chat: 3, written: 1 }, skills: [{ skillId: dutch, level: 5 }] },
};
const before = draftOf(sanne);

describe('a draft of somebody', () => {
  it('that is as it was changes nothing', () => {
    expect([agentChange(before, before), memberChange(before, before)]).toEqual([null, null]);
    expect(memberChange(before, { ...before, clientIds: [shop, energy] })).toBeNull();
  });

  it('sends what changed and nothing else', () => {
    expect(agentChange(before, { ...before, capacity: { ...before.capacity, chat: 5 } })).toEqual({
      capacity: { chat: 5 },
    });
    expect(agentChange(before, { ...before, levels: { [english]: 2 } })).toEqual({
      skills: [
        { skillId: dutch, level: null },
        { skillId: english, level: 2 },
      ],
    });
    expect(memberChange(before, { ...before, role: 'coach' })).toEqual({ role: 'coach' });
  });

  it('has its faults where they stand', () => {
    expect(faultless(faultsOf(before))).toBe(true);
    expect(faultsOf({ ...before, name: ' ', clientIds: [], capacity: { call: 2, chat: null, written: 10 } })).toEqual({
      name: true,
      clients: true,
      capacity: { call: true, chat: true },
    });
  });
});

it('says from which queues work may come, from when on, and what is missing', () => {
  const queue = (id: string, clientId: string, ...demands: QueueSettings['demands']): QueueSettings => ({
    id,
    clientId,
    name: { nl: id, en: id },
    priority: 5,
    openingHoursId: null,
    demands,
    offerSeconds: 20,
    maxMissed: 2,
    answerWithin: { call: 20, chat: 60, email: 28_800, message: 28_800, voicemail: 28_800 },
    wrapUp: 'required',
    wrapUpSeconds: null,
    overflowQueueId: null,
    overflowAfterSeconds: null,
    greeting: null,
    closedMessage: null,
    music: 'hold-music',
    waiting: null,
    contactPoints: [],
  });
  const required = (skill: string, level: number, untilSeconds: number | null = null) => ({
    skill,
    kind: 'required' as const,
    level,
    untilSeconds,
  });
  const reach = reachOf(before, [
    queue('anyone', shop, { ...required(english, 5), kind: 'preferred' }),
    queue('later', shop, required(dutch, 3), required(english, 2, 60), required(english, 1, 90)),
    queue('never', energy, required(english, 2)),
    queue('others', 'bank'),
  ]);
  expect(reach.map((each) => [each.queue.id, each.after, each.missing])).toEqual([
    ['anyone', 0, null],
    ['later', 90, { skill: english, level: 2 }],
    ['never', null, { skill: english, level: 2 }],
  ]);
});
