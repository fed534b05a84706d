/**
 * The visitor's call: one WebRTC connection to the centre. The token stands for the call: with it the connection is made
 * anew after a change of network, or on the next page, and the place in the queue stays.
 */
import type { WebCallState } from '@kernlijn/contract/web-call';
import type { Answer } from './calls.ts';
import type { IceServers, WebCalls } from './web-calls.ts';
import type { Keep } from './keep.ts';
import { currentPage, newKey } from './tag.ts';
import type { Language, WordKey } from './words.ts';

export type CallStage = 'none' | 'form' | 'asking' | 'connecting' | 'waiting' | 'talking' | 'held' | 'again' | 'ended';
export interface CallForm {
  name: string;
  number: string;
  question: string;
}

const gatheringLimit = 2_000;
/** The connection may mend by itself; longer is silence. */
const patience = 4_000;
const askEvery = 2_500;
/** The server keeps the place for about this long. */
const giveUpAfter = 60_000;

export class Calling {
  stage: CallStage = 'none';
  /** Whether there is a call button at all, and when it opens. */
  door: { open: boolean; opensAt: string | null } | null = null;
  trouble: WordKey | null = null;
  muted = false;
  agentName: string | null = null;
  ahead: number | null = null;
  /** When somebody answered, on our own clock. */
  answeredAt: number | null = null;

  /** Of this tab: another must not take the call. */
  readonly #keep: Keep;
  /** What the visitor said of himself, and his chat. */
  readonly #visitor: Keep;
  readonly #calls: WebCalls;
  readonly #language: () => Language;
  readonly #changed: () => void;
  readonly #sound = new Audio();
  #connection: RTCPeerConnection | null = null;
  #microphone: MediaStream | null = null;
  /** Of the connection that is being made; a later one makes it void. */
  #attempt = 0;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #lostAt = 0;

  constructor(
    { keep, visitor, calls, language }: { keep: Keep; visitor: Keep; calls: WebCalls; language: () => Language },
    signal: AbortSignal,
    changed: () => void,
  ) {
    this.#keep = keep;
    this.#visitor = visitor;
    this.#calls = calls;
    this.#language = language;
    this.#changed = changed;
    this.#sound.autoplay = true;
    signal.addEventListener('abort', () => this.#let());
    // Another network: the old connection is dead, though the browser may need half a minute to see it.
    addEventListener('online', () => this.inCall && this.#again(), { signal });
    void this.look();
    // The visitor went to another page of the site: he is still in his call.
    if (this.#token !== null) void this.#resume();
  }

  get inCall(): boolean {
    return (
      this.#connection !== null || this.stage === 'asking' || this.stage === 'connecting' || this.stage === 'again'
    );
  }
  get #token(): string | null {
    return this.#keep.read('call');
  }

  /** Whether one can call now. */
  async look(): Promise<void> {
    const answer = await this.#calls.door();
    this.door = answer.is === 'ok' ? answer.value : null;
    this.#changed();
  }

  open(): void {
    this.trouble = null;
    this.#to('form');
  }

  close(): void {
    this.trouble = null;
    this.#to('none');
  }

  async call(form: CallForm): Promise<void> {
    if (this.inCall) return;
    this.trouble = null;
    this.muted = false;
    this.#to('asking');
    // First the microphone: who may not speak should not stand in a queue.
    if (!(await this.#openMicrophone())) return this.#to('form');
    const key = this.#keep.read('call-key') ?? newKey();
    this.#keep.write('call-key', key);
    const answer = await this.#calls.start({
      ...form,
      key,
      email: emailIn(this.#visitor.read('email')),
      page: currentPage(),
      language: this.#language(),
      chatToken: this.#visitor.read('token'),
    });
    if (answer.is !== 'unreachable') this.#keep.forget('call-key');
    if (answer.is !== 'ok') {
      this.#let();
      this.trouble = troubleOf(answer);
      if (answer.is === 'refused' && answer.code === 'web-call-closed') void this.look();
      return this.#to('form');
    }
    this.#keep.write('call', answer.value.token);
    this.#to('connecting');
    await this.#connect(answer.value);
    this.#ask();
  }

  mute(): void {
    this.muted = !this.muted;
    for (const track of this.#microphone?.getAudioTracks() ?? []) track.enabled = !this.muted;
    this.#changed();
  }

  /** A key of the pad, as a tone of the telephone (RFC 4733). */
  press(digit: string): void {
    this.#connection?.getSenders()[0]?.dtmf?.insertDTMF(digit, 160, 60);
  }

  hangUp(): void {
    const token = this.#token;
    if (token !== null) void this.#calls.hangUp(token);
    this.#over();
  }

  async #resume(): Promise<void> {
    const token = this.#token;
    const answer = token === null ? null : await this.#calls.state(token);
    if (answer?.is !== 'ok' || answer.value.state === 'ended') return this.#keep.forget('call');
    this.#lostAt = Date.now();
    this.#to('again');
    if (!(await this.#openMicrophone())) {
      this.hangUp();
      return;
    }
    await this.#reconnect();
    this.#ask();
  }

  /** What the centre makes of the call; asked again and again while it lasts. */
  #ask(): void {
    this.#later(askEvery, async () => {
      const token = this.#token;
      if (token === null) return;
      const answer = await this.#calls.state(token);
      if (this.#token !== token) return;
      if (answer.is === 'refused') return this.#over();
      if (answer.is === 'ok') this.#take(answer.value);
      if (this.#token !== null) this.#ask();
    });
  }

  #take({ state, agentName, ahead }: WebCallState): void {
    if (state === 'ended') return this.#over();
    this.agentName = agentName;
    this.ahead = ahead;
    if (state === 'talking') this.answeredAt ??= Date.now();
    if (this.stage !== 'again') this.stage = state;
    this.#changed();
  }

  async #openMicrophone(): Promise<boolean> {
    try {
      if (!navigator.mediaDevices) throw new Error('insecure');
      const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
      this.#microphone ??= await navigator.mediaDevices.getUserMedia({ audio });
      return true;
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      this.trouble =
        name === 'NotAllowedError' || name === 'SecurityError'
          ? 'callDenied'
          : name === 'NotFoundError'
            ? 'callNoMicrophone'
            : name === 'NotReadableError'
              ? 'callMicrophoneBusy'
              : 'callImpossible';
      return false;
    }
  }

  async #reconnect(): Promise<void> {
    const token = this.#token;
    const servers = token === null ? null : await this.#calls.ice(token);
    if (servers?.is === 'ok') return await this.#connect(servers.value);
    if (servers?.is === 'refused') return this.#over();
    this.#again(2_000);
  }

  async #connect({ iceServers, iceTransportPolicy }: IceServers): Promise<void> {
    const attempt = ++this.#attempt;
    const isLatest = () => attempt === this.#attempt && this.#token !== null;
    const connection = new RTCPeerConnection({ iceServers, iceTransportPolicy });
    this.#connection?.close();
    this.#connection = connection;
    try {
      const transceiver = connection.addTransceiver(this.#microphone?.getAudioTracks()[0] ?? 'audio');
      const codecs = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
      transceiver.setCodecPreferences(codecs.filter(isTelephones));
      connection.addEventListener('track', ({ track }) => this.#play(track));
      connection.addEventListener('connectionstatechange', () => this.#watch(connection));
      await connection.setLocalDescription(await connection.createOffer());
      await gathered(connection);
      const token = this.#token;
      if (!isLatest() || token === null) return connection.close();
      const answer = await this.#calls.connect(token, connection.localDescription?.sdp ?? '');
      if (!isLatest()) return connection.close();
      if (answer.is === 'refused' && answer.code === 'call-ended') return this.#over();
      if (answer.is !== 'ok') return this.#again(2_000);
      await connection.setRemoteDescription({ type: 'answer', sdp: answer.value });
    } catch {
      if (isLatest()) this.#again(2_000);
    }
  }

  #watch(connection: RTCPeerConnection): void {
    if (connection !== this.#connection) return;
    const { connectionState } = connection;
    if (connectionState === 'connected') {
      this.#lostAt = 0;
      if (this.stage === 'again' || this.stage === 'connecting')
        this.#to(this.answeredAt === null ? 'waiting' : 'talking');
    } else if (connectionState === 'failed') this.#again();
    else if (connectionState === 'disconnected')
      this.#later(patience, () => {
        if (connection === this.#connection && connection.connectionState === 'disconnected') this.#again();
      });
  }

  #again(after = 0): void {
    if (this.#lostAt === 0) this.#lostAt = Date.now();
    if (Date.now() - this.#lostAt > giveUpAfter) return this.#over('callLost');
    this.#to('again');
    this.#later(after, () => void (this.stage === 'again' && this.#reconnect()));
  }

  #play(track: MediaStreamTrack): void {
    this.#sound.srcObject = new MediaStream([track]);
    this.#sound.play().catch(() => addEventListener('pointerdown', () => void this.#sound.play(), { once: true }));
  }

  #over(trouble: WordKey | null = null): void {
    this.#keep.forget('call');
    this.#let();
    this.trouble = trouble;
    this.#to('ended');
    void this.look();
  }

  #let(): void {
    this.#attempt += 1;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#connection?.close();
    this.#connection = null;
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    this.#microphone = null;
    this.#sound.srcObject = null;
    this.#lostAt = 0;
    this.answeredAt = this.agentName = this.ahead = null;
  }

  #later(after: number, work: () => void | Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers = this.#timers.filter((each) => each !== timer);
      void work();
    }, after);
    this.#timers.push(timer);
  }

  #to(stage: CallStage): void {
    this.stage = stage;
    this.#changed();
  }
}

/** G.711 and telephone events: the voice engine passes these on untouched. */
export const isTelephones = ({ mimeType, clockRate }: { mimeType: string; clockRate: number }): boolean =>
  clockRate === 8_000 && /^audio\/(pcmu|pcma|telephone-event)$/i.test(mimeType);

/** Half an address would have the whole call refused. */
const emailIn = (typed: string | null): string =>
  typed !== null && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(typed.trim()) ? typed.trim() : '';

/** Non-trickle: the offer leaves once, with every candidate in it. */
async function gathered(connection: RTCPeerConnection): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = () => connection.iceGatheringState === 'complete' && resolve();
    connection.addEventListener('icegatheringstatechange', look);
    setTimeout(resolve, gatheringLimit);
    look();
  });
}

function troubleOf(answer: Exclude<Answer<unknown>, { is: 'ok' }>): WordKey {
  if (answer.is === 'unreachable') return 'callUnreachable';
  if (answer.code === 'web-call-closed') return 'callClosedJustNow';
  return answer.code === 'too-many-requests' ? 'callTooMany' : 'notAccepted';
}
