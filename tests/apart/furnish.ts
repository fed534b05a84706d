/** Something of everything in a client, so that there is something to be kept from others. */
import { newCall } from '@kernlijn/contract/conversations';
import {
  addCustomerMessage,
  accept,
  addOpeningHours,
  chooseState,
  end,
  offerAll,
  readCards,
  receive,
} from '../../server/src/conversations/index.ts';
import { callOf } from '../../server/src/channels/voice/store.ts';
import { addNote } from '../../server/src/customers/index.ts';
import { addPolicy, importRecording } from '../../server/src/recordings/index.ts';
import type { Db } from '../../server/src/platform/db.ts';
import type { Files } from '../../server/src/platform/files.ts';
import { newId } from '../../server/src/platform/ids.ts';
import type { Viewer } from '../../server/src/platform/viewer.ts';
import type { Cast } from '../cast.ts';
import { toneWav } from '../support/baresip.ts';

/** Stands in every text of the furnished client. */
export const marker = 'GEHEIM-7f3a';

export interface Furnished {
  customerId: string;
  /** A mail that waits, a mail in an agent's hands, a call in wrap-up. */
  waiting: string;
  handled: string;
  ended: string;
  attachmentId: string;
  messageId: string;
  openingHoursId: string;
  promptId: string;
  recordingId: string;
  /** Who was asked into the call that ended; a promise to call back; a number outside. */
  partyId: string;
  callbackId: string;
  numberId: string;
}

export async function furnish(db: Db, files: Files, client: Cast['energy'], agent: Viewer): Promise<Furnished> {
  const customerId = client.customerIds[0] ?? '';
  const now = new Date();
  const arrive = (channel: 'email' | 'call') =>
    db.asSystem((tx) =>
      receive(
        tx,
        {
          clientId: client.id,
          channel,
          queueId: client.queue.id,
          contactPointId: client.mailbox.id,
          customerId,
          customerAddress: `${marker}@example.org`,
          customerName: marker,
          subject: marker,
          language: 'nl',
        },
        now,
        channel === 'call' ? call() : undefined,
      ),
    );
  const call = () => {
    const legId = newId();
    return { card: newCall(legId), insert: callOf(legId) };
  };
  const take = async (conversationId: string, kind: 'written' | 'call') => {
    await db.asSystem(async (tx) => {
      const [card] = await readCards(tx, [conversationId]);
      await offerAll(
        tx,
        [
          {
            assignmentId: newId(),
            conversationId,
            version: card?.version ?? 1,
            agentId: agent.personId,
            kind,
            slot: 1,
            expiresAt: new Date(Date.now() + 60_000),
          },
        ],
        now,
      );
    });
    await db.asViewer(agent, (tx) => accept(tx, conversationId, agent, now));
  };
  await db.asViewer(agent, (tx) => chooseState(tx, agent, { state: 'ready', pauseReason: null }, now));
  const [waiting, handled, ended] = [await arrive('email'), await arrive('email'), await arrive('call')];
  const fileId = newId();
  await db.asSystem((tx) =>
    tx
      .insertInto('file')
      .values({
        id: fileId,
        client_id: client.id,
        sha256: 'a'.repeat(64),
        size: 3,
        media_type: 'text/plain',
        name: `${marker}.txt`,
      })
      .execute(),
  );
  const message = await db.asSystem((tx) =>
    addCustomerMessage(
      tx,
      handled,
      {
        text: marker,
        html: null,
        externalId: `<${marker}@example.org>`,
        attachments: [{ fileId, inline: false, contentId: null }],
      },
      now,
    ),
  );
  await take(handled, 'written');
  await take(ended, 'call');
  await db.asViewer(agent, (tx) => end(tx, ended, agent, now));
  await db.asViewer(agent, (tx) => addNote(tx, agent, customerId, marker, now));
  await db.asViewer(agent, (tx) =>
    tx
      .insertInto('draft')
      .values({
        conversation_id: handled,
        client_id: client.id,
        person_id: agent.personId,
        kind: 'reply',
        body: JSON.stringify({ text: marker }),
      })
      .execute(),
  );
  const openingHoursId = await db.asSystem((tx) => addOpeningHours(tx, client.id, { name: marker, periods: [] }));
  const promptId = newId();
  await db.asSystem((tx) =>
    tx
      .insertInto('prompt')
      .values({
        ...{ id: promptId, client_id: client.id, name: marker, language: 'nl' },
        ...{ sha256: '0'.repeat(64), milliseconds: 1_000 },
      })
      .execute(),
  );
  const recordingId = await db.asSystem(async (tx) => {
    await addPolicy(tx, client.id, {
      purposes: [
        {
          purpose: 'quality',
          retentionDays: 30,
          onObjection: 'drop',
          listeners: ['own', 'administrator'],
          decision: 'OR 2026-04',
        },
      ],
      policy: {
        ...{ mode: 'agent', purposes: ['quality'], announcement: 'recorded-nl', objectionKey: null },
        ...{ agentMayPause: true, agentMayStop: true, remindSeconds: 60 },
      },
    });
    return await importRecording(tx, files, {
      ...{ clientId: client.id, conversationId: ended, queueId: client.queue.id, agentId: agent.personId },
      ...{ purposes: ['quality'], startedAt: now, sound: toneWav(440, 1), pauses: [] },
      marks: [{ kind: 'joined', at: 0, detail: marker }],
    });
  });
  await db.asViewer(agent, (tx) =>
    tx
      .insertInto('recording_listening')
      .values({ id: newId(), client_id: client.id, recording_id: recordingId, person_id: agent.personId, at: now })
      .execute(),
  );
  const [partyId, callbackId, numberId] = [newId(), newId(), newId()];
  const ofClient = { client_id: client.id };
  await db.asSystem(async (tx) => {
    await tx
      .insertInto('call_party')
      .values({
        ...{ ...ofClient, id: partyId, conversation_id: ended, kind: 'outside', address: marker, leg_id: partyId },
        ...{ state: 'up', room: 'main', note: marker, begun_at: now },
      })
      .execute();
    await tx
      .insertInto('callback')
      .values({
        ...{ ...ofClient, id: callbackId, conversation_id: ended, round: 1, customer_id: customerId, number: marker },
        ...{ queue_id: client.queue.id, agent_id: agent.personId, due_at: now, note: marker, created_at: now },
      })
      .execute();
    await tx
      .insertInto('outside_number')
      .values({ ...ofClient, id: numberId, name: marker, number: '+31201234567', note: marker })
      .execute();
  });
  return {
    ...{ openingHoursId, promptId, recordingId, partyId, callbackId, numberId },
    customerId,
    waiting,
    handled,
    ended,
    attachmentId: message.attachments[0]?.id ?? '',
    messageId: message.id,
  };
}
