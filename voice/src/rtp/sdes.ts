/** Keys for SRTP in session descriptions: `a=crypto` (RFC 4568). */
import { randomBytes } from 'node:crypto';
import { masterKeyBytes, masterSaltBytes, suites } from './srtp.ts';
import type { Suite } from './srtp.ts';

export interface CryptoLine {
  tag: number;
  suite: Suite;
  /** Key and salt. */
  master: Buffer;
}

const masterBytes = masterKeyBytes + masterSaltBytes;

/** Those we can use, in their order: no MKI, no session parameters (§6.3.7: one that is not understood rules a line out). */
export function cryptoLinesIn(lines: readonly string[]): CryptoLine[] {
  return lines.flatMap((line) => {
    const match = /^a=crypto:(\d{1,9}) (\w+) inline:([A-Za-z0-9+/]{40}=*)(?:\|(?:2\^\d{1,2}|\d{1,15}))?\s*$/.exec(line);
    const [, tag, suite = '', key = ''] = match ?? [];
    if (tag === undefined || !isSuite(suite)) return [];
    const master = Buffer.from(key, 'base64');
    return master.length === masterBytes ? [{ tag: Number(tag), suite, master }] : [];
  });
}

export function formatCrypto({ tag, suite, master }: CryptoLine): string {
  return `a=crypto:${tag} ${suite} inline:${master.toString('base64')}`;
}

export function newCrypto(tag: number, suite: Suite): CryptoLine {
  return { tag, suite, master: randomBytes(masterBytes) };
}

function isSuite(text: string): text is Suite {
  return Object.hasOwn(suites, text);
}
