/** A mail as this channel sees it, whatever it came as. */
import type { AutomaticKind } from '@kernlijn/contract/conversations';

export interface Mail {
  /** `<left@right>`, or null when the sender gave none. */
  messageId: string | null;
  /** The Date header as it came; only a fact about the mail, never our clock. */
  date: string;
  from: Mailbox;
  /** Where an answer goes: Reply-To, or else From. */
  answerTo: Mailbox;
  subject: string;
  text: string;
  /** Sanitised. Its inline images point to `partAddress(index)` until their attachments have ids. */
  html: string | null;
  /** Message-IDs this mail answers, the nearest first. */
  references: readonly string[];
  automatic: AutomaticKind | null;
  bounce: Bounce | null;
  /** Our addresses that a passing mail says it left from: the sign of a loop. */
  loopMarks: readonly string[];
  /** How many servers it passed. */
  hops: number;
  parts: readonly Part[];
  /** Parts beyond what is kept apart; they are in the original. */
  partsLeftOut: number;
  /** It could not be parsed: `text` is the mail as it came. */
  unreadable: boolean;
}

export interface Mailbox {
  /** Lower case; empty when there is none. */
  address: string;
  name: string;
}

export interface Part {
  name: string;
  mediaType: string;
  bytes: Uint8Array;
  /** Without the angle brackets. */
  contentId: string | null;
  /** Shown within the text. */
  inline: boolean;
}

/** What a delivery status notification (RFC 3464) says of a mail of ours. */
export interface Bounce {
  failed: boolean;
  originalId: string | null;
  detail: string;
}

export const loopHeader = 'X-Kernlijn-Loop';

/** Stands in the HTML for the attachment that part will be. */
export const partAddress = (index: number): string => `/api/attachments/part-${index}`;

/** Gives the parts in sanitised HTML their addresses. */
export function withAttachments(html: string, ids: readonly string[]): string {
  return html.replace(/"\/api\/attachments\/part-(\d{1,4})"/g, (whole, index: string) => {
    const id = ids[Number(index)];
    return id === undefined ? whole : `"/api/attachments/${id}"`;
  });
}
