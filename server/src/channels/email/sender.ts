/**
 * Replies leave. A reply is taken by moving its due time ahead, in a transaction of its own, so that any number of
 * workers share the work and none holds a connection while a mail server thinks.
 *
 * A worker that dies after the relay's 250 and before our commit leaves a row that is due again: the mail goes out a
 * second time, for nobody can know that it did the first. It is the same mail then, to the Message-ID, which was fixed
 * before the first attempt, so that the receiving side can tell. In every other case it leaves once.
 */
import { deliveryChanged } from '../../conversations/index.ts';
import type { Context } from '../../platform/context.ts';
import { Bell } from '../../platform/events.ts';
import type { PublishedEvent } from '../../platform/events.ts';
import { readLetter, Undeliverable } from './letter.ts';
import type { Letter } from './letter.ts';
import { postpone, putInOutbox, takeDue, takeOut } from './outgoing-store.ts';
import type { Due } from './outgoing-store.ts';
import { answerOf, isFinal, smtpRelay, written } from './relay.ts';

export interface MailSender {
  /** Starts no more mails and waits for those under way. */
  stop(): Promise<void>;
}

const usual = {
  atOnce: 4,
  /** An attempt ends within this time, and the row stays ours for longer: it is never with two workers. */
  attemptMs: 120_000,
  holdMs: 150_000,
  lookEveryMs: 1_000,
  /** Between attempts: soon at first, for a relay that restarts; then like any mail server, for most of a day. */
  delaysMs: [10_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 28_800_000],
};

export async function startMailSender(
  context: Pick<Context, 'config' | 'log' | 'db' | 'feed' | 'files' | 'stopping'>,
  changed: Partial<typeof usual> = {},
): Promise<MailSender> {
  const { config, log, db, feed, files, stopping } = context;
  const set = { ...usual, ...changed };
  const stop = new AbortController();
  const ended = AbortSignal.any([stopping, stop.signal]);
  const bell = new Bell(ended);
  const underWay = new Set<Promise<void>>();
  const relay = config.smtpRelay === undefined ? null : smtpRelay(config.smtpRelay, files);
  if (relay === null && !config.demo) log.warn('SMTP_RELAY is not set: replies by mail wait until it is');

  const attempt = async (due: Due): Promise<void> => {
    try {
      const letter = await db.asSystem((tx) => readLetter(tx, due.messageId));
      if (relay !== null) await relay.send(letter, AbortSignal.timeout(set.attemptMs));
      else if (!config.demo) throw new Error('no SMTP relay is configured');
      const raw = relay === null ? await written(letter, files) : null;
      await db.asSystem(async (tx) => {
        if (!(await takeOut(tx, due.messageId))) return;
        if (raw !== null) await putInOutbox(tx, outboxRow(due, letter, raw));
        await deliveryChanged(tx, due.messageId, 'sent', null);
      });
    } catch (error) {
      await failed(due, error);
    }
  };
  const failed = async (due: Due, error: unknown): Promise<void> => {
    const delay = set.delaysMs[due.attempts - 1];
    const final = isFinal(error) || delay === undefined;
    log[final || error instanceof Undeliverable ? 'error' : 'warn'](
      { err: error, message: due.messageId, attempts: due.attempts },
      final ? 'a reply could not be sent' : 'a reply could not be sent yet',
    );
    await db.asSystem(async (tx) => {
      if (!final) await postpone(tx, due.messageId, new Date(Date.now() + delay), answerOf(error));
      else if (await takeOut(tx, due.messageId)) await deliveryChanged(tx, due.messageId, 'failed', answerOf(error));
    });
  };

  const look = async (): Promise<void> => {
    const free = set.atOnce - underWay.size;
    if (free <= 0) return;
    const now = Date.now();
    for (const due of await db.asSystem((tx) => takeDue(tx, new Date(now), new Date(now + set.holdMs), free))) {
      const sending = attempt(due).catch((error: unknown) =>
        log.error({ err: error, message: due.messageId }, 'the outcome of a mail could not be kept; it is tried again'),
      );
      underWay.add(sending);
      void sending.finally(() => {
        underWay.delete(sending);
        bell.ring();
      });
    }
  };
  const running = (async () => {
    while (!ended.aborted) {
      await look().catch((error: unknown) => log.warn({ err: error }, 'waiting mail could not be read'));
      await bell.wait(set.lookEveryMs);
    }
  })();

  const hear = (event: PublishedEvent) => {
    if (event.type === 'message.added' && event.body.message.delivery === 'pending') bell.ring();
  };
  feed.on('event', hear);
  return {
    stop: async () => {
      feed.off('event', hear);
      stop.abort();
      await running;
      await Promise.allSettled(underWay);
    },
  };
}

const longestRaw = 300_000;

function outboxRow(due: Due, letter: Letter, raw: string): Parameters<typeof putInOutbox>[1] {
  const { from, to, subject, text } = letter;
  const named = ({ name, address }: { name: string; address: string }) =>
    name === '' ? address : `${name} <${address}>`;
  return {
    messageId: due.messageId,
    clientId: due.clientId,
    at: new Date(),
    sender: named(from),
    recipient: named(to),
    subject,
    text,
    raw: raw.slice(0, longestRaw),
  };
}
