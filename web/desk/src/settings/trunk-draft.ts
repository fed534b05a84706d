/** What is typed into the form of a trunk, before it is a trunk. */
import type { addTrunk, TrunkSettings } from '@kernlijn/contract/telephone-settings';
import type { z } from 'zod';

type Body = z.output<typeof addTrunk.body>;

export interface TrunkDraft {
  name: string;
  host: string;
  port: number | null;
  transport: Body['transport'];
  user: string;
  password: string;
  registers: boolean;
  priority: number | null;
  numberFormat: Body['numberFormat'];
  country: string;
  srtp: Body['srtp'];
  /** One a line. */
  allow: string;
}

export const trunkFields = [
  'name',
  'host',
  'port',
  'user',
  'password',
  'priority',
  'country',
  'allow',
] as const satisfies readonly (keyof TrunkDraft)[];
export type TrunkField = (typeof trunkFields)[number];

/** What most providers want, to begin with. */
const usual: TrunkDraft = {
  name: '',
  host: '',
  port: null,
  transport: 'udp',
  user: '',
  password: '',
  registers: true,
  priority: 1,
  numberFormat: 'plus',
  country: '31',
  srtp: 'off',
  allow: '',
};

export function draftOf(trunk: TrunkSettings | null): TrunkDraft {
  if (trunk === null) return usual;
  const { name, host, port, transport, user, registers, priority, numberFormat, country, srtp, allow } = trunk;
  return {
    ...{ name, host, port, transport, registers, priority, numberFormat, country, srtp },
    user: user ?? '',
    password: '',
    allow: allow.join('\n'),
  };
}

/** @param before what is stored, for what only the server can tell otherwise */
export function faultsOf(draft: TrunkDraft, before: TrunkSettings | null): TrunkField[] {
  const user = draft.user.trim();
  const isElsewhere = before !== null && (draft.host.trim() !== before.host || user !== before.user);
  const isWrong: Record<TrunkField, boolean> = {
    name: draft.name.trim() === '',
    host: !/^[\w[\]:.-]+$/.test(draft.host.trim()),
    port: draft.port !== null && !isWhole(draft.port, 1, 65_535),
    user: draft.registers && user === '',
    password: isElsewhere && before.hasPassword && user !== '' && draft.password === '',
    priority: draft.priority === null || !isWhole(draft.priority, 1, 100),
    country: !/^\d{1,3}$/.test(draft.country),
    allow: !linesOf(draft.allow).every((line) => /^[\da-f.:]+(\/\d{1,3})?$/i.test(line)),
  };
  return trunkFields.filter((field) => isWrong[field]);
}

export function bodyOf(draft: TrunkDraft): Body {
  const { port, transport, registers, priority, numberFormat, country, srtp, password } = draft;
  const user = draft.user.trim();
  return {
    ...{ port, transport, registers, numberFormat, country, srtp },
    name: draft.name.trim(),
    host: draft.host.trim(),
    user: user === '' ? null : user,
    priority: priority ?? 1,
    allow: linesOf(draft.allow),
    ...(password !== '' && { password }),
  };
}

export type TrunkTrouble =
  | { is: 'noAnswer' | 'noAddress' | 'unreachable' }
  | { is: 'refused' | 'status'; status: string }
  | { is: 'certificate'; why: string };

/** Why a trunk does not work, of the engine's word for it. Null when it says nothing. */
export function troubleOf(detail: string): TrunkTrouble | null {
  if (detail === '') return null;
  if (detail === 'no-answer') return { is: 'noAnswer' };
  if (detail === 'no-address') return { is: 'noAddress' };
  const status = /^status (\d{3})$/.exec(detail)?.[1];
  if (status !== undefined) return { is: ['401', '403', '407'].includes(status) ? 'refused' : 'status', status };
  const why = /^certificate of (.*)$/.exec(detail)?.[1];
  return why === undefined ? { is: 'unreachable' } : { is: 'certificate', why };
}

function linesOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
