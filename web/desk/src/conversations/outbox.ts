/** Replies on their way. The key is made here, once: whatever goes wrong on the way, the server sends it one time. */
import { sendReply, type ConversationDetail, type Message } from '@kernlijn/contract/conversations';
import { call, Unreachable } from '@kernlijn/ui/call.ts';
import { createStore } from '@kernlijn/ui/store.ts';
import type { QueryClient } from '@tanstack/react-query';
import { withMessage } from './detail-state.ts';
import { dropDraft } from './drafts.ts';
import { conversationKey } from './queries.ts';

export interface Outgoing {
  key: string;
  conversationId: string;
  text: string;
  files: { id: string; name: string }[];
  at: string;
  state: 'sending' | 'retrying' | 'failed';
  error: unknown;
}

export const outbox = createStore<readonly Outgoing[]>([]);

const longestWaitMs = 10_000;

export function sendOff(client: QueryClient, outgoing: Pick<Outgoing, 'conversationId' | 'text' | 'files'>): void {
  const made: Outgoing = {
    ...outgoing,
    key: crypto.randomUUID(),
    at: new Date().toISOString(),
    state: 'sending',
    error: undefined,
  };
  outbox.set((present) => [...present, made]);
  void attempt(client, made, 1_000);
}

export function sendAgain(client: QueryClient, outgoing: Outgoing): void {
  change(outgoing.key, { state: 'sending' });
  void attempt(client, outgoing, 1_000);
}

export function discard(key: string): void {
  outbox.set((present) => present.filter((other) => other.key !== key));
}

async function attempt(client: QueryClient, outgoing: Outgoing, waitMs: number): Promise<void> {
  const { key, conversationId, text, files } = outgoing;
  try {
    const message = await call(sendReply, {
      params: { conversationId },
      body: { key, text, fileIds: files.map((file) => file.id) },
    });
    client.setQueryData<ConversationDetail>(
      conversationKey(conversationId),
      (detail) => detail && withMessage(detail, message),
    );
    dropDraft(conversationId, 'reply');
    discard(key);
  } catch (error) {
    if (!(error instanceof Unreachable)) return change(key, { state: 'failed', error });
    change(key, { state: 'retrying', error });
    setTimeout(() => void attempt(client, outgoing, Math.min(waitMs * 2, longestWaitMs)), waitMs);
  }
}

function change(key: string, to: Partial<Outgoing>): void {
  outbox.set((present) => present.map((other) => (other.key === key ? { ...other, ...to } : other)));
}

/** The live event may bring a message before the reply to our own request does. */
export function stillOutgoing(
  all: readonly Outgoing[],
  conversationId: string,
  messages: readonly Message[],
): Outgoing[] {
  return all.filter(
    (out) =>
      out.conversationId === conversationId &&
      !messages.some(
        (message) =>
          message.externalId === out.key ||
          (message.author === 'agent' && message.text === out.text && message.at >= out.at),
      ),
  );
}
