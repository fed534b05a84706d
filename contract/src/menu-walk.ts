/**
 * Walks a flow: what happened goes in, what the line is to do comes out, and nothing else is known or done. After each
 * event the caller hears something, is waited for with a time at which the flow goes on by itself, or is out of the
 * menu: in a queue, with a message, put through, or told goodbye.
 */
import { z } from 'zod';
import { MenuKey, SpokenLanguage, Way } from './menu.ts';
import type { Flow, Spoken, Step } from './menu.ts';

export const MenuState = z.object({
  language: SpokenLanguage,
  /** Of the number: for what is not said in the one that was chosen. */
  ownLanguage: SpokenLanguage,
  /** What the caller chose, in the words of the agent. */
  chosen: z.array(z.string()),
  /** Steps entered: no caller goes round for ever. */
  entered: z.number().int(),
  at: z.discriminatedUnion('is', [
    /** Something is said, and the menu listens meanwhile. */
    z.object({ is: z.literal('saying'), step: z.string(), tries: z.number().int() }),
    z.object({ is: z.literal('listening'), step: z.string(), tries: z.number().int() }),
    /** Said to the end; then it goes this way. */
    z.object({ is: z.literal('leaving'), way: Way }),
    z.object({ is: z.literal('over') }),
  ]),
});
export type MenuState = z.infer<typeof MenuState>;

export type MenuEvent =
  | { is: 'begin' }
  | { is: 'key'; key: string }
  /** All of what was to be said. */
  | { is: 'played' }
  /** The time that `wait` or `play` gave is over. */
  | { is: 'time' }
  | { is: 'hang-up' };

export type Exit =
  | { to: 'queue'; queueId: string; priority: number | null; skillId: string | null; say: string[] }
  | { to: 'outside'; number: string }
  | { to: 'voicemail'; queueId: string; say: string[] }
  | { to: 'hang-up' }
  /** The caller hung up. */
  | { to: 'left' };
export type MenuAction =
  | { do: 'play'; prompts: string[] }
  /** At the latest then the menu goes on: `time`. */
  | { do: 'wait'; seconds: number }
  | { do: 'exit'; exit: Exit };

export interface MenuWorld {
  /** What these opening hours are now; null when they are gone. */
  hours(openingHoursId: string): 'open' | 'closed' | 'holiday' | null;
  /** Of the number: where a call goes when the flow leads nowhere. */
  queueId: string;
}

/** So many steps a call may enter; then it goes to the queue of the number. */
export const deepest = 60;
/** An engine that does not say that it has played must not leave a caller in silence. */
const longestSaidSeconds = 200;
const mostPrompts = 20;

export const newMenu = (language: SpokenLanguage): MenuState => ({
  language,
  ownLanguage: language,
  chosen: [],
  entered: 0,
  at: { is: 'over' },
});

export function walk(
  flow: Flow,
  state: MenuState,
  event: MenuEvent,
  world: MenuWorld,
): { state: MenuState; actions: MenuAction[] } {
  const { at } = state;
  if (event.is === 'hang-up') return out(state, { to: 'left' });
  if (event.is === 'begin') return enter(flow, state, flow.steps[0], [], world);
  if (at.is === 'over') return { state, actions: [] };
  if (at.is === 'leaving')
    return event.is === 'key' ? { state, actions: [] } : go(flow, state, at.way, [], world, true);

  const menu = flow.steps.find(({ id }) => id === at.step);
  if (menu?.kind !== 'menu') return goHome(state, [], world);
  if (event.is === 'played' && at.is === 'saying')
    return {
      state: { ...state, at: { ...at, is: 'listening' } },
      actions: [{ do: 'wait', seconds: menu.waitSeconds }],
    };
  if (event.is === 'played') return { state, actions: [] };
  if (event.is === 'key') {
    const choice = menu.choices.find(({ key }) => key === MenuKey.safeParse(event.key).data);
    if (choice !== undefined) {
      const language = choice.language ?? state.language;
      if (choice.way.to === 'repeat') return say(menu, { ...state, language }, at.tries, []);
      const chosen = [...state.chosen, choice.label];
      return go(flow, { ...state, language, chosen }, choice.way, [], world, false);
    }
  }
  // A key that means nothing, or none in time.
  if (at.tries >= menu.tries) return go(flow, state, menu.otherwise, [], world, false);
  return say(menu, state, at.tries + 1, event.is === 'key' ? [`wrong-key-${state.language}`] : []);
}

type Walked = ReturnType<typeof walk>;

function enter(flow: Flow, before: MenuState, step: Step | undefined, said: string[], world: MenuWorld): Walked {
  const state = { ...before, entered: before.entered + 1 };
  if (step === undefined || state.entered > deepest) return goHome(state, said, world);
  if (step.kind === 'say') return go(flow, state, step.next, [...said, ...inWords(step.say, state)], world, false);
  if (step.kind === 'menu') return say(step, state, 1, said);
  const hours = world.hours(step.openingHoursId);
  if (hours === null) return goHome(state, said, world);
  return go(flow, state, hours === 'holiday' ? (step.holiday ?? step.closed) : step[hours], said, world, false);
}

function say(menu: Extract<Step, { kind: 'menu' }>, state: MenuState, tries: number, said: string[]): Walked {
  const prompts = [...said, ...inWords(menu.say, state)].slice(-mostPrompts);
  const at = { step: menu.id, tries };
  // Nothing to say and nothing chosen yet: it listens at once.
  if (prompts.length === 0)
    return {
      state: { ...state, at: { ...at, is: 'listening' } },
      actions: [{ do: 'wait', seconds: menu.waitSeconds }],
    };
  return {
    state: { ...state, at: { ...at, is: 'saying' } },
    actions: [
      { do: 'play', prompts },
      { do: 'wait', seconds: longestSaidSeconds },
    ],
  };
}

/** `said`: whether what is to be heard before leaving was heard. */
function go(flow: Flow, state: MenuState, way: Way, before: string[], world: MenuWorld, said: boolean): Walked {
  if (way.to === 'step')
    return enter(
      flow,
      state,
      flow.steps.find(({ id }) => id === way.step),
      before,
      world,
    );
  if (way.to === 'repeat') return goHome(state, before, world);
  const prompts = before.slice(-mostPrompts + 2);
  // In a queue, and before a message, it is heard without a pause for us: it goes along.
  if (way.to === 'queue')
    return out(state, {
      to: 'queue',
      queueId: way.queueId,
      priority: way.priority,
      skillId: way.skillId,
      say: prompts,
    });
  if (way.to === 'voicemail')
    return out(state, { to: 'voicemail', queueId: way.queueId, say: [...prompts, ...inWords(way.say, state)] });
  const last = way.to === 'hang-up' ? [...prompts, ...inWords(way.say, state)] : prompts;
  if (last.length > 0 && !said)
    return {
      state: { ...state, at: { is: 'leaving', way } },
      actions: [
        { do: 'play', prompts: last },
        { do: 'wait', seconds: longestSaidSeconds },
      ],
    };
  return out(state, way.to === 'outside' ? { to: 'outside', number: way.number } : { to: 'hang-up' });
}

const goHome = (state: MenuState, said: string[], { queueId }: MenuWorld): Walked =>
  out(state, { to: 'queue', queueId, priority: null, skillId: null, say: said.slice(-mostPrompts + 2) });

const out = (state: MenuState, exit: Exit): Walked => ({
  state: { ...state, at: { is: 'over' } },
  actions: [{ do: 'exit', exit }],
});

const inWords = (say: Spoken, { language, ownLanguage }: MenuState): string[] =>
  say[language] ?? say[ownLanguage] ?? Object.values(say).flat();
