/** Where the tests of the media play: an engine's media on loopback, two prompts, telephones that called in. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Codec } from '../rtp/codec.ts';
import { timestampAhead } from '../rtp/packet.ts';
import { Media } from './media.ts';
import type { MediaOptions, RtpLeg } from './media.ts';
import { Phone } from './phone.fixture.ts';
import type { Heard } from './phone.fixture.ts';
import { toneWav } from './tone-wav.fixture.ts';

const address = '127.0.0.1';

export class Stage implements AsyncDisposable {
  readonly media: Media;
  /** Holds `low` (500 Hz, 0.21 s) and `high` (1500 Hz, 0.3 s). */
  readonly prompts = mkdtempSync(join(tmpdir(), 'kernlijn-prompts-'));
  private readonly phones: Phone[] = [];

  constructor(overrides: Partial<MediaOptions> = {}) {
    writeFileSync(join(this.prompts, 'low.wav'), toneWav(500, 0.21));
    writeFileSync(join(this.prompts, 'high.wav'), toneWav(1500, 0.3));
    this.media = new Media({
      bindAddress: address,
      publicAddress: address,
      rtpPortMin: 0,
      rtpPortMax: 0,
      promptDirs: [this.prompts],
      mediaTimeoutSeconds: 30,
      log: { debug() {}, info() {}, warn() {} },
      ...overrides,
    });
  }

  async phone(codec: Codec = 'PCMA', from = address): Promise<Phone> {
    const phone = await Phone.open(codec, from);
    this.phones.push(phone);
    return phone;
  }

  /** A telephone that called in, and its leg. */
  async caller(legId: string, codec: Codec = 'PCMA'): Promise<{ phone: Phone; leg: RtpLeg }> {
    const phone = await this.phone(codec);
    const leg = await this.media.openRtp(legId);
    phone.apply(leg.accept(phone.sdp()));
    return { phone, leg };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.media.closeAll();
    for (const phone of this.phones) phone.close();
    rmSync(this.prompts, { recursive: true });
  }
}

/** From each packet to the next. */
export function steps(heard: Heard[]) {
  return heard.slice(1).map((packet, i) => {
    const before = heard[i] ?? packet;
    return {
      sequence: (packet.sequence - before.sequence) & 0xffff,
      timestamp: timestampAhead(packet.timestamp, before.timestamp),
    };
  });
}
