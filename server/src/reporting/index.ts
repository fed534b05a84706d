/** Figures and the rows behind them, from events. */
export { startReporting } from './projector.ts';
export { reportingRoutes } from './routes.ts';
