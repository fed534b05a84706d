/** Queues, skills, priorities, offers: which contact goes to which agent. */
export { proposedHolidays } from './holidays.ts';
export { freeForCall, readFloor } from './free-agents.ts';
export type { Floor } from './free-agents.ts';
export { startRouting } from './jobs.ts';
export type { Routing } from './jobs.ts';
export { projectSettings } from './live.ts';
export { queueOpen, queueOpensAt, readQueues as queuePicturesOf } from './queues.ts';
export { routingRoutes } from './routes.ts';
export { wholeMinutes } from './expected-wait.ts';
export { anybodyFor, placeInQueue, waitExpected } from './queue-pace.ts';
export { notifyRouting } from './store.ts';
