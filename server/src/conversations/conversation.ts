/**
 * The life of a conversation: its states and the moves between them. Nothing else decides a state. A call that was
 * turned away, or left the menu, begins and ends so: no move leads there or on.
 */
import { kindOf } from '@kernlijn/contract/conversations';
import type { Channel, ConversationState } from '@kernlijn/contract/conversations';
import { Refusal } from '../platform/refusal.ts';

export interface Conversation {
  id: string;
  clientId: string;
  channel: Channel;
  state: ConversationState;
  queueId: string;
  customerId: string | null;
  agentId: string | null;
  preferredAgentId: string | null;
  round: number;
  version: number;
  queuedAt: Date;
  answeredAt: Date | null;
  endedAt: Date | null;
  wrapUpUntil: Date | null;
  registeredAt: Date | null;
}

const moves = {
  accept: { from: ['offered'], to: 'handling' },
  // declined, missed or withdrawn: back to the front, for `queuedAt` stays
  giveBack: { from: ['offered'], to: 'waiting' },
  // passed on to a colleague, who is asked
  hand: { from: ['handling'], to: 'offered' },
  park: { from: ['handling'], to: 'parked' },
  resume: { from: ['parked'], to: 'handling' },
  end: { from: ['handling'], to: 'wrap-up' },
  register: { from: ['handling', 'wrap-up'], to: 'closed' },
  abandon: { from: ['waiting', 'offered'], to: 'abandoned' },
  // the customer left after one agent had passed him on or parked him, and before another took over
  fallBack: { from: ['waiting', 'offered', 'parked'], to: 'handling' },
  requeue: { from: ['handling', 'parked', 'wrap-up'], to: 'waiting' },
  // a supervisor gives it to somebody else
  take: { from: ['handling', 'parked'], to: 'handling' },
  // a caller who waits is put through to a number outside, or leaves a message
  forward: { from: ['waiting', 'offered'], to: 'forwarded' },
  // one who is to be called back was not reached, or it is night: nobody has it until it is time
  rest: { from: ['waiting', 'offered', 'handling'], to: 'parked' },
  callAgain: { from: ['parked'], to: 'waiting' },
  // the customer wrote again: to its queue, or, while the agent was about to register, to that agent
  comeBack: { from: ['parked', 'closed'], to: 'waiting' },
  goOn: { from: ['wrap-up'], to: 'handling' },
} as const satisfies Record<string, { from: readonly ConversationState[]; to: ConversationState }>;
export type Move = keyof typeof moves;

/** @throws Refusal `conversation-moved-on` when its state does not allow the move. */
export function advance(conversation: Conversation, move: Move): Conversation {
  const { from, to } = moves[move];
  if (!from.some((state) => state === conversation.state))
    throw new Refusal('conversation-moved-on', { state: conversation.state, move });
  const letsGo = to === 'waiting' || to === 'abandoned' || to === 'forwarded' || move === 'rest';
  return {
    ...conversation,
    state: to,
    version: conversation.version + 1,
    agentId: letsGo ? null : conversation.agentId,
  };
}

export const allows = (state: ConversationState, move: Move): boolean =>
  moves[move].from.some((from) => from === state);

/** Ends now; wrap-up is boxed in time where the queue says so. */
export function ended(conversation: Conversation, wrapUpSeconds: number | null, now: Date): Conversation {
  const next = advance(conversation, 'end');
  return {
    ...next,
    endedAt: now,
    wrapUpUntil: wrapUpSeconds === null ? null : new Date(now.getTime() + wrapUpSeconds * 1_000),
  };
}

/** In the hands of somebody else: one that is over stays over, for him to register. */
export function given(conversation: Conversation, agentId: string): Conversation {
  const next =
    conversation.state === 'wrap-up'
      ? { ...conversation, version: conversation.version + 1 }
      : advance(conversation, 'take');
  return { ...next, agentId };
}

/** A closed thread that is answered starts a new round; one still in hand goes on in the same. */
export function cameBack(conversation: Conversation, now: Date): Conversation {
  const next = advance(conversation, 'comeBack');
  const preferredAgentId = conversation.agentId ?? conversation.preferredAgentId;
  if (conversation.state === 'parked') return { ...next, preferredAgentId, queuedAt: now };
  return {
    ...next,
    preferredAgentId,
    queuedAt: now,
    round: conversation.round + 1,
    answeredAt: null,
    endedAt: null,
    wrapUpUntil: null,
    registeredAt: null,
  };
}

/** Written conversations can be closed while they are in hand; a call that goes on, or a chat, ends first. */
export function registrable(conversation: Conversation): boolean {
  return (
    conversation.state === 'wrap-up' ||
    (conversation.state === 'handling' && kindOf[conversation.channel] === 'written')
  );
}
