/** The engine knows an agent's browser by the agent. */
const prefix = 'agent-';

export const legOfAgent = (agentId: string): string => `${prefix}${agentId}`;

export const agentOfLeg = (legId: string): string | null =>
  legId.startsWith(prefix) ? legId.slice(prefix.length) : null;
