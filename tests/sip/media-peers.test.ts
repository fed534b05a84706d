/** The media with another implementation of what it speaks: G.722 and SDES-SRTP of baresip. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Stage } from '../../voice/src/media/stage.fixture.ts';
import { dial, noBaresip, type Dial } from '../support/baresip.ts';

/** Answers one call with what `describe` makes of its offer; the rest of SIP is none of this test's business. */
async function answerer(describe: (offer: string) => string) {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (data, peer) => {
    const [head = '', body = ''] = data.toString().split('\r\n\r\n');
    const [method] = head.split(' ');
    if (method === 'ACK') return;
    const kept = head.split('\r\n').filter((line) => /^(via|from|call-id|cseq|record-route):/i.test(line));
    const to = /^to:.*$/im.exec(head)?.[0] ?? '';
    const answer = method === 'INVITE' ? describe(body) : '';
    const reply = [
      'SIP/2.0 200 OK',
      ...kept,
      /;tag=/.test(to) ? to : `${to};tag=1`,
      `Contact: <sip:127.0.0.1:${socket.address().port}>`,
      ...(answer === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${answer.length}`,
      '',
      answer,
    ].join('\r\n');
    socket.send(reply, peer.port, peer.address);
  });
  return { port: socket.address().port, close: () => socket.close() };
}

describe.skipIf(noBaresip)('baresip', () => {
  test.each<[string, Partial<Dial>, RegExp]>([
    ['in G.722', { codec: 'g722' }, /RTP\/AVP 9\b/],
    ['encrypted, with keys beside plain RTP', { encryption: 'srtp' }, /RTP\/S?AVP 8[^]*a=crypto:/],
    ['encrypted, which it requires', { encryption: 'srtp-mand' }, /RTP\/SAVP 8[^]*a=crypto:/],
  ])('hears a telephone and is heard by it: %s', async (_, how, agreed) => {
    await using stage = new Stage();
    const { phone } = await stage.caller('phone', 'PCMU');
    const leg = await stage.media.openRtp('baresip');
    let answer = '';
    const sip = await answerer((offer) => (answer ||= leg.accept(offer, '127.0.0.1', how.encryption && 'required')));
    const baresip = dial({ number: 'service', from: 'noor', sipPort: sip.port, tone: 1000, ...how });
    try {
      await baresip.answered();
      expect(answer).toMatch(agreed);
      stage.media.bridge('x', ['phone', 'baresip']);
      phone.speak(600);
      await phone.untilHears(1000);
      const from = baresip.seconds() + 0.5;
      await pause(2500);
      const quality = stage.media.quality('baresip');
      await baresip.hangUp();
      expect(baresip.heard(600, from, from + 1.5)).toBeGreaterThan(0.8);
      expect(quality?.packetsLost).toBe(0);
      expect(quality?.packetsReceived).toBeGreaterThan(50);
    } finally {
      await baresip.close();
      sip.close();
    }
  });
});
