import { spawnSync } from 'node:child_process';
import { freePort } from './ports.ts';
import { startProcess } from './processes.ts';

/** Without the Debian package coturn there is no TURN server to try. */
export const noCoturn = spawnSync('turnserver', ['--version']).error !== undefined;

/** A TURN server on loopback, with the settings of `docs/operate.md` as far as one machine can have them. */
export async function startCoturn(secret: string): Promise<{ url: string; output(): string; stop(): Promise<void> }> {
  const port = await freePort();
  const server = startProcess('turnserver', [
    ...['-n', '--no-cli', '--no-tls', '--no-dtls', '--fingerprint', '--log-file=stdout', '--verbose'],
    ...['--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=kernlijn.example.org'],
    ...['--listening-ip=127.0.0.1', `--listening-port=${port}`, '--relay-ip=127.0.0.1', '--allow-loopback-peers'],
    ...['--min-port=41000', '--max-port=41999', `--pidfile=/tmp/coturn-${port}.pid`],
  ]);
  await server.until(/IPv4. UDP listener opened|listener opened on/i, 20_000);
  return { url: `turn:127.0.0.1:${port}?transport=udp`, output: () => server.output(), stop: () => server.stop() };
}
