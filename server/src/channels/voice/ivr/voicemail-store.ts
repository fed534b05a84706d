import { sql } from 'kysely';
import type { Arrival } from '../../../conversations/index.ts';
import type { Tx } from '../../../platform/db.ts';

export interface LeftMessage extends Omit<Arrival, 'channel' | 'customer' | 'priority' | 'skillId'> {
  legId: string;
  recordingId: string;
  /** The call that waited before; null when the menu led here. */
  conversationId: string | null;
  state: 'greeting' | 'recording' | 'keeping';
  dueAt: Date | null;
}

export async function insertVoicemail(tx: Tx, message: Omit<LeftMessage, 'state' | 'dueAt'>, now: Date): Promise<void> {
  await tx
    .insertInto('voicemail')
    .values({
      leg_id: message.legId,
      client_id: message.clientId,
      recording_id: message.recordingId,
      conversation_id: message.conversationId,
      contact_point_id: message.contactPointId,
      queue_id: message.queueId,
      customer_id: message.customerId,
      customer_address: message.customerAddress,
      customer_name: message.customerName,
      subject: message.subject,
      language: message.language,
      state: 'greeting',
      begun_at: now,
    })
    .execute();
}

const voicemails = sql`
  select leg_id as "legId", client_id as "clientId", recording_id as "recordingId", conversation_id as "conversationId", contact_point_id as "contactPointId", queue_id as "queueId",
         customer_id as "customerId", customer_address as "customerAddress", customer_name as "customerName", subject, language, state, due_at as "dueAt" from voicemail`;

export async function lockVoicemail(tx: Tx, legId: string): Promise<LeftMessage | undefined> {
  return (await sql<LeftMessage>`${voicemails} where leg_id = ${legId} for update`.execute(tx)).rows[0];
}

export async function voicemailOfRecording(tx: Tx, recordingId: string): Promise<LeftMessage | undefined> {
  return (await sql<LeftMessage>`${voicemails} where recording_id = ${recordingId}`.execute(tx)).rows[0];
}

export async function allVoicemails(tx: Tx): Promise<LeftMessage[]> {
  return (await sql<LeftMessage>`${voicemails}`.execute(tx)).rows;
}

export async function saveVoicemail(
  tx: Tx,
  legId: string,
  state: LeftMessage['state'],
  dueAt: Date | null,
): Promise<void> {
  await tx.updateTable('voicemail').set({ state, due_at: dueAt }).where('leg_id', '=', legId).execute();
}

export async function deleteVoicemail(tx: Tx, legId: string): Promise<void> {
  await tx.deleteFrom('voicemail').where('leg_id', '=', legId).execute();
}

export async function insertSound(
  tx: Tx,
  file: { id: string; clientId: string; sha256: string; size: number },
): Promise<void> {
  await tx
    .insertInto('file')
    .values({
      id: file.id,
      client_id: file.clientId,
      sha256: file.sha256,
      size: file.size,
      media_type: 'audio/wav',
      name: 'voicemail.wav',
    })
    .execute();
}
