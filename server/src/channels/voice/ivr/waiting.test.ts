import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WaitingRules } from '@kernlijn/contract/waiting';
import { largestSpoken, placeSpoken, spellDigits } from './spoken.ts';
import { newWaiting, waitOn } from './waiting.ts';
import type { WaitingEvent, WaitingWorld } from './waiting.ts';

const rules: WaitingRules = {
  firstAfterSeconds: 20,
  everySeconds: 60,
  position: true,
  expectedWait: true,
  callback: { attempts: 3, retryMinutes: 10 },
  voicemail: true,
  overflow: null,
};
const world: WaitingWorld = {
  waited: 30,
  position: 3,
  minutes: 4,
  anybody: true,
  ownNumber: '+31970100001',
  music: 'music',
  callable: (digits) => (digits.length > 5 ? `+31${digits}` : null),
};
const said = (part: Partial<WaitingRules>, here: Partial<WaitingWorld>) =>
  waitOn({ ...rules, ...part }, newWaiting('nl'), { is: 'time' }, { ...world, ...here }).actions;

describe('what is said while one waits', () => {
  it('is the place and the wait, and what one may choose; then music goes on', () => {
    expect(said({}, {})).toEqual([
      {
        do: 'play',
        prompts: [
          ...['position-nl', 'number-3-nl', 'wait-nl', 'number-4-nl', 'minutes-nl'],
          ...['offer-callback-nl', 'offer-voicemail-nl', 'music'],
        ],
        loop: true,
      },
      { do: 'wait', seconds: 60 },
    ]);
  });
  it('is only that everybody is busy when the wait cannot be trusted and the place is not told', () => {
    expect(said({ position: false, callback: null, voicemail: false }, { minutes: null })[0]).toEqual({
      do: 'play',
      prompts: ['all-busy-nl', 'music'],
      loop: true,
    });
  });
  it('is nothing before its time', () => {
    expect(said({}, { waited: 5 })).toEqual([{ do: 'wait', seconds: 15 }]);
  });
  it('never delays going elsewhere', () => {
    const overflow = { afterSeconds: 45, whenNobody: false, number: '+31970100009' };
    expect(said({ overflow }, { waited: 30 }).at(-1)).toEqual({ do: 'wait', seconds: 15 });
    expect(said({ overflow }, { waited: 45 })).toEqual([
      { do: 'exit', exit: { to: 'outside', number: '+31970100009' } },
    ]);
    const whenNobody = { afterSeconds: null, whenNobody: true, number: null };
    expect(said({ overflow: whenNobody }, { anybody: false, waited: 0 })).toEqual([
      { do: 'exit', exit: { to: 'voicemail' } },
    ]);
  });
});

describe('numbers in words', () => {
  const prompts = join(import.meta.dirname, '../../../../../voice/prompts');
  it('are all there, in both languages', () => {
    for (const language of ['nl', 'en'] as const) {
      const all = [
        ...Array.from({ length: largestSpoken + 2 }, (_, n) =>
          placeSpoken(language, { position: n, minutes: n }),
        ).flat(),
        ...spellDigits(language, '0123456789'),
      ];
      for (const prompt of all) expect(existsSync(join(prompts, `${prompt}.wav`)), prompt).toBe(true);
    }
  });
  it('fit into one playback, and leave out what there is no word for', () => {
    expect(spellDigits('nl', '+3197010000101')).toHaveLength(12);
    expect(spellDigits('nl', '+442079460000').join()).toContain('digit-0-nl,digit-0-nl,digit-4-nl');
    expect(placeSpoken('nl', { position: 31, minutes: null })).toEqual([]);
    expect(placeSpoken('en', { position: null, minutes: 45 })).toEqual(['wait-long-en']);
  });
});

const events = fc.array(
  fc.oneof(
    fc.constantFrom('1', '2', '0', '5', '*', '#').map((key): WaitingEvent => ({ is: 'key', key })),
    fc.constantFrom<WaitingEvent>({ is: 'played' }, { is: 'time' }),
  ),
  { maxLength: 60 },
);
it('whatever is pressed, he hears something, and there is a time at which it goes on', () => {
  fc.assert(
    fc.property(
      events,
      fc.record({
        callback: fc.constantFrom(rules.callback, null),
        voicemail: fc.boolean(),
        overflow: fc.constantFrom(null, { afterSeconds: 100, whenNobody: false, number: null }),
      }),
      fc.constantFrom('', '+31970100001'),
      (happened, part, ownNumber) => {
        let state = newWaiting('en');
        let hears = 'music';
        let exits = 0;
        for (const [n, event] of [{ is: 'begin' } as const, ...happened].entries()) {
          const here = { ...world, ownNumber, waited: n * 3 };
          const walked = waitOn({ ...rules, ...part }, state, event, here);
          if (event.is === 'played') hears = 'silence for a key';
          for (const action of walked.actions) {
            if (action.do === 'play') hears = action.loop ? 'music' : 'a question';
            if (action.do === 'play') expect(action.prompts.length).toBeLessThanOrEqual(20);
            if (action.do === 'exit') exits += 1;
          }
          if (walked.state.at.is === 'music')
            expect(hears === 'silence for a key' && event.is !== 'played').toBe(false);
          if (event.is === 'time' || event.is === 'begin')
            expect(walked.actions.length > 0 || walked.state.at.is === 'leaving').toBe(true);
          ({ state } = walked);
          if (state.at.is === 'music') hears = 'music';
        }
        expect(exits).toBeLessThanOrEqual(1);
      },
    ),
  );
});
