/** A sound that the browser can read, as the WAV that the server takes: one channel, 16 bits, 16 kHz. */

const rate = 16_000;

/** MP3, Ogg, M4A, WAV …: whatever this browser decodes. @throws DOMException for what it does not */
export async function asWav(file: Blob, name: string): Promise<File> {
  const context = new OfflineAudioContext(1, 1, rate);
  const decoded = await context.decodeAudioData(await file.arrayBuffer());
  return new File([wavOf(mono(decoded))], `${name}.wav`, { type: 'audio/wav' });
}

function mono(decoded: AudioBuffer): Float32Array {
  const channels = Array.from({ length: decoded.numberOfChannels }, (_, n) => decoded.getChannelData(n));
  const [first] = channels;
  if (first === undefined) return new Float32Array();
  return first.map((_, n) => channels.reduce((sum, channel) => sum + (channel[n] ?? 0), 0) / channels.length);
}

function wavOf(samples: Float32Array): ArrayBuffer {
  const bytes = new ArrayBuffer(44 + samples.length * 2);
  const view = new DataView(bytes);
  const words = (at: number, text: string) =>
    Array.from(text).forEach((letter, n) => view.setUint8(at + n, letter.codePointAt(0) ?? 0));
  words(0, 'RIFF');
  view.setUint32(4, 36 + samples.length * 2, true);
  words(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  words(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, n) => view.setInt16(44 + n * 2, Math.max(-1, Math.min(1, sample)) * 32_767, true));
  return bytes;
}
