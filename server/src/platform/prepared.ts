/**
 * Statements that come again are prepared: PostgreSQL parses and plans them once a connection instead of each time, which
 * for our joins under row-level security costs more than running them. The text is the key, so a list of another length
 * is another statement; only texts seen a few times are named, and only so many.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';

const namedAfter = 3;
const mostNames = 400;

const seen = new Map<string, number>();
const names = new Map<string, string>();

/** The name to prepare this text under, or null while it is not worth one. */
function statementName(text: string): string | null {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= mostNames) return null;
  const times = (seen.get(text) ?? 0) + 1;
  if (times < namedAfter) {
    if (seen.size > 5_000) seen.clear();
    seen.set(text, times);
    return null;
  }
  seen.delete(text);
  const name = createHash('sha1').update(text).digest('base64url');
  names.set(text, name);
  return name;
}

/** Makes a pool's new connection prepare what it runs often. Statements without parameters go as they are. */
export function prepareOften(client: pg.PoolClient): void {
  const plain: (...args: unknown[]) => unknown = client.query.bind(client);
  const query = (...args: unknown[]): unknown => {
    const [text, values, ...rest] = args;
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return plain(...args);
    const name = statementName(text);
    return name === null ? plain(...args) : plain({ name, text, values }, ...rest);
  };
  Object.assign(client, { query });
}
