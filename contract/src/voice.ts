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
  prompts: z.array(z.string().min(1).max(120)).min(1).max(10),
  loop: z.boolean(),
});
export type Playback = z.infer<typeof Playback>;

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
  }),
  z.object({ command: z.literal('play'), legId: LegId, playback: Playback }),
  z.object({ command: z.literal('stop-playing'), legId: LegId }),
  /** Puts exactly these legs in one bridge; a leg in another bridge leaves that one first. Playback on them stops. */
  z.object({ command: z.literal('bridge'), bridgeId: z.string(), legIds: z.array(LegId).min(1).max(8) }),
  /** Takes a leg out of its bridge; it hears silence until told otherwise. */
  z.object({ command: z.literal('unbridge'), legId: LegId }),
  /** A muted leg is not heard by the others in its bridge; silence goes out in its place. */
  z.object({ command: z.literal('mute'), legId: LegId, muted: z.boolean() }),
  z.object({ command: z.literal('send-dtmf'), legId: LegId, digits: z.string().regex(/^[0-9A-D*#]{1,32}$/) }),
  /** WebRTC offer of an agent's browser, answered in the reply. A second connect of the same leg replaces the first. */
  z.object({ command: z.literal('connect-browser'), legId: LegId, sdp: z.string().max(20_000) }),
  z.object({ command: z.literal('disconnect-browser'), legId: LegId }),
  z.object({ command: z.literal('quality'), legId: LegId }),
  z.object({ command: z.literal('snapshot') }),
]);
export type VoiceCommand = z.infer<typeof VoiceCommand>;

export const VoiceEvent = z.discriminatedUnion('event', [
  /** A SIP INVITE passed the gates. The server must `ring`, `answer` or `reject` within 5 s or it is refused 480. */
  z.object({
    event: z.literal('incoming'),
    legId: LegId,
    from: z.string(), // user part of From / P-Asserted-Identity, as received; '' when withheld
    to: z.string(), // user part of the Request-URI
    displayName: z.string(),
    sipCallId: z.string(),
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
  snapshot: z.object({ legs: z.array(LegSnapshot), startedAt: z.iso.datetime() }),
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
