/** The life of one conversation, on whatever channel, to its registration. */
export type { ChannelPort, Channels, OutgoingMessage } from './channel.ts';
export { lock as lockConversation, tell as tellConversation, touch } from './changes.ts';
export type { Conversation } from './conversation.ts';
export { identifierOf, screenPop, soleCustomer } from './dossier.ts';
export { customerLeft, end, registerByDefault, requeue } from './endings.ts';
export { importHistory } from './history.ts';
export type { PastContact, PastMessage } from './history.ts';
export { addCustomerMessage, addSystemMessage, receive, receiveWritten } from './intake.ts';
export type { Arrival, CustomerMessage } from './intake.ts';
export { runWrapUpClock } from './jobs.ts';
export { conversationWhispers, projectConversations } from './live.ts';
export { accept, chooseState, decline, miss, offerAll, withdrawOffers } from './offers.ts';
export type { Offer } from './offers.ts';
export { deliveryChanged } from './replies.ts';
export { conversationRoutes } from './routes.ts';
export { addContactPoint, addOpeningHours, addQueue, setOverflow, setWrapUp } from './setup.ts';
export type { AddedQueue, NewContactPoint, NewOpeningHours, NewQueue } from './setup.ts';
export { readCards, readMessages } from './store.ts';
