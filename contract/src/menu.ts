/**
 * What a number says and asks before a queue, as data. The desk shows it, the server walks it, and both agree by `menu-walk.ts`
 * on what a key does. A flow is steps that lead on by ways; nothing in it can go round without the caller pressing a key.
 */
import { z } from 'zod';
import { Done, endpoint, Id } from './endpoint.ts';

/** Languages in which the product has a voice of its own. */
export const SpokenLanguage = z.enum(['nl', 'en']);
export type SpokenLanguage = z.infer<typeof SpokenLanguage>;

/** Of the engine: one that is shipped (`greeting-nl`), or a client's own (`p-<id>`). */
export const PromptName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/);
/** What is said, in each language, one after the other. */
export const Spoken = z.partialRecord(SpokenLanguage, z.array(PromptName).max(5));
export type Spoken = z.infer<typeof Spoken>;

/** E.164, or a short number within the country (`112`). */
export const DialableNumber = z.string().regex(/^(\+[1-9]\d{6,14}|\d{3,6})$/);

const StepId = z.string().regex(/^[a-z0-9-]{1,40}$/);
export const Way = z.discriminatedUnion('to', [
  z.object({ to: z.literal('step'), step: StepId }),
  z.object({
    to: z.literal('queue'),
    queueId: Id,
    /** Instead of that of the queue. */
    priority: z.number().int().min(1).max(9).nullable(),
    /** Asked of the agent beside what the queue asks. */
    skillId: Id.nullable(),
  }),
  z.object({ to: z.literal('outside'), number: DialableNumber }),
  z.object({ to: z.literal('voicemail'), queueId: Id, say: Spoken }),
  /** Says the menu again; only as a choice. */
  z.object({ to: z.literal('repeat') }),
  z.object({ to: z.literal('hang-up'), say: Spoken }),
]);
export type Way = z.infer<typeof Way>;

export const menuKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;
export const MenuKey = z.enum(menuKeys);
export type MenuKey = z.infer<typeof MenuKey>;
export const Choice = z.object({
  key: MenuKey,
  /** What the agent reads of it: `storing`. */
  label: z.string().trim().min(1).max(40),
  /** From here on. */
  language: SpokenLanguage.nullable(),
  way: Way,
});
export type Choice = z.infer<typeof Choice>;

const step = { id: StepId, name: z.string().trim().min(1).max(60) };
export const Step = z.discriminatedUnion('kind', [
  z.object({ ...step, kind: z.literal('say'), say: Spoken, next: Way }),
  z.object({
    ...step,
    kind: z.literal('hours'),
    openingHoursId: Id,
    open: Way,
    closed: Way,
    /** On a day that is an exception of these hours and closed; null: as closed. */
    holiday: Way.nullable(),
  }),
  z.object({
    ...step,
    kind: z.literal('menu'),
    say: Spoken,
    choices: z.array(Choice).max(12),
    /** For a key, after it was said. */
    waitSeconds: z.number().int().min(2).max(20),
    /** How often it is said before `otherwise`. */
    tries: z.number().int().min(1).max(5),
    otherwise: Way,
  }),
]);
export type Step = z.infer<typeof Step>;

export const mostSteps = 40;
/** The first step is where it begins. */
export const Flow = z.object({ steps: z.array(Step).min(1).max(mostSteps) });
export type Flow = z.infer<typeof Flow>;

// ── what cannot be ──

/** `at`: the place within the step, as `choices.1` or `closed`; a way by the name of its field. */
export interface FlowFault {
  step: string;
  at: string;
  fault:
    | 'step-missing' // leads to a step that is not there
    | 'step-twice'
    | 'loop' // goes round without a key
    | 'no-choices'
    | 'key-twice'
    | 'not-said' // says nothing in a language that the caller may have chosen
    | 'repeat' // only a choice may repeat
    | 'queue'
    | 'skill'
    | 'hours'
    | 'prompt'
    | 'unreachable';
}

/** What there is to lead to; what is left out is not looked at. */
export interface FlowKnows {
  queues?: ReadonlySet<string>;
  hours?: ReadonlySet<string>;
  skills?: ReadonlySet<string>;
  prompts?: ReadonlySet<string>;
}

export function flowFaults(flow: Flow, language: SpokenLanguage, knows: FlowKnows = {}): FlowFault[] {
  const byId = new Map(flow.steps.map((each) => [each.id, each]));
  const languages = new Set([language, ...flow.steps.flatMap(languagesChosen)]);
  const reached = reachable(flow, byId);
  const faults: FlowFault[] = [];
  for (const [n, each] of flow.steps.entries()) {
    const add = (at: string, fault: FlowFault['fault']) => faults.push({ step: each.id, at, fault });
    if (flow.steps.findIndex(({ id }) => id === each.id) !== n) add('id', 'step-twice');
    if (!reached.has(each.id)) add('id', 'unreachable');
    for (const { at, way, keyed } of waysOf(each)) {
      const wrong = wayFault(way, keyed, byId, knows);
      if (wrong !== null) add(at, wrong);
      if (way.to === 'voicemail' || way.to === 'hang-up')
        for (const prompt of Object.values(way.say).flat())
          if (knows.prompts?.has(prompt) === false) add(`${at}.say`, 'prompt');
    }
    if (each.kind === 'hours') {
      if (knows.hours?.has(each.openingHoursId) === false) add('openingHoursId', 'hours');
      continue;
    }
    for (const prompt of Object.values(each.say).flat()) if (knows.prompts?.has(prompt) === false) add('say', 'prompt');
    // Before any language was chosen only that of the number can be heard; after it, any.
    for (const spoken of languages) if ((each.say[spoken] ?? []).length === 0) add(`say.${spoken}`, 'not-said');
    if (each.kind !== 'menu') continue;
    if (each.choices.length === 0) add('choices', 'no-choices');
    each.choices.forEach(({ key }, i) => {
      if (each.choices.findIndex((other) => other.key === key) !== i) add(`choices.${i}`, 'key-twice');
    });
  }
  for (const id of goingRound(flow, byId)) faults.push({ step: id, at: 'id', fault: 'loop' });
  return faults;
}

const languagesChosen = (each: Step): SpokenLanguage[] =>
  each.kind === 'menu' ? each.choices.flatMap((choice) => choice.language ?? []) : [];

/** `keyed`: taken only when the caller presses a key. */
export function waysOf(each: Step): { at: string; way: Way; keyed: boolean }[] {
  if (each.kind === 'say') return [{ at: 'next', way: each.next, keyed: false }];
  if (each.kind === 'hours')
    return [
      { at: 'open', way: each.open, keyed: false },
      { at: 'closed', way: each.closed, keyed: false },
      ...(each.holiday === null ? [] : [{ at: 'holiday', way: each.holiday, keyed: false }]),
    ];
  return [
    ...each.choices.map(({ way }, i) => ({ at: `choices.${i}`, way, keyed: true })),
    { at: 'otherwise', way: each.otherwise, keyed: false },
  ];
}

function wayFault(
  way: Way,
  keyed: boolean,
  byId: ReadonlyMap<string, Step>,
  { queues, skills }: FlowKnows,
): FlowFault['fault'] | null {
  if (way.to === 'step') return byId.has(way.step) ? null : 'step-missing';
  if (way.to === 'repeat') return keyed ? null : 'repeat';
  if ((way.to === 'queue' || way.to === 'voicemail') && queues?.has(way.queueId) === false) return 'queue';
  if (way.to === 'queue' && way.skillId !== null && skills?.has(way.skillId) === false) return 'skill';
  return null;
}

function reachable(flow: Flow, byId: ReadonlyMap<string, Step>): Set<string> {
  const reached = new Set<string>();
  const next = flow.steps.slice(0, 1);
  for (let each = next.pop(); each !== undefined; each = next.pop()) {
    if (reached.has(each.id)) continue;
    reached.add(each.id);
    for (const { way } of waysOf(each)) {
      const to = way.to === 'step' ? byId.get(way.step) : undefined;
      if (to !== undefined) next.push(to);
    }
  }
  return reached;
}

/** Steps from which one comes back to them without a key. */
function goingRound(flow: Flow, byId: ReadonlyMap<string, Step>): string[] {
  const onward = (id: string): string[] => {
    const each = byId.get(id);
    if (each === undefined) return [];
    return waysOf(each).flatMap(({ way, keyed }) => (way.to === 'step' && !keyed ? [way.step] : []));
  };
  return flow.steps
    .map(({ id }) => id)
    .filter((id) => {
      const seen = new Set<string>();
      const next = onward(id);
      for (let at = next.pop(); at !== undefined; at = next.pop()) {
        if (at === id) return true;
        if (seen.has(at)) continue;
        seen.add(at);
        next.push(...onward(at));
      }
      return false;
    });
}

// ── numbers and their flows, as they are set ──

export const NumberSettings = z.object({
  id: Id,
  clientId: Id,
  address: z.string(),
  name: z.string(),
  language: SpokenLanguage,
  queueId: Id,
  active: z.boolean(),
  /** Null: straight into its queue. */
  flow: Flow.nullable(),
  version: z.number().int(),
});
export type NumberSettings = z.infer<typeof NumberSettings>;

export const readNumbers = endpoint({
  method: 'GET',
  path: '/api/settings/numbers',
  summary: 'The telephone numbers of your clients, with what they say and ask',
  reply: z.object({ numbers: z.array(NumberSettings) }),
});
/** `version` is the one that was changed: who saves second is told `conflict`. */
export const changeNumber = endpoint({
  method: 'PUT',
  path: '/api/settings/numbers/:contactPointId',
  summary: 'Change a telephone number; holds from the next call on',
  params: z.object({ contactPointId: Id }),
  body: NumberSettings.pick({ name: true, language: true, queueId: true, flow: true, version: true }),
  reply: NumberSettings,
});

// ── prompts ──

export const PromptSettings = z.object({
  /** Null for one that is shipped. */
  id: Id.nullable(),
  /** Null for one that every client has. */
  clientId: Id.nullable(),
  /** As a flow and the engine name it. */
  prompt: PromptName,
  name: z.string(),
  language: SpokenLanguage.nullable(),
  milliseconds: z.number().int(),
  /** Numbers and queues that play it. */
  usedBy: z.array(z.string()),
});
export type PromptSettings = z.infer<typeof PromptSettings>;
export const readPrompts = endpoint({
  method: 'GET',
  path: '/api/settings/prompts',
  summary: 'What callers can be told: the prompts that are shipped and those of your clients',
  reply: z.object({ prompts: z.array(PromptSettings) }),
});
/** The largest that is taken, in bytes: five minutes at 48 kHz stereo would be more. */
export const largestPrompt = 10_000_000;
export const longestPromptMs = 180_000;
export const addPrompt = endpoint({
  method: 'POST',
  path: '/api/settings/prompts',
  summary: 'A prompt of a client (multipart, field `file`: a WAV)',
  query: z.object({ clientId: Id, name: z.string().trim().min(1).max(80), language: SpokenLanguage }),
  reply: PromptSettings,
});
export const removePrompt = endpoint({
  method: 'DELETE',
  path: '/api/settings/prompts/:promptId',
  summary: 'Remove a prompt that nothing plays; `in-use` otherwise',
  params: z.object({ promptId: Id }),
  reply: Done,
});
