/** What the engine knows legs by: an agent's browser by the agent. */
import { newId } from '../../platform/ids.ts';

const prefix = 'agent-';

export const legOfAgent = (agentId: string): string => `${prefix}${agentId}`;

export const agentOfLeg = (legId: string): string | null =>
  legId.startsWith(prefix) ? legId.slice(prefix.length) : null;

/** Those that we dial: customers, and who is asked in. */
export const legToCustomer = (): string => `out-${newId()}`;
export const legToGuest = (): string => `guest-${newId()}`;
export const isDialled = (legId: string): boolean => /^(out|guest)-/.test(legId);
