/** The part of the telephone that one process at a time does: listening to the engine. */
import type { VoiceEvent } from '@kernlijn/contract/voice';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { isConversationEvent } from '../../platform/events.ts';
import type { PublishedEvent } from '../../platform/events.ts';
import { whileLeader } from '../../platform/lease.ts';
import type { Log } from '../../platform/log.ts';
import { clearLeftovers, NoSuchRecording, storeDue } from '../../recordings/index.ts';
import type { RecordingSource } from '../../recordings/index.ts';
import { Calls, hasLostItsAgent } from './calls.ts';
import { EmbeddedEngine } from './embedded-engine.ts';
import { EngineRefusal } from './engine.ts';
import type { VoiceEngine } from './engine.ts';
import { Network } from './network.ts';

/** What the line follows: a call that goes to an agent or to another queue, and somebody who is to be called. */
const concernsLine: ReadonlySet<string> = new Set([
  'conversation.accepted',
  'conversation.requeued',
  'conversation.started',
  'conversation.call-changed',
  'conversation.ended',
  'conversation.reassigned',
]);
const clockMs = 500;

export function runCalls(context: Context, hint: (conversationId: string) => void): Promise<void> {
  const { config, log, db, feed, files } = context;
  return whileLeader(db, log, 'voice', context.stopping, async ({ signal }) => {
    const engine = openEngine(config, log);
    const network = new Network({ db, log }, engine);
    const failed = (what: string) => (error: unknown) => log.error({ err: error }, `voice: ${what} failed`);
    // What happens on one leg is dealt with in order; a slow leg holds up no other.
    const turns = new Map<string, Promise<void>>();
    // Nothing new is dealt with before what exists is known.
    let reconciled: Promise<void> = Promise.resolve();
    const inTurn = (key: string, work: () => Promise<void>) => {
      const turn = Promise.all([turns.get(key), reconciled])
        .then(work)
        .catch(failed(key))
        .finally(() => {
          if (turns.get(key) === turn) turns.delete(key);
        });
      turns.set(key, turn);
    };
    const { webCallGraceSeconds } = config;
    const calls = new Calls({ db, log, engine, hint, files, inTurn, webCallGraceSeconds });
    const onEvent = (event: VoiceEvent) =>
      inTurn('legId' in event ? event.legId : event.event, () => calls.heard(event));
    const onPublished = (event: PublishedEvent) => {
      if (!isConversationEvent(event) || event.body.card.channel !== 'call') {
        if (event.type === 'settings.changed') void network.changed();
      } else if (concernsLine.has(event.type) || hasLostItsAgent(event.body.card))
        inTurn(event.body.card.call?.legId ?? event.body.card.id, () => calls.happened(event));
    };
    const clock = setInterval(() => inTurn('clock', () => calls.due(new Date())), clockMs);
    engine.on('event', onEvent);
    engine.on('connected', (legs, recordings) => {
      log.info({ legs: legs.length, recordings: recordings.length }, 'voice engine connected');
      void network.connected();
      reconciled = calls.reconcile(legs, recordings).catch(failed('reconciling'));
    });
    engine.on('disconnected', () => log.warn('voice engine: connection lost'));
    feed.on('event', onPublished);
    engine.open();
    await storeRecordings(context, engine, signal);
    clearInterval(clock);
    feed.off('event', onPublished);
    calls.close();
    engine.close();
  });
}

/** How the server reaches the engine: the web process and the worker each have a connection of their own. */
export const openEngine = (
  { voiceControlPort: port, voiceToken: token, voiceRecordings: recordings }: Config,
  log: Log,
): EmbeddedEngine => new EmbeddedEngine({ port, token, recordings, log });

const lookEveryMs = 1_000;

/** From the engine's folder to ours, until the lease is over. */
async function storeRecordings(context: Context, engine: VoiceEngine, signal: AbortSignal): Promise<void> {
  const source: RecordingSource = {
    recording: async (id) => {
      try {
        return await engine.recording(id);
      } catch (error) {
        throw error instanceof EngineRefusal && error.code === 'no-such-recording' ? new NoSuchRecording(id) : error;
      }
    },
    forgetRecording: (id) => engine.forgetRecording(id),
  };
  while (!signal.aborted) {
    try {
      const tried = await storeDue(context, source, new Date());
      await clearLeftovers(context, source);
      if (tried > 0) continue;
    } catch (error) {
      context.log.error({ err: error }, 'recordings: storing failed and starts again');
    }
    await sleep(lookEveryMs, undefined, { signal }).catch(() => {});
  }
}
