/** The header of a WAV file of G.711 A-law, 8 kHz, two channels (format 6 of Microsoft's `mmreg.h`). */
export const bytesPerSecond = 16_000;
const formatBytes = 18;
export const headerBytes = 12 + 8 + formatBytes + 8 + 4 + 8;

/** For so many bytes of samples. */
export function alawHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(headerBytes - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(formatBytes, 16);
  header.writeUInt16LE(6, 20);
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(bytesPerSecond, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(8, 34);
  // 36: no extension. What is not PCM has to say how many samples a channel has.
  header.write('fact', 38, 'latin1');
  header.writeUInt32LE(4, 42);
  header.writeUInt32LE(dataBytes / 2, 46);
  header.write('data', 50, 'latin1');
  header.writeUInt32LE(dataBytes, 54);
  return header;
}
