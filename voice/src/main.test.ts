/** The voice process as its supervisor sees it. */
import { fork, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Controller } from './controller.fixture.ts';

const VOICE_TOKEN = 'a-token-for-tests';

function start(env: Record<string, string> = {}): { child: ChildProcess; output: () => string } {
  const child = fork(join(import.meta.dirname, 'main.ts'), {
    env: { PATH: process.env['PATH'], VOICE_TOKEN, SIP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (data) => (output += String(data)));
  child.stderr?.on('data', (data) => (output += String(data)));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, output: () => output };
}

async function ready(child: ChildProcess): Promise<{ controlPort: number; sipPort: number }> {
  const [message] = await once(child, 'message');
  expect(message).toEqual({ ready: true, controlPort: expect.any(Number), sipPort: expect.any(Number) });
  return message;
}

test('it says when it is ready, takes commands, and ends with its parent', async () => {
  const { child, output } = start();
  const { controlPort } = await ready(child);
  const server = new Controller(controlPort, VOICE_TOKEN);
  expect(await server.hello).toEqual([]);
  const exited = once(child, 'exit');
  child.disconnect();
  const [code] = await exited;
  expect(code, output()).toBe(0);
});

test.each(['SIGTERM', 'SIGINT'] as const)('it ends on %s', async (signal) => {
  const { child, output } = start();
  await ready(child);
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code] = await exited;
  expect(code, output()).toBe(0);
});

test('a taken port is named, and the process ends with 1', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const { child, output } = start({ SIP_PORT: String(port) });
  const [code] = await once(child, 'exit');
  expect(code).toBe(1);
  expect(output()).toContain(`port ${port} is taken`);
  socket.close();
});

test('a wrong setting is named, and the process ends with 1', async () => {
  const { child, output } = start({ VOICE_TOKEN: 'short' });
  const [code] = await once(child, 'exit');
  expect(code).toBe(1);
  expect(output()).toContain('VOICE_TOKEN');
});
