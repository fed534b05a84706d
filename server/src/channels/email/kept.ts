/** A mail with what is kept of it, worked out before the transaction. */
import { storedAs } from '../../platform/files.ts';
import type { Files } from '../../platform/files.ts';
import { newId } from '../../platform/ids.ts';
import { fingerprint } from './fingerprint.ts';
import type { Mail } from './mail.ts';
import type { NewFile } from './store.ts';

export interface KeptMail {
  mail: Mail;
  mark: Buffer;
  original: Omit<NewFile, 'id'>;
  /** In the order of the mail's parts. */
  parts: readonly Omit<NewFile, 'id'>[];
}

/** Up to here a mail and its parts go into the database: a commit costs less than files of their own, synced each. */
const smallBytes = 128_000;

/** Bytes that do not go into the database are on disk when this resolves. @throws the file system's error */
export async function keep(files: Files, mail: Mail, raw: Uint8Array): Promise<KeptMail> {
  const small = raw.byteLength <= smallBytes;
  const bytesOf = async (bytes: Uint8Array) =>
    small
      ? { ...storedAs(bytes), bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
      : { ...(await files.keep(bytes)), bytes: null };
  const original = { ...(await bytesOf(raw)), mediaType: 'message/rfc822', name: 'original.eml' };
  const parts = [];
  for (const { bytes, mediaType, name } of mail.parts) parts.push({ ...(await bytesOf(bytes)), mediaType, name });
  return { mail, mark: fingerprint(mail), original, parts };
}

/** The ids under which a client gets it. */
export interface MailIds {
  messageId: string;
  originalId: string;
  partIds: readonly string[];
}

export function newIds({ parts }: KeptMail, now: Date): MailIds {
  return { messageId: newId(now.getTime()), originalId: newId(now.getTime()), partIds: parts.map(() => newId()) };
}
