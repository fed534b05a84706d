/** The Kamailio of `deploy/kamailio` in front of Asterisk nodes, on a free port. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AsteriskNode } from './asterisk.ts';
import { freePort } from './ports.ts';
import { startProcess } from './processes.ts';

const deployed = resolve(import.meta.dirname, '../../deploy/kamailio/kamailio.cfg');

export const noKamailio = spawnSync('kamailio', ['-v']).status !== 0;

export interface RunningKamailio {
  sipPort: number;
  output(): string;
  stop(): Promise<void>;
}

export async function startKamailio(nodes: readonly AsteriskNode[], trunks = '127.0.0.0 8'): Promise<RunningKamailio> {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-kamailio-'));
  const sipPort = await freePort();
  let text = readFileSync(deployed, 'utf8');
  for (const [was, is] of [
    ['!LISTEN!0.0.0.0:5060!', `!LISTEN!127.0.0.1:${sipPort}!`],
    ['!FOLDER!/etc/kamailio!', `!FOLDER!${folder}!`],
  ] as const) {
    if (!text.includes(was)) throw new Error(`kamailio.cfg has no ${was}`);
    text = text.replace(was, is);
  }
  writeFileSync(join(folder, 'kamailio.cfg'), text);
  writeFileSync(join(folder, 'addresses.list'), `1 ${trunks}\n`);
  writeFileSync(join(folder, 'dispatcher.list'), nodes.map((node) => `1 sip:127.0.0.1:${node.sipPort}\n`).join(''));
  const args = ['-DD', '-E', '-f', join(folder, 'kamailio.cfg'), '-Y', folder, '-w', folder, '-m', '32', '-M', '8'];
  const kamailio = startProcess('kamailio', args);
  await kamailio.until(/Listening on[\s\S]*Aliases/);
  return {
    sipPort,
    output: () => kamailio.output(),
    stop: async () => {
      await kamailio.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
