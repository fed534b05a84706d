/** Knowledge: what an agent reads to answer a question. */
import type { Article, ArticleLine } from '@kernlijn/contract/guidance';
import { audit } from '../access/index.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { Refusal } from '../platform/refusal.ts';
import { findArticle, findArticles, firstArticles, insertArticles } from './store.ts';
import { allWords, anyWord } from './words-asked.ts';

/** The best first; without words, by title. */
export async function searchArticles(tx: Tx, clientId: string, typed: string): Promise<ArticleLine[]> {
  const all = allWords(typed);
  if (all === null) return await firstArticles(tx, clientId);
  const found = await findArticles(tx, clientId, all);
  return found.length > 0 ? found : await findArticles(tx, clientId, anyWord(typed) ?? all);
}

/** @throws Refusal `not-found` */
export async function readArticle(tx: Tx, id: string): Promise<Article> {
  const article = await findArticle(tx, id);
  if (article === undefined) throw new Refusal('not-found');
  return article;
}

export interface NewArticle {
  title: string;
  body: string;
  language: string;
  updatedAt: Date;
}

export async function addArticles(tx: Tx, clientId: string, articles: readonly NewArticle[]): Promise<void> {
  await insertArticles(
    tx,
    clientId,
    articles.map((article) => ({ ...article, id: newId() })),
  );
  await audit(tx, {
    clientId,
    personId: null,
    action: 'articles.added',
    subject: clientId,
    facts: { articles: articles.length },
  });
}
