/** Knowledge: what an agent reads to answer a question. */
import type { Article, ArticleLine } from '@kernlijn/contract/guidance';
import { audit } from '../access/index.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { Refusal } from '../platform/refusal.ts';
import { articlesContaining, findArticle, findArticles, firstArticles, insertArticles } from './store.ts';
import { allOf, anyOf, wordsAsked } from './words-asked.ts';

/** The best first; without words, by title. */
export async function searchArticles(tx: Tx, clientId: string, typed: string): Promise<ArticleLine[]> {
  const words = wordsAsked(typed);
  if (words.length === 0) return await firstArticles(tx, clientId);
  for (const query of [allOf(words), anyOf(words)]) {
    const found = await findArticles(tx, clientId, query);
    if (found.length > 0) return found;
  }
  // Dutch writes its compounds as one word: "label" is in "retourlabel".
  return await articlesContaining(tx, clientId, words);
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
