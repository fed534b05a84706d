/** A real telephone: baresip on loopback, which speaks a tone and keeps what it hears. */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { share } from '../../voice/src/media/goertzel.fixture.ts';
import { freePort } from './ports.ts';
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
  /** Seconds of sound that came in so far: what is sent with gaps is shorter than the time it took. */
  soundSoFar(): number;
  hangUp(): Promise<void>;
  /** Presses keys (RFC 4733). */
  press(digits: string): Promise<void>;
  /** The keys the other side pressed, so far. */
  pressed(): string;
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

/** Calls a number at once; it has no account. */
export function dial(call: Dial): Telephone {
  return calling(call);
}

/** The same, of which the keys can be pressed. */
export async function dialWithKeys(call: Dial): Promise<Telephone> {
  return calling(call, await freePort());
}

function calling(
  { number, from, sipPort, tone, transport = 'udp', codec = 'pcma', encryption }: Dial,
  keypad?: number,
): Telephone {
  const codecs = codec === 'g722' ? 'G722/16000/1' : codec;
  const account = `<sip:${from}@127.0.0.1;transport=${transport}>;regint=0;audio_codecs=${codecs}${encryption ? `;mediaenc=${encryption}` : ''}`;
  const run = ['-e', `/dial sip:${number}@127.0.0.1:${sipPort}`];
  return open({ account, tone, run, ...(keypad !== undefined && { keypad }) });
}

/** One at a port of its own, without an account, that answers whoever calls. */
export async function waitForCall({
  tone,
  port,
  user = 'callee',
  encryption,
}: {
  tone: number;
  port: number;
  /** The number it is called by. */
  user?: string;
  encryption?: Dial['encryption'];
}): Promise<Telephone> {
  const account = `<sip:${user}@127.0.0.1:${port}>;regint=0;audio_codecs=pcma;answermode=auto${encryption ? `;mediaenc=${encryption}` : ''}`;
  const telephone = open({ account, tone, run: [], keypad: await freePort(), port });
  await telephone.ready();
  return telephone;
}

export interface DeskPhone {
  user: string;
  password: string;
  sipPort: number;
  tone: number;
  transport?: 'udp' | 'tcp' | 'tls';
  /** Of the authority that it trusts, for TLS. */
  authority?: string;
  /** Calls this once it is registered; otherwise it answers whoever calls. */
  number?: string;
}

/** A telephone on somebody's desk: it registers, and answers at once. */
export function deskPhone(phone: DeskPhone): Telephone & { registered(): Promise<void> } {
  const { user, password, sipPort, tone, transport = 'udp', authority, number } = phone;
  const where = `sip:${user}@127.0.0.1:${sipPort};transport=${transport}`;
  const account = `<${where}>;auth_user=${user};auth_pass=${password};regint=60;answermode=auto;audio_codecs=pcma`;
  const call = number === undefined ? [] : ['-e', `/dial ${number}`];
  return open({ account, tone, run: call, ...(authority !== undefined && { authority }) });
}

/**
 * baresip 1.0 gives up for half a minute when it is offered an algorithm it does not know. A question that nobody
 * answered is asked in the old way the next time: here somebody else asked first.
 */
export async function askOnce(sipPort: number, user: string): Promise<void> {
  const socket = createSocket('udp4');
  const lines = [
    `REGISTER sip:127.0.0.1 SIP/2.0`,
    'Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKfirst;rport',
    `From: <sip:${user}@127.0.0.1>;tag=1`,
    `To: <sip:${user}@127.0.0.1>`,
    `Call-ID: first-${user}`,
    'CSeq: 1 REGISTER',
    'Content-Length: 0',
  ];
  socket.send(`${lines.join('\r\n')}\r\n\r\n`, sipPort, '127.0.0.1');
  await once(socket, 'message');
  socket.close();
}

interface Opening {
  account: string;
  tone: number;
  run: string[];
  authority?: string;
  /** Where its keys can be pressed from the outside. */
  keypad?: number;
  port?: number;
}

function open({
  account,
  tone,
  run,
  authority,
  keypad,
  port = 0,
}: Opening): Telephone & { registered(): Promise<void>; ready(): Promise<unknown> } {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-baresip-'));
  writeFileSync(join(folder, 'tone.wav'), toneWav(tone, 60));
  writeFileSync(join(folder, 'accounts'), `${account}\n`);
  writeFileSync(join(folder, 'contacts'), '');
  if (authority !== undefined) writeFileSync(join(folder, 'authority.pem'), authority);
  writeFileSync(
    join(folder, 'config'),
    [
      'poll_method epoll',
      `sip_listen 127.0.0.1:${port}`,
      ...(keypad === undefined ? [] : [`ctrl_tcp_listen 127.0.0.1:${keypad}`]),
      ...(authority === undefined ? [] : [`sip_cafile ${folder}/authority.pem`]),
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
      ...(keypad === undefined ? [] : ['module_app ctrl_tcp.so']),
      '',
    ].join('\n'),
  );
  const baresip = startProcess('stdbuf', ['-oL', 'baresip', '-f', folder, '-t', '120', ...run]);
  let answeredAt = 0;
  const answering = baresip.until(/Call established/, 30_000).then(() => {
    answeredAt = performance.now();
  });
  answering.catch(() => {}); // told to whoever awaits answered()
  const between = (start: number, until: number) =>
    samplesOf(folder).subarray(Math.round(start * 8_000), Math.round(until * 8_000));
  return {
    ready: () => baresip.until(/baresip is ready/),
    registered: () => baresip.until(/registered successfully|\[\d+ binding/, 10_000).then(() => undefined),
    answered: () => answering,
    seconds: () => (performance.now() - answeredAt) / 1_000,
    soundSoFar: () => samplesOf(folder).length / 8_000,
    hangUp: () => baresip.stop(),
    press: async (digits) => {
      if (keypad === undefined) throw new Error('this telephone was dialled without keys');
      const socket = connect(keypad, '127.0.0.1');
      await once(socket, 'connect');
      for (const digit of digits) {
        const command = JSON.stringify({ command: 'sndcode', params: digit });
        socket.write(`${command.length}:${command},`);
        await pause(250);
      }
      socket.end();
    },
    pressed: () =>
      [...baresip.output().matchAll(/received (?:in-band )?(?:event|DTMF)[^']*'(.)'[^\n]*end=1/gi)]
        .map((match) => match[1])
        .join(''),
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
export function medianShare(samples: Int16Array, hertz: number): number {
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
