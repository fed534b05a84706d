import { readArticle, searchArticles, searchProducts } from '@kernlijn/contract/guidance';
import { call } from '@kernlijn/ui/call.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

export const articlesQuery = (clientId: string, q: string) =>
  queryOptions({
    queryKey: ['articles', clientId, q],
    queryFn: ({ signal }) => call(searchArticles, { query: { clientId, q } }, signal),
    placeholderData: keepPreviousData,
  });
export const articleQuery = (articleId: string) =>
  queryOptions({
    queryKey: ['article', articleId],
    queryFn: ({ signal }) => call(readArticle, { params: { articleId } }, signal),
  });
export const productsQuery = (clientId: string, q: string) =>
  queryOptions({
    queryKey: ['products', clientId, q],
    queryFn: ({ signal }) => call(searchProducts, { query: { clientId, q } }, signal),
    placeholderData: keepPreviousData,
  });
