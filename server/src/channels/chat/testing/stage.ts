/** What chat tests and measurements play on: two clients with an entrance each, an agent, and processes of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { startChat } from '@kernlijn/contract/chat';
import pg from 'pg';
import type { z } from 'zod';
import { testDatabase } from '../../../../../tests/support/database.ts';
import { startProcess, type RunningProcess } from '../../../../../tests/support/processes.ts';
import { addClient } from '../../../access/index.ts';
import { addAgent } from '../../../agents/index.ts';
import { accept, offerAll, readCards } from '../../../conversations/index.ts';
import { openDb, type Db } from '../../../platform/db.ts';
import { newId } from '../../../platform/ids.ts';
import { openLog } from '../../../platform/log.ts';
import { VisitorClient } from './visitor-client.ts';
import { viewerOf } from './viewer.ts';

const program = resolve(import.meta.dirname, 'chat-process.ts');
const allWeek = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: '00:00', to: '24:00' }));

export interface Entrance {
  clientId: string;
  queueId: string;
  address: string;
}
type StartForm = Partial<z.input<typeof startChat.body>>;

export class Stage {
  readonly db: Db;
  readonly shop: Entrance;
  readonly energy: Entrance;
  readonly closed: Entrance;
  readonly agentId: string;
  readonly #url: string;
  readonly #undo: (() => unknown)[];

  static async open(url?: string): Promise<Stage> {
    const undo: (() => unknown)[] = [];
    if (url === undefined) {
      const database = await testDatabase();
      undo.push(() => database.drop());
      url = database.ownerUrl;
    }
    const db = openDb({ url, log: openLog('test', 'silent') });
    undo.unshift(() => db.close());
    const shop = await addEntrance(db, 'lindeboom', 'Lindeboom Wonen', '#2f6b3a', allWeek);
    const energy = await addEntrance(db, 'noorderlicht', 'Noorderlicht Energie', '#0b6e6e', allWeek);
    const closed = await addEntrance(db, 'nachtuil', 'Nachtuil', '#333366', []);
    const agentId = await addSanne(db, shop.clientId);
    return new Stage(url, db, { shop, energy, closed, agentId }, undo);
  }

  private constructor(
    url: string,
    db: Db,
    cast: { shop: Entrance; energy: Entrance; closed: Entrance; agentId: string },
    undo: (() => unknown)[],
  ) {
    this.#url = url;
    this.db = db;
    this.shop = cast.shop;
    this.energy = cast.energy;
    this.closed = cast.closed;
    this.agentId = cast.agentId;
    this.#undo = undo;
  }

  async process(env: Record<string, string> = {}): Promise<ChatProcess> {
    const dataDir = mkdtempSync(join(tmpdir(), 'kernlijn-chat-'));
    const running = startProcess('node', [program], {
      env: {
        DATABASE_URL: this.#url,
        DATA_DIR: dataDir,
        PORT: '0',
        LOG_LEVEL: 'warn',
        CHAT_GRACE_SECONDS: '60',
        ...env,
      },
    });
    this.#undo.unshift(async () => {
      await running.stop();
      rmSync(dataDir, { recursive: true, force: true });
    });
    const [, port] = await running.until(/listening on (\d+)/);
    return new ChatProcess(running, Number(port));
  }

  /** One statement as the owner of the database. */
  async owner(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }

  /** A visitor's client that is closed with the stage. */
  visitor(token: string): VisitorClient {
    const visitor = new VisitorClient(token);
    this.#undo.unshift(() => visitor.disconnect());
    return visitor;
  }

  /** Routing's part: offers the chat to Sanne, who takes it. */
  async take(conversationId: string): Promise<void> {
    const viewer = await viewerOf(this.db, this.agentId);
    if (viewer === null) throw new Error('the agent is not there');
    const now = new Date();
    await this.db.asSystem(async (tx) => {
      const [card] = await readCards(tx, [conversationId]);
      const { slot } = await tx
        .selectFrom('assignment')
        .select((eb) => eb.fn.countAll<number>().as('slot'))
        .where('agent_id', '=', this.agentId)
        .where('state', '=', 'accepted')
        .executeTakeFirstOrThrow();
      const offer = {
        assignmentId: newId(),
        conversationId,
        version: card?.version ?? 0,
        agentId: this.agentId,
        kind: 'chat',
        slot: slot + 1,
        expiresAt: new Date(now.getTime() + 60_000),
      } as const;
      await offerAll(tx, [offer], now);
    });
    await this.db.asViewer(viewer, (tx) => accept(tx, conversationId, viewer, now));
  }

  async close(): Promise<void> {
    for (const each of this.#undo.splice(0)) await each();
  }
}

export class ChatProcess {
  readonly running: RunningProcess;
  readonly origin: string;

  constructor(running: RunningProcess, port: number) {
    this.running = running;
    this.origin = `http://127.0.0.1:${port}`;
  }

  post(path: string, body: unknown, personId?: string): Promise<Response> {
    return fetch(this.origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(personId === undefined ? {} : { 'x-person': personId }) },
      body: JSON.stringify(body),
    });
  }

  start(entrance: Entrance, form: StartForm = {}): Promise<Response> {
    return this.post(`/api/chat/${entrance.address}`, {
      name: 'Jan Visser',
      email: '',
      text: 'Waar blijft mijn lamp?',
      key: crypto.randomUUID(),
      page: 'https://shop.example.org/',
      language: 'nl',
      ...form,
    });
  }

  async started(entrance: Entrance, form: StartForm = {}): Promise<{ token: string; conversationId: string }> {
    const response = await this.start(entrance, form);
    const reply: unknown = await response.json();
    if (typeof reply !== 'object' || reply === null || !('token' in reply) || !('conversationId' in reply))
      throw new Error(`no chat: ${response.status} ${JSON.stringify(reply)}`);
    return { token: String(reply.token), conversationId: String(reply.conversationId) };
  }

  /** The agent answers. */
  async reply(conversationId: string, agentId: string, text: string): Promise<void> {
    const response = await this.post(
      `/api/conversations/${conversationId}/replies`,
      { key: crypto.randomUUID(), text, fileIds: [] },
      agentId,
    );
    if (!response.ok) throw new Error(`no reply: ${response.status} ${await response.text()}`);
  }
}

async function addEntrance(db: Db, slug: string, name: string, colour: string, periods: unknown[]): Promise<Entrance> {
  return await db.asSystem(async (tx) => {
    const clientId = await addClient(tx, { slug, name, colour });
    const [hoursId, queueId, address] = [newId(), newId(), `${slug}-site`];
    await tx
      .insertInto('opening_hours')
      .values({ id: hoursId, client_id: clientId, name: 'Chat', periods: JSON.stringify(periods) })
      .execute();
    await tx
      .insertInto('queue')
      .values({ id: queueId, client_id: clientId, name_nl: 'Chat', name_en: 'Chat', opening_hours_id: hoursId })
      .execute();
    await tx
      .insertInto('contact_point')
      .values({ id: newId(), client_id: clientId, channel: 'chat', address, name: 'Site', queue_id: queueId })
      .execute();
    return { clientId, queueId, address };
  });
}

async function addSanne(db: Db, clientId: string): Promise<string> {
  return await db.asSystem(async (tx) => {
    const id = newId();
    await tx
      .insertInto('person')
      .values({ id, name: 'Sanne de Groot', email: 'sanne@example.org', role: 'agent' })
      .execute();
    await tx.insertInto('person_client').values({ person_id: id, client_id: clientId }).execute();
    await addAgent(tx, { personId: id, capacity: { call: 1, chat: 10, written: 1 }, skills: [] });
    await tx.updateTable('agent').set({ state: 'ready' }).where('person_id', '=', id).execute();
    return id;
  });
}
