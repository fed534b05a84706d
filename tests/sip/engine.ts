/** A running engine with its real media, and a server that commands it, for one test. */
import { createSocket } from 'node:dgram';
import type { Trunk } from '@kernlijn/contract/voice';
import { silentLog } from '../../voice/src/log.ts';
import { startVoice, type Voice, type VoiceOptions } from '../../voice/src/voice.ts';
import { Controller } from '../../voice/src/controller.fixture.ts';

export const token = 'a-token-for-tests';

export type Engine = Voice & {
  server: Controller;
  /** A further server. */
  connect(): Promise<Controller>;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function engine(options: Partial<VoiceOptions> = {}): Promise<Engine> {
  const voice = await startVoice({
    host: '127.0.0.1',
    publicAddress: '127.0.0.1',
    sipPort: 0,
    controlPort: 0,
    token,
    rtpPortMin: 31_000,
    rtpPortMax: 34_999,
    mediaTimeoutSeconds: 30,
    promptDirs: [],
    recordingDir: null,
    maxCalls: 500,
    allow: [],
    trunk: null,
    asterisk: null,
    tls: null,
    log: silentLog,
    ...options,
  });
  const controllers: Controller[] = [];
  const connect = async () => {
    const controller = new Controller(voice.controlPort, token);
    controllers.push(controller);
    await controller.hello;
    return controller;
  };
  const server = await connect();
  const dispose = async () => {
    await voice.close();
    for (const controller of controllers) controller.kill();
  };
  return { ...voice, server, connect, [Symbol.asyncDispose]: dispose };
}

/** Answers every caller at once. */
export function answerAll({ server }: Engine): void {
  server.onEvent = (event) => {
    if (event.event === 'incoming')
      void server.command({ command: 'answer', legId: event.legId }).catch(() => undefined); // the caller may have left
  };
}

/** A UDP port nobody had a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** A trunk on this machine, as `configure` and the environment name it. */
export const trunkAt = (port: number | null, more: Partial<Trunk> = {}): Trunk => ({
  trunkId: 'main',
  name: 'Main',
  host: '127.0.0.1',
  port,
  transport: 'udp',
  srtp: 'off',
  credentials: null,
  registers: false,
  allow: [],
  numberFormat: 'plus',
  country: '31',
  priority: 1,
  ...more,
});
