/**
 * The measured side, in a process of its own: calls relayed by the engine's media, or the same packets by bare UDP
 * sockets, which is what any relay in this runtime costs at least. Told what to do over the IPC channel.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Media } from '../../voice/src/media/media.ts';

/** The two ends of each call: a UDP port of a telephone, or the SDP offer of a browser. */
export interface Setup {
  kind: 'engine' | 'bare';
  calls: [string | number, string | number][];
}
/** Where those ends send to: the port here, or the SDP answer. */
export type Ready = [string | number, string | number][];
export interface Cost {
  cpuMs: number;
  wallMs: number;
}

const address = '127.0.0.1';
const nothing = { debug() {}, info() {}, warn() {} };
const media = new Media({
  bindAddress: address,
  publicAddress: address,
  rtpPortMin: 0,
  rtpPortMax: 0,
  promptDirs: [],
  mediaTimeoutSeconds: 60,
  log: nothing,
});

const [setup]: [Setup] = await receive();
process.send?.(await setUp(setup));
const [usedBefore, startedAt] = [process.cpuUsage(), performance.now()];
await receive();
const used = process.cpuUsage(usedBefore);
process.send?.({ cpuMs: (used.user + used.system) / 1000, wallMs: performance.now() - startedAt } satisfies Cost);
await receive();
process.exit();

async function setUp(setup: Setup): Promise<Ready> {
  const ready: Ready = [];
  for (const [i, [one, two]] of setup.calls.entries()) {
    ready.push(
      setup.kind === 'bare'
        ? await openBare(Number(one), Number(two))
        : [await openLeg(`${i} one`, one), await openLeg(`${i} two`, two)],
    );
    if (setup.kind === 'engine') media.bridge(`${i}`, [`${i} one`, `${i} two`]);
  }
  return ready;
}

async function receive<Message>(): Promise<[Message]> {
  const [message] = await once(process, 'message');
  return [message];
}

async function openLeg(legId: string, end: string | number): Promise<string | number> {
  if (typeof end === 'string') return media.openBrowser(legId, end);
  const leg = await media.openRtp(legId);
  const sdp = leg.accept(
    `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio ${end} RTP/AVP 0\r\n`,
  );
  return Number(/m=audio (\d+)/.exec(sdp)?.[1]);
}

async function openBare(one: number, two: number): Promise<[number, number]> {
  const sockets = [one, two].map(() =>
    createSocket({ type: 'udp4', lookup: (host, _options, done) => done(null, host, 4) }),
  );
  const [first, second] = sockets;
  if (!first || !second) throw new Error('no sockets');
  for (const socket of sockets) await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  first.on('message', (data) => second.send(data, two, address));
  second.on('message', (data) => first.send(data, one, address));
  return [first.address().port, second.address().port];
}
