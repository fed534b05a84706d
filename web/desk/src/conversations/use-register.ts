import {
  endConversation,
  registerConversation,
  skipRegistration,
  type ConversationCard,
} from '@kernlijn/contract/conversations';
import { call } from '@kernlijn/ui/call.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { announce } from '../shell/announce.ts';
import { say } from '../shell/notices.ts';
import { forgetRegistration, type RegistrationFieldsDraft } from './drafts.ts';
import { keepCard } from './queries.ts';
import { complete, stepOf } from './registration.ts';
import { isUnread, seen } from './seen.ts';
import { useSections } from './use-work.ts';

/** Registering closes; the next piece of work opens by itself. */
export function useRegister(card: ConversationCard, draft: RegistrationFieldsDraft) {
  const { t } = useTranslation('conversations');
  const { id: me } = useMe();
  const client = useQueryClient();
  const onwards = useOnwards(card.id);
  const at = { params: { conversationId: card.id } };
  const done = (closed: ConversationCard) => {
    forgetRegistration(card.id);
    keepCard(client, closed);
    say(t('register.registered'));
    announce(t('register.registered'));
    // Who registered in the place of somebody else stays where he is.
    if (card.agentId === me) onwards();
  };
  const register = useMutation({
    mutationFn: async () => {
      const body = complete(draft);
      if (!body) throw new Error('registered without a reason or outcome');
      if (stepOf(card) === 'end-and-register') keepCard(client, await call(endConversation, at));
      return call(registerConversation, { ...at, body });
    },
    onSuccess: done,
  });
  const skip = useMutation({ mutationFn: () => call(skipRegistration, at), onSuccess: done });
  return {
    register: () => register.mutate(),
    skip: () => skip.mutate(),
    busy: register.isPending || skip.isPending,
    error: register.error ?? skip.error,
  };
}

/** To whatever wants attention next. */
export function useOnwards(from: string): () => void {
  const navigate = useNavigate();
  const { ringing, unfinished, mine } = useSections();
  return () => {
    const calls = mine.filter((card) => card.channel === 'call');
    // Who wrote and was not read yet has waited for this moment.
    const unread = mine.filter((card) => isUnread(card, seen.get()));
    const next = [...ringing, ...calls, ...unfinished, ...unread, ...mine].find((card) => card.id !== from);
    void (next
      ? navigate({ to: '/desk/c/$conversationId', params: { conversationId: next.id } })
      : navigate({ to: '/desk' }));
  };
}
