import { z } from 'zod';
import { endpoint, Id } from './endpoint.ts';

export const ArticleLine = z.object({
  id: Id,
  clientId: Id,
  title: z.string(),
  excerpt: z.string(),
  language: z.string(),
});
export type ArticleLine = z.infer<typeof ArticleLine>;
export const Article = ArticleLine.omit({ excerpt: true }).extend({ body: z.string(), updatedAt: z.string() });
export type Article = z.infer<typeof Article>;
export const searchArticles = endpoint({
  method: 'GET',
  path: '/api/articles',
  summary: 'Search the knowledge of a client',
  query: z.object({ clientId: Id, q: z.string().max(200).default('') }),
  reply: z.object({ articles: z.array(ArticleLine) }),
});
export const readArticle = endpoint({
  method: 'GET',
  path: '/api/articles/:articleId',
  summary: 'One knowledge article',
  params: z.object({ articleId: Id }),
  reply: Article,
});

export const Product = z.object({
  id: Id,
  clientId: Id,
  code: z.string(),
  name: z.string(),
  description: z.string(),
  priceCents: z.number().int().nullable(),
  unit: z.string(),
});
export type Product = z.infer<typeof Product>;
export const searchProducts = endpoint({
  method: 'GET',
  path: '/api/products',
  summary: 'Search the assortment of a client',
  query: z.object({ clientId: Id, q: z.string().max(200).default('') }),
  reply: z.object({ products: z.array(Product) }),
});
