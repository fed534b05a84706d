/** What an agent is doing, decided purely. */
import type { AgentState, ChosenState } from '@kernlijn/contract/agents';

export interface Agent {
  personId: string;
  state: AgentState;
  pauseReason: string | null;
  since: Date;
  nextState: ChosenState | null;
  nextPauseReason: string | null;
  idleSince: Date;
  missedInRow: number;
}

/** The contacts an agent holds; offers do not count until they are accepted. */
export interface WorkInHand {
  handling: number;
  wrapUp: number;
}

/** The pause reason of an agent who let too many offers pass. */
const missedReason = 'missed';

/** What the agent chose: at once, or after the present contact. */
export function choose(
  agent: Agent,
  chosen: { state: ChosenState; pauseReason: string | null },
  work: WorkInHand,
  now: Date,
): Agent {
  const away = agent.state === 'paused' || agent.state === 'offline';
  const working = work.handling + work.wrapUp > 0;
  if (working && chosen.state === 'ready') {
    const back = { ...agent, nextState: null, nextPauseReason: null };
    // Who comes back from a break to a registration that is left to do is at it again.
    return away ? become(back, work.handling > 0 ? 'busy' : 'wrap-up', null, now) : back;
  }
  if (working && !away) return { ...agent, nextState: chosen.state, nextPauseReason: chosen.pauseReason };
  return become(
    { ...agent, nextState: null, nextPauseReason: null, missedInRow: 0 },
    chosen.state,
    chosen.pauseReason,
    now,
  );
}

/**
 * The state that follows from the work in hand. Who was paused or offline and takes something in hand all the same goes
 * back there afterwards; a registration that is left to do does not call anyone from a break.
 */
export function afterWork(agent: Agent, work: WorkInHand, now: Date): Agent {
  const away = agent.state === 'paused' || agent.state === 'offline' ? agent.state : null;
  if (work.handling > 0)
    return become(
      away !== null ? { ...agent, nextState: away, nextPauseReason: agent.pauseReason } : agent,
      'busy',
      null,
      now,
    );
  if (away !== null) return agent;
  if (work.wrapUp > 0) return become(agent, 'wrap-up', null, now);
  if (agent.state === 'ready') return agent;
  return become(
    { ...agent, nextState: null, nextPauseReason: null, idleSince: now },
    agent.nextState ?? 'ready',
    agent.nextPauseReason,
    now,
  );
}

/** Gone, at once where nothing is in hand any more: a registration that is left to do does not keep anyone here. */
export function wentHome(agent: Agent, work: WorkInHand, now: Date): Agent {
  if (work.handling > 0) return choose(agent, { state: 'offline', pauseReason: null }, work, now);
  return become({ ...agent, nextState: null, nextPauseReason: null, missedInRow: 0 }, 'offline', null, now);
}

/** An offer was answered: the row of missed ones is broken. */
export function answered(agent: Agent): Agent {
  return { ...agent, missedInRow: 0 };
}

/** An offer ran out of time; the last of `maxMissed` in a row pauses the agent, or as soon as the work in hand is done. */
export function missed(agent: Agent, maxMissed: number, work: WorkInHand, now: Date): Agent {
  const counted = { ...agent, missedInRow: agent.missedInRow + 1 };
  if (counted.missedInRow < maxMissed || agent.state === 'offline') return counted;
  return { ...choose(counted, { state: 'paused', pauseReason: missedReason }, work, now), missedInRow: 0 };
}

/** No longer an agent from now on, or from when the work in hand is done: it is somebody's until it is handed over. */
export function leaveFloor(agent: Agent, now: Date): Agent {
  const working = agent.state === 'busy' || agent.state === 'wrap-up';
  return choose(agent, { state: 'offline', pauseReason: null }, { handling: working ? 1 : 0, wrapUp: 0 }, now);
}

function become(agent: Agent, state: AgentState, pauseReason: string | null, now: Date): Agent {
  if (agent.state === state && agent.pauseReason === pauseReason) return agent;
  return { ...agent, state, pauseReason, since: now };
}
