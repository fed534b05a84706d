import { addTrunk, changeTrunk, removeTrunk, type TrunkSettings } from '@kernlijn/contract/telephone-settings';
import { call, Refusal } from '@kernlijn/ui/call.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { telephonyQuery } from './queries.ts';
import { bodyOf, draftOf, faultsOf, trunkFields, type TrunkDraft, type TrunkField } from './trunk-draft.ts';

export interface TrunkFormState {
  draft: TrunkDraft;
  change: (part: Partial<TrunkDraft>) => void;
  changed: boolean;
  faults: readonly TrunkField[];
  isConflict: boolean;
  error: unknown;
  busy: boolean;
  save: () => void;
  remove: () => void;
  discard: () => void;
}

/** @param trunk as it was when the form was opened; its state may change while it is open */
export function useTrunkForm(
  trunk: TrunkSettings | null,
  done: { saved: (saved: TrunkSettings) => void; removed: () => void },
): TrunkFormState {
  const client = useQueryClient();
  const [opened, setOpened] = useState(trunk);
  const [draft, setDraft] = useState(() => draftOf(trunk));
  const [tried, setTried] = useState(false);
  const refresh = async () => await client.invalidateQueries({ queryKey: telephonyQuery.queryKey });
  const saving = useMutation({
    mutationFn: async () =>
      opened === null
        ? await call(addTrunk, { body: bodyOf(draft) })
        : await call(changeTrunk, {
            params: { trunkId: opened.id },
            body: { ...bodyOf(draft), version: opened.version },
          }),
    onSuccess: async (saved) => {
      await refresh();
      setOpened(saved);
      setDraft(draftOf(saved));
      setTried(false);
      done.saved(saved);
    },
  });
  const removing = useMutation({
    mutationFn: async (trunkId: string) => await call(removeTrunk, { params: { trunkId } }),
    onSuccess: async () => {
      done.removed();
      await refresh();
    },
  });
  const isConflict = saving.error instanceof Refusal && saving.error.code === 'conflict';
  const named = saving.error instanceof Refusal ? saving.error.facts['fields'] : undefined;
  const refused = trunkFields.filter((field) => Array.isArray(named) && named.includes(field));
  const faults = [...new Set([...(tried ? faultsOf(draft, opened) : []), ...refused])];
  return {
    draft,
    change: (part) => {
      setDraft((present) => ({ ...present, ...part }));
      if (saving.error && !isConflict) saving.reset();
    },
    changed: JSON.stringify(draft) !== JSON.stringify(draftOf(opened)),
    faults,
    isConflict,
    error: isConflict || refused.length > 0 ? removing.error : (saving.error ?? removing.error),
    busy: saving.isPending || removing.isPending,
    save: () => {
      setTried(true);
      if (faultsOf(draft, opened).length === 0) saving.mutate();
    },
    remove: () => {
      if (opened !== null) removing.mutate(opened.id);
    },
    discard: () => {
      saving.reset();
      setOpened(trunk);
      setDraft(draftOf(trunk));
      setTried(false);
    },
  };
}
