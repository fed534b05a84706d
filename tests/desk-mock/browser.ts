/// <reference lib="dom" />
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { Mock } from './server.ts';

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--allow-loopback-in-peer-connection', '--disable-features=WebRtcHideLocalIpsWithMdns', '--autoplay-policy=no-user-gesture-required'],
  });

/** A page that plays the voice engine: it answers whatever the desk offers, and keeps the offers to be looked at. */
export async function answerTelephone(context: BrowserContext, mock: Mock): Promise<{ offers: string[]; page: Page; hangUp: () => Promise<void> }> {
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
  return { offers, page, hangUp: () => page.evaluate(() => (Reflect.get(window, 'connection') as RTCPeerConnection).close()) };
}
