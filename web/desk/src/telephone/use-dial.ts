/** Calling somebody: from the dossier, the command bar, a promise or the dial pad. */
import { startCall } from '@kernlijn/contract/telephone';
import { createStore } from '@kernlijn/ui/store.ts';
import { useNavigate } from '@tanstack/react-router';
import { useMe } from '../access/queries.ts';
import { useAct } from '../conversations/use-act.ts';
import { openDialog } from '../shell/dialog.ts';

export interface ToDial {
  number: string;
  clientId?: string | undefined;
  customerId?: string | null | undefined;
  callbackId?: string | undefined;
}

/** What stands in the dial pad when it opens. */
export const toDial = createStore<ToDial>({ number: '' });
export function openDial(what: ToDial = { number: '' }): void {
  toDial.set(what);
  openDialog('dial');
}

export function useDial(how: { quiet?: boolean } = {}) {
  const navigate = useNavigate();
  const start = useAct(
    startCall,
    (card) => {
      void navigate({ to: '/desk/c/$conversationId', params: { conversationId: card.id } });
    },
    how,
  );
  return {
    dial: (what: ToDial & { clientId: string; contactPointId?: string | undefined }, then?: () => void) =>
      start.mutate(
        {
          body: {
            clientId: what.clientId,
            number: what.number,
            customerId: what.customerId ?? null,
            contactPointId: what.contactPointId ?? null,
            callbackId: what.callbackId ?? null,
          },
        },
        then ? { onSuccess: then } : {},
      ),
    busy: start.isPending,
    error: start.error,
  };
}

export const useMayDial = (): boolean => {
  const { isAgent, permissions } = useMe();
  return isAgent && permissions.includes('work.handle');
};
