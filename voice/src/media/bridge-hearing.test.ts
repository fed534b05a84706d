import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bridge } from './bridge.ts';
import { until } from './phone.fixture.ts';
import type { Phone } from './phone.fixture.ts';
import { Stage, steps } from './stage.fixture.ts';

type Member = { name: number };

describe('who hears whom', () => {
  const members: Member[] = Array.from({ length: 9 }, (_, name) => ({ name }));
  const some = fc.subarray(members, { maxLength: 6 });
  const listeners = fc.array(fc.tuple(fc.constantFrom(...members), some), { maxLength: 4 });

  test('is what the naive matrix says: a party is heard by all, a listener by whom it names', () => {
    fc.assert(
      fc.property(some, listeners, some, (parties, listening, gone) => {
        const bridge = new Bridge<Member>('x');
        const named = new Map(listening.map(([one, heardBy]) => [one, new Set(heardBy)]));
        bridge.arrange(parties, named);
        for (const member of gone) bridge.leave(member);
        const isIn = (one: Member) => !gone.includes(one) && (parties.includes(one) || named.has(one));
        for (const one of members) {
          const expected = members.filter((other) => {
            if (one === other || !isIn(one) || !isIn(other)) return false;
            return parties.includes(other) || named.get(other)?.has(one) === true;
          });
          const { sources } = bridge.hearingOf(one);
          expect(new Set(sources)).toEqual(new Set(expected));
          for (const other of members) {
            const hearing = bridge.hearingOf(other);
            expect(hearing.hearers.includes(one)).toBe(sources.includes(other));
            expect(hearing.direct.includes(one)).toBe(sources.length === 1 && sources[0] === other);
          }
        }
      }),
    );
  });
});

describe('a supervisor in a call of two', () => {
  const hears = (phone: Phone, ...tones: number[]) =>
    [600, 1100, 1700].every((tone) => (tones.includes(tone) ? phone.hears(tone) > 0.3 : phone.hears(tone) < 0.05));

  test('listens, whispers to one, barges in and goes back, and nobody misses a packet', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const caller = (await stage.caller('caller', 'G722')).phone;
    const agent = (await stage.caller('agent')).phone;
    const supervisor = (await stage.caller('supervisor')).phone;
    caller.speak(600);
    agent.speak(1100);
    supervisor.speak(1700);
    const two = ['caller', 'agent'];
    const untilHeard = (what: string, heard: [Phone, ...number[]][]) =>
      until(() => heard.every(([phone, ...tones]) => hears(phone, ...tones)), what);

    media.bridge('x', two, [{ legId: 'supervisor', heardBy: [] }]);
    await untilHeard('listening', [
      [caller, 1100],
      [agent, 600],
      [supervisor, 600, 1100],
    ]);
    media.bridge('x', two, [{ legId: 'supervisor', heardBy: ['agent'] }]);
    await untilHeard('a whisper', [
      [caller, 1100],
      [agent, 600, 1700],
      [supervisor, 600, 1100],
    ]);
    media.bridge('x', [...two, 'supervisor']);
    await untilHeard('barging', [
      [caller, 1100, 1700],
      [agent, 600, 1700],
      [supervisor, 600, 1100],
    ]);
    media.mute('agent', true);
    await untilHeard('a muted agent', [
      [caller, 1700],
      [agent, 600, 1700],
      [supervisor, 600],
    ]);
    media.mute('agent', false);
    media.bridge('x', two, [{ legId: 'supervisor', heardBy: [] }]);
    await untilHeard('listening again', [
      [caller, 1100],
      [agent, 600],
      [supervisor, 600, 1100],
    ]);
    media.bridge('x', two);
    await untilHeard('the two alone', [
      [caller, 1100],
      [agent, 600],
    ]);
    await supervisor.untilSilence();
    expect(media.bridgeOf('supervisor')).toBeNull();
    for (const phone of [caller, agent, supervisor])
      expect(steps(phone.heard).every((step) => step.sequence === 1 && step.timestamp > 0)).toBe(true);
  });

  test('who only listens changes nothing of what the two are sent', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const caller = (await stage.caller('caller')).phone;
    const agent = (await stage.caller('agent')).phone;
    await stage.caller('supervisor');
    caller.speak(600);
    agent.speak(1100);
    media.bridge('x', ['caller', 'agent']);
    await agent.untilHears(600);
    const marked = () => agent.heard.filter((packet) => packet.marker).length;
    const before = marked();
    media.bridge('x', ['caller', 'agent'], [{ legId: 'supervisor', heardBy: [] }]);
    const heard = agent.heard.length;
    await until(() => agent.heard.length > heard + 20, 'twenty packets more');
    expect(marked()).toBe(before);
  });
});
