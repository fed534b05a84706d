/** The settings of the voice process, from environment variables. */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { createSecureContext } from 'node:tls';
import { installedTrunkId, type Trunk } from '@kernlijn/contract/voice';
import { z } from 'zod';
import { parseTrunk } from './call/dial-plan.ts';
import { SourceGate } from './sip/source-gate.ts';
import type { VoiceOptions } from './voice.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const list = (separator: string) =>
  z.string().transform((text) =>
    text
      .split(separator)
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  );

const Environment = z
  .object({
    HOST: z.string().min(1).default('127.0.0.1'),
    SIP_PORT: port.default(5060),
    VOICE_PUBLIC_ADDRESS: z.string().min(1).optional(),
    VOICE_CONTROL_PORT: port.default(0),
    VOICE_TOKEN: z.string().min(16),
    VOICE_RTP_MIN: port.default(20_000),
    VOICE_RTP_MAX: port.default(29_999),
    VOICE_MEDIA_TIMEOUT: z.coerce.number().int().min(5).max(3_600).default(30),
    VOICE_TRUNK: z
      .string()
      .transform((text) => parseTrunk(text))
      .refine((trunk) => trunk !== null, 'expected host, host:port or host;transport=tcp (or tls)')
      .optional(),
    VOICE_TRUNK_USER: z.string().optional(),
    VOICE_TRUNK_PASSWORD: z.string().optional(),
    VOICE_TRUNK_REGISTER: z.stringbool().default(false),
    VOICE_TLS_CERT: z.string().optional(),
    VOICE_TLS_KEY: z.string().optional(),
    VOICE_TLS_PORT: port.default(5061),
    VOICE_MAX_CALLS: z.coerce.number().int().min(1).default(200),
    VOICE_PROMPTS: list(':').default([]),
    VOICE_RECORDINGS: z.string().min(1).optional(),
    ASTERISK: list(',')
      .refine((urls) => urls.every(isNode), 'expected http://user:password@host:port#name, one a node')
      .default([]),
    ASTERISK_PROMPTS: z.string().min(1).optional(),
    VOICE_ALLOW: list(',').refine(isGate, 'expected addresses or networks such as 192.0.2.0/24').default([]),
  })
  .refine((env) => env.VOICE_RTP_MAX - env.VOICE_RTP_MIN >= 1, {
    path: ['VOICE_RTP_MAX'],
    error: 'must be above VOICE_RTP_MIN',
  })
  .refine((env) => !env.VOICE_TRUNK_REGISTER || (env.VOICE_TRUNK && env.VOICE_TRUNK_USER), {
    path: ['VOICE_TRUNK_REGISTER'],
    error: 'needs VOICE_TRUNK and VOICE_TRUNK_USER',
  })
  .refine((env) => (env.VOICE_TLS_CERT === undefined) === (env.VOICE_TLS_KEY === undefined), {
    path: ['VOICE_TLS_CERT'],
    error: 'goes together with VOICE_TLS_KEY',
  });

/** Options, or one line that says what is wrong. Empty variables count as unset. */
export function readEnvironment(source: NodeJS.ProcessEnv): Omit<VoiceOptions, 'log'> | { problem: string } {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const read = Environment.safeParse(set);
  if (!read.success)
    return { problem: read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') };
  const env = read.data;
  const tls = readCertificate(env);
  if (tls && 'problem' in tls) return tls;
  return {
    host: env.HOST,
    publicAddress: env.VOICE_PUBLIC_ADDRESS ?? reachable(env.HOST),
    sipPort: env.SIP_PORT,
    controlPort: env.VOICE_CONTROL_PORT,
    token: env.VOICE_TOKEN,
    rtpPortMin: env.VOICE_RTP_MIN,
    rtpPortMax: env.VOICE_RTP_MAX,
    mediaTimeoutSeconds: env.VOICE_MEDIA_TIMEOUT,
    promptDirs: env.VOICE_PROMPTS,
    recordingDir: env.VOICE_RECORDINGS ?? null,
    maxCalls: env.VOICE_MAX_CALLS,
    allow: env.VOICE_ALLOW,
    asterisk:
      env.ASTERISK.length === 0
        ? null
        : { nodes: env.ASTERISK.map((url) => new URL(url)), prompts: env.ASTERISK_PROMPTS ?? null },
    trunk: trunkOf(env),
    tls,
  };
}

/** The one trunk of an installation whose server names none. */
function trunkOf(env: z.infer<typeof Environment>): Trunk | null {
  if (!env.VOICE_TRUNK) return null;
  const { VOICE_TRUNK_USER: user, VOICE_TRUNK_PASSWORD: password = '' } = env;
  return {
    trunkId: installedTrunkId,
    name: env.VOICE_TRUNK.host,
    ...env.VOICE_TRUNK,
    srtp: 'off',
    credentials: user === undefined ? null : { user, password },
    registers: env.VOICE_TRUNK_REGISTER,
    allow: [],
    numberFormat: 'plus',
    country: '31',
    priority: 1,
  };
}

/** Only with a certificate of our own can we be called over TLS. */
function readCertificate(env: z.infer<typeof Environment>): VoiceOptions['tls'] | { problem: string } {
  const { VOICE_TLS_CERT: certificate, VOICE_TLS_KEY: privateKey, VOICE_TLS_PORT } = env;
  if (certificate === undefined || privateKey === undefined) return null;
  try {
    const tls = { cert: readFileSync(certificate), key: readFileSync(privateKey) };
    createSecureContext(tls);
    return { ...tls, port: VOICE_TLS_PORT };
  } catch (error) {
    return { problem: `VOICE_TLS_CERT, VOICE_TLS_KEY: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** `0.0.0.0` is no address to be called at: the first that this machine has to the outside is. */
function reachable(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const family = host === '::' ? 'IPv6' : 'IPv4';
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  return addresses.find((one) => !one.internal && one.family === family)?.address ?? '127.0.0.1';
}

function isNode(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username !== '' && url.password !== '';
}

function isGate(allow: readonly string[]): boolean {
  try {
    return Boolean(new SourceGate(allow));
  } catch {
    return false;
  }
}
