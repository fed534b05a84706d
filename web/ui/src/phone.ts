/** The agent's telephone: one WebRTC connection to the voice engine, made at sign-in and kept. */
import { MicrophoneMeter } from './microphone-meter.ts';
import { openMicrophone, troubleOf, type MicrophoneTrouble } from './phone-devices.ts';
import { gatheringComplete, telephoneCodecs } from './phone-sdp.ts';
import { createStore, type Store } from './store.ts';

export type LineState =
  | { is: 'off' }
  | { is: 'connecting' }
  | { is: 'ok' }
  | { is: 'no-microphone'; trouble: MicrophoneTrouble }
  | { is: 'lost'; retryAt: number };

export interface LineOptions {
  /** Brings our offer to the server and returns the answer. */
  exchange: (sdp: string) => Promise<string>;
  microphone: () => string;
  speaker: () => string;
  signal: AbortSignal;
}

const gatheringLimitMs = 2_000;
/** ICE may recover from "disconnected" by itself; waiting longer leaves the caller in silence. */
const patienceMs = 3_000;
const longestRetryMs = 10_000;

export class PhoneLine {
  readonly state: Store<LineState> = createStore<LineState>({ is: 'off' });
  readonly meter = new MicrophoneMeter();
  readonly #options: LineOptions;
  readonly #sound = new Audio();
  #connection: RTCPeerConnection | undefined;
  #microphone: MediaStream | undefined;
  #attempt = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#sound.autoplay = true;
    options.signal.addEventListener('abort', () => this.#close());
  }

  /** Also the way back after trouble: connecting again replaces the old connection, the server keeps the call. */
  async connect(): Promise<void> {
    if (this.#options.signal.aborted) return;
    this.#stopAttempt();
    const { signal } = this.#attempt;
    this.state.set({ is: 'connecting' });
    if (!navigator.mediaDevices) return this.state.set({ is: 'no-microphone', trouble: 'insecure' });
    try {
      await this.#openMicrophone();
    } catch (error) {
      if (!signal.aborted) this.state.set({ is: 'no-microphone', trouble: troubleOf(error) });
      return;
    }
    try {
      if (!signal.aborted) await this.#negotiate(signal);
    } catch (error) {
      if (signal.aborted) return;
      console.warn('the telephone could not be connected', error);
      this.#lose();
    }
  }

  /** Another microphone, without ringing the server: the track is swapped in place. */
  async changeMicrophone(): Promise<void> {
    if (!this.#connection) return this.connect();
    try {
      await this.#openMicrophone();
    } catch (error) {
      return this.state.set({ is: 'no-microphone', trouble: troubleOf(error) });
    }
    await this.#connection.getSenders()[0]?.replaceTrack(this.#track ?? null);
  }

  async changeSpeaker(): Promise<void> {
    // Firefox and Safari may not know setSinkId; the computer's own choice then stands.
    await this.#sound.setSinkId?.(this.#options.speaker()).catch(() => undefined);
  }

  get #track(): MediaStreamTrack | undefined {
    return this.#microphone?.getAudioTracks()[0];
  }

  async #openMicrophone(): Promise<void> {
    const fresh = await openMicrophone(this.#options.microphone());
    this.#stopMicrophone();
    this.#microphone = fresh;
    this.meter.follow(fresh);
    // A headset that is pulled out ends its track; another one may be there.
    this.#track?.addEventListener('ended', () => void this.changeMicrophone());
  }

  async #negotiate(signal: AbortSignal): Promise<void> {
    const connection = new RTCPeerConnection();
    this.#connection?.close();
    this.#connection = connection;
    const track = this.#track;
    const transceiver = connection.addTransceiver(track ?? 'audio', { direction: 'sendrecv' });
    transceiver.setCodecPreferences(telephoneCodecs(RTCRtpReceiver.getCapabilities('audio')?.codecs ?? []));
    connection.addEventListener('track', ({ track: remote }) => void this.#play(remote));
    connection.addEventListener('connectionstatechange', () => this.#watch(connection));
    await connection.setLocalDescription(await connection.createOffer());
    await gatheringComplete(connection, gatheringLimitMs, signal);
    const answer = await this.#options.exchange(connection.localDescription?.sdp ?? '');
    if (signal.aborted) return connection.close();
    await connection.setRemoteDescription({ type: 'answer', sdp: answer });
  }

  async #play(remote: MediaStreamTrack): Promise<void> {
    this.#sound.srcObject = new MediaStream([remote]);
    await this.changeSpeaker();
    // Without a press on the page yet, browsers refuse sound; answering a call is a press.
    await this.#sound
      .play()
      .catch(() => addEventListener('pointerdown', () => void this.#sound.play(), { once: true }));
  }

  #watch(connection: RTCPeerConnection): void {
    if (connection !== this.#connection) return;
    clearTimeout(this.#timer);
    if (connection.connectionState === 'connected') {
      this.#failures = 0;
      this.state.set({ is: 'ok' });
    } else if (connection.connectionState === 'disconnected') this.#timer = setTimeout(() => this.#lose(), patienceMs);
    else if (connection.connectionState === 'failed') this.#lose();
  }

  #lose(): void {
    if (this.#options.signal.aborted) return;
    const wait = Math.min(1_000 * 2 ** this.#failures, longestRetryMs);
    this.#failures += 1;
    this.state.set({ is: 'lost', retryAt: Date.now() + wait });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.connect(), wait);
  }

  #stopAttempt(): void {
    clearTimeout(this.#timer);
    this.#attempt.abort();
    this.#attempt = new AbortController();
  }

  #stopMicrophone(): void {
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
  }

  #close(): void {
    this.#stopAttempt();
    this.#connection?.close();
    this.#connection = undefined;
    this.#stopMicrophone();
    this.meter.stop();
    this.#sound.srcObject = null;
    this.state.set({ is: 'off' });
  }
}
