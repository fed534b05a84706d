/** Sign-in and sign-out are better-auth's own calls, outside the contract. */
import { changeLocale } from '@kernlijn/contract/access';
import type { Locale } from '@kernlijn/contract/endpoint';
import { call } from '@kernlijn/ui/call.ts';
import { speak } from '../text/language.ts';

export type SignInResult = 'done' | 'wrong' | 'too-often' | 'unreachable';

export async function signIn(email: string, password: string): Promise<SignInResult> {
  const response = await post('/api/auth/sign-in/email', { email, password }).catch(() => undefined);
  if (!response || response.status >= 500) return 'unreachable';
  if (response.ok) return 'done';
  return response.status === 429 ? 'too-often' : 'wrong';
}

let chosen: Locale | undefined;

/** A language chosen on the sign-in page is meant: it becomes the person's own. */
export function chooseLanguage(locale: Locale): void {
  chosen = locale;
  void speak(locale);
}

/** After signing in; a choice that cannot be kept is no reason to stay outside. */
export async function keepChosenLanguage(): Promise<void> {
  if (chosen === undefined) return;
  await call(changeLocale, { body: { locale: chosen } }).catch(() => undefined);
  chosen = undefined;
}

export async function signOut(): Promise<void> {
  await post('/api/auth/sign-out', {}).catch(() => undefined);
}

export type PasswordResult = 'done' | 'wrong' | 'unreachable';

/** The other sessions of this person end; this one goes on. */
export async function changePassword(present: string, next: string): Promise<PasswordResult> {
  const body = { currentPassword: present, newPassword: next, revokeOtherSessions: true };
  const response = await post('/api/auth/change-password', body).catch(() => undefined);
  if (!response || response.status >= 500) return 'unreachable';
  return response.ok ? 'done' : 'wrong';
}

const post = (address: string, body: object) =>
  fetch(address, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
