/** Recording along a call, on PostgreSQL; the engine is the outside world. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { goesOnWithout } from '../../conversations/index.ts';
import { Refusal } from '../../platform/refusal.ts';
import { markRecording } from '../../recordings/index.ts';
import { hold } from './controls.ts';
import { pauseRecording, startRecording, stopRecording } from './recording.ts';
import { always, legUp, openStage } from './recording.fixture.ts';
import type { Stage } from './recording.fixture.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.setPolicy(always);
});
afterEach(async () => {
  stage.refuse(() => null);
  await stage.free();
  stage.told.length = 0;
});

const daanAsks = <T>(ask: Parameters<typeof stage.db.asViewer<T>>[1]) => stage.db.asViewer(stage.people.daan, ask);
/** A call that is recorded. */
async function talking(): Promise<{ legId: string; id: string; recordingId: string }> {
  const legId = await stage.ring();
  await stage.played(legId);
  const id = await stage.answer(legId, stage.people.daan);
  const [row] = await stage.rows(id);
  stage.told.length = 0;
  return { legId, id, recordingId: row?.id ?? '' };
}
const refusal = async (asked: Promise<unknown>) =>
  await asked.then(
    () => null,
    (error: unknown) => error instanceof Refusal && error.code,
  );

describe('the caller is told', () => {
  it('while he waits; then recording begins with the conversation', async () => {
    const legId = await stage.ring();
    expect(stage.told).toEqual([
      { command: 'answer', legId },
      { command: 'play', legId, playback: { prompts: ['recorded-nl'], loop: false } },
    ]);
    await stage.played(legId);
    expect(stage.told.at(-1)).toMatchObject({ command: 'play', playback: { prompts: ['hold-music'], loop: true } });
    stage.told.length = 0;
    const id = await stage.answer(legId, stage.people.daan);
    const [row] = await stage.rows(id);
    expect(row).toMatchObject({ state: 'running', purposes: ['quality'], at_engine: true });
    expect(stage.told).toContainEqual({ command: 'record', legId, recordingId: row?.id });
    expect(stage.commands()).toContain('bridge');
    expect(await stage.card(id)).toMatchObject({ state: 'running', pausedFor: null });
    expect(await stage.marks(row?.id ?? '')).toEqual(['started']);
  });

  it('to the end, however soon an agent answers; it does not begin anew, and until then nothing is recorded', async () => {
    const legId = await stage.ring();
    stage.told.length = 0;
    const id = await stage.answer(legId, stage.people.daan);
    expect(await stage.card(id)).toMatchObject({ state: 'announcing', startedAt: null });
    expect(stage.told.filter((each) => each.command === 'play' && each.legId === legId)).toEqual([]);
    expect(stage.commands()).not.toContain('record');
    expect(stage.told.filter((each) => each.command === 'bridge').flatMap(({ legIds }) => legIds)).not.toContain(legId);
    await stage.played(legId);
    const [row] = await stage.rows(id);
    expect(row?.state).toBe('running');
    expect(stage.told).toContainEqual({ command: 'record', legId, recordingId: row?.id });
    expect(stage.told.filter((each) => each.command === 'bridge').flatMap(({ legIds }) => legIds)).toContain(legId);
    expect(await stage.marks(row?.id ?? '')).toEqual(['announced', 'started']);
  });

  it('again after a restart, for who heard only half of it', async () => {
    const legId = await stage.ring();
    const id = await stage.answer(legId, stage.people.daan);
    await stage.restart([legUp(legId)]);
    expect(stage.told).toContainEqual({ command: 'play', legId, playback: { prompts: ['recorded-nl'], loop: false } });
    expect(stage.commands()).not.toContain('record');
    await stage.played(legId);
    expect((await stage.rows(id))[0]?.state).toBe('running');
  });

  it('or is not recorded: an announcement that is not there does not keep anybody waiting', async () => {
    stage.refuse((command) =>
      command.command === 'play' && command.playback.prompts.includes('recorded-nl') ? 'no-such-prompt' : null,
    );
    const legId = await stage.ring();
    expect(stage.told.at(-1)).toMatchObject({ command: 'play', playback: { prompts: ['hold-music'] } });
    const id = await stage.answer(legId, stage.people.daan);
    expect(await stage.rows(id)).toEqual([]);
    expect(stage.told.filter((each) => each.command === 'bridge').flatMap(({ legIds }) => legIds)).toContain(legId);
    expect(stage.commands()).not.toContain('record');
  });

  it('before an agent’s own recording begins', async () => {
    await stage.setPolicy({ ...always, mode: 'agent' });
    const legId = await stage.ring();
    expect(JSON.stringify(stage.told)).not.toContain('recorded-nl');
    const id = await stage.answer(legId, stage.people.daan);
    expect(await stage.card(id)).toBeNull();
    await daanAsks((tx) => startRecording(tx, id, stage.people.daan, new Date()));
    stage.told.length = 0;
    await stage.hear(id);
    expect(stage.told).toContainEqual({ command: 'play', legId, playback: { prompts: ['recorded-nl'], loop: false } });
    expect(stage.commands()).not.toContain('record');
    await stage.played(legId);
    expect((await stage.card(id))?.state).toBe('running');
  });
});

describe('a caller who objects', () => {
  it('by his key is not recorded, and what was recorded is dropped', async () => {
    const { legId, id, recordingId } = await talking();
    await stage.press(legId, '5');
    expect((await stage.card(id))?.state).toBe('running');
    await stage.press(legId, '9');
    expect(await stage.card(id)).toBeNull();
    expect(stage.told).toContainEqual({ command: 'stop-recording', legId, recordingId });
    expect((await stage.rows(id))[0]).toMatchObject({ state: 'deleted', deleted_why: 'objection' });
    await stage.fileEnded(legId, recordingId);
    expect((await stage.rows(id))[0]?.state).toBe('deleted');
    expect(await refusal(daanAsks((tx) => startRecording(tx, id, stage.people.daan, new Date())))).toBe('not-recorded');
  });

  it('while he is told goes on to the agent at once', async () => {
    const legId = await stage.ring();
    const id = await stage.answer(legId, stage.people.daan);
    stage.told.length = 0;
    await stage.press(legId, '9');
    expect(await stage.rows(id)).toEqual([]);
    expect(stage.told.filter((each) => each.command === 'bridge').flatMap(({ legIds }) => legIds)).toContain(legId);
  });

  it('to the agent: it stops, and stays where the purpose says so', async () => {
    await stage.setPolicy({ ...always, purposes: ['quality', 'dispute'] });
    const { id } = await talking();
    const { daan } = stage.people;
    const card = await daanAsks((tx) => stopRecording(tx, stage.engine, id, daan, { objection: true }, new Date()));
    expect(card.call?.recording).toBeNull();
    expect((await stage.rows(id))[0]).toMatchObject({ state: 'ending', purposes: ['dispute'] });
  });

  it('is still recorded where the law has it so, for nothing else', async () => {
    await stage.setPolicy({ ...always, purposes: ['quality', 'legal-duty'] });
    const { legId, id } = await talking();
    await stage.press(legId, '9');
    expect((await stage.rows(id))[0]).toMatchObject({ state: 'running', purposes: ['legal-duty'] });
    expect(stage.commands()).not.toContain('stop-recording');
  });
});

describe('the agent', () => {
  it('pauses for a payment before he hears that he did, also where he may not pause otherwise', async () => {
    await stage.setPolicy({ ...always, agentMayPause: false });
    const { legId, id, recordingId } = await talking();
    const { daan } = stage.people;
    const pause = (paused: boolean, reason: 'agent' | 'payment') =>
      daanAsks((tx) => pauseRecording(tx, stage.engine, id, daan, { paused, reason }, new Date()));
    expect(await refusal(pause(true, 'agent'))).toBe('not-permitted');
    const card = await pause(true, 'payment');
    expect(card.call?.recording).toMatchObject({ state: 'paused', pausedFor: 'payment' });
    expect(stage.told).toEqual([{ command: 'pause-recording', legId, recordingId, paused: true }]);
    await stage.hear(id);
    stage.told.length = 0;
    await pause(false, 'payment');
    expect(stage.told).toEqual([]);
    await stage.hear(id);
    expect(stage.told).toEqual([{ command: 'pause-recording', legId, recordingId, paused: false }]);
    expect(await stage.marks(recordingId)).toEqual(['started', 'paused payment', 'resumed']);
  });

  it('is told when the line does not pause, and nothing says that it did', async () => {
    const { id, recordingId } = await talking();
    stage.refuse((command) => (command.command === 'pause-recording' ? 'failed' : null));
    const { daan } = stage.people;
    const asked = daanAsks((tx) =>
      pauseRecording(tx, stage.engine, id, daan, { paused: true, reason: 'payment' }, new Date()),
    );
    expect(await refusal(asked)).toBe('call-ended');
    expect((await stage.card(id))?.state).toBe('running');
    expect(await stage.marks(recordingId)).toEqual(['started']);
  });

  it('stops it where the policy lets him', async () => {
    await stage.setPolicy({ ...always, agentMayStop: false });
    const { id } = await talking();
    const { daan } = stage.people;
    const stop = () => daanAsks((tx) => stopRecording(tx, stage.engine, id, daan, { objection: false }, new Date()));
    expect(await refusal(stop())).toBe('not-permitted');
    await stage.setPolicy(always);
    expect((await stop()).call?.recording).toBeNull();
    expect(stage.commands()).toEqual(['stop-recording']);
  });

  it('who puts the caller on hold is recorded on, with a mark', async () => {
    const { id, recordingId } = await talking();
    const { daan } = stage.people;
    for (const held of [true, false]) await daanAsks((tx) => hold(tx, stage.engine, id, daan, held, new Date()));
    expect(await stage.marks(recordingId)).toEqual(['started', 'hold', 'unhold']);
    expect((await stage.card(id))?.state).toBe('running');
  });
});

describe('after a restart', () => {
  const snapshot = (legId: string, recordingId: string, paused = false) => ({
    ...{ legId, recordingId, paused, startedAt: new Date().toISOString() },
  });

  it('what is recorded goes on, and is paused as it should be', async () => {
    const { legId, id, recordingId } = await talking();
    const { daan } = stage.people;
    await daanAsks((tx) => pauseRecording(tx, stage.engine, id, daan, { paused: true, reason: 'agent' }, new Date()));
    await stage.restart([legUp(legId)], [snapshot(legId, recordingId)]);
    expect(stage.told).toContainEqual({ command: 'pause-recording', legId, recordingId, paused: true });
    expect(stage.commands()).not.toContain('record');
  });

  it('what should be recorded and is not, is', async () => {
    const { legId, recordingId } = await talking();
    await stage.restart([legUp(legId)]);
    expect(stage.told).toContainEqual({ command: 'record', legId, recordingId });
  });

  it('what nobody wants any more is stopped', async () => {
    const { legId, id, recordingId } = await talking();
    await stage.db.asSystem((tx) =>
      tx.updateTable('recording').set({ state: 'ending' }).where('id', '=', recordingId).execute(),
    );
    await stage.restart([legUp(legId)], [snapshot(legId, recordingId)]);
    expect(stage.told).toContainEqual({ command: 'stop-recording', legId, recordingId });
    expect(await stage.card(id)).toBeNull();
  });

  it('of the engine, what was written is there to be fetched and marked incomplete', async () => {
    const { id, recordingId } = await talking();
    await stage.restart([]);
    expect((await stage.rows(id))[0]).toMatchObject({ state: 'ended', incomplete: true });
    expect(await stage.marks(recordingId)).toEqual(['started', 'incomplete']);
  });
});

it('a customer who is put through to somebody outside is recorded no longer: nobody told that other', async () => {
  const { legId, id, recordingId } = await talking();
  await stage.db.asSystem((tx) => goesOnWithout(tx, id, new Date()));
  await stage.hear(id, 'conversation.ended');
  expect(stage.told).toContainEqual({ command: 'stop-recording', legId, recordingId });
  expect((await stage.rows(id))[0]?.state).toBe('ending');
});

it('a colleague who joins, and one who takes over, are heard in it as well', async () => {
  const { id, recordingId } = await talking();
  const { sanne, joris } = stage.people;
  await stage.db.asSystem((tx) =>
    markRecording(
      tx,
      { id: recordingId, clientId: stage.people.shop.id },
      [{ kind: 'joined', personId: sanne.personId }],
      new Date(),
    ),
  );
  await stage.db.asSystem((tx) =>
    tx.updateTable('conversation').set({ agent_id: joris.personId }).where('id', '=', id).execute(),
  );
  await stage.hear(id, 'conversation.reassigned');
  const agents = await stage.db.asSystem((tx) =>
    tx.selectFrom('recording_agent').select('agent_id').where('recording_id', '=', recordingId).execute(),
  );
  expect(agents.map(({ agent_id }) => agent_id).toSorted()).toEqual(
    [stage.people.daan, sanne, joris].map(({ personId }) => personId).toSorted(),
  );
});

it('a call that ends leaves a recording to be stored, and one that was never begun leaves nothing', async () => {
  const { legId, id, recordingId } = await talking();
  await stage.hangUp(legId);
  expect((await stage.rows(id))[0]?.state).toBe('ending');
  expect(await stage.card(id)).toBeNull();
  await stage.fileEnded(legId, recordingId);
  const [row] = await stage.rows(id);
  expect(row).toMatchObject({
    state: 'ended',
    milliseconds: 1_000,
    incomplete: false,
    pauses: [{ from: 200, to: 400 }],
  });
  expect(row?.delete_after?.getTime()).toBe((row?.ended_at?.getTime() ?? 0) + 30 * 86_400_000);
});

it('a recording that the engine will not begin is said not to be there, and the call goes on', async () => {
  stage.refuse((command) => (command.command === 'record' ? 'failed' : null));
  const { legId, id } = await talking();
  expect(await stage.card(id)).toBeNull();
  expect((await stage.rows(id))[0]).toMatchObject({ state: 'ended', incomplete: true });
  const live = await stage.db.asSystem((tx) =>
    tx.selectFrom('call').select('live').where('leg_id', '=', legId).executeTakeFirst(),
  );
  expect(live?.live).toBe(true);
});

it('where nothing was set nothing is announced or recorded', async () => {
  await stage.setPolicy(null);
  const { id, legId } = await talking();
  expect(await stage.rows(id)).toEqual([]);
  await stage.press(legId, '9');
  expect(await refusal(daanAsks((tx) => startRecording(tx, id, stage.people.daan, new Date())))).toBe('not-recorded');
});

it('a queue of its own goes before its client', async () => {
  await stage.setPolicy({ ...always, mode: 'never' }, stage.people.shop.queue.id);
  const { id } = await talking();
  expect(await stage.rows(id)).toEqual([]);
  await stage.setPolicy(null, stage.people.shop.queue.id);
});
