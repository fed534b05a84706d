/** What the agent has had in sight, on this screen or another of his. */
import { markSeen as markSeenEndpoint, type ConversationCard, type Seen } from '@kernlijn/contract/conversations';
import { call, Refusal } from '@kernlijn/ui/call.ts';
import { createStore } from '@kernlijn/ui/store.ts';

type Read = Pick<Seen, 'position' | 'at'>;
export const seen = createStore<Readonly<Record<string, Read>>>({});

const quietMs = 800;
const againMs = 5_000;
/** Conversations that were read further than the server knows. */
const untold = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

export const isUnread = (card: ConversationCard, known: Readonly<Record<string, Read>>): boolean =>
  card.lastMessageFrom === 'customer' && card.lastMessageAt !== null && (known[card.id]?.at ?? '') < card.lastMessageAt;

/** As the server has it, or another screen of the same person says. */
export function keepSeen(read: readonly Seen[]): void {
  for (const { conversationId, position, at } of read) forward(conversationId, { position, at });
}

export function markSeen(conversationId: string, { position, at }: Read): void {
  if (!forward(conversationId, { position, at })) return;
  untold.add(conversationId);
  tellIn(quietMs);
}

/** Reading only goes forward. */
function forward(conversationId: string, read: Read): boolean {
  if ((seen.get()[conversationId]?.position ?? 0) >= read.position) return false;
  seen.set((known) => ({ ...known, [conversationId]: read }));
  return true;
}

function tellIn(ms: number): void {
  timer ??= setTimeout(tell, ms);
}

function tell(): void {
  clearTimeout(timer);
  timer = undefined;
  for (const conversationId of untold) {
    untold.delete(conversationId);
    const position = seen.get()[conversationId]?.position ?? 1;
    call(markSeenEndpoint, { params: { conversationId }, body: { position } }, undefined, true).catch(
      (error: unknown) => {
        if (error instanceof Refusal) return;
        untold.add(conversationId);
        tellIn(againMs);
      },
    );
  }
}

/** A tab that is hidden may never come back. */
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') tell();
});
