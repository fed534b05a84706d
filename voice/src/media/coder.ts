import type { Codec } from '../rtp/codec.ts';
import { decode, encode } from '../rtp/g711.ts';
import { G722Decoder, G722Encoder } from '../rtp/g722.ts';
import type { RtpPacket } from '../rtp/packet.ts';
import { silence } from './silence.ts';

const silentFrame = new Int16Array(160);

/** Between samples and what one far end says and is sent: G.722 goes on from what was before. */
export class Coder {
  private decoder: G722Decoder | null = null;
  private encoder: G722Encoder | null = null;
  private last: { packet: RtpPacket; samples: Int16Array } | null = null;

  /** Of a packet just received, for as many as want it: G.722 must not be decoded twice. */
  decoded(packet: RtpPacket, codec: Codec): Int16Array {
    if (codec !== 'G722') return decode(codec, packet.payload);
    if (this.last?.packet !== packet)
      this.last = { packet, samples: (this.decoder ??= new G722Decoder()).decode(packet.payload) };
    return this.last.samples;
  }

  /** A frame of 20 ms; `null` is silence. */
  coded(codec: Codec, samples: Int16Array | null): Buffer {
    if (codec === 'G722') return (this.encoder ??= new G722Encoder()).encode(samples ?? silentFrame);
    return samples ? encode(codec, samples) : silence[codec];
  }
}
