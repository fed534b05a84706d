/**
 * The engine on a bad day: messages that were spoiled at random (the seed is fixed, so a failure comes again), an INVITE
 * flood and somebody who guesses passwords, while a call is under way. Nothing may fall, nothing may be left over, and
 * the call keeps its sound.
 */
import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Log } from '../../voice/src/log.ts';
import { goodSdp, message, spoiltMessages } from '../../voice/src/sip/spoilt.fixture.ts';
import { engine, type Engine } from './engine.ts';

/** Errors nobody expected are logged as such; none may be. */
function watchedLog() {
  const errors: string[] = [];
  const bans: object[] = [];
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (facts, text) => void (text.startsWith('too many wrong passwords') && bans.push(facts)),
    error: (facts, text) =>
      void errors.push(`${text} ${JSON.stringify(facts, (_k, v: unknown) => (v instanceof Error ? v.stack : v))}`),
  };
  return { log, errors, bans };
}

async function socket(): Promise<Socket> {
  const made = createSocket('udp4');
  made.bind(0, '127.0.0.1');
  await once(made, 'listening');
  return made;
}

/** A call that plays music to a socket of ours, which counts the packets. */
async function callUnderWay({ server, sipPort }: Engine) {
  const [signalling, media] = [await socket(), await socket()];
  let packets = 0;
  media.on('message', () => packets++);
  const body = goodSdp.replace('40000', String(media.address().port));
  const answered = new Promise<string>((resolve) => {
    signalling.on('message', (data) => {
      const text = data.toString();
      if (text.startsWith('SIP/2.0 200') && /CSeq: 1 INVITE/i.test(text))
        resolve(/^To:.*;tag=(\S+)/im.exec(text)?.[1] ?? '');
    });
  });
  const from = 'steady';
  signalling.send(message({ method: 'INVITE', callId: 'steady', body, from }), sipPort, '127.0.0.1');
  const { legId } = await server.next('incoming');
  await server.command({ command: 'answer', legId });
  const toTag = await answered;
  signalling.send(message({ method: 'ACK', callId: 'steady', toTag, from }), sipPort, '127.0.0.1');
  await server.command({ command: 'play', legId, playback: { prompts: ['hold-music'], loop: true } });
  return {
    legId,
    heard: () => packets,
    close: () => {
      signalling.close();
      media.close();
    },
  };
}

async function send(from: Socket, texts: readonly string[], port: number): Promise<void> {
  for (const [at, text] of texts.entries()) {
    from.send(Buffer.from(text, at % 2 === 0 ? 'utf8' : 'latin1').subarray(0, 60_000), port, '127.0.0.1');
    if (at % 50 === 49) await pause(5);
  }
}

test('spoilt messages, a flood and guessed passwords leave nothing behind, and a call keeps its sound', async () => {
  const { log, errors, bans } = watchedLog();
  await using voice = await engine({ maxCalls: 60, log });
  const { server, sipPort } = voice;
  const call = await callUnderWay(voice);
  // Whoever gets through is answered, so that each description is read by the media side, and let go at once.
  server.onEvent = (event) => {
    if (event.event === 'incoming') void answerAndLeave(event.legId);
  };
  const answerAndLeave = async (legId: string) => {
    try {
      await server.command({ command: 'answer', legId });
      await server.command({ command: 'hangup', legId });
    } catch {
      // refused for its description, or gone
    }
  };
  const hostile = await socket();
  hostile.on('message', () => undefined);
  const listenFor = async (milliseconds: number) => {
    const before = call.heard();
    await pause(milliseconds);
    return (call.heard() - before) / (milliseconds / 20);
  };

  await send(hostile, spoiltMessages(4_000), sipPort);
  expect(await listenFor(500)).toBeGreaterThan(0.8);

  // Three thousand callers at once: what is beyond the room is refused without being kept.
  const flood = Array.from({ length: 3_000 }, (_, n) =>
    message({ method: 'INVITE', callId: `flood${n}`, body: goodSdp }),
  );
  await send(hostile, flood, sipPort);
  expect(await listenFor(500)).toBeGreaterThan(0.8);
  expect(voice.usage().calls).toBeLessThanOrEqual(60);

  // From now on strangers need a password; one guesses at it.
  const ha1 = (algorithm: string) => createHash(algorithm).update('noor:desk:a-secret').digest('hex');
  await server.command({
    command: 'configure',
    trunks: [],
    realm: 'desk',
    phones: [{ user: 'noor', ha1: { md5: ha1('md5'), sha256: ha1('sha256') } }],
  });
  let challenges = 0;
  let nonce = '';
  hostile.on('message', (data) => {
    const found = /nonce="([^"]+)"/.exec(data.toString())?.[1];
    if (found === undefined) return;
    challenges++;
    nonce = found;
  });
  for (let n = 0; n < 400; n++) {
    const proof = `Authorization: Digest username="noor", realm="desk", nonce="${nonce}", uri="sip:service@127.0.0.1", response="${String(n).padStart(32, '0')}", algorithm=MD5, qop=auth, nc=00000001, cnonce="x"`;
    hostile.send(
      message({ method: 'REGISTER', callId: `guess${n}`, from: 'noor', more: [proof] }),
      sipPort,
      '127.0.0.1',
    );
    if (n < 40 || n % 20 === 0) await pause(5);
  }
  expect(await listenFor(500)).toBeGreaterThan(0.8);
  expect(bans).toEqual([{ from: '127.0.0.1', user: 'noor', seconds: 60 }]);
  expect(challenges).toBeLessThan(40);
  expect(server.events.some(({ event }) => event === 'phone-registered')).toBe(false);

  expect(errors).toEqual([]);
  expect(await server.command({ command: 'snapshot' })).toMatchObject({ legs: [{ legId: call.legId, state: 'up' }] });
  await server.command({ command: 'hangup', legId: call.legId });
  // Everything else ended by itself; transactions wait for their timers, a known number of seconds.
  await expect.poll(() => voice.usage().inviting, { timeout: 8_000 }).toBe(0);
  expect(voice.usage().calls).toBe(0);
  hostile.close();
  call.close();
}, 60_000);
