import type { LiveEvent } from '@kernlijn/contract/live';
import type { PublishedEvent } from '../platform/events.ts';
import type { Viewer } from '../platform/viewer.ts';

/** That a customer changed is news for those who may see customers of that client; what changed they read themselves. */
export function projectCustomer(event: PublishedEvent, viewer: Viewer): LiveEvent[] {
  if (event.type !== 'customer.changed') return [];
  if (!viewer.permissions.has('customers.view') || !viewer.clientIds.includes(event.body.clientId)) return [];
  return [{ type: event.type, body: event.body }];
}
