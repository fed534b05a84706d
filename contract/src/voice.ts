/**
 * The language between the server and a voice engine: legs, what each leg hears, and what happened to it.
 *
 * The engine knows nothing of clients, queues or agents. It owns sockets, SIP dialogs and media; every decision
 * (whom to ring, what to play, when to hang up) is the server's. A leg is one party: a SIP peer (`sip`) or the
 * browser of a signed-in agent (`browser`). A call is several legs in one bridge.
 *
 * Transport of the embedded engine: a WebSocket on loopback, JSON text frames, `VoiceCommandFrame` in,
 * `VoiceReplyFrame` and `VoiceEventFrame` out. Several servers may be connected at once; each gets every event.
 * Commands on one leg are carried out in the order they came; those on different legs do not wait for each other.
 */
import { z } from 'zod';

export const LegId = z.string().min(1).max(80);
export type LegId = z.infer<typeof LegId>;

/** RFC 3261 reason phrases are for people; these are for code. */
export const EndReason = z.enum([
  'hangup', // normal clearing after answer
  'cancelled', // the caller gave up before answer
  'busy',
  'no-answer',
  'rejected',
  'unreachable',
  'media-timeout', // no RTP for `mediaTimeoutSeconds`
  'session-expired', // RFC 4028 timer ran out
  'engine-stopped',
  'error',
]);
export type EndReason = z.infer<typeof EndReason>;

/** Quality of one leg's received stream, from RTP and RTCP (RFC 3550 §6.4). */
export const LegQuality = z.object({
  packetsReceived: z.number().int(),
  packetsLost: z.number().int(),
  jitterMs: z.number(),
  roundTripMs: z.number().nullable(),
  /** E-model estimate, 1–4.5; null before anything was received. */
  mos: z.number().nullable(),
});
export type LegQuality = z.infer<typeof LegQuality>;

/** What a leg hears when it is in no bridge: files are played in order, the last one again and again when `loop`. */
export const Playback = z.object({
  /** Names of prompts the engine can find (`greeting-nl`, `hold-music`), without extension. */
  prompts: z.array(z.string().min(1).max(120)).min(1).max(20),
  loop: z.boolean(),
});
export type Playback = z.infer<typeof Playback>;

/** A network we call through and are called from. Numbers travel as the network wants them; we think in E.164. */
export const Trunk = z.object({
  trunkId: z.string().min(1).max(80),
  name: z.string().max(80),
  /** A host name is looked up by NAPTR/SRV when `port` is null (RFC 3263), an address is taken as it is. */
  host: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65_535).nullable(),
  /** `udp` where NAPTR says nothing else. */
  transport: z.enum(['udp', 'tcp', 'tls']),
  /** SDES (RFC 4568): `offered` falls back to RTP when the far end cannot. */
  srtp: z.enum(['off', 'offered', 'required']),
  /** Digest credentials; null for a trunk that knows us by our address. */
  credentials: z.object({ user: z.string().min(1).max(120), password: z.string().max(200) }).nullable(),
  /** Whether calls come to where we registered. */
  registers: z.boolean(),
  /** Addresses and networks it calls from; empty: only what its host resolves to. */
  allow: z.array(z.string().max(64)).max(50),
  /** `+31…`, `31…`, or as dialled within the country (`0…`, abroad `00…`). */
  numberFormat: z.enum(['plus', 'digits', 'national']),
  /** Country calling code of `national` numbers. */
  country: z.string().regex(/^\d{1,3}$/),
  /** Lower goes first; the next is tried when one cannot be reached or answers 408, 500–599. */
  priority: z.number().int().min(1).max(100),
});
export type Trunk = z.infer<typeof Trunk>;

/** A SIP desk phone that may register here (RFC 3261 §10, digest as RFC 8760: SHA-256 and MD5). */
export const PhoneAccount = z.object({
  user: z.string().regex(/^[a-z0-9._-]{1,64}$/),
  /** Hashes of `user:realm:password`, never the password. */
  ha1: z.object({ md5: z.string().length(32), sha256: z.string().length(64) }),
});
export type PhoneAccount = z.infer<typeof PhoneAccount>;

/** The trunk that an engine has from its own settings, until a server names one. */
export const installedTrunkId = 'environment';

export const TrunkState = z.object({
  trunkId: z.string(),
  /** `static` registers nowhere, and has `no-answer` when it answers no question; `failing` is tried again by itself. */
  state: z.enum(['static', 'registering', 'registered', 'failing']),
  /** Why it fails: `no-answer`, `no-address`, `unreachable`, `status 403`, `certificate of NAME: WHY`; else empty. */
  detail: z.string(),
});
export type TrunkState = z.infer<typeof TrunkState>;

/** Of a recording: where nothing was written although time went on. In milliseconds from its start. */
export const RecordingPause = z.object({ from: z.number().int().min(0), to: z.number().int().min(0) });
export type RecordingPause = z.infer<typeof RecordingPause>;

export const RecordingSnapshot = z.object({
  recordingId: z.string(),
  legId: LegId,
  startedAt: z.iso.datetime(),
  paused: z.boolean(),
});
export type RecordingSnapshot = z.infer<typeof RecordingSnapshot>;

export const LegSnapshot = z.object({
  legId: LegId,
  kind: z.enum(['sip', 'browser']),
  direction: z.enum(['in', 'out']),
  state: z.enum(['ringing', 'up']),
  from: z.string(),
  to: z.string(),
  bridgeId: z.string().nullable(),
  muted: z.boolean(),
  /** The far end holds the call, as the last `remote-hold` said; absent where it cannot (browser). */
  remoteHold: z.boolean().optional(),
  startedAt: z.iso.datetime(),
  answeredAt: z.iso.datetime().nullable(),
});
export type LegSnapshot = z.infer<typeof LegSnapshot>;

export const VoiceCommand = z.discriminatedUnion('command', [
  /** 200 OK with SDP to a ringing SIP leg. */
  z.object({ command: z.literal('answer'), legId: LegId }),
  /** 180/183 without answering; 183 lets `play` be heard before answer. */
  z.object({ command: z.literal('ring'), legId: LegId, earlyMedia: z.boolean() }),
  /** Final refusal of a ringing SIP leg, with a SIP status of 4xx–6xx. */
  z.object({ command: z.literal('reject'), legId: LegId, status: z.number().int().min(400).max(699) }),
  /** Ends a leg in any state (CANCEL, BYE or a refusal, as its state asks). A browser leg only leaves its bridge. */
  z.object({ command: z.literal('hangup'), legId: LegId }),
  /** Calls a SIP address or number; events tell how it goes. The leg id is the caller's to choose. */
  z.object({
    command: z.literal('dial'),
    legId: LegId,
    to: z.string(),
    from: z.string(),
    displayName: z.string().max(80).optional(),
    timeoutSeconds: z.number().int().min(5).max(180),
    /** `trunk` (so when absent): a number, through the trunks in their order. `phone`: the user of a desk phone that is registered here. */
    via: z.enum(['trunk', 'phone']).optional(),
    /** The far end must not see `from` (RFC 3323: `Privacy: id`, From anonymous, the number in P-Asserted-Identity). */
    anonymous: z.boolean().optional(),
    /** A leg it will talk with: on an engine of several machines the call is made from the same one. */
    near: LegId.optional(),
  }),
  z.object({ command: z.literal('play'), legId: LegId, playback: Playback }),
  z.object({ command: z.literal('stop-playing'), legId: LegId }),
  /** Puts exactly these legs in one bridge; a leg in another bridge leaves that one first. Playback on them stops. */
  z.object({
    command: z.literal('bridge'),
    bridgeId: z.string(),
    legIds: z.array(LegId).min(1).max(8),
    /** Also in the bridge, hearing all `legIds`; each is heard by those named only: nobody (listen) or one (whisper). */
    listeners: z
      .array(z.object({ legId: LegId, heardBy: z.array(LegId).max(8) }))
      .max(8)
      .optional(),
  }),
  /** Takes a leg out of its bridge; it hears silence until told otherwise. */
  z.object({ command: z.literal('unbridge'), legId: LegId }),
  /** A muted leg is not heard by the others in its bridge; silence goes out in its place. */
  z.object({ command: z.literal('mute'), legId: LegId, muted: z.boolean() }),
  z.object({ command: z.literal('send-dtmf'), legId: LegId, digits: z.string().regex(/^[0-9A-D*#]{1,32}$/) }),
  /** WebRTC offer of an agent's browser, answered in the reply. A second connect of the same leg replaces the first. */
  z.object({ command: z.literal('connect-browser'), legId: LegId, sdp: z.string().max(20_000) }),
  z.object({ command: z.literal('disconnect-browser'), legId: LegId }),
  z.object({ command: z.literal('quality'), legId: LegId }),
  /**
   * Two channels of one length: left what this leg says, right what the others in its bridge say to it (not prompts, not
   * music; silence while it is in none). Ends with the leg, at `stop-recording`, or when it cannot be written. The file
   * is `recordingId.wav` in the folder VOICE_RECORDINGS: G.711 A-law, 8 kHz; refused `cannot-record` where there is none.
   */
  z.object({ command: z.literal('record'), recordingId: z.string().regex(/^[\w-]{1,80}$/), legId: LegId }),
  /** Silence on both channels for as long as it lasts, so that times stay true. */
  z.object({ command: z.literal('pause-recording'), legId: LegId, recordingId: z.string(), paused: z.boolean() }),
  z.object({ command: z.literal('stop-recording'), legId: LegId, recordingId: z.string() }),
  /** All trunks and desk phones there are, in place of those before. Calls under way go on. */
  z.object({
    command: z.literal('configure'),
    trunks: z.array(Trunk).max(50),
    realm: z.string().min(1).max(120),
    phones: z.array(PhoneAccount).max(2_000),
  }),
  z.object({ command: z.literal('snapshot') }),
]);
export type VoiceCommand = z.infer<typeof VoiceCommand>;

export const VoiceEvent = z.discriminatedUnion('event', [
  /** A SIP INVITE passed the gates. The server must `ring`, `answer` or `reject` within 5 s or it is refused 480. */
  z.object({
    event: z.literal('incoming'),
    legId: LegId,
    from: z.string(), // user part of From / P-Asserted-Identity, in E.164 where its trunk tells how; '' when withheld
    to: z.string(), // user part of the Request-URI, likewise
    displayName: z.string(),
    sipCallId: z.string(),
    /** The desk phone that dials, when it is one of ours (authenticated). */
    phone: z.string().optional(),
    at: z.iso.datetime(),
  }),
  z.object({ event: z.literal('ringing'), legId: LegId, at: z.iso.datetime() }),
  z.object({ event: z.literal('answered'), legId: LegId, at: z.iso.datetime() }),
  /** The remote party put the leg on hold (or took it back) by re-INVITE. */
  z.object({ event: z.literal('remote-hold'), legId: LegId, held: z.boolean(), at: z.iso.datetime() }),
  z.object({ event: z.literal('dtmf'), legId: LegId, digit: z.string().length(1), at: z.iso.datetime() }),
  /** All prompts of a playback without `loop` were played. */
  z.object({ event: z.literal('played'), legId: LegId, at: z.iso.datetime() }),
  z.object({ event: z.literal('browser-connected'), legId: LegId, at: z.iso.datetime() }),
  /** ICE failed or the tab went away; the engine keeps nothing of the leg, bridged peers hear silence. */
  z.object({ event: z.literal('browser-disconnected'), legId: LegId, at: z.iso.datetime() }),
  /**
   * What the browser should speak from now on: Opus while it is heard by one other browser alone and not recorded, else
   * G.711, as at first. Both were agreed when it connected: `RTCRtpSender.setParameters` with this codec is all it takes. A
   * browser that cannot do that goes on in G.711 and is understood.
   */
  z.object({ event: z.literal('browser-codec'), legId: LegId, codec: z.enum(['opus', 'g711']), at: z.iso.datetime() }),
  /** Every five seconds of each leg that is up: what it receives. */
  z.object({ event: z.literal('quality'), legId: LegId, quality: LegQuality, at: z.iso.datetime() }),
  /** REFER within the dialog (RFC 3515): the far end asks to be transferred to a number; already answered 202. */
  z.object({ event: z.literal('transfer-asked'), legId: LegId, to: z.string(), at: z.iso.datetime() }),
  /** The file is complete and on disk; comes after `ended` when the leg is what ended it. `failed`: what was written until then is there. */
  z.object({
    event: z.literal('recording-ended'),
    legId: LegId,
    recordingId: z.string(),
    milliseconds: z.number().int(),
    pauses: z.array(RecordingPause),
    failed: z.boolean(),
    at: z.iso.datetime(),
  }),
  z.object({ event: z.literal('trunk-state'), trunk: TrunkState, at: z.iso.datetime() }),
  z.object({ event: z.literal('phone-registered'), user: z.string(), registered: z.boolean(), at: z.iso.datetime() }),
  z.object({
    event: z.literal('ended'),
    legId: LegId,
    reason: EndReason,
    /** Who ended it: the far end, this side by command, or the engine on its own. */
    by: z.enum(['remote', 'server', 'engine']),
    quality: LegQuality.nullable(),
    at: z.iso.datetime(),
  }),
]);
export type VoiceEvent = z.infer<typeof VoiceEvent>;

export const VoiceErrorCode = z.enum([
  'no-such-leg',
  'wrong-state',
  'no-such-prompt',
  'no-such-recording',
  'cannot-record', // no folder for recordings is set, or it cannot be written to
  'no-such-phone', // not registered now
  'bad-sdp',
  'unreachable',
  'overloaded',
  'bad-command',
  'failed', // nobody expected it; the engine logged it
]);
export type VoiceErrorCode = z.infer<typeof VoiceErrorCode>;

/** What each command answers; every command not named answers nothing. */
export const VoiceReplies = {
  'connect-browser': z.object({ sdp: z.string() }),
  quality: LegQuality,
  snapshot: z.object({
    legs: z.array(LegSnapshot),
    startedAt: z.iso.datetime(),
    recordings: z.array(RecordingSnapshot).optional(),
    trunks: z.array(TrunkState).optional(),
    /** Users of the desk phones that are registered. */
    phones: z.array(z.string()).optional(),
  }),
} as const;

export const VoiceCommandFrame = z.object({ id: z.number().int(), body: VoiceCommand });
export type VoiceCommandFrame = z.infer<typeof VoiceCommandFrame>;
export const VoiceReplyFrame = z.discriminatedUnion('ok', [
  z.object({ id: z.number().int(), ok: z.literal(true), result: z.unknown().optional() }),
  z.object({ id: z.number().int(), ok: z.literal(false), code: VoiceErrorCode, detail: z.string() }),
]);
/** First frame after the connection opens: everything that exists, so that a restarted server can take over. */
export const VoiceHelloFrame = z.object({ hello: VoiceReplies.snapshot });
export const VoiceEventFrame = z.object({ body: VoiceEvent });
export const VoiceFrame = z.union([VoiceReplyFrame, VoiceHelloFrame, VoiceEventFrame]);
export type VoiceFrame = z.infer<typeof VoiceFrame>;
