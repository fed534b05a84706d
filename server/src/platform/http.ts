/**
 * The web server: routes are contract endpoints with one permission each; refusals become their status here and
 * nowhere else; the OpenAPI document is made from the same contract.
 */
import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import type { Permission } from '@kernlijn/contract/access';
import type { Endpoint } from '@kernlijn/contract/endpoint';
import { RefusalBody } from '@kernlijn/contract/refusals';
import type { z } from 'zod';
import type { Log } from './log.ts';
import { Refusal, statusOf } from './refusal.ts';
import type { Viewer } from './viewer.ts';

export interface HttpOptions {
  log: Log;
  /** Who sent this request; null for a stranger. */
  identify(request: FastifyRequest): Promise<Viewer | null>;
  /** Origins whose pages may send changes; a browser's request from elsewhere is refused (CSRF). */
  origins: readonly string[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Pages of anyone may call this (the widget): no cookie is ever read here. */
    anyOrigin?: boolean;
  }
}

export async function openHttp({ log, identify, origins }: HttpOptions): Promise<FastifyInstance> {
  const logger: FastifyBaseLogger = log.child({}, { level: 'warn' });
  const app = Fastify({
    loggerInstance: logger,
    genReqId: () => randomUUID(),
    bodyLimit: 2_000_000,
    forceCloseConnections: true,
    trustProxy: 'loopback',
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: [`'self'`],
        // The desk's component library sets styles from script.
        styleSrc: [`'self'`, `'unsafe-inline'`],
        imgSrc: [`'self'`, 'data:', 'blob:'],
        mediaSrc: [`'self'`, 'blob:', 'data:'],
        connectSrc: [`'self'`, 'ws:', 'wss:'],
        frameSrc: [`'self'`, 'blob:'],
        frameAncestors: [`'self'`],
        upgradeInsecureRequests: null,
      },
    },
    crossOriginResourcePolicy: { policy: 'cross-origin' }, // the widget's script is loaded by the client's own pages
    strictTransportSecurity: false, // the proxy in front that has the certificate says so
  });
  await app.register(rateLimit, { global: false, errorResponseBuilder: () => new Refusal('too-many-requests') });
  await app.register(multipart, { limits: { fileSize: 25_000_000, files: 1, fields: 5 } });
  await app.register(websocket, { options: { maxPayload: 64_000 } });
  await app.register(swagger, {
    openapi: {
      info: { title: 'Kernlijn', version: '1', description: 'Every call of the desk, the widget and integrations.' },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: '/api/docs' });
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());

  app.decorateRequest('viewer', null);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.anyOrigin === true) return;
    refuseForeignOrigin(request, origins);
    if (request.url.startsWith('/api/') && !request.url.startsWith('/api/auth/'))
      request.viewer = await identify(request);
  });
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  return app;
}

declare module 'fastify' {
  interface FastifyRequest {
    viewer: Viewer | null;
  }
}

type Call<E extends Endpoint> = {
  params: z.output<E['params']>;
  query: z.output<E['query']>;
  body: z.output<E['body']>;
  request: FastifyRequest;
  reply: FastifyReply;
};

export interface Limit {
  max: number;
  /** In milliseconds. */
  timeWindow: number;
}

/** One endpoint of the contract: its permission stands beside it. */
export function route<E extends Endpoint>(
  app: FastifyInstance,
  endpoint: E,
  permission: Permission,
  handler: (call: Call<E> & { viewer: Viewer }) => Promise<z.input<E['reply']>>,
): void {
  register(app, endpoint, {}, async (call) => {
    const viewer = permitted(call.request, permission);
    return await handler({ ...call, viewer });
  });
}

/** An endpoint for strangers: rate-limited, without a viewer. */
export function openRoute<E extends Endpoint>(
  app: FastifyInstance,
  endpoint: E,
  { limit, anyOrigin = false }: { limit: Limit; anyOrigin?: boolean },
  handler: (call: Call<E>) => Promise<z.input<E['reply']>>,
): void {
  register(app, endpoint, { rateLimit: limit, anyOrigin }, handler);
}

/** @throws Refusal when the person behind the request lacks the permission. */
export function permitted(request: FastifyRequest, permission: Permission): Viewer {
  if (request.viewer === null) throw new Refusal('not-signed-in');
  if (!request.viewer.permissions.has(permission)) throw new Refusal('not-permitted', { permission });
  return request.viewer;
}

function register<E extends Endpoint>(
  app: FastifyInstance,
  endpoint: E,
  config: { rateLimit?: Limit; anyOrigin?: boolean },
  handler: (call: Call<E>) => Promise<z.input<E['reply']>>,
): void {
  const hasBody =
    endpoint.method !== 'GET' && endpoint.method !== 'DELETE' && Object.keys(shapeOf(endpoint.body)).length > 0;
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    config,
    schema: {
      summary: endpoint.summary,
      tags: [endpoint.path.split('/')[2] ?? 'api'],
      params: endpoint.params,
      querystring: endpoint.query,
      ...(hasBody ? { body: endpoint.body } : {}),
      response: { 200: endpoint.reply, '4xx': RefusalBody },
    },
    handler: async (request, reply) =>
      await handler({
        // Validated by the schemas above.
        params: request.params as Call<E>['params'],
        query: request.query as Call<E>['query'],
        body: (hasBody ? request.body : {}) as Call<E>['body'],
        request,
        reply,
      }),
  });
}

/** Unions and discriminated unions have no shape but are a body. */
function shapeOf(schema: z.ZodType): object {
  return 'shape' in schema && typeof schema.shape === 'object' && schema.shape !== null
    ? schema.shape
    : { union: true };
}

/** A cookie travels with every request to us; only our own pages may use it to change something or to listen. */
function refuseForeignOrigin(request: FastifyRequest, origins: readonly string[]): void {
  const { origin, host } = request.headers;
  const harmless = (request.method === 'GET' || request.method === 'HEAD') && request.headers.upgrade === undefined;
  if (harmless || origin === undefined || origins.includes(origin)) return;
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw new Refusal('not-permitted', { origin });
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = asRefusal(error);
  if (refusal !== null) return reply.status(statusOf(refusal.code)).send({ code: refusal.code, facts: refusal.facts });
  request.log.error({ err: error, url: request.routeOptions.url }, 'request failed');
  return reply.status(500).send({ code: 'failed', facts: { request: request.id } });
}

function asRefusal(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    return new Refusal('bad-input', {
      fields: error.validation.map((issue) => `${issue.instancePath} ${issue.message ?? ''}`.trim()),
    });
  }
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  if (status === 413) return new Refusal('too-large');
  if (status === 429) return new Refusal('too-many-requests');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Refusal('bad-input', { reason: error instanceof Error ? error.message : '' });
  return null;
}
