/**
 * Where one leg's packets are taken from and sent to. Telephones behind NAT send from another port than their SDP
 * says, so the first packet decides; but only from an address the signalling named, or anyone who guesses the port
 * could speak into the call.
 */
export interface Endpoint {
  address: string;
  port: number;
}

/** A latched source has to be silent this long before another port of an allowed address may take over. */
const relatchAfterMs = 2000;

export class Latch {
  private readonly signalled: Endpoint;
  private readonly allowed: ReadonlySet<string>;
  private source: (Endpoint & { at: number }) | null = null;

  /** `from` is the address the signalling itself came from. */
  constructor(signalled: Endpoint, from: string | undefined) {
    this.signalled = signalled;
    this.allowed = new Set(from === undefined ? [signalled.address] : [signalled.address, from]);
  }

  /** Whether a well-formed packet from there is the peer's. `now` in milliseconds. */
  accepts(address: string, port: number, now: number): boolean {
    const { source } = this;
    if (source?.port === port && source.address === address) {
      source.at = now;
      return true;
    }
    if (!this.allowed.has(address)) return false;
    if (source && now - source.at < relatchAfterMs) return false;
    this.source = { address, port, at: now };
    return true;
  }

  /** Where to send: the latched source, before that what was signalled. */
  get target(): Endpoint {
    return this.source ?? this.signalled;
  }
}
