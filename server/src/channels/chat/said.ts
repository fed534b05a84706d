/**
 * What visitors say, heard in every other process as soon as it is committed; the events bring the same a little later, so
 * nothing is lost when a word of it is.
 */
import type { VisitorMessage } from '@kernlijn/contract/chat';
import type { Db } from '../../platform/db.ts';
import { mostTold } from '../../platform/mouth.ts';

export interface Told {
  conversationId: string;
  message: VisitorMessage;
}

const channel = 'chat_said';

/** As many at a time as can be told at once; one that is too long alone is left to the events. `self` tells the process that knows them from the others. */
export function tellSaid(db: Db, self: string, said: readonly Told[]): void {
  const room = mostTold - Buffer.byteLength(`${self} []`);
  let words: string[] = [];
  let bytes = 0;
  const tell = () => {
    if (words.length > 0) db.tell(channel, `${self} [${words.join(',')}]`);
    words = [];
    bytes = 0;
  };
  for (const each of said) {
    const word = JSON.stringify(each);
    const more = Buffer.byteLength(word) + 1;
    if (more > room) continue;
    if (bytes + more > room) tell();
    words.push(word);
    bytes += more;
  }
  tell();
}

/** @returns how to stop */
export function hearSaid(
  db: Db,
  self: string,
  hear: (conversationId: string, message: VisitorMessage) => void,
): () => void {
  return db.listen(channel, {
    hear(payload) {
      if (payload.startsWith(self)) return;
      // Written by `tellSaid`: its shape is ours.
      const told: Told[] = JSON.parse(payload.slice(payload.indexOf(' ')));
      for (const { conversationId, message } of told) hear(conversationId, message);
    },
  });
}
