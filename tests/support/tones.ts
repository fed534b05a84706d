import type { Page } from 'playwright-core';

/** Which of these tones, in hertz, are in what a page of the desk or the widget hears on the telephone. */
export async function tonesHeard(page: Page, hertz: readonly number[]): Promise<number[]> {
  return await page.evaluate(async (wanted) => {
    const sound: unknown = Reflect.get(window, 'telephoneSound');
    if (!(sound instanceof MediaStream)) return [];
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(sound).connect(analyser);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const strongest = Math.max(...bins);
    const near = (frequency: number) => {
      const at = Math.round((frequency * analyser.fftSize) / context.sampleRate);
      return Math.max(...bins.slice(at - 2, at + 3));
    };
    const heard = wanted.filter((frequency) => near(frequency) > -60 && near(frequency) > strongest - 25);
    await context.close();
    return heard;
  }, hertz);
}

/** Keeps the stream of a WebRTC connection where `tonesHeard` finds it. */
export function rememberSound(): void {
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', (event) =>
        Object.assign(window, { telephoneSound: new MediaStream([event.track]), telephoneConnection: this }),
      );
    }
  };
}
