/** A client with a mailbox, an agent, and the channel running on a database of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { permissionsOf } from '@kernlijn/contract/access';
import { sql } from 'kysely';
import nodemailer from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import { testDatabase } from '../../../../tests/support/database.ts';
import { readConfig } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { openDb } from '../../platform/db.ts';
import type { Tx } from '../../platform/db.ts';
import { EventFeed, publishEvents } from '../../platform/events.ts';
import { Files } from '../../platform/files.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { Whispers } from '../../platform/whispers.ts';

export interface Stage {
  context: Context;
  databaseUrl: string;
  dataDir: string;
  shop: Client;
  energy: Client;
  /** Everything that was stored, for assertions. */
  messages(): Promise<StoredMessage[]>;
  close(): Promise<void>;
}

export interface Client {
  id: string;
  queueId: string;
  contactPointId: string;
  address: string;
  agent: Viewer;
}

export interface StoredMessage {
  id: string;
  clientId: string;
  conversationId: string;
  author: string;
  text: string;
  html: string | null;
  externalId: string;
  headers: Record<string, unknown>;
  delivery: string;
  deliveryDetail: string | null;
  subject: string;
  state: string;
  customerAddress: string;
  attachments: { id: string; name: string; mediaType: string; size: number; inline: boolean }[];
}

export async function openStage(environment: Record<string, string> = {}): Promise<Stage> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'kernlijn-mail-'));
  const config = readConfig({
    DATA_DIR: dataDir,
    SMTP_PORT: '0',
    SMTP_MAX_BYTES: '2000000',
    DEMO: '1',
    LOG_LEVEL: 'silent',
    ...environment,
  });
  const log = openLog('test', config.logLevel);
  const db = openDb({ url: database.ownerUrl, log });
  const stop = new AbortController();
  const feed = new EventFeed(db, log);
  await feed.start();
  const publishing = publishEvents(db, log, stop.signal);
  const context: Context = {
    config,
    log,
    db,
    feed,
    whispers: new Whispers(db),
    files: new Files(join(dataDir, 'files')),
    stopping: stop.signal,
  };
  const [shop, energy] = await db.asSystem(
    async (tx) =>
      [await addClient(tx, 'webshop', 'Meubelhuis'), await addClient(tx, 'energy', 'Aurora Energie')] as const,
  );
  return {
    context,
    databaseUrl: database.ownerUrl,
    dataDir,
    shop,
    energy,
    messages: () => db.asSystem(readStored),
    close: async () => {
      stop.abort();
      await Promise.all([feed.stop(), publishing]);
      await db.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export async function addClient(tx: Tx, slug: string, name: string): Promise<Client> {
  const [id, queueId, contactPointId, personId] = [newId(), newId(), newId(), newId()];
  const address = `Info@${slug}.example.org`;
  await tx.insertInto('client').values({ id, slug, name, colour: '#336699' }).execute();
  await tx.insertInto('queue').values({ id: queueId, client_id: id, name_nl: 'Post', name_en: 'Mail' }).execute();
  await tx
    .insertInto('contact_point')
    .values({ id: contactPointId, client_id: id, channel: 'email', address, name: 'Post', queue_id: queueId })
    .execute();
  await tx
    .insertInto('person')
    .values({ id: personId, name: `Anna van ${name}`, email: `anna@${slug}.example.org`, role: 'agent' })
    .execute();
  await tx.insertInto('person_client').values({ person_id: personId, client_id: id }).execute();
  await tx.insertInto('agent').values({ person_id: personId, state: 'ready', written_capacity: 10 }).execute();
  const agent: Viewer = {
    personId,
    name: 'Anna',
    role: 'agent',
    locale: 'nl',
    permissions: new Set(permissionsOf.agent),
    clientIds: [id],
    isAgent: true,
  };
  return { id, queueId, contactPointId, address, agent };
}

/** The agent has the conversation in hand, as after an accepted offer. */
export async function inHandOf(tx: Tx, conversationId: string, agent: Viewer): Promise<void> {
  await tx
    .updateTable('conversation')
    .set({ state: 'handling', agent_id: agent.personId })
    .where('id', '=', conversationId)
    .execute();
}

async function readStored(tx: Tx): Promise<StoredMessage[]> {
  const { rows } = await sql<StoredMessage>`
    select m.id, m.client_id as "clientId", m.conversation_id as "conversationId", m.author, m.text, m.html, m.external_id as "externalId", m.headers, m.delivery,
           m.delivery_detail as "deliveryDetail", c.subject, c.state, c.customer_address as "customerAddress",
           coalesce((select json_agg(json_build_object('id', a.id, 'name', f.name, 'mediaType', f.media_type, 'size', f.size, 'inline', a.inline) order by a.id)
                     from attachment a join file f on f.id = a.file_id where a.message_id = m.id), '[]') as attachments
    from message m join conversation c on c.id = m.conversation_id order by m.at, m.position`.execute(tx);
  return rows;
}

/** Sends as a mail server would. @returns the answer to the mail */
export async function send(port: number, mail: SendMailOptions): Promise<string> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  const { response } = await transport.sendMail(mail);
  return response;
}

/** Sends these very bytes. */
export async function sendRaw(
  port: number,
  raw: string | Buffer,
  { from = 'jan@example.org', to }: { from?: string; to: string | string[] },
): Promise<string> {
  return await send(port, { raw, envelope: { from, to } });
}
