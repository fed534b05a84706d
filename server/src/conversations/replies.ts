/** What agents write. */
import type { Message } from '@kernlijn/contract/conversations';
import type { Tx } from '../platform/db.ts';
import { append } from '../platform/events.ts';
import { newId } from '../platform/ids.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { card, lock, lockOwn } from './changes.ts';
import type { Channels } from './channel.ts';
import { insertAttachments, insertMessage, messageByExternalId, readMessage } from './message-store.ts';

export interface Reply {
  /** Made by the desk; the same one is never sent twice. */
  key: string;
  text: string;
  fileIds: readonly string[];
}

export async function reply(
  tx: Tx,
  channels: Channels,
  conversationId: string,
  viewer: Viewer,
  written: Reply,
  now: Date,
): Promise<Message> {
  const conversation = await lockOwn(tx, conversationId, viewer);
  const channel = channels[conversation.channel];
  if (channel === undefined) throw new Refusal('channel-cannot-reply', { channel: conversation.channel });
  if (written.text.trim() === '') throw new Refusal('reply-empty');
  const id = newId(now.getTime());
  const { clientId } = conversation;
  const externalId = await channel.externalId({ id, clientId, conversationId, key: written.key }, tx);
  const earlier = await messageByExternalId(tx, conversationId, externalId);
  if (earlier !== undefined) return earlier;
  if (conversation.state !== 'handling')
    throw new Refusal('conversation-moved-on', { state: conversation.state, move: 'reply' });
  await ownFiles(tx, clientId, written.fileIds);
  await insertMessage(tx, {
    id,
    clientId,
    conversationId,
    author: 'agent',
    authorId: viewer.personId,
    text: written.text,
    html: null,
    externalId,
    headers: {},
    delivery: 'pending',
    at: now,
  });
  await insertAttachments(
    tx,
    { id, clientId },
    written.fileIds.map((fileId) => ({ fileId, inline: false, contentId: null })),
  );
  const delivery = await channel.reply(tx, { id, clientId, conversationId, text: written.text, externalId });
  if (delivery === 'sent') await tx.updateTable('message').set({ delivery }).where('id', '=', id).execute();
  await tx
    .deleteFrom('draft')
    .where('conversation_id', '=', conversationId)
    .where('person_id', '=', viewer.personId)
    .where('kind', '=', 'reply')
    .execute();
  const message = await readMessage(tx, id);
  if (message === undefined) throw new Error(`message ${id} is not there after it was inserted`);
  await append(tx, clientId, { type: 'message.added', body: { message, card: await card(tx, conversationId) } });
  return message;
}

/** An agent of several clients must not send the file of one to a customer of another; a foreign key says so too. */
async function ownFiles(tx: Tx, clientId: string, fileIds: readonly string[]): Promise<void> {
  if (fileIds.length === 0) return;
  const own = await tx
    .selectFrom('file')
    .select('id')
    .where('client_id', '=', clientId)
    .where('id', 'in', [...fileIds])
    .execute();
  if (own.length !== new Set(fileIds).size) throw new Refusal('not-found', { file: true });
}

/** A channel says how the delivery of a message went. */
export async function deliveryChanged(
  tx: Tx,
  messageId: string,
  delivery: 'sent' | 'failed',
  detail: string | null,
): Promise<void> {
  const message = await readMessage(tx, messageId);
  if (message === undefined) return;
  const conversation = await lock(tx, message.conversationId);
  await tx.updateTable('message').set({ delivery, delivery_detail: detail }).where('id', '=', messageId).execute();
  await append(tx, conversation.clientId, {
    type: 'message.delivery-changed',
    body: { message: { ...message, delivery, deliveryDetail: detail }, card: await card(tx, message.conversationId) },
  });
}
