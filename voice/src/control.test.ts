import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Calls } from './call/calls.ts';
import { FakeMedia } from './call/fake-media.fixture.ts';
import { Control } from './control.ts';
import { Controller } from './controller.fixture.ts';
import { agentOn, Wire } from './sip/wire.fixture.ts';
import { silentLog } from './log.ts';

const token = 'a-token-for-tests';
const sdp = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n';
async function listening(pingMilliseconds = 10_000) {
  const media = new FakeMedia();
  const sip = agentOn(new Wire('UDP')).agent;
  sip.dial = () => {
    throw new Error('no SIP in this test');
  };
  const calls = new Calls({ sip, media, publicAddress: '127.0.0.1', log: silentLog });
  const control = new Control({ host: '127.0.0.1', port: 0, token, calls, log: silentLog, pingMilliseconds });
  const port = await control.listen();
  const servers: Controller[] = [];
  const connect = async () => {
    const server = new Controller(port, token);
    servers.push(server);
    await server.hello;
    return server;
  };
  return {
    media,
    port,
    connect,
    [Symbol.asyncDispose]: () => (servers.forEach((server) => server.kill()), control.close()),
  };
}

const raw = (port: number, authorization = `Bearer ${token}`) =>
  new WebSocket(`ws://127.0.0.1:${port}`, { headers: { authorization } });

test.each(['', 'Bearer wrong', 'Bearer', token])(
  'a server with %j in place of the token is refused',
  async (authorization) => {
    await using control = await listening();
    const [error] = await once(raw(control.port, authorization), 'error');
    expect(String(error)).toContain('401');
  },
);

test('every server hears every event, whoever gave the command', async () => {
  await using control = await listening();
  const [one, two] = [await control.connect(), await control.connect()];
  await one.command({ command: 'connect-browser', legId: 'agent', sdp });
  control.media.emit('browser-connected', { legId: 'agent' });
  expect(await one.next('browser-connected')).toEqual(await two.next('browser-connected'));
});

test('a server that comes later is told what exists', async () => {
  await using control = await listening();
  const first = await control.connect();
  await first.command({ command: 'connect-browser', legId: 'agent', sdp });
  first.kill();
  const second = await control.connect();
  expect(await second.hello).toMatchObject([{ legId: 'agent', kind: 'browser', state: 'ringing' }]);
  expect(await second.command({ command: 'snapshot' })).toMatchObject({ legs: [{ legId: 'agent' }] });
});

test('commands on one leg are carried out in order, however slow the first; those on others do not wait', async () => {
  await using control = await listening();
  const server = await control.connect();
  const order: string[] = [];
  const open = control.media.openBrowser.bind(control.media);
  vi.spyOn(control.media, 'openBrowser').mockImplementation(async (legId, offer) => {
    if (legId === 'slow') await wait(100);
    return open(legId, offer);
  });
  await Promise.all([
    server.command({ command: 'connect-browser', legId: 'slow', sdp }).then(() => order.push('connect slow')),
    server.command({ command: 'mute', legId: 'slow', muted: true }).then(() => order.push('mute slow')),
    server.command({ command: 'connect-browser', legId: 'quick', sdp }).then(() => order.push('connect quick')),
  ]);
  expect(order).toEqual(['connect quick', 'connect slow', 'mute slow']);
});

test('refusals carry their code; an error nobody expected is `failed`', async () => {
  await using control = await listening();
  const server = await control.connect();
  await expect(server.command({ command: 'mute', legId: 'nobody', muted: true })).rejects.toMatchObject({
    code: 'no-such-leg',
  });
  await expect(server.command({ command: 'connect-browser', legId: 'agent', sdp: 'v=0' })).rejects.toMatchObject({
    code: 'bad-sdp',
  });
  await expect(
    server.command({ command: 'dial', legId: 'x', to: 'sip:a@127.0.0.1', from: '', timeoutSeconds: 5 }),
  ).rejects.toMatchObject({ code: 'failed' });
});

test('a frame that is no command is refused by its number, and without one the connection is closed', async () => {
  await using control = await listening();
  const socket = raw(control.port);
  await once(socket, 'message'); // hello
  socket.send(JSON.stringify({ id: 7, body: { command: 'reject', legId: 'x', status: 200 } }));
  const [data] = await once(socket, 'message');
  expect(JSON.parse(String(data))).toMatchObject({ id: 7, ok: false, code: 'bad-command' });
  socket.send('not even JSON');
  const [code] = await once(socket, 'close');
  expect(code).toBe(1008);
});

test('a server that answers no ping is disconnected, one that does stays', async () => {
  await using control = await listening(50);
  const alive = raw(control.port);
  const dead = new WebSocket(`ws://127.0.0.1:${control.port}`, {
    headers: { authorization: `Bearer ${token}` },
    autoPong: false,
  });
  await once(dead, 'close');
  expect(alive.readyState).toBe(WebSocket.OPEN);
  alive.terminate();
});

test('a server that reads nothing is dropped before it fills our memory', async () => {
  await using control = await listening();
  const server = await control.connect();
  await server.command({ command: 'connect-browser', legId: 'agent', sdp });
  const stuck = raw(control.port);
  await once(stuck, 'message');
  stuck.pause();
  const closed = once(stuck, 'close');
  let told = 0;
  while (stuck.readyState === WebSocket.OPEN && told < 400_000) {
    for (let burst = 0; burst < 2_000; burst++, told++) control.media.emit('dtmf', { legId: 'agent', digit: '1' });
    await wait(1);
    if (told % 40_000 === 0) stuck.resume(); // notices the close only when it reads
  }
  stuck.resume();
  await closed;
  expect(await server.command({ command: 'snapshot' })).toMatchObject({ legs: [{ legId: 'agent' }] });
});
