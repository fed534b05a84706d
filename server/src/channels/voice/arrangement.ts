/**
 * What the line must be, derived from who takes part in a call: every change is made to the rows, and the line follows.
 * So holding, consulting, a conference and supervising are one thing, and after a crash of anybody the arrangement is
 * applied again. Whoever has nobody to talk with hears music; the agent who waits for the one he called, customer or
 * colleague, hears it ring.
 */
import type { VoiceCommand } from '@kernlijn/contract/voice';

export interface Caller {
  conversationId: string;
  legId: string;
  held: boolean;
  /** Called by us, and has not answered: there is nobody to hear anything. */
  ringing: boolean;
  /** The prompt that a waiting caller hears. */
  music: string;
  /** What he must hear to its end before anything else: that he will be recorded. */
  announcement: string | null;
}
export interface AgentOnCall {
  legId: string;
  muted: boolean;
  /** Talks apart with those in `aside`. */
  aside: boolean;
}
export interface Party {
  legId: string;
  state: 'ringing' | 'up' | 'over';
  room: 'main' | 'aside' | 'hold';
  voice: 'all' | 'listen' | 'whisper';
}

/** All that is told about a line; a browser is connected by the desk. */
export type LineCommand = Exclude<VoiceCommand, { command: 'connect-browser' }>;
type Bridge = Omit<Extract<VoiceCommand, { command: 'bridge' }>, 'command'> & {
  listeners: { legId: string; heardBy: string[] }[];
};
export interface Arrangement {
  bridges: Bridge[];
  /** Legs in no bridge, and what each hears: again and again, or `once`. */
  hearing: { legId: string; prompt: string; once?: true }[];
  muted: { legId: string; muted: boolean }[];
}

const ringing = 'ring-tone';

/** `agent` is null when the caller waits, or goes on with those whom the agent has put him through to. */
export function arrange(caller: Caller, agent: AgentOnCall | null, parties: readonly Party[]): Arrangement {
  const up = parties.filter(({ state }) => state === 'up');
  const within = (room: Party['room']) =>
    up.filter((party) => party.room === room && party.voice === 'all').map(({ legId }) => legId);
  const main = [
    ...(caller.held || caller.ringing ? [] : [caller.legId]),
    ...(agent === null || agent.aside ? [] : [agent.legId]),
    ...within('main'),
  ];
  const announcement = caller.ringing ? null : caller.announcement;
  // Whoever would talk with him hears it too, and knows when it is over.
  const told =
    announcement === null
      ? []
      : [...new Set([caller.legId, ...main])].map((legId) => ({ legId, prompt: announcement, once: true as const }));
  if (announcement !== null) main.length = 0;
  const aside = [...(agent?.aside === true ? [agent.legId] : []), ...within('aside')];
  // Who supervises hears the agent, wherever he is.
  const listeners = up
    .filter(({ voice }) => voice !== 'all')
    .map(({ legId, voice }) => ({ legId, heardBy: voice === 'whisper' && agent !== null ? [agent.legId] : [] }));
  const hearing: Arrangement['hearing'] = [
    ...told,
    ...(caller.held && !caller.ringing && announcement === null ? [{ legId: caller.legId, prompt: caller.music }] : []),
    ...within('hold').map((legId) => ({ legId, prompt: caller.music })),
  ];
  const bridges: Bridge[] = [];
  const rooms = [
    { bridgeId: caller.conversationId, legIds: main, hasAgent: agent !== null && !agent.aside },
    { bridgeId: `${caller.conversationId}/aside`, legIds: aside, hasAgent: agent?.aside === true },
  ];
  for (const { bridgeId, legIds, hasAgent } of rooms) {
    const [alone, ...others] = legIds;
    if (alone === undefined) continue;
    const heard = hasAgent ? listeners : [];
    if (others.length > 0 || (hasAgent && heard.length > 0)) bridges.push({ bridgeId, legIds, listeners: heard });
    else if (!hasAgent) hearing.push({ legId: alone, prompt: caller.music });
    else if (agent?.aside === true ? parties.some(isCalled) : caller.ringing)
      hearing.push({ legId: alone, prompt: ringing });
    else bridges.push({ bridgeId, legIds, listeners: [] });
  }
  return { bridges, hearing, muted: agent === null ? [] : [{ legId: agent.legId, muted: agent.muted }] };
}

const isCalled = ({ state, room }: Party): boolean => state === 'ringing' && room === 'aside';

/** Of a call that is over. */
export const nothing: Arrangement = { bridges: [], hearing: [], muted: [] };

/** What brings the line from one arrangement to the next; of what is the same nothing is said, so nobody's music begins anew. */
export function changes(after: Arrangement, before: Arrangement = nothing): LineCommand[] {
  const was = new Map(before.bridges.map((bridge) => [bridge.bridgeId, JSON.stringify(bridge)]));
  const heard = new Map(before.hearing.map(({ legId, prompt }) => [legId, prompt]));
  const muted = new Map(before.muted.map((each) => [each.legId, each.muted]));
  const stay = new Set(after.bridges.flatMap(legsIn));
  const commands: LineCommand[] = [];
  for (const { legId, prompt, once } of after.hearing) {
    if (heard.get(legId) === prompt) continue;
    commands.push(
      { command: 'unbridge', legId },
      { command: 'play', legId, playback: { prompts: [prompt], loop: once !== true } },
    );
  }
  const placed = new Set(after.hearing.map(({ legId }) => legId));
  for (const legId of before.bridges.flatMap(legsIn))
    if (!stay.has(legId) && !placed.has(legId)) commands.push({ command: 'unbridge', legId });
  for (const { legId } of before.hearing)
    if (!stay.has(legId) && !placed.has(legId)) commands.push({ command: 'stop-playing', legId });
  for (const bridge of after.bridges)
    if (was.get(bridge.bridgeId) !== JSON.stringify(bridge)) commands.push({ command: 'bridge', ...bridge });
  for (const each of after.muted)
    if ((muted.get(each.legId) ?? false) !== each.muted || before === nothing)
      commands.push({ command: 'mute', ...each });
  return commands;
}

const legsIn = ({ legIds, listeners }: Bridge): string[] => [...legIds, ...listeners.map(({ legId }) => legId)];
