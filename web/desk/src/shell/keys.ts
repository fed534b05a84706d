/** Which key does what. Pure, apart from the kept choice of the agent. */
import { createKeptStore } from '@kernlijn/ui/store.ts';

export const standardKeys = {
  answer: 'a',
  decline: 'd',
  mute: 'm',
  hold: 'h',
  end: 'e',
  record: 'o',
  payment: 'b',
  keypad: 'x',
  transfer: 't',
  swap: 'w',
  together: 'z',
  dropGuest: 'v',
  dial: 'f',
  callBack: 'c',
  park: 'p',
  register: 'r',
  reply: 'i',
  note: 'n',
  extend: 'u',
  knowledge: 'l',
  next: 'j',
  goWork: 'g w',
  goConversation: 'g c',
  goCustomer: 'g k',
  goBoard: 'g b',
  goRecordings: 'g o',
  goSettings: 'g s',
  help: 'q',
  comeToHelp: 'y',
  sheet: '?',
} as const satisfies Record<string, string>;
export type KeyAction = keyof typeof standardKeys;
export type KeyMap = Record<KeyAction, string>;

export const keyActions = Object.keys(standardKeys).filter((name): name is KeyAction => name in standardKeys);

/** `letters` off leaves only the combinations with Alt (WCAG 2.1.4). */
export const keyChoice = createKeptStore<{ map: KeyMap; letters: boolean }>(
  'kernlijn.keys',
  { map: standardKeys, letters: true },
  readChoice,
);

function readChoice(kept: unknown): { map: KeyMap; letters: boolean } {
  const map: KeyMap = { ...standardKeys };
  const choice: unknown = property(kept, 'map');
  for (const action of keyActions) {
    const key = property(choice, action);
    if (typeof key === 'string') map[action] = key;
  }
  return { map, letters: property(kept, 'letters') !== false };
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

export interface Pressed {
  key: string;
  code: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** The key of an event as bindings write it, and whether Alt was held; undefined when it is no shortcut of ours. */
export function nameOf({ key, code, altKey, ctrlKey, metaKey }: Pressed): { name: string; alt: boolean } | undefined {
  if (ctrlKey || metaKey) return undefined;
  // Alt changes the character on some keyboards, the code stays the key that was pressed.
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  const name = altKey && letter ? letter.toLowerCase() : key.toLowerCase();
  return name.length === 1 && name !== ' ' ? { name, alt: altKey } : undefined;
}

export type Match = { is: 'action'; action: KeyAction } | { is: 'prefix'; prefix: string } | { is: 'nothing' };

/** `prefix` is the first key of a sequence such as `g w`, when that was pressed just before. */
export function match(
  choice: { map: KeyMap; letters: boolean },
  pressed: { name: string; alt: boolean },
  prefix: string,
  inText: boolean,
): Match {
  if ((inText || !choice.letters) && !pressed.alt && prefix === '') return { is: 'nothing' };
  const sequence = prefix === '' ? pressed.name : `${prefix} ${pressed.name}`;
  const action = keyActions.find((name) => choice.map[name] === sequence);
  if (action) return { is: 'action', action };
  const opens = prefix === '' && keyActions.some((name) => choice.map[name].startsWith(`${pressed.name} `));
  return opens ? { is: 'prefix', prefix: pressed.name } : { is: 'nothing' };
}

/** For tooltips and menus: `G W`, `M`. */
export const shown = (key: string): string => key.toUpperCase();

/** Another action that has this key already. */
export const ownerOf = (map: KeyMap, key: string, except: KeyAction): KeyAction | undefined =>
  keyActions.find((action) => action !== except && map[action] === key);
