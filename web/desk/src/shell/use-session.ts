import { changeLocale, type Me } from '@kernlijn/contract/access';
import { chooseState } from '@kernlijn/contract/agents';
import type { Locale } from '@kernlijn/contract/endpoint';
import { disconnectLine } from '@kernlijn/contract/telephone';
import { call } from '@kernlijn/ui/call.ts';
import { useQueryClient } from '@tanstack/react-query';
import { meQuery, useMe } from '../access/queries.ts';
import { signOut } from '../access/sign-in.ts';
import { speak } from '../text/language.ts';
import { useFailure } from './notices.ts';

export function useChangeLocale(): (locale: Locale) => void {
  const client = useQueryClient();
  const fail = useFailure();
  return (locale) => {
    void speak(locale);
    client.setQueryData<Me>(meQuery.queryKey, (me) => me && { ...me, locale });
    call(changeLocale, { body: { locale } }).catch(fail);
  };
}

export function useSignOut(): () => void {
  const { isAgent } = useMe();
  return () => {
    const leave = async () => {
      // Best effort: what rings goes on to others, and somebody without a telephone has nothing to hang up.
      if (isAgent) await call(chooseState, { body: { state: 'offline' } }).catch(() => undefined);
      await call(disconnectLine, {}).catch(() => undefined);
      await signOut();
      // A new page: nothing of what one person typed or read is there for the next.
      location.assign('/sign-in');
    };
    void leave();
  };
}
