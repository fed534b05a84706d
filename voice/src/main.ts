/** The voice process: reads its environment, starts the engine, ends with its parent. */
import { readEnvironment } from './environment.ts';
import { jsonLog } from './log.ts';
import { startVoice } from './voice.ts';

const log = jsonLog((line) => process.stdout.write(line));

// The supervisor starts a fresh process. Going on after an error nobody expected would be guessing.
process.on('uncaughtException', (error) => {
  log.error({ err: error }, 'voice engine failed');
  process.exit(1);
});

const options = readEnvironment(process.env);
if ('problem' in options) {
  log.error({}, options.problem);
  process.exit(1);
}

const voice = await startVoice({ ...options, log }).catch((error: unknown) => {
  log.error({ err: error }, explain(error));
  process.exit(1);
});

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'voice engine stops');
    void voice.close().finally(() => process.exit(0));
  });
}

process.send?.({ ready: true, controlPort: voice.controlPort, sipPort: voice.sipPort });

function explain(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return 'voice engine could not start';
  const port = 'port' in error ? String(error.port) : '?';
  if (error.code === 'EADDRINUSE')
    return `port ${port} is taken by another program: set SIP_PORT or VOICE_CONTROL_PORT to a free one`;
  if (error.code === 'EACCES') return `no permission to listen on port ${port}`;
  if (error.code === 'EADDRNOTAVAIL') return 'HOST is no address of this machine';
  return 'voice engine could not start';
}
