/** What happens along a call that one may want to find again in its recording. */
import { markRecording } from '../../recordings/index.ts';
import type { MarkKind } from '../../recordings/index.ts';
import type { Tx } from '../../platform/db.ts';
import type { LiveCall } from './store.ts';

interface Mark {
  kind: MarkKind;
  personId?: string | null;
  detail?: string;
}

/** Supervisors who only listen are no part of what the customer hears. */
export function marksBetween(
  before: Pick<LiveCall, 'held' | 'aside' | 'parties'>,
  after: Pick<LiveCall, 'held' | 'aside' | 'parties'>,
): Mark[] {
  const talking = ({ parties }: Pick<LiveCall, 'parties'>) =>
    new Map(
      parties.flatMap((party) =>
        party.state === 'up' && party.room === 'main' && party.voice === 'all' ? [[party.id, party] as const] : [],
      ),
    );
  const was = talking(before);
  const is = talking(after);
  const moved = (kind: MarkKind, from: typeof was, to: typeof was): Mark[] =>
    [...from.values()]
      .filter(({ id }) => !to.has(id))
      .map(({ personId, address }) => ({ kind, personId, detail: address }));
  return [
    ...(before.held === after.held ? [] : [{ kind: after.held ? 'hold' : 'unhold' } as const]),
    ...(before.aside === after.aside ? [] : [{ kind: after.aside ? 'aside' : 'unaside' } as const]),
    ...moved('joined', is, was),
    ...moved('left', was, is),
  ];
}

export async function noteOnRecording(tx: Tx, before: LiveCall, after: LiveCall, now: Date): Promise<void> {
  const { recording, clientId } = after;
  if (recording === null || recording.state === 'announcing') return;
  await markRecording(tx, { id: recording.id, clientId }, marksBetween(before, after), now);
}
