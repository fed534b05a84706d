/** An agent calls a number for a client: a conversation that is in his hands at once. The dialling follows (`dialling.ts`). */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { OwnNumber, startCall } from '@kernlijn/contract/telephone';
import type { z } from 'zod';
import { audit } from '../../access/index.ts';
import { begin, callbackCalled } from '../../conversations/index.ts';
import { identifyOne } from '../../customers/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { changes } from './arrangement.ts';
import { arrangementOf, onTheLine } from './arranging.ts';
import { lineOf } from './controls.ts';
import type { VoiceEngine } from './engine.ts';
import { legToCustomer } from './legs.ts';
import { callable } from './number.ts';
import { callToMake, liveCall, ownNumbers } from './store.ts';

/** The first of each client is the one to call with: of its most urgent queue, the lowest. */
export async function numbersToCallWith(tx: Tx): Promise<OwnNumber[]> {
  return (await ownNumbers(tx)).map(({ contactPointId, clientId, address, name, queueId, nl, en }) => ({
    ...{ contactPointId, clientId, address, name, queueId },
    queue: { nl, en },
  }));
}

/**
 * @throws Refusal `number-refused`, `no-own-number`, `no-room` (he has a call, or one rings), `state-not-allowed`, `no-line`,
 *   `voice-unavailable`
 */
export async function start(
  tx: Tx,
  engine: VoiceEngine,
  viewer: Viewer,
  { clientId, number: typed, customerId, contactPointId, callbackId }: z.output<typeof startCall.body>,
  now: Date,
): Promise<ConversationCard> {
  if (!viewer.clientIds.includes(clientId)) throw new Refusal('not-found');
  const number = callable(typed);
  const own = (await ownNumbers(tx)).filter((each) => each.clientId === clientId);
  const from = contactPointId === null ? own[0] : own.find((each) => each.contactPointId === contactPointId);
  if (from === undefined) throw new Refusal(contactPointId === null ? 'no-own-number' : 'not-found');
  const customer = customerId ?? (await identifyOne(tx, clientId, 'phone', number))?.id ?? null;
  const card = await begin(
    tx,
    viewer,
    {
      clientId,
      channel: 'call',
      queueId: from.queueId,
      contactPointId: from.contactPointId,
      customerId: customer,
      customerAddress: number,
      subject: '',
      language: from.language,
    },
    { insert: callToMake(legToCustomer()) },
    now,
  );
  if (callbackId !== null) await callbackCalled(tx, viewer, callbackId, card, now);
  await audit(tx, {
    clientId,
    personId: viewer.personId,
    action: 'call.made',
    subject: card.id,
    facts: { number, from: from.address },
  });
  // He hears it ring before it does; without a telephone of his own nobody is called.
  const call = await liveCall(tx, card.id);
  if (call !== undefined)
    for (const command of changes(arrangementOf(call))) await onTheLine(engine, command, lineOf(viewer).own);
  return card;
}
