/**
 * The embedded voice engine, in its own process so that nothing the web server does can end a call.
 *
 *     telephone network                       this process                          Kernlijn server
 *     ─────────────────     ┌──────────────────────────────────────────────┐     ───────────────────
 *      SIP over UDP, TCP ──▶│ sip/  user-agent → inbound/outbound-call ─┐   │
 *                           │       → session (dialog, re-INVITE, BYE)  │   │  events   ┌────────────┐
 *                           │                                     call/ ├──▶│ control ─▶│ VoiceEngine│
 *      RTP, SRTP ──────────▶│ rtp/ ──┐                         legs and │   │        ◀──│   (port)   │
 *                           │        ├─ media/ bridges, prompts ────────┘   │  commands └────────────┘
 *      agents' browsers ───▶│ webrtc/┘                                      │
 *                           └──────────────────────────────────────────────┘
 *
 * A call in: bytes → `sip/transport-*` (source gate, size limits) → `sip/parse` → `sip/transactions` (retransmissions
 * end here) → `sip/user-agent` (method, extension and overload gates) → `call/calls`, which tells every server
 * `incoming`. The server's `answer` opens an RTP socket, the session description is agreed between `sip/inbound-call`
 * and the media side, 200 goes out. From there `sip/session` keeps the dialog, and `media` the sound; `recording` writes it to disk, in a thread of its own.
 *
 * The engine decides nothing but the ends nobody asks for: a far end that vanished (no ACK, no RTP, session timer), and
 * a caller no server reacts to. A server may come and go meanwhile; `hello` tells a new one what exists.
 */
import { resolve } from 'node:path';
import { callsOnAsterisk, type AsteriskSettings } from './asterisk/start.ts';
import { Calls } from './call/calls.ts';
import { Control } from './control.ts';
import { Media } from './media/media.ts';
import { UserAgent } from './sip/user-agent.ts';
import type { CallMedia } from './call/call-media.ts';
import type { Log } from './log.ts';
import type { UserAgentOptions } from './sip/user-agent.ts';

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
  /** Addresses and networks that may call us beside the trunks. Empty, and no trunk configured: everyone. */
  allow: readonly string[];
  /** The trunk of a simple installation, until a server names others. */
  trunk: UserAgentOptions['trunk'];
  /** Null: nobody can call us over TLS. */
  tls: UserAgentOptions['tls'];
  /** Its nodes have the calls then, and this process only the browsers. */
  asterisk: AsteriskSettings | null;
  log: Log;
};

export type Voice = {
  readonly sipPort: number;
  /** The same as `sipPort` when nobody can call us over TLS. */
  readonly tlsPort: number;
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
  const { host, publicAddress, maxCalls, allow, log, trunk, tls } = options;
  const sip: UserAgent = new UserAgent(
    {
      bindAddress: host,
      publicAddress,
      port: options.sipPort,
      maxCalls,
      allow,
      trunk,
      tls,
      log,
    },
    {
      arrived: (call) => calls.arrived(call),
      trunkChanged: (state) => calls.trunkChanged(state),
      phoneChanged: (user, registered) => calls.phoneChanged(user, registered),
    },
  );
  const calls = new Calls({ sip, media, publicAddress, log });
  const onAsterisk =
    options.asterisk &&
    callsOnAsterisk({
      ...options,
      settings: options.asterisk,
      gateway: calls,
      gatewayAddress: () => `${publicAddress}:${sipPort}`,
      promptDirs: [...options.promptDirs, shippedPrompts],
    });
  let sipPort = options.sipPort;
  const control = new Control({
    host: '127.0.0.1',
    port: options.controlPort,
    token: options.token,
    calls: onAsterisk ?? calls,
    log,
  });
  const close = async () => {
    onAsterisk?.close();
    await sip.close(2_000);
    await media.closeAll();
    calls.close();
    await control.close(); // last, so that servers hear how their calls ended
  };
  try {
    sipPort = await sip.listen();
    // Servers take what they are told first for all there is.
    await onAsterisk?.open();
    const controlPort = await control.listen();
    log.info({ host, sipPort, controlPort, ...(tls && { tlsPort: sip.tlsPort }) }, 'voice engine listens');
    return { sipPort, tlsPort: sip.tlsPort, controlPort, usage: () => sip.usage, close };
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
  asterisk,
  log,
}: VoiceOptions): Media {
  return new Media({
    bindAddress: host,
    publicAddress,
    rtpPortMin,
    rtpPortMax,
    promptDirs: [...promptDirs, shippedPrompts],
    recordingDir,
    // A line of an agent is silent while his caller's telephone is; Asterisk looks after callers.
    mediaTimeoutSeconds: asterisk ? 86_400 : mediaTimeoutSeconds,
    log,
  });
}
