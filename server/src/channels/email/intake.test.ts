import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStage, send, sendRaw } from './email.fixture.ts';
import type { Stage } from './email.fixture.ts';
import { startMailIntake } from './intake.ts';
import type { MailIntake } from './intake.ts';
import { loopHeader } from './mail.ts';
import { Smtp } from './smtp-client.fixture.ts';

let stage: Stage;
let intake: MailIntake;
beforeAll(async () => {
  stage = await openStage();
  intake = await startMailIntake(stage.context, { mailboxMemoryMs: 300 });
});
beforeEach(() => stage.context.db.asSystem((tx) => sql`delete from conversation`.execute(tx)));
afterAll(async () => {
  await intake.stop();
  await stage.close();
});

const jan = 'Jan de Vries <Jan@Example.org>';

describe('what is taken in', () => {
  test('a mail to the address of a client becomes a conversation in its queue', async () => {
    const answer = await send(intake.port, {
      from: jan,
      to: stage.shop.address,
      subject: 'Waar is mijn kast?',
      text: 'Hallo,\nwaar blijft hij?',
      messageId: '<one@example.org>',
    });
    expect(answer).toMatch(/^250 /);
    const messages = await stage.messages();
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({
      clientId: stage.shop.id,
      subject: 'Waar is mijn kast?',
      text: 'Hallo,\nwaar blijft hij?',
      state: 'waiting',
      customerAddress: 'jan@example.org',
      externalId: '<one@example.org>',
      author: 'customer',
      delivery: 'received',
    });
  });

  test.each(['INFO@WEBSHOP.example.org', 'info+garantie@webshop.example.org'])(
    '%s is the mailbox as well',
    async (to) => {
      await send(intake.port, { from: jan, to, subject: 'Vraag', text: 'x' });
      expect(await stage.messages()).toHaveLength(1);
    },
  );

  test('an answer goes to Reply-To, and that is who the customer is', async () => {
    await send(intake.port, {
      from: 'Formulier <noreply@forms.example.net>',
      replyTo: 'Piet <piet@example.org>',
      to: stage.shop.address,
      subject: 'Via het formulier',
      text: 'x',
    });
    expect((await stage.messages())[0]?.customerAddress).toBe('piet@example.org');
  });

  test.each([
    ['small', 'regel\r\n'],
    ['large', 'x'.repeat(70).concat('\r\n').repeat(3_000)],
  ])('the original of a %s mail is kept byte for byte', async (_, text) => {
    const raw = `From: jan@example.org\r\nSubject: precies zo\r\n\r\n${text}..\r\n.punt\r\n`;
    await sendRaw(intake.port, raw, { to: stage.shop.address });
    const original = await stage.context.db.asSystem((tx) =>
      tx
        .selectFrom('received_mail as r')
        .innerJoin('file as f', 'f.id', 'r.original_id')
        .select(['f.sha256', 'f.bytes'])
        .executeTakeFirstOrThrow(),
    );
    const chunks: Buffer[] = [];
    for await (const chunk of stage.context.files.read(original)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe(raw);
  });

  test('a mail for two clients is a conversation of each, and neither sees the other', async () => {
    await send(intake.port, {
      from: jan,
      to: [stage.shop.address, stage.energy.address],
      subject: 'Aan beide',
      text: 'x',
      messageId: '<both@example.org>',
    });
    const messages = await stage.messages();
    expect(messages.map((each) => each.clientId).toSorted()).toEqual([stage.shop.id, stage.energy.id].toSorted());
    expect(messages[0]?.conversationId).not.toBe(messages[1]?.conversationId);
    const seen = await stage.context.db.asViewer(stage.shop.agent, (tx) =>
      tx.selectFrom('received_mail').select('client_id').execute(),
    );
    expect(seen).toEqual([{ client_id: stage.shop.id }]);
  });

  test('a mail larger than is parsed in this thread arrives as whole as a small one', async () => {
    const photo = Buffer.alloc(300_000, 'foto');
    await send(intake.port, {
      from: jan,
      to: stage.shop.address,
      subject: 'Met foto',
      text: 'zie bijlage',
      attachments: [{ filename: 'kast.jpg', content: photo }],
    });
    expect((await stage.messages())[0]).toMatchObject({
      text: 'zie bijlage',
      attachments: [{ name: 'kast.jpg', mediaType: 'image/jpeg', size: 300_000, inline: false }],
    });
  });

  test('many mails follow each other on one connection', async () => {
    const client = await Smtp.open(intake.port);
    for (let index = 0; index < 25; index++) {
      await client.say('MAIL FROM:<jan@example.org>');
      await client.say(`RCPT TO:<${stage.shop.address}>`);
      await client.say('DATA');
      expect(await client.say(`Subject: ${index}\r\n\r\nx\r\n.`)).toMatch(/^250 /);
    }
    client.close();
    expect(await stage.messages()).toHaveLength(25);
  });
});

describe('mails at the same moment', () => {
  test('are all kept, each in a conversation of its own', async () => {
    const numbers = Array.from({ length: 40 }, (_, index) => `mail ${index}`);
    await Promise.all(numbers.map((text) => send(intake.port, { from: jan, to: stage.shop.address, text })));
    const messages = await stage.messages();
    expect(messages.map((each) => each.text).toSorted()).toEqual(numbers.toSorted());
    expect(new Set(messages.map((each) => each.conversationId)).size).toBe(40);
  });

  test('one that cannot be kept is refused alone', async () => {
    const trigger = `create function refuse_bad() returns trigger language plpgsql as $$ begin if new.text = 'slecht' then raise 'no'; end if; return new; end $$;
      create trigger refuse_bad before insert on message for each row execute function refuse_bad()`;
    const owner = new pg.Client({ connectionString: stage.databaseUrl });
    await owner.connect();
    await owner.query(trigger);
    const texts = [...Array.from({ length: 12 }, (_, index) => `goed ${index}`), 'slecht'];
    const answers = await Promise.allSettled(
      texts.map((text) => send(intake.port, { from: jan, to: stage.shop.address, text })),
    );
    await owner.query('drop trigger refuse_bad on message; drop function refuse_bad()');
    await owner.end();
    expect(answers.filter((each) => each.status === 'rejected')).toMatchObject([{ reason: { responseCode: 451 } }]);
    expect((await stage.messages()).map((each) => each.text).toSorted()).toEqual(texts.slice(0, -1).toSorted());
  });
});

describe('the same mail again', () => {
  const mail = { from: jan, subject: 'Nog eens', text: 'x', messageId: '<again@example.org>', date: new Date(0) };

  test('is stored once, and answered as if it were the first', async () => {
    const answers = [
      await send(intake.port, { ...mail, to: stage.shop.address }),
      await send(intake.port, { ...mail, to: stage.shop.address }),
    ];
    expect(answers.every((answer) => answer.startsWith('250'))).toBe(true);
    expect(await stage.messages()).toHaveLength(1);
  });

  test('is stored once when it comes ten times at the same moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => send(intake.port, { ...mail, to: stage.shop.address })),
    );
    expect(answers.every((answer) => answer.startsWith('250'))).toBe(true);
    expect(await stage.messages()).toHaveLength(1);
  });

  test('is known without a Message-ID too', async () => {
    const raw = 'From: scan@example.org\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n\r\nscan\r\n';
    await sendRaw(intake.port, raw, { to: stage.shop.address });
    await sendRaw(intake.port, raw, { to: stage.shop.address });
    expect(await stage.messages()).toHaveLength(1);
  });

  test('is not taken for another mail of a sender that gives all of them one Message-ID', async () => {
    await send(intake.port, { ...mail, to: stage.shop.address, text: 'de eerste' });
    await send(intake.port, { ...mail, to: stage.shop.address, text: 'de tweede' });
    await send(intake.port, { ...mail, to: stage.shop.address, text: 'de derde', inReplyTo: mail.messageId });
    expect((await stage.messages()).map((each) => each.text).toSorted()).toEqual([
      'de derde',
      'de eerste',
      'de tweede',
    ]);
  });
});

describe('what is refused for good', () => {
  test('an address that is no mailbox of a client', async () => {
    await expect(send(intake.port, { from: jan, to: 'nobody@webshop.example.org', text: 'x' })).rejects.toMatchObject({
      responseCode: 550,
    });
    expect(await stage.messages()).toHaveLength(0);
  });

  test('a mailbox that is switched off', async () => {
    const set = (active: boolean) =>
      stage.context.db.asSystem((tx) =>
        tx.updateTable('contact_point').set({ active }).where('id', '=', stage.energy.contactPointId).execute(),
      );
    await set(false);
    await expect
      .poll(() => send(intake.port, { from: jan, to: stage.energy.address, text: 'x' }).catch(() => 'refused'), {
        timeout: 10_000,
      })
      .toBe('refused');
    await expect(send(intake.port, { from: jan, to: stage.energy.address, text: 'x' })).rejects.toMatchObject({
      responseCode: 550,
    });
    await set(true);
  });

  test('a mail that says it is too large, before it is sent', async () => {
    const client = await Smtp.open(intake.port);
    expect(await client.say('MAIL FROM:<jan@example.org> SIZE=2000001')).toMatch(/^552 /);
    client.close();
  });

  test('a mail that turns out to be too large, while it is sent', async () => {
    const client = await Smtp.open(intake.port);
    await client.say('MAIL FROM:<jan@example.org>');
    await client.say(`RCPT TO:<${stage.shop.address}>`);
    await client.say('DATA');
    const line = `${'x'.repeat(998)}\r\n`;
    for (let sent = 0; sent < 2_100_000; sent += line.length) client.write(line);
    expect(await client.say('.')).toMatch(/^552 5\.3\.4 /);
    expect(await client.say('NOOP')).toMatch(/^250 /);
    client.close();
    expect(await stage.messages()).toHaveLength(0);
  });

  test('a mail of ours that comes back to the address it left from', async () => {
    await expect(
      send(intake.port, {
        from: jan,
        to: stage.shop.address,
        text: 'x',
        headers: { [loopHeader]: stage.shop.address },
      }),
    ).rejects.toMatchObject({ responseCode: 554 });
    expect(
      await send(intake.port, {
        from: jan,
        to: stage.energy.address,
        text: 'naar een ander',
        headers: { [loopHeader]: stage.shop.address },
      }),
    ).toMatch(/^250/);
  });

  test('a mail that passed a hundred servers', async () => {
    const raw = `${'Received: from a by b; Mon, 23 Nov 2026 10:00:00 +0100\r\n'.repeat(100)}From: jan@example.org\r\n\r\nx\r\n`;
    await expect(sendRaw(intake.port, raw, { to: stage.shop.address })).rejects.toMatchObject({ responseCode: 554 });
  });
});

describe('what may be over later', () => {
  test('a database that is away: the sender keeps the mail', async () => {
    const away = { ...stage.context.db, asSystem: () => Promise.reject(new Error('connect ECONNREFUSED')) };
    const here = await startMailIntake({ ...stage.context, db: away });
    await expect(send(here.port, { from: jan, to: stage.shop.address, text: 'x' })).rejects.toMatchObject({
      responseCode: 451,
    });
    await here.stop();
  });

  test('a database that goes away while the mail is kept: 451, and nothing half', async () => {
    const blocker = await stage.context.db.dedicated('blocker');
    await blocker.query('begin; lock table message in exclusive mode');
    const sending = send(intake.port, { from: jan, to: stage.shop.address, text: 'x' });
    const refused = expect(sending).rejects.toMatchObject({ responseCode: 451 });
    const owner = new pg.Client({ connectionString: stage.databaseUrl });
    await owner.connect();
    await expect
      .poll(
        async () =>
          (
            await owner.query(
              `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
            )
          ).rowCount,
        { timeout: 10_000 },
      )
      .toBe(1);
    await owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    await refused;
    await blocker.query('rollback');
    await Promise.all([blocker.end(), owner.end()]);
    expect(await stage.messages()).toHaveLength(0);
    expect(await send(intake.port, { from: jan, to: stage.shop.address, text: 'x' })).toMatch(/^250/);
  });

  test('a disk that does not write: 451, and it is taken in when it does', async () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const keep = stage.context.files.keep.bind(stage.context.files);
    stage.context.files.keep = () => Promise.reject(full);
    const large = 'vol '.repeat(50_000);
    await expect(send(intake.port, { from: jan, to: stage.shop.address, text: large })).rejects.toMatchObject({
      responseCode: 451,
    });
    stage.context.files.keep = keep;
    expect(await stage.messages()).toHaveLength(0);
    expect(await send(intake.port, { from: jan, to: stage.shop.address, text: large })).toMatch(/^250/);
  });

  test('too many recipients at once: the rest in a next mail', async () => {
    const here = await startMailIntake(stage.context, { recipients: 1 });
    const client = await Smtp.open(here.port);
    await client.say('MAIL FROM:<jan@example.org>');
    expect(await client.say(`RCPT TO:<${stage.shop.address}>`)).toMatch(/^250 /);
    expect(await client.say(`RCPT TO:<${stage.energy.address}>`)).toMatch(/^452 /);
    client.close();
    await here.stop();
  });

  test('too many connections', async () => {
    const here = await startMailIntake(stage.context, { connections: 1 });
    const first = await Smtp.open(here.port);
    await expect(Smtp.open(here.port)).rejects.toThrow(/^421 /);
    first.close();
    await here.stop();
  });

  test('more mail at once than memory is set aside for', async () => {
    const here = await startMailIntake(stage.context, { bytesHeld: 10_000 });
    await expect(
      send(here.port, { from: jan, to: stage.shop.address, text: 'lang '.repeat(20_000) }),
    ).rejects.toMatchObject({ responseCode: 452 });
    expect(await send(here.port, { from: jan, to: stage.shop.address, text: 'kort' })).toMatch(/^250/);
    await here.stop();
  });
});

describe('who keeps us waiting', () => {
  test('a silent connection is closed', async () => {
    const here = await startMailIntake(stage.context, { idleMs: 300 });
    const client = await Smtp.open(here.port);
    expect(await client.next()).toMatch(/^421 /);
    await client.closed;
    await here.stop();
  });

  test('a mail that drips in for ever is cut off', async () => {
    const here = await startMailIntake(stage.context, { dataMs: 300 });
    const client = await Smtp.open(here.port);
    await client.say('MAIL FROM:<jan@example.org>');
    await client.say(`RCPT TO:<${stage.shop.address}>`);
    await client.say('DATA');
    const drip = setInterval(() => client.write('x'), 20);
    await client.closed;
    clearInterval(drip);
    await here.stop();
    expect(await stage.messages()).toHaveLength(0);
  });

  test('a sender that hangs up halfway leaves nothing', async () => {
    const client = await Smtp.open(intake.port);
    await client.say('MAIL FROM:<jan@example.org>');
    await client.say(`RCPT TO:<${stage.shop.address}>`);
    await client.say('DATA');
    client.write('Subject: half\r\n\r\nhalf een');
    client.close();
    await client.closed;
    await send(intake.port, { from: jan, to: stage.shop.address, text: 'heel' });
    expect((await stage.messages()).map((each) => each.text)).toEqual(['heel']);
  });
});
