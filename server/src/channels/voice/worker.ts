/** The part of the telephone that one process at a time does: listening to the engine. */
import type { VoiceEvent } from '@kernlijn/contract/voice';
import type { Context } from '../../platform/context.ts';
import type { PublishedEvent } from '../../platform/events.ts';
import { whileLeader } from '../../platform/lease.ts';
import { Calls } from './calls.ts';
import { EmbeddedEngine } from './embedded-engine.ts';

export function runCalls(context: Context, hint: (conversationId: string) => void): Promise<void> {
  const { config, log, db, feed, files } = context;
  return whileLeader(db, log, 'voice', context.stopping, async ({ signal }) => {
    const engine = new EmbeddedEngine({ port: config.voiceControlPort, token: config.voiceToken, recordings: config.recordingsDir, log });
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
    const calls = new Calls({ db, log, engine, hint, files, inTurn });
    const onEvent = (event: VoiceEvent) =>
      inTurn('legId' in event ? event.legId : event.event, () => calls.heard(event));
    const onPublished = (event: PublishedEvent) => {
      if (event.type === 'conversation.accepted' || event.type === 'conversation.requeued')
        inTurn(event.body.card.call?.legId ?? event.body.card.id, () => calls.happened(event));
    };
    engine.on('event', onEvent);
    engine.on('connected', (legs, recordings) => {
      log.info({ legs: legs.length }, 'voice engine connected');
      reconciled = calls.reconcile(legs, recordings).catch(failed('reconciling'));
    });
    engine.on('disconnected', () => log.warn('voice engine: connection lost'));
    feed.on('event', onPublished);
    engine.open();
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    feed.off('event', onPublished);
    calls.close();
    engine.close();
  });
}
