/** The life of one conversation, on whatever channel, to its registration. */
export { callbackCalled } from './callbacks.ts';
export type { ChannelPort, Channels, OutgoingMessage } from './channel.ts';
export { callChanged, lock as lockConversation } from './changes.ts';
export type { Conversation } from './conversation.ts';
export { identifierOf, screenPop } from './dossier.ts';
export { customerLeft, end, goesOnWithout, register, registerByDefault } from './endings.ts';
export {
  assign,
  offerTo,
  parkCall,
  parkedTooLong,
  putThrough,
  requeue,
  sendHome,
  takeOver,
  takeParked,
} from './handing-over.ts';
export { canBeAsked, lockAgents } from './hand-over-store.ts';
export { asksForHelp, askHelp, helpFor, takeHelp, withdrawHelp } from './help.ts';
export { importHistory } from './history.ts';
export type { PastContact, PastMessage } from './history.ts';
export {
  addCustomerMessage,
  addSystemMessage,
  forwardAtOnce,
  leaveMenu,
  receive,
  receiveWritten,
  turnAway,
} from './intake.ts';
export type { Arrival, CustomerMessage, OnTheLine } from './intake.ts';
export { callAgain, forward, rest, told } from './waiting-elsewhere.ts';
export { runDeskClock, runWrapUpClock } from './jobs.ts';
export { conversationWhispers, projectConversations } from './live.ts';
export { accept, chooseState, decline, miss, offerAll, withdrawOffers } from './offers.ts';
export type { Offer } from './offers.ts';
export { begin, customerAnswered } from './outgoing.ts';
export { deliveryChanged } from './replies.ts';
export { conversationRoutes } from './routes.ts';
export { addContactPoint, addOpeningHours, addQueue, setFlow, setOverflow, setWaiting, setWrapUp } from './setup.ts';
export type { AddedQueue, NewContactPoint, NewOpeningHours, NewQueue } from './setup.ts';
export { readCards } from './card-store.ts';
export { readMessages } from './message-store.ts';
export { leaveSlot, takeSlot, workInHand } from './store.ts';
export type { MessageHeaders } from './message-store.ts';
