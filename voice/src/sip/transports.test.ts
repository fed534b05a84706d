/** The transports on real sockets. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { authority, trunkCertificate } from './certificate.fixture.ts';
import { silentLog } from '../log.ts';
import { SourceGate } from './source-gate.ts';
import { Locator } from './locate.ts';
import { isBehindNat, responseFlow, type Flow } from './transport.ts';
import { Transports, type TransportOptions } from './transports.ts';
import { parseUri } from './uri.ts';
import { serialise } from './serialise.ts';
import { request } from './wire.fixture.ts';
import type { SipMessage } from './message.ts';

async function listening(allow: string[] = []) {
  const received: { message: SipMessage; flow: Flow }[] = [];
  const transports = new Transports({
    address: '127.0.0.1',
    port: 0,
    admits: (address) => allow.length === 0 || new SourceGate(allow).names(address),
    log: silentLog,
    receive: (message, flow) => void received.push({ message, flow }),
  });
  const port = await transports.listen();
  return { transports, port, received, [Symbol.asyncDispose]: () => transports.close() };
}

const options = (via: string) =>
  `OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: ${via}\r\nFrom: <sip:b@example.org>;tag=1\r\nTo: <sip:a@127.0.0.1>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`;

test('UDP and TCP share a port; a taken one is named', async () => {
  await using first = await listening();
  const second = new Transports({
    address: '127.0.0.1',
    port: first.port,
    admits: () => true,
    log: silentLog,
    receive: () => undefined,
  });
  await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE', port: first.port });
});

test('when only TCP has the port taken, the UDP half is given back', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  const transports = new Transports({
    address: '127.0.0.1',
    port,
    admits: () => true,
    log: silentLog,
    receive: () => undefined,
  });
  await expect(transports.listen()).rejects.toMatchObject({ code: 'EADDRINUSE', port });
  server.close();
  await once(server, 'close');
  expect(await transports.listen()).toBe(port);
  await transports.close();
});

test('a datagram is stamped with its source; its response goes there when rport asks for it, else to the port in Via', async () => {
  await using engine = await listening();
  const telephone = createSocket('udp4');
  telephone.bind(0, '127.0.0.1');
  await once(telephone, 'listening');
  telephone.send(options('SIP/2.0/UDP 10.1.2.3:5071;branch=z9hG4bK1;rport'), engine.port, '127.0.0.1');
  telephone.send(options('SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bK2'), engine.port, '127.0.0.1');
  telephone.send('\r\n\r\n', engine.port, '127.0.0.1'); // keep-alive
  await vi.waitFor(() => expect(engine.received).toHaveLength(2));
  const [natted, plain] = engine.received.map(({ message, flow }) => {
    if (message.kind !== 'request') throw new Error('no request');
    return { via: message.via, answerTo: responseFlow(message, flow) };
  });
  const { port } = telephone.address();
  expect(natted).toMatchObject({ answerTo: { address: '127.0.0.1', port } });
  expect([natted?.via.params.get('received'), natted?.via.params.get('rport')]).toEqual(['127.0.0.1', String(port)]);
  expect(plain).toMatchObject({ answerTo: { port: 5071 } });
  expect([natted && isBehindNat(natted.via), plain && isBehindNat(plain.via)]).toEqual([true, false]);
  telephone.close();
});

test('what cannot be read is answered 400 over UDP, unless it is noise', async () => {
  await using engine = await listening();
  const telephone = createSocket('udp4');
  const answers: string[] = [];
  telephone.on('message', (data) => answers.push(data.toString()));
  for (const text of [
    'noise',
    options('SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1').replace('Content-Length: 0', 'Content-Length: -1'),
  ])
    telephone.send(text, engine.port, '127.0.0.1');
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  expect(answers[0]).toMatch(/^SIP\/2\.0 400 Bad Request\r\nVia: SIP\/2\.0\/UDP 127\.0\.0\.1;branch=z9hG4bK1\r\n/);
  telephone.close();
});

test('nobody outside the gate gets an answer or a connection', async () => {
  await using engine = await listening(['192.0.2.0/24']);
  const telephone = createSocket('udp4');
  telephone.send(options('SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1'), engine.port, '127.0.0.1');
  const socket = connect(engine.port, '127.0.0.1');
  await once(socket, 'close');
  expect(engine.received).toHaveLength(0);
  telephone.close();
});

test('over TCP messages are cut from the stream, pings get a pong, and requests use the connection back', async () => {
  await using engine = await listening();
  const socket = connect(engine.port, '127.0.0.1');
  await once(socket, 'connect');
  let heard = '';
  socket.on('data', (data) => (heard += data.toString()));
  const text = options('SIP/2.0/TCP 127.0.0.1:5071;branch=z9hG4bK1');
  socket.write(`\r\n\r\n${text}${text.slice(0, 40)}`);
  await vi.waitFor(() => expect(engine.received).toHaveLength(1));
  socket.write(text.slice(40));
  await vi.waitFor(() => expect(engine.received).toHaveLength(2));
  const { flow } = engine.received[0] ?? {};
  expect(flow).toMatchObject({ protocol: 'TCP', reliable: true, open: true, port: socket.localPort });
  const again = await engine.transports.flow({
    protocol: 'TCP',
    address: '127.0.0.1',
    port: socket.localPort ?? 0,
    domain: 'trunk.example.org',
  });
  expect(again).toBe(flow);
  again.send(serialise(request({ method: 'BYE' })));
  await vi.waitFor(() => expect(heard).toContain('BYE sip:service'));
  expect(heard.startsWith('\r\nBYE')).toBe(true);
  socket.destroy();
  await vi.waitFor(() => expect(flow?.open).toBe(false));
});

test('a stream that cannot be cut any more is closed', async () => {
  await using engine = await listening();
  const socket = connect(engine.port, '127.0.0.1');
  socket.write('OPTIONS sip:a SIP/2.0\r\nTo: x\r\n\r\n');
  await once(socket, 'close');
  expect(engine.received).toHaveLength(0);
});

test('an address with or without port is found without asking anybody; a transport we lack is refused', async () => {
  const locator = new Locator({ family: 4 });
  const where = async (text: string) => {
    const uri = parseUri(text);
    if (uri?.scheme !== 'sip' && uri?.scheme !== 'sips') throw new Error(text);
    const targets = await locator.locate(uri);
    return targets.map(({ protocol, address, port, domain }) => `${protocol} ${address} ${port} ${domain}`);
  };
  expect(await where('sip:a@192.0.2.1')).toEqual(['UDP 192.0.2.1 5060 192.0.2.1']);
  expect(await where('sip:a@[::1]:5070;transport=TCP')).toEqual(['TCP ::1 5070 ::1']);
  expect(await where('sip:a@localhost:5070')).toContain('UDP 127.0.0.1 5070 localhost');
  expect(await where('sips:a@192.0.2.1')).toEqual(['TLS 192.0.2.1 5061 192.0.2.1']);
  await expect(where('sip:a@192.0.2.1;transport=ws')).rejects.toThrow('ws');
});

describe('over TLS', () => {
  const receiving = async (tls: TransportOptions['tls'] = null) => {
    const received: Flow[] = [];
    const transports = new Transports({
      address: '127.0.0.1',
      port: 0,
      admits: () => true,
      log: silentLog,
      receive: (_message, flow) => void received.push(flow),
      tls,
    });
    await transports.listen();
    return { transports, received, [Symbol.asyncDispose]: () => transports.close() };
  };
  const to = (port: number, domain: string) => ({ protocol: 'TLS' as const, address: '127.0.0.1', port, domain });

  test('we call whose certificate names whom we asked for, and are called back on the same connection', async () => {
    await using trunk = await receiving({ ...trunkCertificate, ca: authority, port: 0 });
    await using engine = await receiving({ ...trunkCertificate, ca: authority, port: 0 });
    const flow = await engine.transports.flow(to(trunk.transports.tlsPort, 'trunk.example.org'));
    flow.send(serialise(request({ method: 'OPTIONS' })));
    await vi.waitFor(() => expect(trunk.received).toHaveLength(1));
    expect(trunk.received[0]).toMatchObject({ protocol: 'TLS', reliable: true });
    trunk.received[0]?.send(serialise(request({ method: 'BYE' })));
    await vi.waitFor(() => expect(engine.received).toHaveLength(1));
    expect(await engine.transports.flow(to(trunk.transports.tlsPort, 'trunk.example.org'))).toBe(flow);
    const closed = vi.fn<() => void>();
    flow.onClose(closed);
    await trunk.transports.close();
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  });

  test.each([
    [
      'of an unknown authority',
      null,
      'trunk.example.org',
      'certificate of trunk.example.org: its authority is unknown',
    ],
    ['for another name', authority, 'other.example.org', 'certificate of other.example.org: it is for another name'],
  ])('a certificate %s is refused, and the reason says whose', async (_what, ca, domain, reason) => {
    await using trunk = await receiving({ ...trunkCertificate, port: 0 });
    await using engine = await receiving(ca === null ? null : { ...trunkCertificate, ca, port: 0 });
    await expect(engine.transports.flow(to(trunk.transports.tlsPort, domain))).rejects.toThrow(reason);
  });

  test('nobody can call us without a certificate of ours', async () => {
    await using engine = await receiving(null);
    expect(engine.transports.tlsPort).toBe(engine.transports.port);
  });
});
