/** The mail server that takes our mail to the world. */
import type { Readable } from 'node:stream';
import nodemailer from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import type { Files } from '../../platform/files.ts';
import { oneLine } from './clean-text.ts';
import { Undeliverable } from './letter.ts';
import type { Letter } from './letter.ts';

export interface Relay {
  /** Resolves when the relay has taken the mail over. @throws when it has not, or when that is not known */
  send(letter: Letter, signal: AbortSignal): Promise<void>;
}

export function smtpRelay(url: string, files: Files): Relay {
  // What a mail says is never a reason to open a file or an address of ours.
  const transport = nodemailer.createTransport({
    url,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (letter, signal) => {
      await withFiles(letter, files, (options) => transport.sendMail({ ...options, signal }));
    },
  };
}

/** The mail as the relay would have got it. */
export async function written(letter: Letter, files: Files): Promise<string> {
  const transport = nodemailer.createTransport({ streamTransport: true, buffer: true });
  const { message } = await withFiles(letter, files, (options) => transport.sendMail(options));
  return Buffer.isBuffer(message) ? message.toString() : '';
}

async function withFiles<T>(
  { files: named, ...letter }: Letter,
  files: Files,
  send: (options: SendMailOptions) => Promise<T>,
): Promise<T> {
  const opened: Readable[] = [];
  const attachments = named.map(({ name, mediaType, ...located }) => {
    const content = files.read(located);
    content.on('error', () => {}); // told by the sending that reads it
    opened.push(content);
    return { filename: name, contentType: mediaType, content };
  });
  try {
    return await send({ ...letter, attachments, envelope: { from: letter.from.address, to: [letter.to.address] } });
  } finally {
    for (const each of opened) each.destroy();
  }
}

/** What the other side answered, for the agent to read. */
export function answerOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  return oneLine('response' in error && typeof error.response === 'string' ? error.response : error.message, 500);
}

/**
 * RFC 5321 §4.2.1: a 5yz to the sender, the recipient or the mail itself will be the same tomorrow. One to our
 * signing in, or to the order of commands, is about the relay and not about this mail.
 */
export function isFinal(error: unknown): boolean {
  if (error instanceof Undeliverable) return true;
  if (!(error instanceof Error) || !('code' in error) || !('responseCode' in error)) return false;
  const { code, responseCode } = error;
  return (
    (code === 'EENVELOPE' || code === 'EMESSAGE') &&
    typeof responseCode === 'number' &&
    responseCode >= 500 &&
    responseCode !== 503 &&
    responseCode !== 530
  );
}
