import { RecordingPurpose } from '@kernlijn/contract/recordings';

/** What stands in the address, as the server takes it. */
export interface RecordingFilter {
  clientId?: string;
  queueId?: string;
  agentId?: string;
  purpose?: RecordingPurpose;
  from?: string;
  until?: string;
  minSeconds?: number;
  maxSeconds?: number;
}

/** How long: the bounds of each choice in seconds. */
export const lengths = { short: [0, 60], middle: [60, 300], long: [300, undefined] } as const;
export type Length = keyof typeof lengths;

const day = /^\d{4}-\d{2}-\d{2}$/;
const id = /^[0-9a-f-]{36}$/;

/** From the address; what does not make sense is left out. */
export function readRecordingFilter(search: Record<string, unknown>): RecordingFilter {
  const text = (name: string, form: RegExp) => {
    const value = search[name];
    return typeof value === 'string' && form.test(value) ? value : undefined;
  };
  const purpose = RecordingPurpose.safeParse(search['purpose']).data;
  const length = lengthIn(search);
  const [minSeconds, maxSeconds] = length === undefined ? [] : lengths[length];
  const given = {
    clientId: text('clientId', id),
    queueId: text('queueId', id),
    agentId: text('agentId', id),
    from: text('from', day),
    until: text('until', day),
    purpose,
    minSeconds: minSeconds === 0 ? undefined : minSeconds,
    maxSeconds,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

export const lengthIn = (search: Record<string, unknown>): Length | undefined =>
  (['short', 'middle', 'long'] as const).find((name) => name === search['length']);
