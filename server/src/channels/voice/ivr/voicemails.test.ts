import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMessages } from '../../../conversations/index.ts';
import { writeWav } from '../audio.ts';
import { TestLine, up } from './line.fixture.ts';

let line: TestLine;
const spoken = (seconds: number) =>
  writeWav(Float32Array.from({ length: seconds * 8_000 }, (_, n) => 0.3 * Math.sin(n / 3)));

beforeAll(async () => {
  line = await TestLine.open();
  const rules = {
    firstAfterSeconds: 600,
    everySeconds: 600,
    position: false,
    expectedWait: false,
    callback: null,
    voicemail: true,
    overflow: null,
  };
  await line.db.asSystem((tx) =>
    tx
      .updateTable('queue')
      .set({ waiting: JSON.stringify(rules) })
      .where('id', '=', line.people.shop.queue.id)
      .execute(),
  );
});
afterAll(() => line.close());

const begun = async () => {
  const legId = await line.ring();
  const call = await line.conversationOf(legId);
  await line.press(legId, '2');
  expect(line.hears(legId)).toEqual(['voicemail-nl', 'beep']);
  await line.played(legId);
  const record = line.last('record');
  if (record === undefined || call === undefined) throw new Error('nothing is recorded');
  return { legId, callId: call.id, recordingId: record.recordingId };
};
const recorded = (legId: string, recordingId: string, sound: Buffer) => {
  line.recordings.set(recordingId, sound);
  return line.calls.heard({
    event: 'recording-ended',
    legId,
    recordingId,
    milliseconds: 5_000,
    pauses: [],
    failed: false,
    at: new Date().toISOString(),
  });
};
const messages = () =>
  line.db.asSystem((tx) =>
    tx.selectFrom('conversation').selectAll().where('channel', '=', 'voicemail').orderBy('created_at').execute(),
  );

describe('a message that a caller leaves', () => {
  it('is work of its own, with the sound, and the call is no abandon', async () => {
    const { legId, callId, recordingId } = await begun();
    expect((await line.card(callId)).state).toBe('forwarded');
    await line.press(legId, '#');
    expect(line.last('stop-recording')).toMatchObject({ recordingId });
    expect(line.hears(legId)).toEqual(['voicemail-thanks-nl']);
    await recorded(legId, recordingId, spoken(5));
    await line.played(legId);
    expect(line.last('hangup')).toEqual({ command: 'hangup', legId });
    await line.over(legId, 'hangup', 'server');
    const [message] = await messages();
    expect(message).toMatchObject({
      state: 'waiting',
      customer_address: '+3197010000101',
      customer_id: line.people.shop.customerIds[0],
      queue_id: line.people.shop.queue.id,
    });
    const [said] = await line.db.asSystem((tx) => readMessages(tx, message?.id ?? ''));
    expect(said).toMatchObject({
      text: 'Voicemail 0:05',
      attachments: [{ mediaType: 'audio/wav', name: 'voicemail.wav' }],
    });
  });

  it('is kept when the caller simply hangs up, and once only', async () => {
    const { legId, recordingId } = await begun();
    await line.over(legId);
    await recorded(legId, recordingId, spoken(4));
    await recorded(legId, recordingId, spoken(4));
    expect(await messages()).toHaveLength(2);
  });

  it('is none when it is silence, or shorter than two seconds', async () => {
    for (const sound of [spoken(1), writeWav(new Float32Array(80_000)), Buffer.alloc(0)]) {
      const { legId, callId, recordingId } = await begun();
      await line.over(legId);
      await recorded(legId, recordingId, sound);
      expect((await line.card(callId)).state).toBe('forwarded');
    }
    expect(await messages()).toHaveLength(2);
  });

  it('is kept after a crash in the middle of it', async () => {
    const { legId, recordingId } = await begun();
    line.recordings.set(recordingId, spoken(3));
    await line.restart([]);
    expect(await messages()).toHaveLength(3);
    const other = await begun();
    line.recordings.set(other.recordingId, spoken(3));
    await line.restart([up(other.legId)]);
    expect(line.hears(other.legId)).toEqual(['voicemail-thanks-nl']);
    expect(await messages()).toHaveLength(4);
    await line.over(legId);
  });

  it('is told that it cannot be left when nothing can be recorded', async () => {
    line.refuses.add('record');
    const legId = await line.ring();
    await line.press(legId, '2');
    await line.played(legId);
    expect(line.hears(legId)).toEqual(['voicemail-failed-nl']);
    line.refuses.clear();
  });
});
