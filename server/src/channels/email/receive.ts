/** A mail becomes, or joins, a conversation of each client it was sent to. */
import { addCustomerMessage, deliveryChanged, receive, soleCustomer } from '../../conversations/index.ts';
import type { CustomerMessage } from '../../conversations/index.ts';
import type { Db, Tx } from '../../platform/db.ts';
import type { Files, StoredBytes } from '../../platform/files.ts';
import { newId } from '../../platform/ids.ts';
import { fingerprint } from './fingerprint.ts';
import { withAttachments } from './mail.ts';
import type { Mail } from './mail.ts';
import { claimMail, findMailboxes, findThread, insertFiles, isSameMail, pointAtMessage } from './store.ts';
import type { ClientMailbox, Thread } from './store.ts';

export interface Delivery {
  /** Of the envelope, in lower case. */
  recipients: readonly string[];
  raw: Uint8Array;
  mail: Mail;
}

/** The mail went round in a circle: it left from the very address it now arrives at (RFC 5321 §6.3). */
export class MailLoop extends Error {}

/**
 * When this resolves, the mail is on disk and committed for every recipient; when it throws, for none. Any error but
 * `MailLoop` may be over later.
 */
export async function receiveMail({ db, files }: { db: Db; files: Files }, delivery: Delivery, now: Date): Promise<void> {
  const stored = await keepBytes(files, delivery);
  await db.asSystem(async (tx) => {
    for (const mailbox of await mailboxesOf(tx, delivery.recipients)) {
      if (goesRound(delivery.mail, mailbox)) throw new MailLoop(mailbox.address);
      await deliver(tx, mailbox, delivery.mail, stored, now);
    }
  });
}

/** The mailboxes behind these addresses, each once. An address with a detail, `info+folder@`, is `info@` (RFC 5233 §1). */
export async function mailboxesOf(tx: Tx, recipients: readonly string[]): Promise<ClientMailbox[]> {
  const wanted = recipients.map((address) => ({ exact: address.toLowerCase(), plain: address.toLowerCase().replace(/\+[^@]*(?=@)/, '') }));
  const found = await findMailboxes(tx, [...new Set(wanted.flatMap(({ exact, plain }) => [exact, plain]))]);
  const byAddress = new Map(found.map((mailbox) => [mailbox.address.toLowerCase(), mailbox]));
  const meant = new Set(wanted.map(({ exact, plain }) => byAddress.get(exact) ?? byAddress.get(plain)));
  return found.filter((mailbox) => meant.has(mailbox)); // in the order of their ids: mails at the same moment lock alike
}

interface Stored {
  original: StoredBytes;
  parts: readonly StoredBytes[];
}

async function keepBytes(files: Files, { raw, mail }: Delivery): Promise<Stored> {
  const original = await files.keep(raw);
  const parts: StoredBytes[] = [];
  for (const { bytes } of mail.parts) parts.push(await files.keep(bytes));
  return { original, parts };
}

async function deliver(tx: Tx, mailbox: ClientMailbox, mail: Mail, stored: Stored, now: Date): Promise<void> {
  const { clientId, contactPointId } = mailbox;
  const mark = fingerprint(mail);
  const messageId = newId(now.getTime());
  const originalId = newId(now.getTime());
  if (!(await claimMail(tx, { contactPointId, fingerprint: mark, clientId, messageId, originalId }))) return;

  const fileIds = stored.parts.map(() => newId());
  const original = { id: originalId, clientId, ...stored.original, mediaType: 'message/rfc822', name: 'original.eml' };
  const parts = mail.parts.map(({ mediaType, name }, index) => ({ id: fileIds[index] ?? '', clientId, sha256: '', size: 0, ...stored.parts[index], mediaType, name }));
  await insertFiles(tx, [original, ...parts]);

  const bounced = mail.bounce?.originalId == null ? undefined : await findThread(tx, clientId, [mail.bounce.originalId]);
  const thread = bounced ?? (await findThread(tx, clientId, mail.references));
  const conversationId = thread?.conversationId ?? (await begin(tx, mailbox, mail, now));
  const written = customerMessage(mail, thread, { id: messageId, fileIds, mark });
  const kept = await addCustomerMessage(tx, conversationId, written, now);
  if (kept.id !== messageId) await settleSameId(tx, conversationId, { mailbox, mark, written, earlierId: kept.id }, now);
  if (mail.bounce?.failed && bounced?.author === 'agent') await deliveryChanged(tx, bounced.messageId, 'failed', mail.bounce.detail);
}

/** The conversation has a message with this Message-ID: this mail by another mailbox of the client, or a careless sender's next one. */
async function settleSameId(tx: Tx, conversationId: string, { mailbox, mark, written, earlierId }: { mailbox: ClientMailbox; mark: Buffer; written: CustomerMessage; earlierId: string }, now: Date): Promise<void> {
  if (await isSameMail(tx, earlierId, mark)) await pointAtMessage(tx, mailbox.contactPointId, mark, earlierId);
  else await addCustomerMessage(tx, conversationId, { ...written, externalId: `${written.externalId}#${mark.toString('hex', 0, 8)}` }, now);
}

async function begin(tx: Tx, mailbox: ClientMailbox, mail: Mail, now: Date): Promise<string> {
  const { address, name } = mail.answerTo;
  return await receive(
    tx,
    {
      clientId: mailbox.clientId,
      channel: 'email',
      queueId: mailbox.queueId,
      contactPointId: mailbox.contactPointId,
      customerId: await soleCustomer(tx, mailbox.clientId, 'email', address),
      customerAddress: address,
      customerName: name || mail.from.name || address,
      subject: mail.subject,
      language: mailbox.language,
    },
    now,
  );
}

function customerMessage(mail: Mail, thread: Thread | undefined, { id, fileIds, mark }: { id: string; fileIds: readonly string[]; mark: Buffer }): CustomerMessage {
  const attachments = mail.parts.map(({ inline, contentId }, index) => ({ id: newId(), fileId: fileIds[index] ?? '', inline, contentId }));
  return {
    id,
    text: mail.text,
    html: mail.html === null ? null : withAttachments(mail.html, attachments.map((each) => each.id)),
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
  const other = thread !== undefined && from.address !== '' && from.address !== thread.customerAddress && mail.answerTo.address !== thread.customerAddress;
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
