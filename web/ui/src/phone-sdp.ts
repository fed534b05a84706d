/** What our WebRTC offer says, and when it is complete. */

const wanted = new Set(['audio/pcmu', 'audio/pcma', 'audio/telephone-event']);

/**
 * Only G.711 and telephone events at 8 kHz (RFC 3551, RFC 4733): the voice engine passes these on to telephone
 * trunks untouched, everything else would have to be converted.
 */
export function telephoneCodecs<C extends { mimeType: string; clockRate: number }>(codecs: readonly C[]): C[] {
  return codecs.filter((codec) => wanted.has(codec.mimeType.toLowerCase()) && codec.clockRate === 8_000);
}

/** Non-trickle: the offer leaves once, with every candidate in it. Slow interfaces do not hold it up for ever. */
export function gatheringComplete(connection: RTCPeerConnection, limitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      connection.removeEventListener('icegatheringstatechange', look);
      resolve();
    };
    const look = () => {
      if (connection.iceGatheringState === 'complete') done();
    };
    const timer = setTimeout(done, limitMs);
    signal.addEventListener('abort', done, { once: true });
    connection.addEventListener('icegatheringstatechange', look);
    look();
  });
}
