/** Use cases around an agent's state. Locks come after those on conversations, never before: no two can wait in a ring. */
import type { AgentStatus, ChosenState } from '@kernlijn/contract/agents';
import type { Tx } from '../platform/db.ts';
import { append } from '../platform/events.ts';
import { newId } from '../platform/ids.ts';
import { Refusal } from '../platform/refusal.ts';
import { afterWork, answered, choose, missed, wentHome } from './agent.ts';
import type { Agent, WorkInHand } from './agent.ts';
import { agentStatuses, lockAgent, pauseReasons, saveAgent } from './store.ts';

export interface Choice {
  state: ChosenState;
  pauseReason: string | null;
}

/**
 * Reads what an agent holds. Called when its row is locked and not before: of two contacts that end at the same moment,
 * each would else count the other as still in hand, and the agent would be left in wrap-up with nothing to wrap up.
 */
export type ReadWork = () => Promise<WorkInHand>;

/** The agent chose a state. */
export async function chooseAgentState(
  tx: Tx,
  personId: string,
  choice: Choice,
  work: ReadWork,
  now: Date,
): Promise<AgentStatus> {
  if ((choice.state === 'paused') !== (choice.pauseReason !== null)) throw new Refusal('pause-reason-required');
  if (choice.pauseReason !== null) {
    const known = await pauseReasons(tx);
    if (!known.some((reason) => reason.code === choice.pauseReason)) throw new Refusal('pause-reason-required');
  }
  return await change(tx, personId, work, (agent, held) => choose(agent, choice, held, now));
}

/** The agent's work in hand changed: busy, wrap-up, or on to the next state. */
export async function workChanged(tx: Tx, personId: string, work: ReadWork, now: Date): Promise<void> {
  await change(tx, personId, work, (agent, held) => afterWork(agent, held, now));
}

export async function offerAnswered(tx: Tx, personId: string, work: ReadWork, now: Date): Promise<void> {
  await change(tx, personId, work, (agent, held) => afterWork(answered(agent), held, now));
}

export async function offerMissed(
  tx: Tx,
  personId: string,
  maxMissed: number,
  work: ReadWork,
  now: Date,
): Promise<void> {
  await change(tx, personId, work, (agent, held) => missed(agent, maxMissed, held, now));
}

/** Somebody else saw that the agent is gone. @throws Refusal `not-found` for one who serves none of one's clients */
export async function sendOffline(tx: Tx, personId: string, work: ReadWork, now: Date): Promise<void> {
  const shared = await tx
    .selectFrom('person_client')
    .select('person_id')
    .where('person_id', '=', personId)
    .executeTakeFirst();
  if (shared === undefined) throw new Refusal('not-found');
  await change(tx, personId, work, (agent, held) => wentHome(agent, held, now));
}

async function change(
  tx: Tx,
  personId: string,
  work: ReadWork,
  decide: (agent: Agent, held: WorkInHand) => Agent,
): Promise<AgentStatus> {
  const before = await lockAgent(tx, personId);
  if (before === undefined) throw new Refusal('not-found');
  const after = decide(before, await work());
  if (after !== before) await saveAgent(tx, before, after);
  const [status] = await agentStatuses(tx, [personId]);
  if (status === undefined) throw new Refusal('not-found');
  if (after !== before)
    await append(tx, null, { type: 'agent.changed', body: { status, clientIds: status.clientIds } });
  return status;
}

export interface NewAgent {
  personId: string;
  capacity?: { call: number; chat: number; written: number };
  skills: readonly { skillId: string; level: number }[];
}

export async function addAgent(tx: Tx, agent: NewAgent): Promise<void> {
  const capacity = agent.capacity ?? { call: 1, chat: 3, written: 1 };
  await tx
    .insertInto('agent')
    .values({
      person_id: agent.personId,
      call_capacity: capacity.call,
      chat_capacity: capacity.chat,
      written_capacity: capacity.written,
    })
    .execute();
  if (agent.skills.length > 0) {
    await tx
      .insertInto('agent_skill')
      .values(agent.skills.map(({ skillId, level }) => ({ person_id: agent.personId, skill_id: skillId, level })))
      .execute();
  }
}

/** @returns the skill's id */
export async function addSkill(
  tx: Tx,
  skill: { code: string; kind: 'language' | 'topic'; nl: string; en: string },
): Promise<string> {
  const id = newId();
  await tx
    .insertInto('skill')
    .values({ id, code: skill.code, kind: skill.kind, name_nl: skill.nl, name_en: skill.en })
    .execute();
  return id;
}

export async function addPauseReasons(
  tx: Tx,
  reasons: readonly { code: string; nl: string; en: string }[],
): Promise<void> {
  await tx
    .insertInto('pause_reason')
    .values(reasons.map(({ code, nl, en }, position) => ({ code, name_nl: nl, name_en: en, position })))
    .execute();
}
