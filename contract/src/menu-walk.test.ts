import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowFaults } from './menu.ts';
import type { Flow, Way } from './menu.ts';
import { newMenu, walk } from './menu-walk.ts';
import type { MenuAction, MenuEvent, MenuState, MenuWorld } from './menu-walk.ts';

const home = '00000000-0000-4000-8000-000000000001';
const faultQueue = '00000000-0000-4000-8000-000000000002';
const hours = '00000000-0000-4000-8000-000000000003';
const world: MenuWorld = { hours: () => 'open', queueId: home };
const queue = (queueId = home, priority: number | null = null): Way => ({
  to: 'queue',
  queueId,
  priority,
  skillId: null,
});
const both = (name: string) => ({ nl: [`${name}-nl`], en: [`${name}-en`] });

const flow: Flow = {
  steps: [
    { id: 'welcome', name: 'Welkom', kind: 'say', say: both('greeting'), next: { to: 'step', step: 'hours' } },
    {
      id: 'hours',
      name: 'Open?',
      kind: 'hours',
      openingHoursId: hours,
      open: { to: 'step', step: 'language' },
      closed: { to: 'voicemail', queueId: home, say: both('voicemail') },
      holiday: { to: 'hang-up', say: both('closed') },
    },
    {
      id: 'language',
      name: 'Taal',
      kind: 'menu',
      say: { nl: ['language-nl', 'language-en'], en: ['language-nl', 'language-en'] },
      choices: [
        { key: '1', label: 'Nederlands', language: 'nl', way: { to: 'step', step: 'subject' } },
        { key: '2', label: 'Engels', language: 'en', way: { to: 'step', step: 'subject' } },
      ],
      waitSeconds: 5,
      tries: 2,
      otherwise: { to: 'step', step: 'subject' },
    },
    {
      id: 'subject',
      name: 'Waarover',
      kind: 'menu',
      say: both('subject'),
      choices: [
        { key: '1', label: 'storing', language: null, way: queue(faultQueue, 2) },
        { key: '2', label: 'winkel', language: null, way: { to: 'outside', number: '+31970100000' } },
        { key: '9', label: 'opnieuw', language: null, way: { to: 'repeat' } },
        { key: '#', label: 'terug', language: null, way: { to: 'step', step: 'language' } },
      ],
      waitSeconds: 5,
      tries: 2,
      otherwise: queue(),
    },
  ],
};

function run(events: MenuEvent[], here: MenuWorld = world) {
  let state: MenuState = newMenu('nl');
  const all: MenuAction[][] = [];
  for (const event of [{ is: 'begin' } as const, ...events]) {
    const walked = walk(flow, state, event, here);
    ({ state } = walked);
    all.push(walked.actions);
  }
  return { state, all, last: all.at(-1) ?? [] };
}
const key = (pressed: string): MenuEvent => ({ is: 'key', key: pressed });

describe('a call in a menu', () => {
  it('hears greeting and menu in one go, and may choose before they are over', () => {
    expect(run([]).last[0]).toEqual({ do: 'play', prompts: ['greeting-nl', 'language-nl', 'language-en'] });
    const { state, last } = run([key('2'), key('1')]);
    expect(last).toEqual([
      { do: 'exit', exit: { to: 'queue', queueId: faultQueue, priority: 2, skillId: null, say: [] } },
    ]);
    expect(state).toMatchObject({ language: 'en', chosen: ['Engels', 'storing'] });
  });

  it('is asked again after a wrong key or none, and then goes the default way', () => {
    const once = run([{ is: 'played' }, { is: 'time' }]);
    expect(once.last[0]).toEqual({ do: 'play', prompts: ['language-nl', 'language-en'] });
    const wrong = run([key('1'), key('7')]);
    expect(wrong.last[0]).toEqual({ do: 'play', prompts: ['wrong-key-nl', 'subject-nl'] });
    expect(run([key('1'), key('7'), key('8')]).last).toEqual([
      { do: 'exit', exit: { to: 'queue', queueId: home, priority: null, skillId: null, say: [] } },
    ]);
  });

  it('goes by the opening hours, a closed holiday apart', () => {
    const at = (is: 'closed' | 'holiday') => run([], { ...world, hours: () => is });
    expect(at('closed').last).toEqual([
      { do: 'exit', exit: { to: 'voicemail', queueId: home, say: ['greeting-nl', 'voicemail-nl'] } },
    ]);
    expect(at('holiday').last[0]).toEqual({ do: 'play', prompts: ['greeting-nl', 'closed-nl'] });
    expect(run([{ is: 'played' }], { ...world, hours: () => 'holiday' }).last).toEqual([
      { do: 'exit', exit: { to: 'hang-up' } },
    ]);
  });

  it('waits in the queue of the number when the hours it asks for are gone', () => {
    expect(run([], { ...world, hours: () => null }).last).toMatchObject([
      { do: 'exit', exit: { to: 'queue', queueId: home, say: ['greeting-nl'] } },
    ]);
  });

  it('does not go round for ever, however often the caller presses', () => {
    const { last } = run(Array.from({ length: 400 }, (_, n) => key(n % 2 === 0 ? '1' : '#')));
    expect(last).toEqual([]);
  });
});

describe('a flow that cannot be', () => {
  const faultsOf = (change: (draft: Flow) => void) => {
    const draft = structuredClone(flow);
    change(draft);
    return flowFaults(draft, 'nl').map(({ step, at, fault }) => `${step} ${at} ${fault}`);
  };
  it('is told where and why', () => {
    expect(flowFaults(flow, 'nl')).toEqual([]);
    expect(
      faultsOf(({ steps }) => {
        const [welcome, , language] = steps;
        if (welcome?.kind === 'say') welcome.next = { to: 'step', step: 'nowhere' };
        if (language?.kind === 'menu') language.otherwise = { to: 'repeat' };
      }),
    ).toEqual([
      'welcome next step-missing',
      'hours id unreachable',
      'language id unreachable',
      'language otherwise repeat',
      'subject id unreachable',
    ]);
  });
  it('may not come back to a step without a key, but may with one', () => {
    expect(
      faultsOf(({ steps }) => {
        const subject = steps[3];
        if (subject?.kind === 'menu') subject.otherwise = { to: 'step', step: 'language' };
      }),
    ).toEqual(['language id loop', 'subject id loop']);
  });
  it('says something in every language that can be chosen', () => {
    expect(
      faultsOf(({ steps }) => {
        const subject = steps[3];
        if (subject?.kind === 'menu') delete subject.say.en;
      }),
    ).toEqual(['subject say.en not-said']);
  });
  it('leads only to what is there', () => {
    expect(
      flowFaults(flow, 'nl', { queues: new Set([home]), hours: new Set(), prompts: new Set(['greeting-nl']) }).map(
        ({ fault }) => fault,
      ),
    ).toEqual(expect.arrayContaining(['queue', 'hours', 'prompt']));
  });
});

const spoken = fc.record({ nl: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }), en: fc.array(fc.constant('c')) });
const ids = ['one', 'two', 'three', 'four'];
const way = fc.oneof(
  fc.record({ to: fc.constant('step' as const), step: fc.constantFrom(...ids, 'gone') }),
  fc.constant(queue()),
  fc.constant({ to: 'outside' as const, number: '+3197010000' }),
  fc.record({ to: fc.constant('voicemail' as const), queueId: fc.constant(home), say: spoken }),
  fc.constant({ to: 'repeat' as const }),
  fc.record({ to: fc.constant('hang-up' as const), say: spoken }),
);
const named = (id: string) => ({ id: fc.constant(id), name: fc.constant(id) });
const anyStep = (id: string) =>
  fc.oneof(
    fc.record({ ...named(id), kind: fc.constant('say' as const), say: spoken, next: way }),
    fc.record({
      ...named(id),
      kind: fc.constant('hours' as const),
      openingHoursId: fc.constant(hours),
      open: way,
      closed: way,
      holiday: fc.option(way),
    }),
    fc.record({
      ...named(id),
      kind: fc.constant('menu' as const),
      say: spoken,
      choices: fc.array(
        fc.record({
          key: fc.constantFrom('1' as const, '2' as const, '#' as const),
          label: fc.constant('x'),
          language: fc.constantFrom('nl' as const, 'en' as const, null),
          way,
        }),
        { maxLength: 3 },
      ),
      waitSeconds: fc.constant(5),
      tries: fc.integer({ min: 1, max: 3 }),
      otherwise: way,
    }),
  );
const anyEvent = fc.oneof(
  fc.constantFrom('1', '2', '3', '#', 'A').map(key),
  fc.constantFrom<MenuEvent>({ is: 'played' }, { is: 'time' }),
);

// Also of flows that the settings would refuse: one may have been saved by another version.
it('whatever is pressed in whatever flow, the caller hears something or is waited for, and gets out', () => {
  fc.assert(
    fc.property(
      fc.tuple(...ids.map(anyStep)),
      fc.array(anyEvent, { maxLength: 40 }),
      fc.constantFrom('open' as const, 'closed' as const, 'holiday' as const, null),
      (steps, events, is) => {
        const here: MenuWorld = { hours: () => is, queueId: home };
        let { state, actions } = walk({ steps }, newMenu('nl'), { is: 'begin' }, here);
        const exits: unknown[] = [];
        const look = () => {
          for (const action of actions) {
            if (action.do === 'exit') exits.push(action.exit);
            if (action.do === 'play') expect(action.prompts.length).toBeGreaterThan(0);
          }
          // In no state is there neither a way out nor a time at which it goes on.
          expect(state.at.is === 'over').toBe(exits.length === 1);
          const goesOn = actions.length === 0 || actions.some((action) => action.do === 'wait');
          if (state.at.is !== 'over') expect(goesOn).toBe(true);
        };
        look();
        for (const event of events) {
          ({ state, actions } = walk({ steps }, state, event, here));
          look();
        }
        // Left alone it ends by itself, as far as the longest flow goes.
        for (let n = 0; n < 500 && state.at.is !== 'over'; n += 1) {
          ({ state, actions } = walk({ steps }, state, { is: n % 2 === 0 ? 'played' : 'time' }, here));
          look();
        }
        expect(exits).toHaveLength(1);
        // And hanging up at any time is the end of it.
        const left = walk({ steps }, state, { is: 'hang-up' }, here);
        expect(left.state.at.is).toBe('over');
      },
    ),
    { numRuns: 400 },
  );
});
