/** Sign-in and sign-out are better-auth's own calls, outside the contract. */

export type SignInResult = 'done' | 'wrong' | 'too-often' | 'unreachable';

export async function signIn(email: string, password: string): Promise<SignInResult> {
  const response = await post('/api/auth/sign-in/email', { email, password }).catch(() => undefined);
  if (!response || response.status >= 500) return 'unreachable';
  if (response.ok) return 'done';
  return response.status === 429 ? 'too-often' : 'wrong';
}

export async function signOut(): Promise<void> {
  await post('/api/auth/sign-out', {}).catch(() => undefined);
}

const post = (address: string, body: object) =>
  fetch(address, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
