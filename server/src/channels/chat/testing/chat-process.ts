/**
 * A web process that has the chat and the agent's calls and nothing else, for tests and measurements. Takes
 * DATABASE_URL, PORT and CHAT_GRACE_SECONDS, and `LIMITS` for other limits; writes `listening on <port>`.
 * An agent is whoever the header `x-person` names: nobody signs in here.
 */
import { conversationRoutes, conversationWhispers, projectConversations } from '../../../conversations/index.ts';
import { readConfig } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { openDb } from '../../../platform/db.ts';
import { EventFeed, publishEvents } from '../../../platform/events.ts';
import { Files } from '../../../platform/files.ts';
import { openHttp } from '../../../platform/http.ts';
import { liveRoutes } from '../../../platform/live.ts';
import { openLog } from '../../../platform/log.ts';
import { Whispers } from '../../../platform/whispers.ts';
import { chatChannel, chatRoutes, startChatPresence } from '../index.ts';
import { usualLimits } from '../limits.ts';
import { viewerOf } from './viewer.ts';

const config = readConfig(process.env);
const log = openLog('chat', config.logLevel);
const db = openDb({ url: config.databaseUrl ?? '', log });
const feed = new EventFeed(db, log);
const whispers = new Whispers(db);
const stop = new AbortController();
const context: Context = { config, log, db, feed, whispers, files: new Files(config.dataDir), stopping: stop.signal };
const much = { max: 100_000, timeWindow: 60_000 };
const limits =
  process.env['LIMITS'] === 'usual'
    ? usualLimits
    : { read: much, start: much, connect: much, messages: { burst: 1_000_000, perSecond: 1_000_000 } };

await feed.start();
whispers.start();
const publishing = publishEvents(db, log, stop.signal);
const presence = await startChatPresence(context);
const app = await openHttp({
  log,
  origins: [],
  identify: async (request) => viewerOf(db, request.headers['x-person']),
});
conversationRoutes(app, context, { chat: chatChannel(context) });
liveRoutes(app, context, {
  projections: [projectConversations(context)],
  whisperGate: conversationWhispers(db),
  seen() {},
  still: async (viewer) => viewer,
});
chatRoutes(app, context, limits);
await app.listen({ port: config.port, host: config.host });
const address = app.server.address();
console.log(`listening on ${typeof address === 'object' && address !== null ? address.port : 0}`);

async function close(): Promise<void> {
  stop.abort();
  await app.close();
  whispers.stop();
  await Promise.all([feed.stop(), publishing, presence.stop()]);
  await db.close();
}
process.once('SIGTERM', () => void close());
