/** Answers the desk from memory: enough to see every screen, not a second implementation. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { WebSocketServer, type WebSocket } from 'ws';
import { z } from 'zod';
import * as access from '@kernlijn/contract/access';
import * as agents from '@kernlijn/contract/agents';
import * as promises from '@kernlijn/contract/callbacks';
import * as conversations from '@kernlijn/contract/conversations';
import type { ConversationCard, ConversationDetail } from '@kernlijn/contract/conversations';
import * as people from '@kernlijn/contract/customers';
import type { Endpoint } from '@kernlijn/contract/endpoint';
import * as guidance from '@kernlijn/contract/guidance';
import { FromDesk, type FromServer, type LiveEvent } from '@kernlijn/contract/live';
import * as recordings from '@kernlijn/contract/recordings';
import * as routing from '@kernlijn/contract/routing';
import * as telephone from '@kernlijn/contract/telephone';
import * as world from './world.ts';

const dist = process.env['DESK_DIST'] ?? join(import.meta.dirname, '../../web/desk/dist');
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.map': 'application/json',
};

const Credentials = z.object({ password: z.string().optional() });

class Refused extends Error {
  readonly code: string;
  readonly facts: Record<string, string>;
  constructor(code: string, facts: Record<string, string> = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

interface Input<Params = unknown, Query = unknown, Body = unknown> {
  params: Params;
  query: Query;
  body: Body;
}
type Handler = (input: Input) => unknown;
type Of<E extends Endpoint> = Input<z.output<E['params']>, z.output<E['query']>, z.output<E['body']>>;

export interface Mock {
  port: number;
  details: Map<string, ConversationDetail>;
  signedIn: boolean;
  agent: typeof world.status;
  queues: routing.QueuePicture[];
  /** Answers the telephone; set by whoever has the other end. */
  line: (sdp: string) => Promise<string>;
  tell: (event: LiveEvent) => void;
  whisper: (message: FromServer) => void;
  dropLive: () => void;
  refuseLive: boolean;
  said: FromDesk[];
  drafts: unknown[];
  seen: conversations.Seen[];
  /** How often reading was written. */
  seenCalls: number;
  handedOver: { queueId: string; note: string; reasonId: string | null }[];
  callbacks: promises.Callback[];
  put: (detail: ConversationDetail) => void;
  close: () => Promise<void>;
}

export async function startMock(port = 0): Promise<Mock> {
  let seq = 100;
  const sockets = new Set<WebSocket>();
  const routes = new Map<Endpoint, Handler>();
  const mock: Mock = {
    port,
    details: new Map(),
    signedIn: true,
    agent: { ...world.status },
    queues: world.queues,
    line: () => Promise.reject(new Refused('voice-unavailable')),
    tell: (event) => {
      seq += 1;
      send({ is: 'event', seq, event });
    },
    whisper: (message) => send(message),
    dropLive: () => sockets.forEach((socket) => socket.terminate()),
    refuseLive: false,
    said: [],
    drafts: [],
    seen: [],
    seenCalls: 0,
    handedOver: [],
    callbacks: [],
    put: (detail) => mock.details.set(detail.card.id, detail),
    close: async () => {
      mock.dropLive();
      live.close();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  const send = (message: FromServer) => sockets.forEach((socket) => socket.send(JSON.stringify(message)));
  const detailOf = (id: string | undefined): ConversationDetail => {
    const found = mock.details.get(id ?? '');
    if (!found) throw new Refused('not-found');
    return found;
  };
  const move = (
    id: string | undefined,
    part: Partial<ConversationCard>,
    type: conversations.ConversationEventType,
  ): ConversationCard => {
    const before = detailOf(id);
    const card = { ...before.card, ...part, version: before.card.version + 1 };
    mock.put({ ...before, card });
    mock.tell({ type, body: { card, previousAgentId: null } });
    return card;
  };
  const on = <E extends Endpoint>(endpoint: E, handler: (input: Of<E>) => unknown) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each part has just been parsed by the endpoint itself
    routes.set(endpoint, ({ params, query, body }) =>
      handler({
        params: endpoint.params.parse(params),
        query: endpoint.query.parse(query),
        body: endpoint.body.parse(body),
      } as Of<E>),
    );
  const done = { done: true };

  on(access.readMe, () => world.me);
  on(access.changeLocale, ({ body }) => {
    Object.assign(world.me, body);
    return done;
  });
  on(access.readDemoSignIns, () => ({
    password: 'demo',
    people: [
      {
        name: 'Sanne de Groot',
        email: 'sanne@example.org',
        role: 'team-leader',
        clients: ['Energie Noord', 'Tuinwereld'],
        skills: ['Nederlands', 'Engels', 'Facturen'],
      },
      {
        name: 'Mark Jansen',
        email: 'mark@example.org',
        role: 'agent',
        clients: ['Tuinwereld'],
        skills: ['Nederlands', 'Duits', 'Bestellingen en retouren'],
      },
    ],
  }));
  on(agents.readAgent, () => ({ status: mock.agent, pauseReasons: world.pauseReasons }));
  on(agents.chooseState, ({ body }) => {
    const later = mock.agent.state === 'busy' || mock.agent.state === 'wrap-up';
    const reason = body.pauseReason ?? null;
    mock.agent = later
      ? { ...mock.agent, nextState: body.state, nextPauseReason: reason }
      : { ...mock.agent, state: body.state, pauseReason: reason, since: world.ago(0) };
    return mock.agent;
  });
  on(routing.readQueues, () => ({ seq, queues: mock.queues }));
  on(conversations.readWork, () => ({
    seq,
    conversations: [...mock.details.values()]
      .map((one) => one.card)
      .filter((card) => card.agentId === world.me.id && card.state !== 'closed'),
    seen: mock.seen,
  }));
  on(conversations.markSeen, ({ params, body }) => {
    const read = detailOf(params.conversationId).messages.findLast(({ position }) => position <= body.position);
    mock.seen = mock.seen.filter((one) => one.conversationId !== params.conversationId);
    if (read) mock.seen.push({ ...params, position: read.position, at: read.at });
    mock.seenCalls += 1;
    return done;
  });
  on(conversations.readConversation, ({ params }) => detailOf(params.conversationId));
  on(conversations.acceptOffer, ({ params }) =>
    move(
      params.conversationId,
      { state: 'handling', answeredAt: world.ago(0), offerExpiresAt: null },
      'conversation.accepted',
    ),
  );
  on(conversations.declineOffer, ({ params }) => {
    move(params.conversationId, { state: 'waiting', agentId: null, offerExpiresAt: null }, 'conversation.declined');
    return done;
  });
  on(conversations.parkConversation, ({ params }) =>
    move(params.conversationId, { state: 'parked' }, 'conversation.parked'),
  );
  on(conversations.resumeConversation, ({ params }) =>
    move(params.conversationId, { state: 'handling' }, 'conversation.resumed'),
  );
  const end = ({ params }: Of<typeof conversations.endConversation>) => {
    const before = detailOf(params.conversationId).card;
    return move(
      params.conversationId,
      {
        state: 'wrap-up',
        endedAt: world.ago(0),
        wrapUpUntil: world.ahead(60),
        call: before.call && { ...before.call, live: false },
      },
      'conversation.ended',
    );
  };
  on(conversations.endConversation, end);
  on(telephone.hangUp, end);
  on(conversations.registerConversation, ({ params }) =>
    move(params.conversationId, { state: 'closed', endedAt: world.ago(0) }, 'conversation.registered'),
  );
  on(conversations.skipRegistration, ({ params }) =>
    move(params.conversationId, { state: 'closed' }, 'conversation.registered'),
  );
  on(conversations.extendWrapUp, ({ params }) =>
    move(params.conversationId, { wrapUpUntil: world.ahead(90) }, 'conversation.wrap-up-extended'),
  );
  on(conversations.requeueConversation, ({ params, body }) => {
    mock.handedOver.push(body);
    return move(
      params.conversationId,
      { state: 'waiting', agentId: null, queueId: body.queueId },
      'conversation.requeued',
    );
  });
  on(conversations.linkCustomer, ({ params, body }) => {
    const before = detailOf(params.conversationId);
    const who = world.customers.find((one) => one.id === body.customerId);
    mock.put({
      ...before,
      screenPop: who
        ? { kind: 'known', dossier: world.dossierOf(who) }
        : {
            kind: 'new',
            prefill: { identifierKind: 'phone', value: before.card.customerAddress, name: '', language: 'nl' },
          },
    });
    return move(
      params.conversationId,
      { customerId: body.customerId, customerName: who ? world.lineOf(who).name : '' },
      'conversation.linked',
    );
  });
  on(conversations.saveDraft, ({ params, body }) => {
    const before = detailOf(params.conversationId);
    const draft: unknown = Reflect.get(body, 'body');
    mock.drafts.push(body);
    mock.put(
      conversations.ConversationDetail.parse({
        ...before,
        [body.kind === 'reply' ? 'replyDraft' : 'registrationDraft']: draft,
      }),
    );
    return done;
  });
  on(conversations.sendReply, ({ params, body }) => {
    const before = detailOf(params.conversationId);
    const twice = before.messages.find((one) => one.externalId === body.key);
    if (twice) return twice;
    const made = world.message(before.card.id, before.messages.length + 1, 'agent', world.me.name, body.text, 0, {
      externalId: body.key,
    });
    const card = {
      ...before.card,
      version: before.card.version + 1,
      lastMessageAt: made.at,
      lastMessageFrom: 'agent' as const,
    };
    mock.put({ ...before, card, messages: [...before.messages, made], replyDraft: null });
    mock.tell({ type: 'message.added', body: { message: made, card } });
    return made;
  });
  on(conversations.uploadFile, () => ({
    id: randomUUID(),
    name: 'bestand.pdf',
    mediaType: 'application/pdf',
    size: 1_000,
    inline: false,
    contentId: null,
  }));
  on(telephone.readLine, () => ({ iceServers: [], iceTransportPolicy: 'all' as const }));
  on(telephone.connectLine, async ({ body }) => ({ sdp: await mock.line(body.sdp) }));
  on(telephone.disconnectLine, () => done);
  const onCall = (id: string, part: Partial<NonNullable<ConversationCard['call']>>) => {
    const before = detailOf(id).card;
    if (!before.call?.live) throw new Refused('call-ended');
    return move(before.id, { call: { ...before.call, ...part } }, 'conversation.call-changed');
  };
  on(telephone.holdCall, ({ params, body }) => onCall(params.conversationId, body));
  on(telephone.muteCall, ({ params, body }) => onCall(params.conversationId, body));
  on(telephone.sendDtmf, () => done);
  on(recordings.readCallRecordings, () => ({
    policy: { mode: 'always', purposes: ['quality'], agentMayPause: true, agentMayStop: true, remindSeconds: 60 },
    objected: false,
    recordings: [],
  }));
  on(recordings.startRecording, ({ params }) => onCall(params.conversationId, { recording: world.recording() }));
  on(recordings.pauseRecording, ({ params, body }) =>
    onCall(params.conversationId, {
      recording: world.recording(body.paused ? { state: 'paused', pausedFor: body.reason } : {}),
    }),
  );
  on(recordings.stopRecording, ({ params }) => onCall(params.conversationId, { recording: null }));
  on(telephone.readOwnNumbers, () => ({ numbers: [] }));
  on(telephone.readDirectory, ({ query }) => world.directoryOf(query.clientId));
  on(promises.readCallbacks, () => ({ callbacks: mock.callbacks }));
  on(people.searchCustomers, ({ query }) => {
    const q = query.q.toLowerCase();
    return {
      customers: world.customers.map(world.lineOf).filter((line) => JSON.stringify(line).toLowerCase().includes(q)),
      misspelt: false,
    };
  });
  on(people.readDossier, ({ params }) => {
    const who = world.customers.find((one) => one.id === params.customerId);
    if (!who) throw new Refused('not-found');
    return world.dossierOf(who);
  });
  on(people.createCustomer, ({ body }) => {
    const made = people.Customer.parse({ ...body, id: randomUUID(), customerSince: null, version: 1 });
    world.customers.push(made);
    return made;
  });
  on(people.changeCustomer, ({ params, body }) => {
    const at = world.customers.findIndex((one) => one.id === params.customerId);
    const before = world.customers[at];
    if (!before) throw new Refused('not-found');
    if (before.version !== body.version) throw new Refused('customer-changed');
    const saved = people.Customer.parse({ ...before, ...body, version: before.version + 1 });
    world.customers[at] = saved;
    return saved;
  });
  on(people.addNote, ({ body }) => ({
    id: randomUUID(),
    text: body.text,
    authorName: world.me.name,
    at: world.ago(0),
  }));
  on(people.readTimeline, () => ({ items: [] }));
  on(guidance.searchArticles, ({ query }) => ({
    articles: world.articles
      .filter((one) => one.clientId === query.clientId && one.title.toLowerCase().includes(query.q.toLowerCase()))
      .map((one) => ({ ...one, excerpt: one.body.slice(0, 90) })),
  }));
  on(guidance.readArticle, ({ params }) => world.articles.find((one) => one.id === params.articleId));
  on(guidance.searchProducts, ({ query }) => ({
    products: world.products.filter((one) => one.clientId === query.clientId),
  }));

  const http = createServer((request, response) => void answer(request, response));
  const live = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    if (mock.refuseLive) return socket.destroy();
    live.handleUpgrade(request, socket, head, (accepted) => {
      sockets.add(accepted);
      accepted.on('close', () => sockets.delete(accepted));
      accepted.on('message', (data) => {
        const said = FromDesk.parse(JSON.parse(Buffer.isBuffer(data) ? data.toString() : ''));
        mock.said.push(said);
        if (said.is === 'ping') accepted.send(JSON.stringify({ is: 'pong' }));
      });
      accepted.send(JSON.stringify({ is: 'welcome', seq }));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://mock');
    const reply = (statusCode: number, body: unknown) =>
      response.writeHead(statusCode, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname.startsWith('/api/auth/')) {
      const { password } = Credentials.parse(JSON.parse((await bodyOf(request)) || '{}'));
      const out = url.pathname.endsWith('sign-out');
      if (!out && password !== 'demo') return void reply(401, {});
      mock.signedIn = !out;
      return void reply(200, {});
    }
    if (!url.pathname.startsWith('/api/')) return serve(url.pathname, response);
    for (const [endpoint, handler] of routes) {
      const params = paramsOf(endpoint.path, url.pathname);
      if (endpoint.method !== request.method || !params) continue;
      const sent = await bodyOf(request);
      if (!mock.signedIn && endpoint !== access.readDemoSignIns)
        return void reply(401, { code: 'not-signed-in', facts: {} });
      try {
        const json: unknown = request.headers['content-type']?.includes('json') ? JSON.parse(sent || '{}') : {};
        const value = await handler({ params, query: Object.fromEntries(url.searchParams), body: json });
        return void reply(200, endpoint.reply.parse(value));
      } catch (error) {
        if (error instanceof Refused) return void reply(409, { code: error.code, facts: error.facts });
        console.error(request.method, url.pathname, error);
        return void reply(500, {});
      }
    }
    reply(404, { code: 'not-found', facts: {} });
  }
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  const address = http.address();
  mock.port = typeof address === 'object' && address ? address.port : port;
  return mock;
}

function paramsOf(path: string, address: string): Record<string, string> | undefined {
  const found = new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`).exec(address);
  return found ? { ...found.groups } : undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  return await text(request);
}

async function serve(path: string, response: ServerResponse): Promise<void> {
  const file = path.startsWith('/assets/') ? path : '/index.html';
  const bytes = await readFile(join(dist, file)).catch(() => undefined);
  if (!bytes) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(bytes);
}
