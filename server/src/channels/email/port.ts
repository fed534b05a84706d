/** How a reply to a mail, or to what a chat form left behind, is set on its way. */
import type { ChannelPort } from '../../conversations/index.ts';
import { mailboxOf } from './store.ts';
import { enqueue } from './outgoing-store.ts';

export function emailChannel(): ChannelPort {
  return {
    // In the agent's own transaction: a reply that is in the thread will leave, and one that is not will not.
    reply: async (tx, { id, clientId }) => {
      await enqueue(tx, { messageId: id, clientId });
      return 'pending';
    },
    // Made before the first attempt and from the desk's key: however often it is sent, it is one mail to whoever gets it.
    externalId: async ({ conversationId, key }, tx) => {
      const mailbox = await mailboxOf(tx, conversationId);
      return `<${key}@${mailbox?.address.split('@')[1] ?? 'kernlijn.invalid'}>`;
    },
  };
}
