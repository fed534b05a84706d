import { expect, it } from 'vitest';
import { marksBetween } from './recording-marks.ts';
import type { LiveCall } from './store.ts';

type CallParty = LiveCall['parties'][number];
const party = (part: Partial<CallParty>): CallParty => ({
  ...{ id: 'one', kind: 'agent', personId: 'youssef', address: '', legId: 'x' },
  ...{ purpose: 'consult', note: '', queueId: null, invitedBy: null, dialled: false },
  ...{ state: 'up', room: 'main', voice: 'all' },
  ...part,
});
const plain = { held: false, aside: false, parties: [] as CallParty[] };

it('a hold and a consultation are marked as they begin and end', () => {
  expect(marksBetween(plain, { ...plain, held: true, aside: true })).toEqual([{ kind: 'hold' }, { kind: 'aside' }]);
  expect(marksBetween({ ...plain, held: true }, plain)).toEqual([{ kind: 'unhold' }]);
  expect(marksBetween(plain, plain)).toEqual([]);
});

it('who comes to the customer and goes is marked; who is consulted apart or only listens is not', () => {
  const consulted = { ...plain, parties: [party({ room: 'aside' })] };
  const joined = { ...plain, parties: [party({})] };
  expect(marksBetween(plain, consulted)).toEqual([]);
  expect(marksBetween(consulted, joined)).toEqual([{ kind: 'joined', personId: 'youssef', detail: '' }]);
  expect(marksBetween(joined, plain)).toEqual([{ kind: 'left', personId: 'youssef', detail: '' }]);
  const listens = { ...plain, parties: [party({ kind: 'supervisor', voice: 'listen' })] };
  expect(marksBetween(plain, listens)).toEqual([]);
});
