/** What a conversation gets to know of a mail. */
import type { Arrival, CustomerMessage, MessageHeaders } from '../../conversations/index.ts';
import { newId } from '../../platform/ids.ts';
import type { KeptMail, MailIds } from './kept.ts';
import { withAttachments } from './mail.ts';
import type { Mail } from './mail.ts';
import type { ClientMailbox, Thread } from './store.ts';

/** @param customerId the one customer whose address the answer goes to */
export function arrival(
  { clientId, queueId, contactPointId, language }: ClientMailbox,
  { answerTo, from, subject }: Mail,
  customerId: string | null,
): Arrival {
  const { address, name } = answerTo;
  return {
    clientId,
    channel: 'email',
    queueId,
    contactPointId,
    customerId,
    customerAddress: address,
    customerName: name || from.name || address,
    subject,
    language,
  };
}

export function customerMessage(
  { mail, mark }: KeptMail,
  { messageId, partIds }: MailIds,
  thread?: Thread,
): CustomerMessage {
  const attachments = mail.parts.map(({ inline, contentId }, index) => ({
    id: newId(),
    fileId: partIds[index] ?? '',
    inline,
    contentId,
  }));
  return {
    id: messageId,
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

function facts(mail: Mail, thread: Thread | undefined): MessageHeaders {
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
    original: true,
    ...(mail.automatic === null ? {} : { automatic: true, kind: mail.automatic }),
    // Whoever knows a Message-ID can write into the thread: shown as what they are, not as the customer.
    ...(other ? { writtenBy: from.name === '' ? from.address : `${from.name} <${from.address}>` } : {}),
    ...(mail.partsLeftOut === 0 ? {} : { partsLeftOut: mail.partsLeftOut }),
    ...(mail.unreadable ? { unreadable: true } : {}),
  };
}
