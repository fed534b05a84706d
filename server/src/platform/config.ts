/** Every port, path and switch that comes from the environment, in one place. */
import { join, resolve } from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const Environment = z
  .object({
    /** Web: desk, API, widget. */
    PORT: port.default(3000),
    /** Mail intake: a mail server forwards to it. */
    SMTP_PORT: port.default(2525),
    /** Telephony, UDP and TCP. */
    SIP_PORT: port.default(5060),
    /** Address all of these listen on; `0.0.0.0` for every interface. */
    HOST: z.string().default('127.0.0.1'),
    /** Embedded database, files and recordings. */
    DATA_DIR: z.string().default('./data'),
    /** PostgreSQL 15 or newer, as a user that may create roles; empty runs the embedded one. */
    DATABASE_URL: z.string().optional(),
    /** `1` seeds the demo day into an empty database; default `1` when embedded. */
    DEMO: z.enum(['0', '1']).optional(),
    /** How the outside world reaches the web port, for links and cookies: `https://desk.example.org`. */
    PUBLIC_URL: z.url().optional(),
    /** Signs sessions. Made once and kept in DATA_DIR when left out. */
    AUTH_SECRET: z.string().min(32).optional(),
    /** `smtp://user:password@relay.example.org:587`; without it mail goes to the outbox page. */
    SMTP_RELAY: z.string().optional(),
    /** Largest mail accepted, in bytes. */
    SMTP_MAX_BYTES: z.coerce.number().int().min(10_000).default(30_000_000),
    /** Files in PEM, for STARTTLS on SMTP_PORT: a certificate with its chain, and its key. Without them one is made, signed by nobody. */
    SMTP_TLS_CERT: z.string().optional(),
    SMTP_TLS_KEY: z.string().optional(),
    /** Where the voice engine takes commands; set by the supervisor. */
    VOICE_CONTROL_PORT: port.default(5070),
    VOICE_TOKEN: z.string().default(''),
    /** Where the voice engine leaves recordings until they are stored in DATA_DIR/files. */
    VOICE_RECORDINGS: z.string().optional(),
    /** How long a silent chat visitor is waited for, in seconds. */
    CHAT_GRACE_SECONDS: z.coerce.number().int().min(1).default(120),
    /** How long a visitor who calls from a page keeps his place after his connection is gone, in seconds. */
    WEB_CALL_GRACE_SECONDS: z.coerce.number().int().min(1).default(20),
    /** TURN servers for browsers that cannot reach the voice engine directly, with commas: `turn:turn.example.org:3478?transport=udp,turns:turn.example.org:5349`. */
    TURN_URLS: z.string().optional(),
    /** coturn's `static-auth-secret`, from which credentials of some hours are made. */
    TURN_SECRET: z.string().min(16).optional(),
    /** `1`: browsers come through TURN only, to see whether it works. */
    TURN_ONLY: z.enum(['0', '1']).default('0'),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  })
  .refine((env) => (env.SMTP_TLS_CERT === undefined) === (env.SMTP_TLS_KEY === undefined), {
    path: ['SMTP_TLS_CERT'],
    message: 'goes together with SMTP_TLS_KEY',
  })
  .refine((env) => (env.TURN_URLS === undefined) === (env.TURN_SECRET === undefined), {
    path: ['TURN_URLS'],
    message: 'goes together with TURN_SECRET',
  })
  .refine((env) => env.TURN_ONLY === '0' || env.TURN_URLS !== undefined, {
    path: ['TURN_ONLY'],
    message: 'needs TURN_URLS',
  })
  .refine((env) => turnUrls(env.TURN_URLS).every((url) => /^turns?:[^\s]+$/.test(url)), {
    path: ['TURN_URLS'],
    message: 'expected turn:host:port or turns:host:port, with commas',
  });

const turnUrls = (given: string | undefined): string[] =>
  (given ?? '')
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');

export interface Turn {
  urls: string[];
  secret: string;
  only: boolean;
}

export interface Config {
  port: number;
  smtpPort: number;
  sipPort: number;
  host: string;
  dataDir: string;
  databaseUrl: string | undefined;
  demo: boolean;
  publicUrl: string;
  authSecret: string | undefined;
  smtpRelay: string | undefined;
  smtpMaxBytes: number;
  smtpTls: { certFile: string; keyFile: string } | undefined;
  voiceControlPort: number;
  voiceToken: string;
  voiceRecordings: string;
  /** A client's own prompts, where the voice engine finds them. */
  promptsDir: string;
  chatGraceSeconds: number;
  webCallGraceSeconds: number;
  turn: Turn | null;
  logLevel: string;
}

/** @throws Error with one sentence a line, naming each variable that cannot be used. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const read = Environment.safeParse(given);
  if (!read.success) {
    throw new Error(read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const env = read.data;
  const shownHost = env.HOST === '0.0.0.0' || env.HOST === '::' ? 'localhost' : env.HOST;
  return {
    port: env.PORT,
    smtpPort: env.SMTP_PORT,
    sipPort: env.SIP_PORT,
    host: env.HOST,
    dataDir: resolve(env.DATA_DIR),
    databaseUrl: env.DATABASE_URL,
    demo: env.DEMO === undefined ? env.DATABASE_URL === undefined : env.DEMO === '1',
    publicUrl: env.PUBLIC_URL ?? `http://${shownHost}:${env.PORT}`,
    authSecret: env.AUTH_SECRET,
    smtpRelay: env.SMTP_RELAY,
    smtpMaxBytes: env.SMTP_MAX_BYTES,
    smtpTls:
      env.SMTP_TLS_CERT !== undefined && env.SMTP_TLS_KEY !== undefined
        ? { certFile: resolve(env.SMTP_TLS_CERT), keyFile: resolve(env.SMTP_TLS_KEY) }
        : undefined,
    voiceControlPort: env.VOICE_CONTROL_PORT,
    voiceToken: env.VOICE_TOKEN,
    voiceRecordings: resolve(env.VOICE_RECORDINGS ?? join(env.DATA_DIR, 'recordings')),
    promptsDir: resolve(env.DATA_DIR, 'prompts'),
    chatGraceSeconds: env.CHAT_GRACE_SECONDS,
    webCallGraceSeconds: env.WEB_CALL_GRACE_SECONDS,
    turn:
      env.TURN_SECRET === undefined
        ? null
        : { urls: turnUrls(env.TURN_URLS), secret: env.TURN_SECRET, only: env.TURN_ONLY === '1' },
    logLevel: env.LOG_LEVEL,
  };
}
