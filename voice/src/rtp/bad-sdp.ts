/** An SDP that cannot be used: unreadable, no audio we speak, or no address to send to. SIP answers it with 488. */
export class BadSdp extends Error {
  readonly code = 'bad-sdp';
  constructor(detail: string) {
    super(detail);
    this.name = 'BadSdp';
  }
}
