import { changeQueueSettings, type QueueSettings, type readQueueSettings } from '@kernlijn/contract/routing';
import { call, Refusal, type Reply } from '@kernlijn/ui/call.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  bodyOf,
  changesOf,
  draftOf,
  faultsOf,
  fields,
  overwritten,
  type Faults,
  type Field,
  type QueueDraft,
} from './queue-draft.ts';
import { queueSettingsQuery } from './queries.ts';

/** Somebody else changed what is about to be saved. */
class ChangedMeanwhile extends Error {
  readonly fields: Field[];
  constructor(changed: Field[]) {
    super('changed meanwhile');
    this.fields = changed;
  }
}

export interface QueueFormState {
  draft: QueueDraft;
  change: (part: Partial<QueueDraft>) => void;
  changed: Field[];
  faults: Faults;
  /** Fields whose stored value a colleague changed since the form was opened. */
  conflict: Field[];
  stored: QueueSettings;
  error: unknown;
  busy: boolean;
  save: () => void;
  discard: () => void;
}

/** @param queue as it is stored now; the form goes on from how it was when it was opened */
export function useQueueForm(queue: QueueSettings, onSaved: () => void): QueueFormState {
  const client = useQueryClient();
  const [opened, setOpened] = useState(queue);
  const [draft, setDraft] = useState(() => draftOf(queue));
  const [tried, setTried] = useState(false);
  const changed = changesOf(opened, draft);
  const begin = (from: QueueSettings) => {
    setOpened(from);
    setDraft(draftOf(from));
    setTried(false);
  };
  // Nothing typed yet: what a colleague saves simply shows.
  if (queue !== opened && changed.length === 0 && JSON.stringify(queue) !== JSON.stringify(opened)) begin(queue);

  const saving = useMutation({
    mutationFn: async () => {
      const fresh = (await client.fetchQuery(queueSettingsQuery)).queues.find((each) => each.id === queue.id) ?? queue;
      const lost = overwritten(opened, fresh, changed);
      if (lost.length > 0) {
        setOpened(fresh);
        throw new ChangedMeanwhile(lost);
      }
      return await call(changeQueueSettings, { params: { queueId: queue.id }, body: bodyOf(draft, changed) });
    },
    onSuccess: (saved) => {
      client.setQueryData(
        queueSettingsQuery.queryKey,
        (known: Settings | undefined) =>
          known && { ...known, queues: known.queues.map((each) => (each.id === saved.id ? saved : each)) },
      );
      begin(saved);
      onSaved();
    },
  });

  const own = tried ? faultsOf(draft) : {};
  const faults = { ...serverFaults(saving.error), ...own };
  return {
    draft,
    change: (part) => {
      setDraft((present) => ({ ...present, ...part }));
      if (saving.error && !(saving.error instanceof ChangedMeanwhile)) saving.reset();
    },
    changed,
    faults,
    conflict: saving.error instanceof ChangedMeanwhile ? saving.error.fields : [],
    stored: opened,
    error: saving.error instanceof ChangedMeanwhile || Object.keys(faults).length > 0 ? null : saving.error,
    busy: saving.isPending,
    save: () => {
      setTried(true);
      if (Object.keys(faultsOf(draft)).length === 0 && changed.length > 0) saving.mutate();
    },
    discard: () => {
      saving.reset();
      begin(queue);
    },
  };
}

type Settings = Reply<typeof readQueueSettings>;

/** `bad-input` names the fields, alone (`wrapUp`) or as a path with words (`/priority Too big`). */
function serverFaults(error: unknown): Faults {
  if (!(error instanceof Refusal) || error.code !== 'bad-input' || !Array.isArray(error.facts['fields'])) return {};
  const named = new Set<string | undefined>(
    error.facts['fields'].map((text) => text.replace(/^\//, '').split(/[\s/]/)[0]),
  );
  return Object.fromEntries(
    fields
      .filter((field) => named.has(field))
      .map((field) => [field, { is: field === 'wrapUp' ? 'wrapUp' : 'server' }]),
  );
}
