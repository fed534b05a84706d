/// <reference lib="dom" />
import type { BrowserContext, Page } from 'playwright-core';
import type { Mock } from './server.ts';

/** A page that plays the voice engine: it answers whatever the desk offers, and keeps the offers to be looked at. */
export async function answerTelephone(
  context: BrowserContext,
  mock: Mock,
): Promise<{ offers: string[]; page: Page; hangUp: () => Promise<void> }> {
  const page = await context.newPage();
  const offers: string[] = [];
  mock.line = async (sdp) => {
    offers.push(sdp);
    return page.evaluate(async (offer) => {
      const connection = new RTCPeerConnection();
      Reflect.set(window, 'connection', connection);
      await connection.setRemoteDescription({ type: 'offer', sdp: offer });
      const tone = new AudioContext();
      const oscillator = tone.createOscillator();
      const out = tone.createMediaStreamDestination();
      oscillator.connect(out);
      oscillator.start();
      for (const track of out.stream.getTracks()) connection.addTrack(track, out.stream);
      await connection.setLocalDescription(await connection.createAnswer());
      await new Promise<void>((resolve) => {
        const look = () => connection.iceGatheringState === 'complete' && resolve();
        connection.addEventListener('icegatheringstatechange', look);
        look();
      });
      return connection.localDescription?.sdp ?? '';
    }, sdp);
  };
  return { offers, page, hangUp: () => page.evaluate('window.connection.close()') };
}
