/** What an event means for the figures: pure. */
import type { ConversationEvent } from '@kernlijn/contract/conversations';

/** Hanging up within this many seconds is a short abandon (wrong number, second thoughts). */
export const shortAbandonSeconds = 5;

/** The formula behind the service level, and its version; it stands beside the figure. */
export const serviceLevelFormula = 'answered-in-time/offered@1';

export type Step =
  | { step: 'queued' }
  /** An agent called the customer; neither offered nor waited for. */
  | { step: 'called'; agentId: string | null }
  | { step: 'reached'; at: string }
  | { step: 'answered'; at: string; agentId: string | null }
  | { step: 'abandoned'; at: string }
  | { step: 'turned-away'; at: string }
  | { step: 'ended'; at: string }
  | { step: 'registered'; at: string; agentId: string | null; byDefault: boolean };

export function stepOf(event: ConversationEvent, at: Date): Step | null {
  const { card, byDefault } = event.body;
  switch (event.type) {
    case 'conversation.queued':
      return { step: 'queued' };
    case 'conversation.started':
      return { step: 'called', agentId: card.agentId };
    case 'conversation.call-changed':
      return card.direction === 'out' && card.answeredAt !== null ? { step: 'reached', at: card.answeredAt } : null;
    case 'conversation.accepted':
      return { step: 'answered', at: card.answeredAt ?? at.toISOString(), agentId: card.agentId };
    case 'conversation.abandoned':
      return { step: 'abandoned', at: card.endedAt ?? at.toISOString() };
    case 'conversation.turned-away':
      return { step: 'turned-away', at: card.endedAt ?? at.toISOString() };
    case 'conversation.ended':
      return { step: 'ended', at: card.endedAt ?? at.toISOString() };
    case 'conversation.registered':
      return { step: 'registered', at: at.toISOString(), agentId: card.agentId, byDefault: byDefault ?? false };
    default:
      return null;
  }
}

export function serviceLevel(figures: { offered: number; answeredInTime: number }): number | null {
  return figures.offered === 0 ? null : figures.answeredInTime / figures.offered;
}
