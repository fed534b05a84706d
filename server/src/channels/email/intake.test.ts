import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, send, sendRaw } from './email.fixture.ts';
import type { Stage } from './email.fixture.ts';
import { startMailIntake } from './intake.ts';
import type { MailIntake } from './intake.ts';

let stage: Stage;
let intake: MailIntake;
beforeAll(async () => {
  stage = await openStage();
  intake = await startMailIntake(stage.context);
});
afterAll(async () => {
  await intake.stop();
  await stage.close();
});

test('a mail to the address of a client becomes a conversation in its queue', async () => {
  const answer = await send(intake.port, { from: 'Jan de Vries <Jan@Example.org>', to: stage.shop.address, subject: 'Waar is mijn kast?', text: 'Hallo,\nwaar blijft hij?', messageId: '<one@example.org>' });
  expect(answer).toMatch(/^250 /);
  const [message] = await stage.messages();
  expect(message).toMatchObject({ clientId: stage.shop.id, subject: 'Waar is mijn kast?', text: 'Hallo,\nwaar blijft hij?', state: 'waiting', customerAddress: 'jan@example.org', externalId: '<one@example.org>', author: 'customer', delivery: 'received' });
});
