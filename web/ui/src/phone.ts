/** The agent's telephone: one WebRTC connection to the voice engine, made at sign-in and kept. */
import type { LineStep } from '@kernlijn/contract/line-quality';
import type { IceServers } from '@kernlijn/contract/web-call';
import { sampleMs, stepBetween, totalsOf, type Totals } from './heard-quality.ts';
import { MicrophoneMeter } from './microphone-meter.ts';
import { openMicrophone, troubleOf, type MicrophoneTrouble } from './phone-devices.ts';
import { gatheringComplete, telephoneCodecs } from './phone-sdp.ts';
import { createStore, type Store } from './store.ts';

export type LineState =
  | { is: 'off' }
  /** `again`: it stood, and the network has changed under it. */
  | { is: 'connecting'; again?: boolean }
  | { is: 'ok' }
  | { is: 'no-microphone'; trouble: MicrophoneTrouble }
  | { is: 'lost'; retryAt: number };

export interface LineOptions {
  /** Brings our offer to the server and returns the answer. */
  exchange: (sdp: string) => Promise<string>;
  /** Servers by which the engine is reached; asked anew for every connection, as their credentials pass. */
  servers: () => Promise<IceServers>;
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
  /** How well the other side is heard; null when nothing is. */
  readonly heard: Store<LineStep | null> = createStore<LineStep | null>(null);
  readonly meter = new MicrophoneMeter();
  readonly #options: LineOptions;
  readonly #sound = new Audio();
  #connection: RTCPeerConnection | undefined;
  #microphone: MediaStream | undefined;
  #attempt = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #stood = false;
  #totals: Totals | null = null;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#sound.autoplay = true;
    options.signal.addEventListener('abort', () => this.#close());
    const { signal } = options;
    // Another network: the old connection is dead, though the browser may need half a minute to see it.
    addEventListener('online', () => void this.#networkChanged(), { signal });
    onOtherNetwork(() => void this.#networkChanged(), signal);
    const sampling = setInterval(() => void this.#sample(), sampleMs);
    signal.addEventListener('abort', () => clearInterval(sampling));
  }

  /** Also the way back after trouble: connecting again replaces the old connection, the server keeps the call. */
  async connect(): Promise<void> {
    if (this.#options.signal.aborted) return;
    this.#stopAttempt();
    const { signal } = this.#attempt;
    this.state.set({ is: 'connecting', ...(this.#stood ? { again: true } : {}) });
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
    const { iceServers, iceTransportPolicy } = await this.#options.servers();
    if (signal.aborted) return;
    const connection = new RTCPeerConnection({ iceServers: asGiven(iceServers), iceTransportPolicy });
    this.#connection?.close();
    this.#totals = null;
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
      this.#stood = true;
      this.state.set({ is: 'ok' });
    } else if (connection.connectionState === 'disconnected') this.#timer = setTimeout(() => this.#lose(), patienceMs);
    else if (connection.connectionState === 'failed') this.#lose();
  }

  async #networkChanged(): Promise<void> {
    const state = this.state.get().is;
    // Before the first connection and without a microphone there is nothing to mend.
    if (state === 'ok' || state === 'lost') await this.connect();
  }

  async #sample(): Promise<void> {
    const connection = this.#connection;
    if (connection?.connectionState !== 'connected') return this.heard.set(null);
    const totals = totalsOf(await connection.getStats());
    if (connection !== this.#connection) return;
    this.heard.set(stepBetween(this.#totals, totals));
    this.#totals = totals;
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

/** From wireless to mobile and back; not every browser tells, and those that do tell of every change of speed as well. */
function onOtherNetwork(changed: () => void, signal: AbortSignal): void {
  const connection: unknown = Reflect.get(navigator, 'connection');
  if (!(connection instanceof EventTarget)) return;
  let before: unknown = Reflect.get(connection, 'type');
  const look = () => {
    const now: unknown = Reflect.get(connection, 'type');
    if (now !== before && now !== 'none') changed();
    before = now;
  };
  connection.addEventListener('change', look, { signal });
}

/** The browser wants no member rather than an undefined one. */
export const asGiven = (servers: IceServers['iceServers']): RTCIceServer[] =>
  servers.map(({ urls, username, credential }) =>
    username === undefined || credential === undefined ? { urls } : { urls, username, credential },
  );
