import type { LiveEvent } from '@kernlijn/contract/live';
import type { PublishedEvent } from '../platform/events.ts';
import type { Viewer } from '../platform/viewer.ts';

/** An agent's state is seen by that agent and by those who watch the board of a client they share. */
export function projectAgent(event: PublishedEvent, viewer: Viewer): LiveEvent[] {
  if (event.type !== 'agent.changed') return [];
  const { status, clientIds } = event.body;
  const shared = clientIds.filter((id) => viewer.clientIds.includes(id));
  const own = status.agentId === viewer.personId;
  if (!own && (shared.length === 0 || !viewer.permissions.has('board.view'))) return [];
  return [{ type: 'agent.changed', body: { status, clientIds: shared } }];
}
