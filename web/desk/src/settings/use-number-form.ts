import { changeNumber, type NumberSettings, type readNumbers } from '@kernlijn/contract/menu';
import { call, Refusal, type Reply } from '@kernlijn/ui/call.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { draftOf, faultsOf, mayBeSaved, sameDraft, type NumberDraft, type NumberFaults } from './number-draft.ts';
import { numbersQuery } from './queries.ts';

export interface NumberFormState {
  draft: NumberDraft;
  change: (part: Partial<NumberDraft>) => void;
  changed: boolean;
  /** Once it was tried to be saved. */
  faults: NumberFaults;
  conflict: boolean;
  error: unknown;
  busy: boolean;
  save: () => void;
  discard: () => void;
}

/** @param number as it is stored now; the form goes on from how it was when it was opened */
export function useNumberForm(number: NumberSettings, saved: (number: NumberSettings) => void): NumberFormState {
  const queries = useQueryClient();
  const [opened, setOpened] = useState(number);
  const [draft, setDraft] = useState(() => draftOf(number));
  const [tried, setTried] = useState(false);
  const changed = !sameDraft(draftOf(opened), draft);
  const begin = (from: NumberSettings) => {
    setOpened(from);
    setDraft(draftOf(from));
    setTried(false);
  };
  // Nothing typed yet: what a colleague saves simply shows.
  if (number.version !== opened.version && !changed) begin(number);

  const saving = useMutation({
    mutationFn: async () =>
      await call(changeNumber, {
        params: { contactPointId: opened.id },
        body: { ...draft, name: draft.name.trim(), version: opened.version },
      }),
    onSuccess: (answer) => {
      queries.setQueryData(
        numbersQuery.queryKey,
        (known: Reply<typeof readNumbers> | undefined) =>
          known && { numbers: known.numbers.map((each) => (each.id === answer.id ? answer : each)) },
      );
      begin(answer);
      saved(answer);
    },
    onError: (error) => {
      if (error instanceof Refusal && error.code === 'conflict')
        void queries.invalidateQueries({ queryKey: numbersQuery.queryKey });
    },
  });
  const conflict = saving.error instanceof Refusal && saving.error.code === 'conflict';
  const faults = tried ? faultsOf(draft) : {};
  return {
    draft,
    change: (part) => {
      setDraft((present) => ({ ...present, ...part }));
      if (saving.error && !conflict) saving.reset();
    },
    changed,
    faults,
    conflict,
    error: conflict ? null : saving.error,
    busy: saving.isPending,
    save: () => {
      setTried(true);
      if (mayBeSaved(faultsOf(draft)) && changed) saving.mutate();
    },
    discard: () => {
      saving.reset();
      begin(number);
    },
  };
}
