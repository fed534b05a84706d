/** Which mails a machine sent. Nothing of ours ever answers one by itself (RFC 3834 §2). */
import type { AutomaticKind } from '@kernlijn/contract/conversations';
import type { Email } from 'postal-mime';
import { oneLine } from './clean-text.ts';
import { field, fields, messageIds } from './headers.ts';
import type { Bounce } from './mail.ts';

/** @param sender the envelope's; empty is the null return path of RFC 5321 §4.5.5 */
export function automaticKind(email: Email, sender: string): AutomaticKind | null {
  const submitted = field(email, 'auto-submitted').toLowerCase().split(';')[0]?.trim() ?? '';
  const precedence = field(email, 'precedence').toLowerCase().trim();
  const has = (...names: string[]) => names.some((name) => fields(email, name).length > 0);
  const from = email.from?.address?.toLowerCase() ?? '';
  if (statusPart(email) !== undefined || has('x-failed-recipients')) return 'bounce';
  if (
    submitted.startsWith('auto-replied') ||
    precedence === 'auto_reply' ||
    has('x-autoreply', 'x-autorespond', 'x-autoresponder')
  )
    return 'auto-reply';
  if (has('list-id', 'list-post') || precedence === 'list') return 'list';
  if (precedence === 'bulk' || precedence === 'junk' || has('list-unsubscribe', 'feedback-id')) return 'bulk';
  if (submitted !== '' && submitted !== 'no') return 'auto-generated';
  if (/^(mailer-daemon|postmaster)@/.test(from)) return 'bounce';
  if (sender === '') return 'auto-reply'; // who wants no bounces may answer nobody (RFC 3834 §3.3)
  // What Exchange sets on notices of its own; on a person's mail it is absent.
  if (/\b(all|oof|autoreply)\b/i.test(field(email, 'x-auto-response-suppress'))) return 'auto-generated';
  if (/^(no-?reply|do-?not-?reply|geen-?antwoord)[^@]*@/.test(from)) return 'auto-generated';
  return null;
}

/** RFC 3464: what became of a mail of ours. The mail itself, or its headers, come back as a part. */
export function bounceOf(email: Email): Bounce | null {
  const status = statusPart(email);
  if (status === undefined) return null;
  const lines = textOf(status).replace(/\r?\n[ \t]+/g, ' ');
  const said = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(lines)?.[1]?.trim() ?? '';
  const returned = email.attachments.find((part) => returnedTypes.has(part.mimeType));
  const headers =
    returned === undefined
      ? ''
      : textOf(returned)
          .slice(0, 100_000)
          .replace(/\r?\n[ \t]+/g, ' ');
  const recipient = said('Final-Recipient').replace(/^rfc822;\s*/i, '');
  const diagnosis = said('Diagnostic-Code').replace(/^smtp;\s*/i, '');
  return {
    failed: /^failed/i.test(said('Action')),
    originalId: messageIds(/^message-id:(.*)$/im.exec(headers)?.[1] ?? '')[0] ?? null,
    detail: oneLine([diagnosis || said('Status'), recipient].filter((each) => each !== '').join(' · '), 500),
  };
}

// RFC 6533 has the same in UTF-8.
const statusTypes = new Set(['message/delivery-status', 'message/global-delivery-status']);
const returnedTypes = new Set(['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers']);

function statusPart(email: Email): Email['attachments'][number] | undefined {
  return email.attachments.find((part) => statusTypes.has(part.mimeType));
}

function textOf({ content }: { content: ArrayBuffer | Uint8Array | string }): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}
