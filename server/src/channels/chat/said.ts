/**
 * What visitors say, heard in every process the moment it is committed; the events bring the same a little later, so
 * nothing is lost when this connection is.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { VisitorMessage } from '@kernlijn/contract/chat';
import { z } from 'zod';
import type { Db } from '../../platform/db.ts';

const Told = z.array(z.object({ conversationId: z.uuid(), message: VisitorMessage }));

/** Ends with the signal. */
export async function hearSaid(
  db: Db,
  signal: AbortSignal,
  hear: (conversationId: string, message: VisitorMessage) => void,
): Promise<void> {
  while (!signal.aborted) {
    const client = await db.dedicated('chat said').catch(() => null);
    if (client !== null) {
      const over = new Promise<void>((resolve) => {
        client.once('end', () => resolve());
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      client.on('notification', ({ payload }) => {
        const told = Told.safeParse(JSON.parse(payload ?? 'null'));
        for (const { conversationId, message } of told.success ? told.data : []) hear(conversationId, message);
      });
      await client.query('listen chat_said').catch(() => {});
      await over;
      await client.end().catch(() => {});
    }
    await sleep(500, undefined, { signal }).catch(() => {});
  }
}
