/** What conversations asks of a channel; each channel implements it and is plugged in by `main.ts`. */
import type { Channel } from '@kernlijn/contract/conversations';
import type { Tx } from '../platform/db.ts';

export interface OutgoingMessage {
  id: string;
  clientId: string;
  conversationId: string;
  text: string;
  externalId: string;
}

export interface ChannelPort {
  /**
   * An agent's reply was saved in this transaction; make sure that it leaves. Says whether it has, in effect, arrived
   * (`sent`: a chat reads it from the conversation) or is still to be delivered (`pending`).
   */
  reply(tx: Tx, message: OutgoingMessage): Promise<'sent' | 'pending'>;
  /** The Message-ID, or whatever the channel knows a message by; the same for the same key. */
  externalId(
    message: { id: string; clientId: string; conversationId: string; key: string },
    tx: Tx,
  ): string | Promise<string>;
  /** The conversation ended on our side: hang up, say goodbye. After the commit. */
  ended?(conversationId: string): Promise<void>;
  /** It was handed to a queue: the customer waits again. After the commit. */
  requeued?(conversationId: string): Promise<void>;
}

export type Channels = Partial<Record<Channel, ChannelPort>>;
