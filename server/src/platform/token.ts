import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits: nobody guesses one, so its hash needs no salt. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
