/** Chat with visitors of a client's pages: the widget's calls, its socket, and who is still there. */
export type { ChatLimits } from './limits.ts';
export { chatChannel } from './port.ts';
export { startChatPresence } from './presence.ts';
export { chatRoutes } from './routes.ts';
