/** Gathers what a waiting reply needs to leave. */
import type { Tx } from '../../platform/db.ts';
import { compose } from './compose.ts';
import type { LetterFields } from './compose.ts';
import { isAddress } from './headers.ts';
import { readEarlier, readReply, readSentFiles } from './outgoing-store.ts';
import type { SentFile } from './outgoing-store.ts';
import { mailboxOf } from './store.ts';

export interface Letter extends LetterFields {
  files: readonly SentFile[];
}

/** It can never be sent as it is: trying again is of no use. */
export class Undeliverable extends Error {}

/** @throws Undeliverable */
export async function readLetter(tx: Tx, messageId: string): Promise<Letter> {
  const reply = await readReply(tx, messageId);
  if (reply === undefined) throw new Undeliverable('the message is gone');
  const mailbox = await mailboxOf(tx, reply.conversationId);
  if (mailbox === undefined) throw new Undeliverable('the client has no mailbox to send from');
  if (!isAddress(reply.customerAddress)) throw new Undeliverable('the customer has no e-mail address');
  const earlier = await readEarlier(tx, reply.conversationId, reply.position);
  const answered = earlier.findLast((each) => each.author === 'customer');
  const letter = compose({
    ...reply,
    messageId: reply.externalId,
    from: { name: mailbox.clientName, address: mailbox.address },
    to: {
      name: reply.customerName === reply.customerAddress ? '' : reply.customerName,
      address: reply.customerAddress,
    },
    thread: earlier.map((each) => messageIdOf(each.externalId)),
    answered:
      answered === undefined
        ? null
        : { ...answered, messageId: answered.externalId.startsWith('<') ? messageIdOf(answered.externalId) : null },
  });
  return { ...letter, files: await readSentFiles(tx, messageId) };
}

/** A careless sender's second mail of the same Message-ID is kept under it and a mark of ours. */
const messageIdOf = (externalId: string): string => externalId.replace(/>#[0-9a-f]+$/, '>');
