/**
 * What visitors say, heard in every other process the moment it is committed; the events bring the same a little later, so
 * nothing is lost when a notification is.
 */
import type { VisitorMessage } from '@kernlijn/contract/chat';
import type { Db } from '../../platform/db.ts';

interface Told {
  conversationId: string;
  message: VisitorMessage;
}

/** `self` is the sender whose messages are known here already. @returns how to stop */
export function hearSaid(
  db: Db,
  self: string,
  hear: (conversationId: string, message: VisitorMessage) => void,
): () => void {
  return db.listen('chat_said', {
    hear(payload) {
      if (payload.startsWith(self)) return;
      // Written by `keep_visitor_messages`: its shape is ours.
      const { conversationId, message }: Told = JSON.parse(payload.slice(payload.indexOf(' ')));
      hear(conversationId, message);
    },
  });
}
