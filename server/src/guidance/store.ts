import { sql } from 'kysely';
import type { Article, ArticleLine } from '@kernlijn/contract/guidance';
import type { Tx } from '../platform/db.ts';
import type { NewArticle } from './articles.ts';

const most = 20;
const excerptLength = 180;
/** Cut after a whole word, and said to be cut. */
const excerpt = sql`case when length(body) <= ${sql.lit(excerptLength)} then body else regexp_replace(left(body, ${sql.lit(excerptLength)}), '[[:space:],;:(]*[^[:space:]]*$', '…') end`;

export async function findArticles(tx: Tx, clientId: string, query: string): Promise<ArticleLine[]> {
  const { rows } =
    await sql<ArticleLine>`select id, ${clientId}::uuid as "clientId", title, excerpt, language from find_articles(${clientId}, ${query}, ${most})`.execute(
      tx,
    );
  return rows.map((row) => ({ ...row, excerpt: row.excerpt.replaceAll(/\s+/g, ' ') }));
}

/** Every word occurs somewhere in the title or text, be it within another. Looks through all articles of the client. */
export async function articlesContaining(tx: Tx, clientId: string, words: readonly string[]): Promise<ArticleLine[]> {
  const { rows } = await sql<ArticleLine>`
    select id, client_id as "clientId", title, ${excerpt} as excerpt, language from article
    where client_id = ${clientId} and (select bool_and(strpos(lower(title || ' ' || body), w) > 0) from unnest(${[...words]}::text[]) w)
    order by title limit ${most}`.execute(tx);
  return rows;
}

export async function firstArticles(tx: Tx, clientId: string): Promise<ArticleLine[]> {
  const { rows } = await sql<ArticleLine>`
    select id, client_id as "clientId", title, ${excerpt} as excerpt, language from article where client_id = ${clientId} order by title limit ${most}`.execute(
    tx,
  );
  return rows;
}

export async function findArticle(tx: Tx, id: string): Promise<Article | undefined> {
  const row = await tx
    .selectFrom('article')
    .select(['id', 'client_id as clientId', 'title', 'body', 'language', 'updated_at as updatedAt'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : { ...row, updatedAt: row.updatedAt.toISOString() };
}

export async function insertArticles(
  tx: Tx,
  clientId: string,
  articles: readonly (NewArticle & { id: string })[],
): Promise<void> {
  if (articles.length === 0) return;
  await tx
    .insertInto('article')
    .values(
      articles.map(({ id, title, body, language, updatedAt }) => ({
        id,
        client_id: clientId,
        title,
        body,
        language,
        updated_at: updatedAt,
      })),
    )
    .execute();
}
