/**
 * Kysely on one connection that is somebody's for a while. Kysely's own driver sends a statement only when the one before
 * was answered; this one sends it at once, so that on a pipelined connection what is asked together takes one round trip.
 */
import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import type pg from 'pg';
import type { Tables } from './tables.ts';

export function overClient(client: pg.ClientBase): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driverOf(connectionOf(client)),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

const changes = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

function connectionOf(client: pg.ClientBase): DatabaseConnection {
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const { command, rowCount, rows } = await client.query<R & pg.QueryResultRow>(sql, [...parameters]);
      return { rows, ...(changes.has(command) && { numAffectedRows: BigInt(rowCount ?? 0) }) };
    },
    streamQuery: unused,
  };
}

/** There is one connection, and whoever borrowed it begins and ends its transaction. */
function driverOf(connection: DatabaseConnection): Driver {
  const nothing = async () => {};
  return {
    init: nothing,
    acquireConnection: async () => connection,
    releaseConnection: nothing,
    destroy: nothing,
    beginTransaction: unused,
    commitTransaction: unused,
    rollbackTransaction: unused,
  };
}

function unused(): never {
  throw new Error('not on a connection that is in a transaction of its own');
}
