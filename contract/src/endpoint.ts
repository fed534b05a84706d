/** One HTTP call, defined once for the server, the apps and the OpenAPI document. */
import { z } from 'zod';

type Schema = z.ZodType;

export interface Endpoint<
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
  Reply extends Schema = Schema,
> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Fastify notation: `/api/customers/:customerId`. */
  path: `/api/${string}`;
  /** One sentence for the documentation page. */
  summary: string;
  params: Params;
  query: Query;
  body: Body;
  reply: Reply;
}

const nothing = z.object({});
type Nothing = typeof nothing;

/** Fills in what a call does not need. */
export function endpoint<
  Reply extends Schema,
  Params extends Schema = Nothing,
  Query extends Schema = Nothing,
  Body extends Schema = Nothing,
>(
  definition: Pick<Endpoint, 'method' | 'path' | 'summary'> & {
    params?: Params;
    query?: Query;
    body?: Body;
    reply: Reply;
  },
): Endpoint<Params, Query, Body, Reply> {
  return {
    params: nothing as unknown as Params,
    query: nothing as unknown as Query,
    body: nothing as unknown as Body,
    ...definition,
  };
}

export const Id = z.uuid();
export const Time = z.iso.datetime({ offset: true });
export const Locale = z.enum(['nl', 'en']);
export type Locale = z.infer<typeof Locale>;
/** A name in both languages of the interface. */
export const BothNames = z.object({ nl: z.string(), en: z.string() });
export type BothNames = z.infer<typeof BothNames>;
/** The answer of a call that only does something. */
export const Done = z.object({ done: z.literal(true) });
export const done = { done: true } as const;
