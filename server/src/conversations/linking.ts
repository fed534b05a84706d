import type { ConversationCard } from '@kernlijn/contract/conversations';
import { displayName, readCustomer } from '../customers/index.ts';
import type { Tx } from '../platform/db.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { lockOwn, settle } from './changes.ts';

/** The agent knows who this is. The customer must be of the same client; the foreign key says so too. */
export async function linkCustomer(
  tx: Tx,
  conversationId: string,
  viewer: Viewer,
  customerId: string | null,
  now: Date,
): Promise<ConversationCard> {
  const before = await lockOwn(tx, conversationId, viewer);
  if (customerId !== null) {
    const customer = await readCustomer(tx, customerId);
    if (customer === undefined || customer.clientId !== before.clientId)
      throw new Refusal('not-found', { customer: customerId });
    await tx
      .updateTable('conversation')
      .set({ customer_name: displayName(customer) })
      .where('id', '=', conversationId)
      .execute();
  }
  return await settle(tx, before, { ...before, customerId, version: before.version + 1 }, 'conversation.linked', now);
}
