import type { LiveEvent } from '@kernlijn/contract/live';
import type { PublishedEvent } from '../platform/events.ts';
import type { Viewer } from '../platform/viewer.ts';

/** That something was set differently is news for all who work for that client; what it is they read themselves. */
export function projectSettings(event: PublishedEvent, viewer: Viewer): LiveEvent[] {
  if (event.type !== 'settings.changed' || !viewer.clientIds.includes(event.body.clientId)) return [];
  return [{ type: event.type, body: event.body }];
}
