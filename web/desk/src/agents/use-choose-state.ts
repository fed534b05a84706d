import { chooseState, type ChosenState } from '@kernlijn/contract/agents';
import { call } from '@kernlijn/ui/call.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useFailure } from '../shell/notices.ts';
import { askForNotifications } from '../shell/notify.ts';
import { keepStatus } from './queries.ts';

export function useChooseState(): (state: ChosenState, pauseReason?: string) => void {
  const client = useQueryClient();
  const fail = useFailure();
  return (state, pauseReason) => {
    // From now on he may look elsewhere until something rings.
    if (state === 'ready') askForNotifications();
    call(chooseState, { body: pauseReason ? { state, pauseReason } : { state } }).then(
      (status) => keepStatus(client, status),
      fail,
    );
  };
}
