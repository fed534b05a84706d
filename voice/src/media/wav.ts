/** Samples of a WAV file of 8 kHz, mono, 16-bit PCM: the only kind that is played. */
export function readWav(file: Buffer): Int16Array {
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error('is no WAV file');
  let isPlayable = false;
  for (let at = 12; at + 8 <= file.length;) {
    const kind = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const chunk = file.subarray(at + 8, at + 8 + size);
    if (kind === 'fmt ') isPlayable = isTelephoneFormat(chunk);
    if (kind === 'data') {
      if (!isPlayable) break;
      return Int16Array.from({ length: chunk.length >> 1 }, (_, i) => chunk.readInt16LE(i * 2));
    }
    at += 8 + size + (size % 2); // chunks are padded to even lengths
  }
  throw new Error('is not 8 kHz mono 16-bit PCM');
}

function isTelephoneFormat(format: Buffer): boolean {
  if (format.length < 16) return false;
  const [kind, channels, rate, bits] = [
    format.readUInt16LE(0),
    format.readUInt16LE(2),
    format.readUInt32LE(4),
    format.readUInt16LE(14),
  ];
  return kind === 1 && channels === 1 && rate === 8000 && bits === 16;
}
