import { changeAgent, changeStaff, type readStaff, type Staff } from '@kernlijn/contract/people';
import { call, type Reply } from '@kernlijn/ui/call.ts';
import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  agentChange,
  draftOf,
  faultless,
  faultsOf,
  memberChange,
  type PersonDraft,
  type PersonFaults,
} from './person-draft.ts';
import { staffQuery } from './queries.ts';

export interface PersonFormState {
  draft: PersonDraft;
  change: (part: Partial<PersonDraft>) => void;
  changed: boolean;
  faults: PersonFaults;
  error: unknown;
  busy: boolean;
  save: () => void;
  discard: () => void;
}

const none: PersonFaults = { name: false, clients: false, capacity: {} };

/** @param person as stored now; only what is changed here is sent, the rest stays as a colleague left it */
export function usePersonForm(person: Staff, onSaved: () => void): PersonFormState {
  const client = useQueryClient();
  const [opened, setOpened] = useState(() => draftOf(person));
  const [draft, setDraft] = useState(opened);
  const [tried, setTried] = useState(false);
  const [agent, member] = [agentChange(opened, draft), memberChange(opened, draft)];
  const changed = agent !== null || member !== null;
  const begin = (from: Staff) => {
    const fresh = draftOf(from);
    setOpened(fresh);
    setDraft(fresh);
    setTried(false);
  };
  // Nothing typed yet: what a colleague saves simply shows.
  if (!changed && JSON.stringify(draftOf(person)) !== JSON.stringify(opened)) begin(person);

  const saving = useMutation({
    mutationFn: async () => {
      const params = { personId: person.id };
      let saved = person;
      if (member !== null) saved = await call(changeStaff, { params, body: member });
      if (agent !== null) saved = await call(changeAgent, { params, body: agent });
      return saved;
    },
    onSuccess: (saved) => {
      keepPerson(client, saved);
      begin(saved);
      onSaved();
    },
    // The first of two may have been kept.
    onError: () => void client.invalidateQueries({ queryKey: staffQuery.queryKey }),
  });
  return {
    draft,
    change: (part) => {
      setDraft((present) => ({ ...present, ...part }));
      if (saving.error) saving.reset();
    },
    changed,
    faults: tried ? faultsOf(draft) : none,
    error: saving.error,
    busy: saving.isPending,
    save: () => {
      setTried(true);
      if (changed && faultless(faultsOf(draft))) saving.mutate();
    },
    discard: () => {
      saving.reset();
      begin(person);
    },
  };
}

export function keepPerson(client: QueryClient, saved: Staff): void {
  client.setQueryData(
    staffQuery.queryKey,
    (known: Reply<typeof readStaff> | undefined) =>
      known && {
        ...known,
        people: [...known.people.filter((each) => each.id !== saved.id), saved].toSorted(
          (a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name),
        ),
      },
  );
}
