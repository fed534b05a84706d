/** The bell: made by Web Audio, so there is nothing to load, and played on a device of its own. */

const beat = [
  { at: 0, hertz: 523.25 },
  { at: 0.22, hertz: 659.25 },
  { at: 0.44, hertz: 783.99 },
];
const pauseMs = 2_400;

/** Kept from ring to ring: making one takes tens of milliseconds, at the moment the dossier is to appear. */
let bell: { context: AudioContext; device: string; ready: Promise<unknown> } | undefined;

function bellOn(device: string): NonNullable<typeof bell> {
  if (bell?.device === device) return bell;
  void bell?.context.close();
  const context = new AudioContext();
  const sink = (context as AudioContext & { setSinkId?: (id: string) => Promise<void> }).setSinkId;
  const ready = device && sink ? sink.call(context, device).catch(() => undefined) : Promise.resolve();
  return (bell = { context, device, ready });
}

/** Rings until the signal says stop. */
export function ring(device: string, volume: number, signal: AbortSignal): void {
  const { context, ready } = bellOn(device);
  const out = new GainNode(context);
  out.connect(context.destination);
  void ready.then(() => {
    if (signal.aborted) return;
    strike(out, volume);
    const timer = setInterval(() => strike(out, volume), pauseMs);
    signal.addEventListener('abort', () => clearInterval(timer));
  });
  signal.addEventListener('abort', () => {
    out.disconnect();
    if (context.state !== 'closed') void context.suspend();
  });
}

/** A single soft tone: a new message in a chat in hand. */
export function tick(device: string, volume: number): void {
  const stop = new AbortController();
  const context = new AudioContext();
  const sink = (context as AudioContext & { setSinkId?: (id: string) => Promise<void> }).setSinkId;
  if (device && sink) void sink.call(context, device).catch(() => undefined);
  tone(context.destination, 880, 0, 0.12, volume * 0.5);
  setTimeout(() => {
    stop.abort();
    void context.close();
  }, 600);
}

function strike(out: AudioNode, volume: number): void {
  const { context } = out;
  if (context.state === 'closed') return;
  if (context instanceof AudioContext) void context.resume();
  for (const { at, hertz } of beat) tone(out, hertz, at, 0.5, volume);
}

function tone(out: AudioNode, hertz: number, at: number, seconds: number, volume: number): void {
  const { context } = out;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  const start = context.currentTime + at;
  oscillator.type = 'sine';
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(volume * 0.3, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + seconds);
  oscillator.connect(gain).connect(out);
  oscillator.start(start);
  oscillator.stop(start + seconds);
}
