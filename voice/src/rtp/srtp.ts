/**
 * SRTP and SRTCP (RFC 3711) with AES in counter mode and HMAC-SHA1, one direction of one stream: a context either
 * protects or unprotects. Without key derivation rate and without MKI, as SDES has it by default.
 */
import { createCipheriv, createHmac } from 'node:crypto';
import type { Cipheriv } from 'node:crypto';
import { ReplayWindow, RolloverCounter } from './srtp-index.ts';

export const masterKeyBytes = 16;
export const masterSaltBytes = 14;

export const suites = {
  AES_CM_128_HMAC_SHA1_80: { tagBytes: 10 },
  AES_CM_128_HMAC_SHA1_32: { tagBytes: 4 },
} as const;
export type Suite = keyof typeof suites;

const block = 16;
const fixedHeader = 12;
const controlHeader = 8;
/** §5.2: the tag of SRTCP is 80 bits in both suites. */
const controlTagBytes = 10;
const mostSources = 16;

interface Source {
  counter: RolloverCounter;
  replay: ReplayWindow;
}

export class SrtpContext {
  private readonly tagBytes: number;
  private readonly media: SessionKeys;
  private readonly control: SessionKeys;
  private readonly sources = new Map<number, Source>();
  private readonly controlReplay = new Map<number, ReplayWindow>();
  private controlIndex = 0;

  /** `master` is key and salt, 30 bytes. */
  constructor(suite: Suite, master: Buffer) {
    this.tagBytes = suites[suite].tagBytes;
    this.media = new SessionKeys(deriveKeys(master, 0));
    this.control = new SessionKeys(deriveKeys(master, 3));
  }

  protect(packet: Buffer): Buffer {
    const start = payloadStart(packet) ?? packet.length;
    const ssrc = packet.readUInt32BE(8);
    const sequence = packet.readUInt16BE(2);
    const counter = this.source(ssrc).counter;
    const index = counter.indexOf(sequence);
    counter.passed(index);
    const out = Buffer.allocUnsafe(packet.length + this.tagBytes);
    packet.copy(out);
    this.media.crypt(out.subarray(start, packet.length), ssrc, index);
    this.media
      .tag(out.subarray(0, packet.length), Math.floor(index / 0x10000))
      .copy(out, packet.length, 0, this.tagBytes);
    return out;
  }

  /** The packet in clear, in the same memory; `null` for one that is forged, too old or was here already. */
  unprotect(packet: Buffer): Buffer | null {
    const end = packet.length - this.tagBytes;
    if (end < fixedHeader) return null;
    const clear = packet.subarray(0, end);
    const start = payloadStart(clear);
    if (start === null) return null;
    const ssrc = packet.readUInt32BE(8);
    const known = this.sources.get(ssrc);
    const source = known ?? newSource();
    const index = source.counter.indexOf(packet.readUInt16BE(2));
    if (!source.replay.isNew(index)) return null;
    const tag = this.media.tag(clear, Math.floor(index / 0x10000));
    if (!sameTag(tag, packet.subarray(end))) return null;
    source.replay.saw(index);
    source.counter.passed(index);
    if (!known) this.remember(ssrc, source);
    this.media.crypt(clear.subarray(start), ssrc, index);
    return clear;
  }

  protectControl(packet: Buffer): Buffer {
    const index = this.controlIndex;
    this.controlIndex = (index + 1) % 0x8000_0000;
    const out = Buffer.allocUnsafe(packet.length + 4 + controlTagBytes);
    packet.copy(out);
    this.control.crypt(out.subarray(controlHeader, packet.length), packet.readUInt32BE(4), index);
    out.writeUInt32BE((0x8000_0000 | index) >>> 0, packet.length);
    this.control.tag(out.subarray(0, packet.length + 4), null).copy(out, packet.length + 4, 0, controlTagBytes);
    return out;
  }

  unprotectControl(packet: Buffer): Buffer | null {
    const end = packet.length - controlTagBytes - 4;
    if (end < controlHeader) return null;
    const word = packet.readUInt32BE(end);
    const index = word & 0x7fff_ffff;
    const ssrc = packet.readUInt32BE(4);
    const replay = this.controlReplay.get(ssrc) ?? new ReplayWindow();
    if (!replay.isNew(index)) return null;
    if (!sameTag(this.control.tag(packet.subarray(0, end + 4), null), packet.subarray(end + 4))) return null;
    replay.saw(index);
    if (this.controlReplay.size >= mostSources) this.controlReplay.clear();
    this.controlReplay.set(ssrc, replay);
    const clear = packet.subarray(0, end);
    if (word >= 0x8000_0000) this.control.crypt(clear.subarray(controlHeader), ssrc, index);
    return clear;
  }

  private source(ssrc: number): Source {
    const known = this.sources.get(ssrc);
    if (known) return known;
    const source = newSource();
    this.remember(ssrc, source);
    return source;
  }

  private remember(ssrc: number, source: Source): void {
    if (this.sources.size >= mostSources) this.sources.clear();
    this.sources.set(ssrc, source);
  }
}

export interface Keys {
  key: Buffer;
  salt: Buffer;
  authentication: Buffer;
}

/** §4.3; `label` of the encryption key: 0 for SRTP, 3 for SRTCP; the next two are for authentication and salt. */
export function deriveKeys(master: Buffer, label: number): Keys {
  return {
    key: derive(master, label, masterKeyBytes),
    authentication: derive(master, label + 1, 20),
    salt: derive(master, label + 2, masterSaltBytes),
  };
}

/** What one kind of packets is encrypted and signed with. */
export class SessionKeys {
  private readonly keys: Keys;
  /** Of the counter blocks the stream of §4.1.1 is the plain encryption: one cipher does for all packets. */
  private readonly cipher: Cipheriv;

  constructor(keys: Keys) {
    this.keys = keys;
    this.cipher = createCipheriv('aes-128-ecb', keys.key, null).setAutoPadding(false);
  }

  /** Encrypts or decrypts in place. */
  crypt(data: Buffer, ssrc: number, index: number): void {
    const stream = this.keystream(data.length, ssrc, index);
    for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) ^ (stream[i] ?? 0);
  }

  keystream(length: number, ssrc: number, index: number): Buffer {
    const blocks = Math.ceil(length / block);
    const counters = Buffer.alloc(blocks * block);
    this.keys.salt.copy(counters);
    xorUInt32(counters, 4, ssrc);
    xorUInt32(counters, 8, Math.floor(index / 0x10000) >>> 0);
    counters[12] = (counters[12] ?? 0) ^ ((index >>> 8) & 0xff);
    counters[13] = (counters[13] ?? 0) ^ (index & 0xff);
    for (let i = 1; i < blocks; i++) {
      counters.copy(counters, i * block, 0, block - 2);
      counters.writeUInt16BE(i, i * block + block - 2);
    }
    return this.cipher.update(counters);
  }

  /** §4.2: with the rollover counter, which SRTCP has not. */
  tag(data: Buffer, rollover: number | null): Buffer {
    const hmac = createHmac('sha1', this.keys.authentication).update(data);
    if (rollover === null) return hmac.digest();
    const counter = Buffer.allocUnsafe(4);
    counter.writeUInt32BE(rollover >>> 0);
    return hmac.update(counter).digest();
  }
}

function derive(master: Buffer, label: number, length: number): Buffer {
  const counter = Buffer.alloc(block);
  master.copy(counter, 0, masterKeyBytes, masterKeyBytes + masterSaltBytes);
  counter[7] = (counter[7] ?? 0) ^ label;
  const cipher = createCipheriv('aes-128-ctr', master.subarray(0, masterKeyBytes), counter);
  return cipher.update(Buffer.alloc(length));
}

function newSource(): Source {
  return { counter: new RolloverCounter(), replay: new ReplayWindow() };
}

/** Where the payload begins, after CSRCs and the header extension, which stay in clear (§3.1). */
function payloadStart(packet: Buffer): number | null {
  const first = packet[0] ?? 0;
  let start = fixedHeader + (first & 0x0f) * 4;
  if (first & 0x10) start += start + 4 <= packet.length ? 4 + packet.readUInt16BE(start + 2) * 4 : packet.length;
  return start <= packet.length ? start : null;
}

/** In a time that tells nothing of where they differ. */
function sameTag(expected: Buffer, given: Buffer): boolean {
  let difference = 0;
  for (let i = 0; i < given.length; i++) difference |= (given[i] ?? 0) ^ (expected[i] ?? 0);
  return difference === 0;
}

function xorUInt32(data: Buffer, at: number, value: number): void {
  data.writeUInt32BE((data.readUInt32BE(at) ^ value) >>> 0, at);
}
