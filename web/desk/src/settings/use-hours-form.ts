import {
  addOpeningHours,
  changeOpeningHours,
  removeOpeningHours,
  type OpeningHoursSettings,
  type readOpeningHours,
} from '@kernlijn/contract/opening-hours';
import { call, Refusal, type Reply } from '@kernlijn/ui/call.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  draftOf,
  emptyDraft,
  faultless,
  faultsOf,
  hoursOf,
  sameHours,
  type DraftFaults,
  type HoursDraft,
} from './hours-draft.ts';
import { openingHoursQuery } from './queries.ts';

export interface HoursFormState {
  draft: HoursDraft;
  change: (part: Partial<HoursDraft>) => void;
  changed: boolean;
  /** Once it was tried to be saved. */
  faults: DraftFaults;
  nameTaken: boolean;
  /** A colleague saved these hours since the form was opened. */
  conflict: boolean;
  error: unknown;
  busy: boolean;
  save: () => void;
  discard: () => void;
  remove: () => void;
}

const none: DraftFaults = { name: false, byKey: {} };

/** @param hours as they are stored now; null for new ones, of this client */
export function useHoursForm(
  hours: OpeningHoursSettings | null,
  client: { id: string; timezone: string },
  done: { saved: (hours: OpeningHoursSettings) => void; removed: () => void },
): HoursFormState {
  const queries = useQueryClient();
  const start = () => (hours === null ? emptyDraft(client.timezone) : draftOf(hours));
  const [opened, setOpened] = useState(hours);
  const [before, setBefore] = useState(start);
  const [draft, setDraft] = useState(before);
  const [tried, setTried] = useState(false);
  const changed = hours === null || !sameHours(before, draft);
  const begin = (from: OpeningHoursSettings | null) => {
    const fresh = from === null ? emptyDraft(client.timezone) : draftOf(from);
    setOpened(from);
    setBefore(fresh);
    setDraft(fresh);
    setTried(false);
  };
  // Nothing typed yet: what a colleague saves simply shows.
  if (hours !== null && hours.version !== opened?.version && !changed) begin(hours);

  const keep = (change: (known: OpeningHoursSettings[]) => OpeningHoursSettings[]) =>
    queries.setQueryData(
      openingHoursQuery.queryKey,
      (known: Reply<typeof readOpeningHours> | undefined) => known && { openingHours: change(known.openingHours) },
    );
  const saving = useMutation({
    mutationFn: async () => {
      const fields = hoursOf(draft);
      if (opened === null) {
        const { timezone: _, ...rest } = fields;
        return await call(addOpeningHours, { body: { ...rest, clientId: client.id } });
      }
      return await call(changeOpeningHours, {
        params: { openingHoursId: opened.id },
        body: { ...fields, version: opened.version },
      });
    },
    onSuccess: (saved) => {
      keep((known) => [...known.filter((each) => each.id !== saved.id), saved].toSorted(byName));
      begin(saved);
      done.saved(saved);
    },
    onError: (error) => {
      if (error instanceof Refusal && error.code === 'conflict')
        void queries.invalidateQueries({ queryKey: openingHoursQuery.queryKey });
    },
  });
  const removing = useMutation({
    mutationFn: async (id: string) => await call(removeOpeningHours, { params: { openingHoursId: id } }),
    onSuccess: (_, id) => {
      done.removed();
      keep((known) => known.filter((each) => each.id !== id));
    },
  });

  const error = saving.error ?? removing.error;
  const refused = error instanceof Refusal ? error : null;
  const named = refused?.facts['fields'];
  const nameTaken = refused?.code === 'bad-input' && Array.isArray(named) && named.includes('name');
  const conflict = refused?.code === 'conflict';
  const faults = tried ? faultsOf(draft) : none;
  return {
    draft,
    change: (part) => {
      setDraft((present) => ({ ...present, ...part }));
      if (saving.error && !conflict) saving.reset();
    },
    changed,
    faults,
    nameTaken,
    conflict,
    error: nameTaken || conflict ? null : error,
    busy: saving.isPending || removing.isPending,
    save: () => {
      setTried(true);
      if (faultless(faultsOf(draft)) && changed) saving.mutate();
    },
    discard: () => {
      saving.reset();
      removing.reset();
      begin(hours);
    },
    remove: () => {
      if (opened !== null) removing.mutate(opened.id);
    },
  };
}

const byName = (a: OpeningHoursSettings, b: OpeningHoursSettings): number => a.name.localeCompare(b.name);
