/** What the engine knows legs by: an agent's browser by the agent. */
import { newId } from '../../platform/ids.ts';

const prefix = 'agent-';

export const legOfAgent = (agentId: string): string => `${prefix}${agentId}`;

export const agentOfLeg = (legId: string): string | null =>
  legId.startsWith(prefix) ? legId.slice(prefix.length) : null;

const webPrefix = 'web-';

/** The browser of a visitor who calls. */
export const legOfWebCall = (webCallId: string): string => `${webPrefix}${webCallId}`;

export const webCallOfLeg = (legId: string): string | null =>
  legId.startsWith(webPrefix) ? legId.slice(webPrefix.length) : null;
/** Those that we dial: customers, and who is asked in. */
export const legToCustomer = (): string => `out-${newId()}`;
export const legToGuest = (): string => `guest-${newId()}`;
export const isDialled = (legId: string): boolean => /^(out|guest)-/.test(legId);
