/** A mail becomes, or joins, a conversation of each client it was sent to. */
import { addCustomerMessage, deliveryChanged, receiveWritten, soleCustomer } from '../../conversations/index.ts';
import type { Arrival, CustomerMessage } from '../../conversations/index.ts';
import type { Db, Tx } from '../../platform/db.ts';
import { storedAs } from '../../platform/files.ts';
import type { Files, StoredBytes } from '../../platform/files.ts';
import { newId } from '../../platform/ids.ts';
import { fingerprint } from './fingerprint.ts';
import { withAttachments } from './mail.ts';
import type { Mail } from './mail.ts';
import { claimMail, findThread, isSameMail, pointAtMessage } from './store.ts';
import type { ClientMailbox, Thread } from './store.ts';

export interface Delivery {
  mailboxes: readonly ClientMailbox[];
  mail: Mail;
  /** The mail as it came. */
  raw: Uint8Array;
}

/** The mail went round in a circle: it left from the very address it now arrives at (RFC 5321 §6.3). */
export class MailLoop extends Error {}

/**
 * When this resolves, the mail is on disk and committed for every mailbox; when it throws, for none. Any error but
 * `MailLoop` may be over later.
 */
export async function receiveMail(
  { db, files }: { db: Db; files: Files },
  { mailboxes, mail, raw }: Delivery,
  now: Date,
): Promise<void> {
  for (const mailbox of mailboxes) if (goesRound(mail, mailbox)) throw new MailLoop(mailbox.address);
  const onDisk = keepAll(files, [raw, ...mail.parts.map(({ bytes }) => bytes)]);
  const stored = {
    mail,
    mark: fingerprint(mail),
    original: storedAs(raw),
    parts: mail.parts.map(({ bytes }) => storedAs(bytes)),
  };
  // In the order of their ids: mails at the same moment lock alike.
  const inOrder = mailboxes.toSorted((one, other) => (one.contactPointId < other.contactPointId ? -1 : 1));
  await db.asSystem(async (tx) => {
    for (const mailbox of inOrder) await deliver(tx, mailbox, stored, now);
    await onDisk(); // before the commit
  });
}

/** Writes while the transaction goes on. @returns waits for the end of it, and throws what went wrong */
function keepAll(files: Files, all: readonly Uint8Array[]): () => Promise<void> {
  const writing = (async () => {
    for (const bytes of all) await files.keep(bytes);
  })();
  writing.catch(() => {}); // told to whoever waits; when the transaction failed first, to nobody
  return () => writing;
}

interface Stored {
  mail: Mail;
  mark: Buffer;
  original: StoredBytes;
  parts: readonly StoredBytes[];
}

async function deliver(
  tx: Tx,
  mailbox: ClientMailbox,
  { mail, mark, original, parts }: Stored,
  now: Date,
): Promise<void> {
  const { clientId, contactPointId } = mailbox;
  const [messageId, originalId] = [newId(now.getTime()), newId(now.getTime())];
  const named = parts.map((bytes, index) => ({
    id: newId(),
    ...bytes,
    mediaType: mail.parts[index]?.mediaType ?? '',
    name: mail.parts[index]?.name ?? '',
  }));
  const files = [{ id: originalId, ...original, mediaType: 'message/rfc822', name: 'original.eml' }, ...named];
  if (!(await claimMail(tx, { contactPointId, fingerprint: mark, clientId, messageId, originalId }, files))) return;

  const bounced =
    mail.bounce?.originalId == null ? undefined : await findThread(tx, clientId, [mail.bounce.originalId]);
  const thread = bounced ?? (await findThread(tx, clientId, mail.references));
  const written = customerMessage(mail, thread, { id: messageId, fileIds: named.map((each) => each.id), mark });
  if (thread === undefined) return void (await receiveWritten(tx, await arrival(tx, mailbox, mail), written, now));

  const kept = await addCustomerMessage(tx, thread.conversationId, written, now);
  if (kept.id !== messageId)
    await settleSameId(tx, thread.conversationId, { mailbox, mark, written, earlierId: kept.id }, now);
  if (mail.bounce?.failed && bounced?.author === 'agent')
    await deliveryChanged(tx, bounced.messageId, 'failed', mail.bounce.detail);
}

/** The conversation has a message with this Message-ID: this mail by another mailbox of the client, or a careless sender's next one. */
async function settleSameId(
  tx: Tx,
  conversationId: string,
  {
    mailbox,
    mark,
    written,
    earlierId,
  }: { mailbox: ClientMailbox; mark: Buffer; written: CustomerMessage; earlierId: string },
  now: Date,
): Promise<void> {
  if (await isSameMail(tx, earlierId, mark)) await pointAtMessage(tx, mailbox.contactPointId, mark, earlierId);
  else
    await addCustomerMessage(
      tx,
      conversationId,
      { ...written, externalId: `${written.externalId}#${mark.toString('hex', 0, 8)}` },
      now,
    );
}

async function arrival(
  tx: Tx,
  { clientId, queueId, contactPointId, language }: ClientMailbox,
  { answerTo, from, subject }: Mail,
): Promise<Arrival> {
  const { address, name } = answerTo;
  return {
    clientId,
    channel: 'email',
    queueId,
    contactPointId,
    customerId: await soleCustomer(tx, clientId, 'email', address),
    customerAddress: address,
    customerName: name || from.name || address,
    subject,
    language,
  };
}

function customerMessage(
  mail: Mail,
  thread: Thread | undefined,
  { id, fileIds, mark }: { id: string; fileIds: readonly string[]; mark: Buffer },
): CustomerMessage {
  const attachments = mail.parts.map(({ inline, contentId }, index) => ({
    id: newId(),
    fileId: fileIds[index] ?? '',
    inline,
    contentId,
  }));
  return {
    id,
    text: mail.text,
    html:
      mail.html === null
        ? null
        : withAttachments(
            mail.html,
            attachments.map((each) => each.id),
          ),
    externalId: mail.messageId ?? `hash:${mark.toString('hex')}`,
    headers: facts(mail, thread),
    attachments,
    quiet: asksForNothing(mail),
  };
}

/** An out-of-office answer, or news of a delivery that has not failed, belongs in the thread and calls for no agent. */
function asksForNothing({ automatic, bounce }: Mail): boolean {
  return automatic === 'auto-reply' || (bounce !== null && !bounce.failed);
}

function facts(mail: Mail, thread: Thread | undefined): Record<string, unknown> {
  const { from } = mail;
  const other =
    thread !== undefined &&
    from.address !== '' &&
    from.address !== thread.customerAddress &&
    mail.answerTo.address !== thread.customerAddress;
  return {
    from,
    date: mail.date,
    references: mail.references,
    ...(mail.automatic === null ? {} : { automatic: true, kind: mail.automatic }),
    // Whoever knows a Message-ID can write into the thread: shown as what they are, not as the customer.
    ...(other ? { writtenBy: from.name === '' ? from.address : `${from.name} <${from.address}>` } : {}),
    ...(mail.partsLeftOut === 0 ? {} : { partsLeftOut: mail.partsLeftOut }),
    ...(mail.unreadable ? { unreadable: true } : {}),
  };
}

// RFC 5321 §6.3: a mail that passed a hundred servers is going round.
const mostHops = 100;

function goesRound(mail: Mail, mailbox: ClientMailbox): boolean {
  return mail.hops >= mostHops || mail.loopMarks.includes(mailbox.address.toLowerCase());
}
