/** Sign-in is better-auth's work: sessions, password hashing, rate limits on guessing. People are made by administrators. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { betterAuth } from 'better-auth';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import pg from 'pg';
import type { Config } from '../platform/config.ts';
import { newId } from '../platform/ids.ts';

export type SignIn = ReturnType<typeof openSignIn>;

const dates = { createdAt: 'created_at', updatedAt: 'updated_at' } as const;

export function openSignIn(config: Pick<Config, 'authSecret' | 'dataDir' | 'publicUrl'>, databaseUrl: string) {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    options: '-c role=kernlijn_system',
    max: 3,
    application_name: 'sign-in',
  });
  pool.on('error', () => {}); // the next query gets a new connection, or says what is wrong
  const auth = betterAuth({
    appName: 'Kernlijn',
    baseURL: config.publicUrl,
    basePath: '/api/auth',
    secret: config.authSecret ?? keptSecret(config.dataDir),
    database: pool,
    // Which address a desk is opened by is the operator's business; the check on Origin against Host is in platform/http.
    trustedOrigins: (request) => [...(request === undefined ? [] : sameOrigin(request.headers))],
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10 },
    session: {
      modelName: 'sign_in_session',
      expiresIn: 60 * 60 * 12,
      updateAge: 60 * 60,
      fields: {
        ...dates,
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
      },
    },
    user: {
      modelName: 'person',
      fields: { ...dates, emailVerified: 'email_verified' },
      additionalFields: { role: { type: 'string', required: true, input: false } },
    },
    account: {
      modelName: 'sign_in_account',
      fields: {
        ...dates,
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
      },
    },
    // Who no longer works here does not come in, whatever password he knows.
    databaseHooks: {
      session: {
        create: {
          before: async ({ userId }) => {
            const { rowCount } = await pool.query('select from person where id = $1 and active', [userId]);
            return rowCount === 1;
          },
        },
      },
    },
    verification: { modelName: 'sign_in_verification', fields: { ...dates, expiresAt: 'expires_at' } },
    // Per address: a whole office may sign in at eight o'clock behind one.
    rateLimit: { enabled: true, window: 60, max: 600, customRules: { '/sign-in/email': { window: 60, max: 60 } } },
    advanced: {
      database: { generateId: () => newId() },
      ipAddress: { ipAddressHeaders: ['x-kernlijn-ip'] },
      cookiePrefix: 'kernlijn',
    },
    telemetry: { enabled: false },
  });
  return { auth, close: () => pool.end() };
}

function* sameOrigin(headers: Headers): Iterable<string> {
  const host = headers.get('host');
  if (host !== null) yield* [`http://${host}`, `https://${host}`];
}

/** Made at the first start, so that sessions survive a restart without anyone configuring anything. */
function keptSecret(dataDir: string): string {
  const path = join(dataDir, 'auth-secret');
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true });
    try {
      writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if (!existsSync(path)) throw error; // another process was first
    }
  }
  return readFileSync(path, 'utf8').trim();
}

export function signInRoutes(app: FastifyInstance, { auth }: SignIn): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    schema: { hide: true },
    handler: async (request, reply) => {
      const answer = await auth.handler(asFetchRequest(request));
      reply.status(answer.status);
      for (const [name, value] of answer.headers) if (name !== 'set-cookie') reply.header(name, value);
      for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie);
      return reply.send(answer.body === null ? null : await answer.text());
    },
  });
}

function asFetchRequest(request: FastifyRequest): Request {
  const headers = asFetchHeaders(request);
  const url = new URL(request.url, `${request.protocol}://${request.headers.host ?? 'localhost'}`);
  const body = request.method === 'POST' ? { body: JSON.stringify(request.body ?? {}) } : {};
  return new Request(url, { method: request.method, headers, ...body });
}

export function asFetchHeaders(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (name === 'content-length') continue; // the body is written anew
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  headers.set('x-kernlijn-ip', request.ip);
  return headers;
}
