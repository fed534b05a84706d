/** Chat with visitors of a client's pages: the widget's calls, its socket, and who is still there. */
export { chatPort } from './port.ts';
export { endAbandonedChats } from './presence.ts';
export { chatRoutes } from './routes.ts';
export type { ChatLimits } from './routes.ts';
export { chatPages } from './pages.ts';
