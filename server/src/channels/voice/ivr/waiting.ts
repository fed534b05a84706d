/**
 * What a caller hears and may choose while he waits, decided purely: what happened goes in, what the line is to do comes
 * out. Whatever happens he hears music or words, and there is always a time at which something happens by itself.
 */
import { z } from 'zod';
import type { WaitingRules } from '@kernlijn/contract/waiting';
import { SpokenLanguage } from '@kernlijn/contract/menu';
import { placeSpoken, spellDigits } from './spoken.ts';

export const WaitingState = z.object({
  language: SpokenLanguage,
  /** It was tried to take him elsewhere, in vain: he waits here. */
  stays: z.boolean(),
  at: z.discriminatedUnion('is', [
    z.object({ is: z.literal('music') }),
    /** Shall we call this number? 1 yes, 2 another, * back to waiting. */
    z.object({ is: z.literal('confirming'), number: z.string(), tries: z.number().int() }),
    /** Types another one, to the #. */
    z.object({ is: z.literal('typing'), digits: z.string(), tries: z.number().int() }),
    /** Hears goodbye; then the line is hung up. */
    z.object({ is: z.literal('leaving') }),
  ]),
});
export type WaitingState = z.infer<typeof WaitingState>;

export type WaitingEvent = { is: 'begin' } | { is: 'key'; key: string } | { is: 'played' } | { is: 'time' };

export interface WaitingWorld {
  /** Seconds since it came into the queue. */
  waited: number;
  /** 1 is next. */
  position: number;
  /** Minutes, where it can be trusted. */
  minutes: number | null;
  /** Somebody who could serve this queue is signed in. */
  anybody: boolean;
  /** The caller's own number, '' when it is withheld. */
  ownNumber: string;
  music: string;
  /** Makes a number that can be called of what was typed; null when it is none. */
  callable(digits: string): string | null;
}

export type WaitingExit = { to: 'callback'; number: string } | { to: 'outside'; number: string } | { to: 'voicemail' };
export type WaitingAction =
  | { do: 'play'; prompts: string[]; loop: boolean }
  | { do: 'wait'; seconds: number }
  | { do: 'exit'; exit: WaitingExit };
type Waited = { state: WaitingState; actions: WaitingAction[] };

/** An engine that does not say that it has played leaves nobody in silence. */
const longestSaidSeconds = 60;
const keySeconds = 10;
/** Longer than any number. */
const mostDigits = 18;
const mostTries = 3;

export const newWaiting = (language: SpokenLanguage): WaitingState => ({ language, stays: false, at: { is: 'music' } });

export function waitOn(rules: WaitingRules, state: WaitingState, event: WaitingEvent, world: WaitingWorld): Waited {
  const { at, language } = state;
  const word = (name: string) => `${name}-${language}`;
  if (at.is === 'leaving') return { state, actions: [] };
  if (event.is === 'begin') return inMusic(rules, state, world, false);

  if (at.is === 'music') {
    if (event.is === 'key' && event.key === '1' && rules.callback !== null)
      return world.ownNumber === '' ? type(state, [], 1) : confirm(state, world.ownNumber, 1);
    if (event.is === 'key' && event.key === '2' && rules.voicemail) return exit(state, { to: 'voicemail' });
    if (event.is !== 'time') return { state, actions: [] };
    return inMusic(rules, state, world, true);
  }

  if (event.is === 'key' && event.key === '*') return backToMusic(rules, state, world);
  if (event.is === 'played') return { state, actions: [{ do: 'wait', seconds: keySeconds }] };
  if (at.is === 'confirming') {
    if (event.is === 'key' && event.key === '1') return asked(state, at.number);
    if (event.is === 'key' && event.key === '2') return type(state, [], 1);
    if (at.tries >= mostTries) return backToMusic(rules, state, world);
    return confirm(state, at.number, at.tries + 1);
  }
  if (event.is === 'key' && event.key !== '#') {
    const digits = (at.digits + event.key).slice(0, mostDigits);
    return { state: { ...state, at: { ...at, digits } }, actions: [{ do: 'wait', seconds: keySeconds }] };
  }
  // The # or a long pause ends it.
  const number = world.callable(at.digits);
  if (number !== null) return confirm(state, number, 1);
  if (at.tries >= mostTries) return backToMusic(rules, state, world);
  return type(state, at.digits === '' ? [] : [word('number-wrong')], at.tries + 1);
}

/** Music, and when the next thing happens; `announcing` what there is to say first. */
function inMusic(rules: WaitingRules, state: WaitingState, world: WaitingWorld, announcing: boolean): Waited {
  const overflow = state.stays ? null : rules.overflow;
  if (overflow !== null && isDue(overflow, world))
    return exit(state, overflow.number === null ? { to: 'voicemail' } : { to: 'outside', number: overflow.number });
  const isTime = announcing && world.waited >= rules.firstAfterSeconds - 1;
  const next = isTime ? rules.everySeconds : Math.max(1, rules.firstAfterSeconds - world.waited);
  const overflowIn = overflow?.afterSeconds == null ? Infinity : Math.max(1, overflow.afterSeconds - world.waited);
  return {
    state: { ...state, at: { is: 'music' } },
    actions: [
      ...(isTime
        ? [{ do: 'play' as const, prompts: [...announcement(rules, state, world), world.music], loop: true }]
        : []),
      { do: 'wait', seconds: Math.min(next, overflowIn) },
    ],
  };
}

function isDue(overflow: NonNullable<WaitingRules['overflow']>, { waited, anybody }: WaitingWorld): boolean {
  return (overflow.afterSeconds !== null && waited >= overflow.afterSeconds) || (overflow.whenNobody && !anybody);
}

function announcement(rules: WaitingRules, { language }: WaitingState, world: WaitingWorld): string[] {
  const place = placeSpoken(language, {
    position: rules.position ? world.position : null,
    minutes: rules.expectedWait ? world.minutes : null,
  });
  return [
    ...(place.length > 0 ? place : [`all-busy-${language}`]),
    ...(rules.callback === null ? [] : [`offer-callback-${language}`]),
    ...(rules.voicemail ? [`offer-voicemail-${language}`] : []),
  ];
}

function backToMusic(rules: WaitingRules, state: WaitingState, world: WaitingWorld): Waited {
  const back = inMusic(rules, { ...state, at: { is: 'music' } }, world, false);
  return back.actions.some((action) => action.do === 'exit')
    ? back
    : { ...back, actions: [{ do: 'play', prompts: [world.music], loop: true }, ...back.actions] };
}

function confirm(state: WaitingState, number: string, tries: number): Waited {
  const { language } = state;
  return asking({ ...state, at: { is: 'confirming', number, tries } }, [
    `callback-number-${language}`,
    ...spellDigits(language, number),
    `callback-confirm-${language}`,
  ]);
}

function type(state: WaitingState, before: string[], tries: number): Waited {
  return asking({ ...state, at: { is: 'typing', digits: '', tries } }, [...before, `callback-type-${state.language}`]);
}

const asking = (state: WaitingState, prompts: string[]): Waited => ({
  state,
  actions: [
    { do: 'play', prompts, loop: false },
    { do: 'wait', seconds: longestSaidSeconds },
  ],
});

const asked = (state: WaitingState, number: string): Waited => exit(state, { to: 'callback', number });

const exit = (state: WaitingState, to: WaitingExit): Waited => ({
  state: { ...state, at: { is: 'leaving' } },
  actions: [{ do: 'exit', exit: to }],
});
