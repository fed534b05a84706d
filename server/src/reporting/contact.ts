/** What an event means for the figures: pure. */
import type { ConversationEvent } from '@kernlijn/contract/conversations';

/** Hanging up within this many seconds is a short abandon (wrong number, second thoughts). */
export const shortAbandonSeconds = 5;

/**
 * The formula behind the service level, and its version; it stands beside the figure. Offered is who came into a queue to
 * wait there: not who was turned away, left in the menu, was put through to elsewhere, or asked to be called back.
 */
export const serviceLevelFormula = 'answered-in-time/offered@2';

export type Step =
  | { step: 'queued' }
  /** An agent called the customer; neither offered nor waited for. */
  | { step: 'called'; agentId: string | null }
  | { step: 'reached'; at: string }
  | { step: 'answered'; at: string; agentId: string | null }
  | { step: 'abandoned'; at: string }
  | { step: 'turned-away' | 'left-menu' | 'forwarded'; at: string }
  | { step: 'callback' | 'callback-kept'; at: string; agentId: string | null }
  | { step: 'ended'; at: string }
  | { step: 'registered'; at: string; agentId: string | null; byDefault: boolean };

const elsewhere = {
  'conversation.turned-away': 'turned-away',
  'conversation.left-menu': 'left-menu',
  'conversation.forwarded': 'forwarded',
} as const;

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
    case 'conversation.left-menu':
    case 'conversation.forwarded':
      return { step: elsewhere[event.type], at: card.endedAt ?? at.toISOString() };
    case 'conversation.callback-asked':
      return { step: 'callback', at: at.toISOString(), agentId: null };
    case 'conversation.callback-kept':
      return { step: 'callback-kept', at: at.toISOString(), agentId: card.agentId };
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
