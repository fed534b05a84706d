/** A real telephone: baresip on loopback, which speaks a tone and keeps what it hears. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { share } from '../../voice/src/media/goertzel.fixture.ts';
import { startProcess } from './processes.ts';

export const noBaresip = spawnSync('which', ['baresip']).status !== 0;
const modules = [
  '/usr/lib/baresip/modules',
  '/usr/lib/x86_64-linux-gnu/baresip/modules',
  '/usr/lib/aarch64-linux-gnu/baresip/modules',
].find((path) => existsSync(path));

export interface Telephone {
  /** Resolves when the other side answered. */
  answered(): Promise<void>;
  /** Since the answer, in seconds: to say later what was heard when. */
  seconds(): number;
  hangUp(): Promise<void>;
  /** Resolves when the call is over, whoever ended it. */
  over(): Promise<void>;
  /** The usual share of a tone in what was heard between these seconds after the answer, 0–1. After the call. */
  heard(hertz: number, from: number, until: number): number;
  /** Root mean square of what was heard, 0–1. After the call. */
  loudness(from: number, until: number): number;
  /** Frees everything. */
  close(): Promise<void>;
}

export interface Dial {
  number: string;
  from: string;
  sipPort: number;
  /** Hertz of what it says. */
  tone: number;
  transport?: 'udp' | 'tcp';
  codec?: 'pcma' | 'g722';
  /** SDES as baresip calls it: keys beside plain RTP, or RTP/SAVP. */
  encryption?: 'srtp' | 'srtp-mand';
}

export function dial({ number, from, sipPort, tone, transport = 'udp', codec = 'pcma', encryption }: Dial): Telephone {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-baresip-'));
  writeFileSync(join(folder, 'tone.wav'), toneWav(tone, 60));
  writeFileSync(
    join(folder, 'accounts'),
    `<sip:${from}@127.0.0.1;transport=${transport}>;regint=0;audio_codecs=${codec === 'g722' ? 'G722/16000/1' : codec}${encryption ? `;mediaenc=${encryption}` : ''}\n`,
  );
  writeFileSync(join(folder, 'contacts'), '');
  writeFileSync(
    join(folder, 'config'),
    [
      'poll_method epoll',
      'sip_listen 127.0.0.1:0',
      `audio_player aufile,${folder}/played.wav`,
      `audio_source aufile,${folder}/tone.wav`,
      'ausrc_srate 8000',
      'auplay_srate 8000',
      'ausrc_channels 1',
      'auplay_channels 1',
      'audio_buffer 20-160',
      'rtp_ports 30000-39999',
      `snd_path ${folder}`,
      `module_path ${modules ?? ''}`,
      'module g711.so',
      'module g722.so',
      'module srtp.so',
      'module aufile.so',
      'module sndfile.so',
      'module_tmp account.so',
      'module_app menu.so',
      '',
    ].join('\n'),
  );
  const baresip = startProcess('stdbuf', [
    '-oL',
    'baresip',
    '-f',
    folder,
    '-t',
    '120',
    '-e',
    `/dial sip:${number}@127.0.0.1:${sipPort}`,
  ]);
  let answeredAt = 0;
  const answering = baresip.until(/Call established/, 30_000).then(() => {
    answeredAt = performance.now();
  });
  answering.catch(() => {}); // told to whoever awaits answered()
  const between = (start: number, until: number) =>
    samplesOf(folder).subarray(Math.round(start * 8_000), Math.round(until * 8_000));
  return {
    answered: () => answering,
    seconds: () => (performance.now() - answeredAt) / 1_000,
    hangUp: () => baresip.stop(),
    over: async () => {
      await baresip.until(/session closed|terminated|Call .* closed|Connection reset/i, 60_000);
      await baresip.stop();
    },
    heard: (hertz, start, until) => medianShare(between(start, until), hertz),
    loudness: (start, until) => {
      const samples = between(start, until);
      return (
        Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length)) / 32_768
      );
    },
    close: async () => {
      await baresip.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A quarter of a second at a time: over a longer one a tone that skips a beat, as it does where a recording starts again,
 * no longer adds up with itself.
 */
function medianShare(samples: Int16Array, hertz: number): number {
  const window = 2_000;
  const shares: number[] = [];
  for (let at = 0; at + window <= samples.length; at += window)
    shares.push(share(samples.subarray(at, at + window), hertz));
  return shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)] ?? 0;
}

/** What was decoded, from the dump that is complete once baresip has ended. */
function samplesOf(folder: string): Int16Array {
  const dump = readdirSync(folder).find((name) => name.endsWith('-dec.wav'));
  if (dump === undefined) return new Int16Array();
  const bytes = readFileSync(join(folder, dump));
  const data = bytes.subarray(bytes.indexOf('data') + 8);
  const samples = new Int16Array(data.buffer.slice(data.byteOffset, data.byteOffset + (data.byteLength & ~1)));
  const every = bytes.readUInt32LE(24) / 8_000; // G.722 is decoded at 16 kHz
  return every === 1 ? samples : samples.filter((_, i) => i % every === 0);
}

/** A sine at half of full scale, 8 kHz mono. */
export function toneWav(hertz: number, seconds: number): Buffer {
  const samples = Int16Array.from(
    { length: seconds * 8_000 },
    (_, n) => 16_000 * Math.sin((2 * Math.PI * hertz * n) / 8_000),
  );
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}
