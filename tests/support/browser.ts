import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/**
 * Chromium of the machine, with a microphone that needs no permission and hears beeps, or the WAV file `microphone` again
 * and again. Whoever opens it closes it.
 */
export async function openBrowser({ microphone }: { microphone?: string } = {}): Promise<Browser> {
  const executablePath = places.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined)
    throw new Error('No Chromium: install the Debian package chromium, or set CHROMIUM_PATH.');
  return chromium.launch({
    executablePath,
    args: [
      // Its sandbox refuses to work for root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-dev-shm-usage',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      ...(microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}`]),
      '--autoplay-policy=no-user-gesture-required',
      // Audio over the loopback interface, with candidates that are addresses.
      '--allow-loopback-in-peer-connection',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  });
}
