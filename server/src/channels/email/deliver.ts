/** A mail becomes, or joins, a conversation of the client it was sent to; within a transaction. */
import { addCustomerMessage, deliveryChanged, receiveWritten } from '../../conversations/index.ts';
import type { CustomerMessage } from '../../conversations/index.ts';
import { soleOwners } from '../../customers/index.ts';
import type { Tx } from '../../platform/db.ts';
import { arrival, customerMessage } from './customer-message.ts';
import { newIds } from './kept.ts';
import type { KeptMail, MailIds } from './kept.ts';
import { claimMails, findThread, isSameMail, pointAtMessage, threaded } from './store.ts';
import type { Claim, ClientMailbox } from './store.ts';

export interface Addressed {
  mailbox: ClientMailbox;
  kept: KeptMail;
}

/** Those of these mails that begin a conversation, all at once. @returns them; the others belong in threads, each delivered by itself */
export async function deliverNew(tx: Tx, all: readonly Addressed[], now: Date): Promise<Set<Addressed>> {
  const inThreads = await threaded(
    tx,
    all.map(({ mailbox, kept: { mail } }) => ({
      clientId: mailbox.clientId,
      messageId: mail.messageId,
      references: mail.bounce?.originalId == null ? mail.references : [mail.bounce.originalId, ...mail.references],
    })),
  );
  const begun = all.filter((_, at) => !inThreads.has(at));
  const named = begun.map((each) => ({ ...each, ids: newIds(each.kept, now) }));
  const claimed = await claimMails(tx, named.map(claim));
  const fresh = named.filter(({ ids }) => claimed.has(ids.messageId));
  await begin(tx, fresh, now);
  return new Set(begun);
}

export async function deliver(tx: Tx, { mailbox, kept }: Addressed, now: Date): Promise<void> {
  const { clientId, contactPointId } = mailbox;
  const { mail, mark } = kept;
  const ids = newIds(kept, now);
  const claimed = await claimMails(tx, [claim({ mailbox, kept, ids })]);
  if (claimed.size === 0) return;

  const bounced =
    mail.bounce?.originalId == null ? undefined : await findThread(tx, clientId, [mail.bounce.originalId]);
  const thread = bounced ?? (await findThread(tx, clientId, mail.references));
  if (thread === undefined) return await begin(tx, [{ mailbox, kept, ids }], now);

  const written = customerMessage(kept, ids, thread);
  const added = await addCustomerMessage(tx, thread.conversationId, written, now);
  if (added.id !== ids.messageId)
    await settleSameId(tx, thread.conversationId, { contactPointId, mark, written, earlierId: added.id }, now);
  if (mail.bounce?.failed && bounced?.author === 'agent')
    await deliveryChanged(tx, bounced.messageId, 'failed', mail.bounce.detail);
}

async function begin(tx: Tx, all: readonly (Addressed & { ids: MailIds })[], now: Date): Promise<void> {
  if (all.length === 0) return;
  const customers = await soleOwners(
    tx,
    'email',
    all.map(({ mailbox, kept }) => ({ clientId: mailbox.clientId, written: kept.mail.answerTo.address })),
  );
  await receiveWritten(
    tx,
    all.map(({ mailbox, kept, ids }, at) => ({
      arrival: arrival(mailbox, kept.mail, customers[at] ?? null),
      written: customerMessage(kept, ids),
    })),
    now,
  );
}

function claim({ mailbox, kept, ids }: Addressed & { ids: MailIds }): Claim {
  return {
    contactPointId: mailbox.contactPointId,
    fingerprint: kept.mark,
    clientId: mailbox.clientId,
    messageId: ids.messageId,
    originalId: ids.originalId,
    files: [
      { id: ids.originalId, ...kept.original },
      ...kept.parts.map((part, index) => ({ id: ids.partIds[index] ?? '', ...part })),
    ],
  };
}

/** The conversation has a message with this Message-ID: this mail by another mailbox of the client, or a careless sender's next one. */
async function settleSameId(
  tx: Tx,
  conversationId: string,
  {
    contactPointId,
    mark,
    written,
    earlierId,
  }: { contactPointId: string; mark: Buffer; written: CustomerMessage; earlierId: string },
  now: Date,
): Promise<void> {
  if (await isSameMail(tx, earlierId, mark)) await pointAtMessage(tx, contactPointId, mark, earlierId);
  else
    await addCustomerMessage(
      tx,
      conversationId,
      { ...written, externalId: `${written.externalId}#${mark.toString('hex', 0, 8)}` },
      now,
    );
}
