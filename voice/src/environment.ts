/** The settings of the voice process, from environment variables. */
import { networkInterfaces } from 'node:os';
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
      .refine((trunk) => trunk !== null, 'expected host, host:port or host;transport=tcp')
      .optional(),
    VOICE_TRUNK_USER: z.string().optional(),
    VOICE_TRUNK_PASSWORD: z.string().optional(),
    VOICE_TRUNK_REGISTER: z.stringbool().default(false),
    VOICE_MAX_CALLS: z.coerce.number().int().min(1).default(200),
    VOICE_PROMPTS: list(':').default([]),
    VOICE_RECORDINGS: z.string().min(1).optional(),
    VOICE_ALLOW: list(',').refine(isGate, 'expected addresses or networks such as 192.0.2.0/24').default([]),
  })
  .refine((env) => env.VOICE_RTP_MAX - env.VOICE_RTP_MIN >= 1, {
    path: ['VOICE_RTP_MAX'],
    error: 'must be above VOICE_RTP_MIN',
  })
  .refine((env) => !env.VOICE_TRUNK_REGISTER || (env.VOICE_TRUNK && env.VOICE_TRUNK_USER), {
    path: ['VOICE_TRUNK_REGISTER'],
    error: 'needs VOICE_TRUNK and VOICE_TRUNK_USER',
  });

/** Options, or one line that says what is wrong. Empty variables count as unset. */
export function readEnvironment(source: NodeJS.ProcessEnv): Omit<VoiceOptions, 'log'> | { problem: string } {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const read = Environment.safeParse(set);
  if (!read.success)
    return { problem: read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') };
  const env = read.data;
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
    trunk: env.VOICE_TRUNK ?? null,
    registers: env.VOICE_TRUNK_REGISTER,
    credentials:
      env.VOICE_TRUNK_USER === undefined
        ? null
        : { user: env.VOICE_TRUNK_USER, password: env.VOICE_TRUNK_PASSWORD ?? '' },
  };
}

/** `0.0.0.0` is no address to be called at: the first that this machine has to the outside is. */
function reachable(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const family = host === '::' ? 'IPv6' : 'IPv4';
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  return addresses.find((one) => !one.internal && one.family === family)?.address ?? '127.0.0.1';
}

function isGate(allow: readonly string[]): boolean {
  try {
    return Boolean(new SourceGate(allow));
  } catch {
    return false;
  }
}
