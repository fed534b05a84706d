/** The bell: made by Web Audio, so there is nothing to load, and played on a device of its own. */

const beat = [
  { at: 0, hertz: 523.25 },
  { at: 0.22, hertz: 659.25 },
  { at: 0.44, hertz: 783.99 },
];
const pauseMs = 2_400;

/** Rings until the signal says stop. */
export function ring(device: string, volume: number, signal: AbortSignal): void {
  const context = new AudioContext();
  const sink = (context as AudioContext & { setSinkId?: (id: string) => Promise<void> }).setSinkId;
  const started = device && sink ? sink.call(context, device).catch(() => undefined) : Promise.resolve();
  void started.then(() => {
    if (signal.aborted) return;
    strike(context, volume);
    const timer = setInterval(() => strike(context, volume), pauseMs);
    signal.addEventListener('abort', () => clearInterval(timer));
  });
  signal.addEventListener('abort', () => void context.close());
}

/** A single soft tone: a new message in a chat in hand. */
export function tick(device: string, volume: number): void {
  const stop = new AbortController();
  const context = new AudioContext();
  const sink = (context as AudioContext & { setSinkId?: (id: string) => Promise<void> }).setSinkId;
  if (device && sink) void sink.call(context, device).catch(() => undefined);
  tone(context, 880, 0, 0.12, volume * 0.5);
  setTimeout(() => {
    stop.abort();
    void context.close();
  }, 600);
}

function strike(context: AudioContext, volume: number): void {
  if (context.state === 'closed') return;
  void context.resume();
  for (const { at, hertz } of beat) tone(context, hertz, at, 0.5, volume);
}

function tone(context: AudioContext, hertz: number, at: number, seconds: number, volume: number): void {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  const start = context.currentTime + at;
  oscillator.type = 'sine';
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(volume * 0.3, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + seconds);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + seconds);
}
