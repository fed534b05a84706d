/**
 * Whether a SIP leg's media is encrypted, and with what: the offer/answer of SDES (RFC 4568 §6, RFC 3264) and the
 * contexts that come of it. `offered` goes out as plain RTP with keys beside it (RFC 8643), which a far end that cannot
 * simply leaves out of its answer; `required` as RTP/SAVP, which it has to refuse.
 */
import type { Trunk } from '@kernlijn/contract/voice';
import { BadSdp } from './bad-sdp.ts';
import { formatCrypto, newCrypto } from './sdes.ts';
import type { CryptoLine } from './sdes.ts';
import { SrtpContext } from './srtp.ts';
import type { Suite } from './srtp.ts';

export type SrtpPolicy = Trunk['srtp'];

/** What an `m=` line says: its profile, and the keys beside it. */
export interface Secured {
  profile: string;
  crypto: CryptoLine[];
}

interface Agreed {
  local: CryptoLine;
  remote: CryptoLine;
  outgoing: SrtpContext;
  incoming: SrtpContext;
}

const ours: Suite[] = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'];

export class MediaSecurity {
  private policy: SrtpPolicy = 'off';
  private readonly offered = ours.map((suite, i) => newCrypto(i + 1, suite));
  private agreed: Agreed | null = null;

  /** The profile and the lines of our offer. Without a policy the one before holds. */
  offer(policy: SrtpPolicy | undefined): { profile: string; lines: string[] } {
    this.policy = policy ?? this.policy;
    if (this.policy === 'off' && !this.agreed) return { profile: 'RTP/AVP', lines: [] };
    const keys = this.agreed ? [this.agreed.local] : this.offered;
    const profile = this.policy === 'required' ? 'RTP/SAVP' : 'RTP/AVP';
    return { profile, lines: keys.map(formatCrypto) };
  }

  /** Whether this stream may be used: encrypted or not, as the policy wants it. */
  suits({ profile, crypto }: Secured, policy: SrtpPolicy | undefined): boolean {
    const wanted = policy ?? this.policy;
    if (crypto.length > 0 && wanted !== 'off') return true;
    return !/SAVP/.test(profile) && wanted !== 'required';
  }

  /** Our answer to their offer, which suits. A far end that moved gets new keys. */
  answer(remote: Secured, policy: SrtpPolicy | undefined, moved: boolean): { profile: string; lines: string[] } {
    this.policy = policy ?? this.policy;
    const [chosen] = this.policy === 'off' ? [] : remote.crypto;
    if (!chosen) this.agreed = null;
    else {
      const known = !moved && sameLine(this.agreed?.remote, chosen) ? this.agreed : null;
      this.agreed = known ?? agree(newCrypto(chosen.tag, chosen.suite), chosen);
    }
    return { profile: remote.profile, lines: this.agreed ? [formatCrypto(this.agreed.local)] : [] };
  }

  /** Their answer to our offer, which suits. @throws BadSdp */
  answered(remote: Secured, policy: SrtpPolicy | undefined): void {
    this.policy = policy ?? this.policy;
    const [chosen] = this.policy === 'off' ? [] : remote.crypto;
    const before = this.agreed;
    if (!chosen) {
      this.agreed = null;
      return;
    }
    const offered = before ? [before.local] : this.offered;
    const local = offered.find(({ tag, suite }) => tag === chosen.tag && suite === chosen.suite);
    if (!local) throw new BadSdp('a crypto line we did not offer');
    // Our key goes on, and with it the count of our packets.
    const outgoing = before?.outgoing ?? new SrtpContext(local.suite, local.master);
    this.agreed = before && sameLine(before.remote, chosen) ? before : { ...agree(local, chosen), outgoing };
  }

  get isOn(): boolean {
    return this.agreed !== null;
  }

  protect(packet: Buffer): Buffer {
    return this.agreed ? this.agreed.outgoing.protect(packet) : packet;
  }

  protectControl(packet: Buffer): Buffer {
    return this.agreed ? this.agreed.outgoing.protectControl(packet) : packet;
  }

  /** `null` for what is not authentic. */
  unprotect(packet: Buffer): Buffer | null {
    return this.agreed ? this.agreed.incoming.unprotect(packet) : packet;
  }

  unprotectControl(packet: Buffer): Buffer | null {
    return this.agreed ? this.agreed.incoming.unprotectControl(packet) : packet;
  }
}

function agree(local: CryptoLine, remote: CryptoLine): Agreed {
  return {
    local,
    remote,
    outgoing: new SrtpContext(local.suite, local.master),
    incoming: new SrtpContext(remote.suite, remote.master),
  };
}

function sameLine(one: CryptoLine | undefined, other: CryptoLine): boolean {
  return one?.tag === other.tag && one.suite === other.suite && one.master.equals(other.master);
}
