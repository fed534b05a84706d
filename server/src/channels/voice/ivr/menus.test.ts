import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Flow } from '@kernlijn/contract/menu';
import { addOpeningHours } from '../../../conversations/index.ts';
import { TestLine, up } from './line.fixture.ts';

let line: TestLine;
let never: string;
const both = (name: string) => ({ nl: [`${name}-nl`], en: [`${name}-en`] });

const flowOf = ({ queueId, hours }: { queueId: string; hours?: string }): Flow => ({
  steps: [
    ...(hours === undefined
      ? []
      : [
          {
            id: 'open',
            name: 'Open?',
            kind: 'hours' as const,
            openingHoursId: hours,
            open: { to: 'step' as const, step: 'language' },
            closed: { to: 'hang-up' as const, say: both('closed') },
            holiday: null,
          },
        ]),
    {
      id: 'language',
      name: 'Taal',
      kind: 'menu',
      say: { nl: ['language-nl', 'language-en'], en: ['language-nl', 'language-en'] },
      choices: [
        { key: '1', label: 'Nederlands', language: 'nl', way: { to: 'step', step: 'subject' } },
        { key: '2', label: 'Engels', language: 'en', way: { to: 'step', step: 'subject' } },
      ],
      waitSeconds: 5,
      tries: 2,
      otherwise: { to: 'step', step: 'subject' },
    },
    {
      id: 'subject',
      name: 'Waarover',
      kind: 'menu',
      say: both('subject'),
      choices: [
        { key: '1', label: 'storing', language: null, way: { to: 'queue', queueId, priority: 1, skillId: null } },
        { key: '2', label: 'winkel', language: null, way: { to: 'outside', number: '+3197019999999' } },
        { key: '3', label: 'bericht', language: null, way: { to: 'voicemail', queueId, say: {} } },
      ],
      waitSeconds: 5,
      tries: 2,
      otherwise: { to: 'queue', queueId, priority: null, skillId: null },
    },
  ],
});

const setFlow = (flow: Flow | null) =>
  line.db.asSystem((tx) =>
    tx
      .updateTable('contact_point')
      .set({ flow: flow === null ? null : JSON.stringify(flow) })
      .where('id', '=', line.people.shop.phone.id)
      .execute(),
  );
const inMenus = () => line.db.asSystem((tx) => tx.selectFrom('menu_call').selectAll().execute());

beforeAll(async () => {
  line = await TestLine.open();
  never = await line.db.asSystem((tx) => addOpeningHours(tx, line.people.shop.id, { name: 'Nooit', periods: [] }));
});
afterAll(() => line.close());
beforeEach(async () => {
  line.told.length = 0;
  line.hints.length = 0;
  line.refuses.clear();
  await setFlow(flowOf({ queueId: line.people.shop.queue.id }));
});

describe('a number with a menu', () => {
  it('makes a conversation of what the caller chose, in its language, and routing hears of it then', async () => {
    const legId = await line.ring();
    expect(line.told.map(({ command }) => command)).toEqual(['answer', 'play']);
    expect(line.hears(legId)).toEqual(['language-nl', 'language-en']);
    expect(await line.conversationOf(legId)).toBeUndefined();
    await line.press(legId, '2');
    expect(line.hears(legId)).toEqual(['subject-en']);
    expect(line.hints).toEqual([]);
    await line.press(legId, '1');
    const card = await line.conversationOf(legId);
    expect(card).toMatchObject({
      state: 'waiting',
      subject: 'Engels, storing',
      language: 'en',
      priority: 1,
      customerName: 'Johanna van der Berg',
      call: { live: true },
    });
    expect(line.hints).toEqual([card?.id]);
    expect(line.hears(legId)).toEqual(['hold-music']);
    expect(await inMenus()).toEqual([]);
    await line.over(legId);
    expect((await line.card(card?.id ?? '')).state).toBe('abandoned');
  });

  it('keeps on record who hung up in it, and that is no abandon', async () => {
    const legId = await line.ring();
    await line.press(legId, '1');
    await line.over(legId);
    expect(await line.conversationOf(legId)).toMatchObject({
      state: 'left-menu',
      subject: 'Nederlands',
      call: { live: false },
    });
    expect(await inMenus()).toEqual([]);
  });

  it('goes on after a restart with what was asked, without asking from the start', async () => {
    const legId = await line.ring();
    await line.press(legId, '2');
    await line.restart([up(legId)]);
    expect(line.hears(legId)).toEqual(['subject-en']);
    await line.press(legId, '1');
    expect(await line.conversationOf(legId)).toMatchObject({ state: 'waiting', subject: 'Engels, storing' });
    await line.over(legId);
  });

  it('keeps on record who hung up while nobody listened', async () => {
    const legId = await line.ring();
    await line.restart([]);
    expect(await line.conversationOf(legId)).toMatchObject({ state: 'left-menu' });
  });

  it('says that it is closed and hangs up; that is counted as turned away', async () => {
    await setFlow(flowOf({ queueId: line.people.shop.queue.id, hours: never }));
    const legId = await line.ring();
    expect(line.hears(legId)).toEqual(['closed-nl']);
    await line.played(legId);
    expect(line.last('hangup')).toEqual({ command: 'hangup', legId });
    expect(await line.conversationOf(legId)).toMatchObject({ state: 'turned-away' });
    await line.over(legId, 'hangup', 'server');
  });

  it('lets a call wait at the number’s own queue when the queue chosen is another client’s', async () => {
    await setFlow(flowOf({ queueId: line.people.energy.queue.id }));
    const legId = await line.ring();
    await line.press(legId, '11');
    const card = await line.conversationOf(legId);
    expect(card).toMatchObject({ clientId: line.people.shop.id, queueId: line.people.shop.queue.id, state: 'waiting' });
    await line.over(legId);
  });

  it('is as if there were none when its flow cannot be read', async () => {
    await line.db.asSystem((tx) =>
      tx
        .updateTable('contact_point')
        .set({ flow: '{"steps":[]}' })
        .where('id', '=', line.people.shop.phone.id)
        .execute(),
    );
    const legId = await line.ring();
    expect((await line.conversationOf(legId))?.state).toBe('waiting');
    await line.over(legId);
  });
});

describe('a call that is put through to a number outside', () => {
  const dialled = async () => {
    const legId = await line.ring();
    await line.press(legId, '12');
    const dial = line.last('dial');
    if (dial === undefined) throw new Error('nobody was dialled');
    return { legId, dial };
  };

  it('is shown our own number, and talks with whoever answers', async () => {
    const { legId, dial } = await dialled();
    expect(dial).toMatchObject({ to: '+3197019999999', from: line.people.shop.phone.address });
    expect(line.hears(legId)).toEqual(['ring-tone']);
    await line.answered(dial.legId);
    expect(line.last('bridge')?.legIds.toSorted()).toEqual([legId, dial.legId].toSorted());
    expect(await line.conversationOf(legId)).toMatchObject({
      state: 'forwarded',
      subject: 'Nederlands, winkel',
      call: { live: true, parties: [{ kind: 'outside', address: '+3197019999999', state: 'up' }] },
    });
    await line.over(dial.legId);
    expect(line.last('hangup')).toEqual({ command: 'hangup', legId });
    await line.over(legId, 'hangup', 'server');
    expect(await line.conversationOf(legId)).toMatchObject({ state: 'forwarded', call: { live: false, parties: [] } });
  });

  it('hangs up on the other side when the caller leaves', async () => {
    const { legId, dial } = await dialled();
    await line.answered(dial.legId);
    await line.over(legId);
    expect(line.last('hangup')).toEqual({ command: 'hangup', legId: dial.legId });
  });

  it('waits in the queue of the number when nobody answers there, or it cannot be dialled', async () => {
    const { legId, dial } = await dialled();
    await line.over(dial.legId, 'no-answer');
    expect(line.hears(legId)).toEqual(['unreachable-nl', 'hold-music']);
    expect((await line.conversationOf(legId))?.state).toBe('waiting');
    await line.over(legId);
    line.refuses.add('dial');
    const other = await line.ring();
    await line.press(other, '12');
    expect((await line.conversationOf(other))?.state).toBe('waiting');
    await line.over(other);
  });

  it('is not rung on for a caller who has gone, nor lost by a restart', async () => {
    const { legId, dial } = await dialled();
    await line.over(legId);
    expect(line.last('hangup')).toEqual({ command: 'hangup', legId: dial.legId });
    expect((await line.conversationOf(legId))?.state).toBe('left-menu');
    const again = await dialled();
    await line.restart([up(again.legId), up(again.dial.legId, 'out')]);
    expect(line.last('bridge')?.legIds.toSorted()).toEqual([again.legId, again.dial.legId].toSorted());
    await line.over(again.legId);
  });
});
