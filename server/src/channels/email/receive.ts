/** A mail is taken in, for every client it was sent to. */
import type { Db } from '../../platform/db.ts';
import type { Files } from '../../platform/files.ts';
import { deliver, deliverNew } from './deliver.ts';
import type { Addressed } from './deliver.ts';
import { inTurn } from './in-turn.ts';
import { keep } from './kept.ts';
import type { Mail } from './mail.ts';
import type { ClientMailbox } from './store.ts';
import { together } from './together.ts';

export interface Delivery {
  mailboxes: readonly ClientMailbox[];
  mail: Mail;
  /** The mail as it came. */
  raw: Uint8Array;
}

/** The mail went round in a circle: it left from the very address it now arrives at (RFC 5321 §6.3). */
export class MailLoop extends Error {}

/** So many mails are a statement of some megabytes at most: large ones go alone, and hold nobody up. */
const mostTogether = 50;

/**
 * When what this gives resolves, the mail is on disk and committed for every mailbox; when it throws, for none. Any
 * error but `MailLoop` may be over later.
 * @param transactions at most so many at once
 */
export function mailReceiver(
  { db, files }: { db: Db; files: Files },
  transactions: number,
): (delivery: Delivery) => Promise<void> {
  const turn = inTurn(transactions - 1);
  const deliveredNew = together(mostTogether, async (all: readonly Addressed[]) => {
    const begun = await db.asSystem((tx) => deliverNew(tx, all, new Date()));
    return (each) => begun.has(each);
  });
  return async ({ mailboxes, mail, raw }) => {
    for (const mailbox of mailboxes) if (goesRound(mail, mailbox)) throw new MailLoop(mailbox.address);
    const kept = await keep(files, mail, raw);
    // In the order of their ids: mails at the same moment lock alike.
    const inOrder = mailboxes.toSorted((one, other) => (one.contactPointId < other.contactPointId ? -1 : 1));
    const [only] = inOrder;
    const fits = only !== undefined && inOrder.length === 1 && kept.original.bytes !== null;
    if (fits && (await deliveredNew({ mailbox: only, kept }))) return;
    await turn(() =>
      db.asSystem(async (tx) => {
        for (const mailbox of inOrder) await deliver(tx, { mailbox, kept }, new Date());
      }),
    );
  };
}

// RFC 5321 §6.3: a mail that passed a hundred servers is going round.
const mostHops = 100;

function goesRound(mail: Mail, mailbox: ClientMailbox): boolean {
  return mail.hops >= mostHops || mail.loopMarks.includes(mailbox.address.toLowerCase());
}
