/**
 * The embedded voice engine, in its own process so that nothing the web server does can end a call.
 *
 *     telephone network                       this process                          Kernlijn server
 *     ─────────────────     ┌──────────────────────────────────────────────┐     ───────────────────
 *      SIP over UDP, TCP ──▶│ sip/  user-agent → inbound/outbound-call ─┐   │
 *                           │       → session (dialog, re-INVITE, BYE)  │   │  events   ┌────────────┐
 *                           │                                     call/ ├──▶│ control ─▶│ VoiceEngine│
 *      RTP ────────────────▶│ rtp/ ──┐                         legs and │   │        ◀──│   (port)   │
 *                           │        ├─ media/ bridges, prompts ────────┘   │  commands └────────────┘
 *      agents' browsers ───▶│ webrtc/┘                                      │
 *                           └──────────────────────────────────────────────┘
 *
 * A call in: bytes → `sip/transport-*` (source gate, size limits) → `sip/parse` → `sip/transactions` (retransmissions
 * end here) → `sip/user-agent` (method, extension and overload gates) → `call/calls`, which tells every server
 * `incoming`. The server's `answer` opens an RTP socket, the session description is agreed between `sip/inbound-call`
 * and the media side, 200 goes out. From there `sip/session` keeps the dialog, and `media` the sound.
 *
 * The engine decides nothing but the ends nobody asks for: a far end that vanished (no ACK, no RTP, session timer), and
 * a caller no server reacts to. A server may come and go meanwhile; `hello` tells a new one what exists.
 */
import { resolve } from 'node:path';
import { Calls } from './call/calls.ts';
import { Control } from './control.ts';
import { Media } from './media/media.ts';
import { UserAgent } from './sip/user-agent.ts';
import type { CallMedia } from './call/call-media.ts';
import { accountAt, type Trunk } from './call/dial-plan.ts';
import type { Log } from './log.ts';
import type { Credentials } from './sip/digest.ts';

/** What every installation has; a centre's own folders come before it. */
const shippedPrompts = resolve(import.meta.dirname, '../prompts');

export type VoiceOptions = {
  /** Address the sockets are bound to. */
  host: string;
  /** Address peers reach us by, in SIP and SDP. */
  publicAddress: string;
  /** 0 takes a free port, the same for UDP and TCP. */
  sipPort: number;
  controlPort: number;
  /** What a server must show as bearer token. */
  token: string;
  rtpPortMin: number;
  rtpPortMax: number;
  mediaTimeoutSeconds: number;
  promptDirs: string[];
  /** Where recordings go; null for none. */
  recordingDir: string | null;
  maxCalls: number;
  /** Addresses and networks that may send us requests; empty for everyone. */
  allow: readonly string[];
  trunk: Trunk | null;
  /** The trunk sends calls to where we registered last; with the user of the credentials. */
  registers: boolean;
  credentials: Credentials | null;
  log: Log;
};

export type Voice = {
  readonly sipPort: number;
  readonly controlPort: number;
  /** What is held in memory; zeroes when idle. */
  usage(): UserAgent['usage'];
  /** Ends every call with BYE, CANCEL or 503 and frees all sockets. */
  close(): Promise<void>;
};

/** Rejects when a port is taken; then nothing is left open. `media` is replaced in tests only. */
export async function startVoice(
  options: VoiceOptions,
  media: CallMedia & Pick<Media, 'closeAll'> = mediaOf(options),
): Promise<Voice> {
  const { host, publicAddress, maxCalls, allow, credentials, log, trunk, registers } = options;
  const sip: UserAgent = new UserAgent(
    {
      bindAddress: host,
      publicAddress,
      port: options.sipPort,
      maxCalls,
      allow,
      trunk: trunk && credentials && { host: trunk.host, credentials },
      log,
    },
    (call) => calls.arrived(call),
  );
  const calls = new Calls({ sip, media, plan: { trunk, publicAddress }, log });
  const control = new Control({ host: '127.0.0.1', port: options.controlPort, token: options.token, calls, log });
  const close = async () => {
    await sip.close(2_000);
    await media.closeAll();
    calls.close();
    await control.close(); // last, so that servers hear how their calls ended
  };
  try {
    const controlPort = await control.listen();
    const sipPort = await sip.listen();
    const account = registers && trunk && credentials && accountAt(trunk, credentials.user);
    if (account) sip.register({ address: account });
    log.info({ host, sipPort, controlPort }, 'voice engine listens');
    return { sipPort, controlPort, usage: () => sip.usage, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function mediaOf({
  host,
  publicAddress,
  rtpPortMin,
  rtpPortMax,
  promptDirs,
  recordingDir,
  mediaTimeoutSeconds,
  log,
}: VoiceOptions): Media {
  return new Media({
    bindAddress: host,
    publicAddress,
    rtpPortMin,
    rtpPortMax,
    promptDirs: [...promptDirs, shippedPrompts],
    recordingDir,
    mediaTimeoutSeconds,
    log,
  });
}
