/** What helps an agent to answer: knowledge articles. */
export { addArticles, readArticle, searchArticles } from './articles.ts';
export type { NewArticle } from './articles.ts';
export { guidanceRoutes } from './routes.ts';
export { allOf, anyOf, wordsAsked } from './words-asked.ts';
