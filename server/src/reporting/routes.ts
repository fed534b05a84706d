import type { FastifyInstance } from 'fastify';
import { listConversations } from '@kernlijn/contract/conversations';
import { Board, readBoard as readBoardEndpoint } from '@kernlijn/contract/reporting';
import type { Context } from '../platform/context.ts';
import { route } from '../platform/http.ts';
import { readBoard } from './board.ts';
import { readRows, withoutCustomers } from './rows.ts';
import { shared } from './shared.ts';
import { positionOf } from './store.ts';

/** How old a board may be that several screens share. */
const freshMs = 100;

export function reportingRoutes(app: FastifyInstance, { db, feed }: Pick<Context, 'db' | 'feed'>): void {
  const boards = shared<{ board: Board; text: string }>(freshMs);

  route(app, readBoardEndpoint, 'board.view', async ({ viewer, query, reply }) => {
    const clientId = query.clientId ?? null;
    // Row-level security knows no more of a viewer than these ids: whoever shares them sees the same board.
    const { board, text } = await boards.get([clientId, ...viewer.clientIds.toSorted()].join(), async () => {
      // The numbers first: what happens after them may be in the board already, never the other way round. The figures
      // of the day are as far as the projection is, which runs a moment behind the feed in a process of its own.
      const seq = Math.min(feed.seq, await db.asSystem(positionOf));
      const made = Board.parse({ seq, ...(await db.asReader(viewer, (tx) => readBoard(tx, clientId, new Date()))) });
      return { board: made, text: JSON.stringify(made) };
    });
    reply.serializer(() => text); // checked and written out once, for all
    return board;
  });

  route(app, listConversations, 'board.view', async ({ viewer, query }) => {
    const page = await db.asReader(viewer, (tx) => readRows(tx, query, new Date()));
    return viewer.permissions.has('customers.view') ? page : withoutCustomers(page);
  });
}
