import { changeLocale, type Me } from '@kernlijn/contract/access';
import type { Locale } from '@kernlijn/contract/endpoint';
import { disconnectLine } from '@kernlijn/contract/telephone';
import { call } from '@kernlijn/ui/call.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { meQuery } from '../access/queries.ts';
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
  const client = useQueryClient();
  const navigate = useNavigate();
  return () => {
    const leave = async () => {
      // Best effort: somebody without a telephone has nothing to hang up.
      await call(disconnectLine, {}).catch(() => undefined);
      await signOut();
      await navigate({ to: '/sign-in', search: {} });
      client.clear();
    };
    void leave();
  };
}
