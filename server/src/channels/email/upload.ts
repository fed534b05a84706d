/** A file for a reply: checked, put on disk, and known by its id until the reply that carries it. */
import type { Readable } from 'node:stream';
import type { AttachmentLine } from '@kernlijn/contract/conversations';
import type { z } from 'zod';
import type { Db } from '../../platform/db.ts';
import type { Files } from '../../platform/files.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { fileName } from './clean-text.ts';
import { sendableType } from './media-type.ts';
import { clientOfConversation, insertFile } from './store.ts';

/** With base64 on top this is what most mail servers still take. */
export const largestUpload = 18_000_000;

/** @throws Refusal `not-found`, `too-large` or `attachment-type-refused` */
export async function upload(
  { db, files }: { db: Db; files: Files },
  viewer: Viewer,
  conversationId: string,
  given: { name: string; content: Readable },
): Promise<z.input<typeof AttachmentLine>> {
  const clientId = await db.asViewer(viewer, (tx) => clientOfConversation(tx, conversationId));
  if (clientId === undefined) throw new Refusal('not-found');
  const bytes = await read(given.content);
  const name = fileName(given.name, 'file');
  const mediaType = sendableType(name, bytes);
  if (mediaType === null) throw new Refusal('attachment-type-refused', { type: name });
  const { sha256, size } = await files.keep(bytes);
  const id = newId();
  await db.asViewer(viewer, (tx) => insertFile(tx, clientId, { id, sha256, size, mediaType, name }));
  return { id, name, mediaType, size, inline: false, contentId: null };
}

async function read(content: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size <= largestUpload) chunks.push(chunk); // the rest is read on: the browser only hears a refusal after its request
  }
  if (size > largestUpload) throw new Refusal('too-large', { limit: largestUpload });
  return Buffer.concat(chunks);
}
