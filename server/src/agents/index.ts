/** Agents: their states, skills and capacity. */
export type { Agent, WorkInHand } from './agent.ts';
export {
  addAgent,
  addPauseReasons,
  addSkill,
  chooseAgentState,
  offerAnswered,
  offerMissed,
  sendOffline,
  workChanged,
} from './agents.ts';
export type { Choice } from './agents.ts';
export { projectAgent } from './live.ts';
export { staffRoutes } from './routes.ts';
export { skillsThere, staff } from './staff-store.ts';
export { agentStatuses, agentsUnseen, pauseReasons, touchAgent } from './store.ts';
