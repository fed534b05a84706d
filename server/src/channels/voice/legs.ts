/** The engine knows an agent's browser by the agent. */
const prefix = 'agent-';

export const legOfAgent = (agentId: string): string => `${prefix}${agentId}`;

export const agentOfLeg = (legId: string): string | null =>
  legId.startsWith(prefix) ? legId.slice(prefix.length) : null;

const webPrefix = 'web-';

/** The browser of a visitor who calls. */
export const legOfWebCall = (webCallId: string): string => `${webPrefix}${webCallId}`;

export const webCallOfLeg = (legId: string): string | null =>
  legId.startsWith(webPrefix) ? legId.slice(webPrefix.length) : null;
