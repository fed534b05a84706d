/** How loud the microphone is, so that the agent sees that he is heard. */
export class MicrophoneMeter {
  #context: AudioContext | undefined;
  #analyser: AnalyserNode | undefined;
  #samples = new Float32Array(512);

  follow(stream: MediaStream): void {
    this.stop();
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = this.#samples.length;
    context.createMediaStreamSource(stream).connect(analyser);
    this.#context = context;
    this.#analyser = analyser;
  }

  /** 0 (silence) to 1 (as loud as it goes), on a scale that follows the ear. */
  level(): number {
    if (!this.#analyser) return 0;
    if (this.#context?.state === 'suspended') void this.#context.resume();
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return loudness(this.#samples);
  }

  stop(): void {
    void this.#context?.close();
    this.#context = undefined;
    this.#analyser = undefined;
  }
}

const quietestDb = -60;

export function loudness(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < samples.length; at += 1) sum += (samples[at] ?? 0) ** 2;
  const decibel = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, 1 - decibel / quietestDb));
}
