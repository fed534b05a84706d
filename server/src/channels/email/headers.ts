/** Reading the header fields of a parsed mail. */
import type { Email } from 'postal-mime';
import { oneLine } from './clean-text.ts';
import type { Mailbox } from './mail.ts';

type Addresses = Email['replyTo'];
type OneAddress = Email['from'];

/** Unfolded values of a header, in order. */
export function fields(email: Pick<Email, 'headers'>, name: string): string[] {
  return email.headers.filter((header) => header.key === name).map((header) => header.value);
}

export function field(email: Pick<Email, 'headers'>, name: string): string {
  return fields(email, name)[0] ?? '';
}

// RFC 5322 §3.6.4; what is between the brackets is the sender's business, as long as it is one token that can be kept.
const messageIdPattern = /<[^<>\s\p{Cc}]{1,900}>/gu;

export function messageIds(value: string): string[] {
  return value.match(messageIdPattern) ?? [];
}

/** Nearest first: what In-Reply-To names, then References from its end (RFC 5322 §3.6.4). */
export function referencesOf(email: Pick<Email, 'headers'>): string[] {
  const answered = fields(email, 'in-reply-to').flatMap(messageIds);
  const thread = fields(email, 'references').flatMap(messageIds).toReversed();
  return [...new Set([...answered, ...thread])].slice(0, mostReferences);
}

const mostReferences = 50;

/** The first address that can be answered; groups are looked into. */
export function firstMailbox(addresses: Addresses | readonly OneAddress[]): Mailbox | null {
  for (const entry of addresses ?? []) {
    for (const { address, name } of entry?.group ?? (entry === undefined ? [] : [entry])) {
      const plain = (address ?? '').trim().toLowerCase();
      if (isAddress(plain)) return { address: plain, name: oneLine(name, 200) };
    }
  }
  return null;
}

/** Enough to be sent to and to be shown; whether it exists only its server knows. */
export function isAddress(address: string): boolean {
  return (
    address.length <= 254 &&
    /^[^\s@<>"(),:;\\[\]\p{Cc}]{1,64}@[^\s@<>"(),:;\\\p{Cc}]+\.[^\s@<>"(),:;\\\p{Cc}.]+$/u.test(address)
  );
}
