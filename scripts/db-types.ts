/** Writes server/src/platform/tables.ts from the migrated schema: `node scripts/db-types.ts`, after a migration changes. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { provideDatabases } from '../tests/support/database-server.ts';
import { testDatabase } from '../tests/support/database.ts';

const types: Record<string, string> = {
  uuid: 'string',
  text: 'string',
  bool: 'boolean',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float8: 'number',
  numeric: 'string',
  date: 'string',
  timestamptz: 'Time',
  json: 'Json',
  jsonb: 'Json',
  int8multirange: 'string',
  bytea: 'Buffer',
  tsvector: 'string',
  _text: 'string[]',
  _uuid: 'string[]',
  _int4: 'number[]',
};

interface Column {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
  generated: boolean;
  defaulted: boolean;
  /** What `CHECK (column IN (…))` allows, as a union of literals. */
  union?: string;
}

const stop = await provideDatabases();
try {
  const database = await testDatabase();
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const { rows } = await client.query<Column>(`
    select table_name as "table", column_name as "column", udt_name as type, is_nullable = 'YES' as nullable,
           is_identity = 'YES' or is_generated = 'ALWAYS' as generated, column_default is not null as defaulted
    from information_schema.columns
    where table_schema = 'public' and table_name <> 'migration'
    order by table_name, ordinal_position`);
  const { rows: checks } = await client.query<{ table: string; definition: string }>(
    `select conrelid::regclass::text as "table", pg_get_constraintdef(oid) as definition from pg_constraint where contype = 'c'`,
  );
  for (const row of rows) {
    const union = checks.flatMap((check) =>
      check.table === row.table ? literalsOf(row.column, check.definition) : [],
    )[0];
    if (union !== undefined) row.union = union;
  }
  await client.end();
  await database.drop();
  writeFileSync(resolve(import.meta.dirname, '../server/src/platform/tables.ts'), render(rows));
} finally {
  await stop();
}

function render(columns: Column[]): string {
  const tables = Map.groupBy(columns, (column) => column.table);
  const bodies = [...tables].map(([table, own]) => `  ${table}: {\n${own.map(line).join('\n')}\n  };`);
  return `// Written by scripts/db-types.ts from the migrations. Do not edit.
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

type Time = ColumnType<Date, Date | string, Date | string>;
/** Read as parsed JSON, to be narrowed where it is read; written as text. */
type Json = ColumnType<unknown, string, string>;

export interface Tables {
${bodies.join('\n')}
}
`;
}

/** `CHECK ((state = ANY (ARRAY['a'::text, 'b'::text])))` → `'a' | 'b'`; other checks say nothing of a type. */
function literalsOf(column: string, definition: string): string[] {
  const list = new RegExp(`^CHECK \\(\\(${column} = ANY \\(ARRAY\\[([^\\]]+)\\]\\)\\)\\)$`).exec(definition)?.[1];
  return list === undefined ? [] : [list.replaceAll('::text', '').split(', ').join(' | ')];
}

function line({ table, column, type, nullable, generated, defaulted, union }: Column): string {
  const base = union ?? types[type];
  if (base === undefined)
    throw new Error(`${table}.${column}: no TypeScript type for ${type}; add it to scripts/db-types.ts`);
  // A computed time is only ever read.
  const plain = generated && base === 'Time' ? 'Date' : base;
  const orNull = nullable ? `${plain} | null` : plain;
  // Kysely wants the null inside ColumnType, and Generated around what may be left out of an insert.
  const full = nullable && (plain === 'Time' || plain === 'Json') ? nullableColumn(plain) : orNull;
  return `    ${column}: ${generated ? `GeneratedAlways<${full}>` : defaulted ? withDefault(base, full) : full};`;
}

function nullableColumn(base: 'Time' | 'Json'): string {
  return base === 'Time'
    ? 'ColumnType<Date | null, Date | string | null, Date | string | null>'
    : 'ColumnType<unknown, string | null, string | null>';
}

function withDefault(base: string, full: string): string {
  if (base === 'Time') return 'ColumnType<Date, Date | string | undefined, Date | string>';
  if (base === 'Json') return 'ColumnType<unknown, string | undefined, string>';
  return `Generated<${full}>`;
}
