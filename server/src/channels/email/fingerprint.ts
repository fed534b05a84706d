import { createHash } from 'node:crypto';
import type { Mail } from './mail.ts';

/**
 * Knows a mail that comes a second time. Not by its Message-ID alone: some senders give many mails the same one, and
 * none of those may be lost. Trace headers are left out, for they differ with the way a mail took.
 */
export function fingerprint(mail: Mail): Buffer {
  const hash = createHash('sha256');
  const { messageId, date, from, subject, text, html, parts } = mail;
  hash.update(
    JSON.stringify([
      messageId,
      date,
      from.address,
      subject,
      text,
      html,
      parts.map(({ name, mediaType }) => [name, mediaType]),
    ]),
  );
  for (const { bytes } of parts) hash.update(createHash('sha256').update(bytes).digest());
  return hash.digest();
}
