/** Listening in, and the ways to do so. The own line is connected first where it was not. */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import { joinCall, leaveCall, listenIn, takeHelp, takeOverCall } from '@kernlijn/contract/supervising';
import { call } from '@kernlijn/ui/call.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { keepCard } from '../conversations/queries.ts';
import { say, useFailure } from '../shell/notices.ts';
import { lineConnected } from '../telephone/line.ts';
import { supervisingKey } from './queries.ts';

export type Way = 'listen' | 'whisper' | 'all' | 'take-over' | 'leave';

const leaving = new Set<string>();
/** That it is over was this page's own doing. */
export const wasOwnDoing = (conversationId: string): boolean => leaving.delete(conversationId);

export function useSupervise(conversationId: string) {
  const client = useQueryClient();
  const fail = useFailure();
  const navigate = useNavigate();
  const { t } = useTranslation('supervising');
  const at = { params: { conversationId } };
  return useMutation<ConversationCard | null, Error, Way>({
    mutationFn: async (way) => {
      if (way === 'leave' || way === 'take-over') leaving.add(conversationId);
      if (way === 'leave') {
        await call(leaveCall, at);
        return null;
      }
      await lineConnected();
      if (way === 'take-over') return await call(takeOverCall, at);
      return way === 'all' ? await call(joinCall, at) : await call(listenIn, { ...at, body: { voice: way } });
    },
    onSuccess: (card, way) => {
      if (card) keepCard(client, card);
      if (way !== 'take-over') return;
      say(t('tookOver'));
      void navigate({ to: '/desk/c/$conversationId', params: { conversationId } });
    },
    onError: (error) => {
      leaving.delete(conversationId);
      fail(error);
    },
    onSettled: () => client.invalidateQueries({ queryKey: supervisingKey }),
  });
}

/** To whoever asks: his conversation opens, and in a call one is in it at once. */
export function useTakeHelp() {
  const client = useQueryClient();
  const fail = useFailure();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async ({ conversationId, channel }: { conversationId: string; channel: string }) => {
      await call(takeHelp, { params: { conversationId } });
      void navigate({ to: '/desk/c/$conversationId', params: { conversationId } });
      if (channel !== 'call') return;
      await lineConnected();
      keepCard(client, await call(listenIn, { params: { conversationId }, body: { voice: 'whisper' } }));
    },
    onError: fail,
    onSettled: () => client.invalidateQueries({ queryKey: supervisingKey }),
  });
}
