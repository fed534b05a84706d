import { expect, test } from 'vitest';
import * as demo from '../../demo/sign-ins.ts';
import { staff } from '../../demo/staff.ts';
import { readConfig } from '../platform/config.ts';
import { welcome, welcomeText } from './welcome.ts';

const settings = { PORT: '8080', SMTP_PORT: '8025', SIP_PORT: '8060', DATA_DIR: '/srv/kernlijn' };

test('on the demo day it says where to sign in, as whom, and how to reach each client', async () => {
  const text = await welcome(readConfig(settings));
  expect(text).toContain('Kernlijn is ready: http://127.0.0.1:8080');
  expect(text).toContain(demo.demoPassword);
  for (const where of [
    'http://127.0.0.1:8080/demo/shop/',
    'http://127.0.0.1:8080/demo/energy/',
    'klantenservice@lindeboom.example.org, by SMTP to 127.0.0.1:8025',
    'sip:+3197010200100@127.0.0.1:8060',
    'sip:+3197010200200@127.0.0.1:8060',
    'http://127.0.0.1:8080/demo/outbox',
  ])
    expect(text).toContain(where);
});

test('it names three people to start with, not all of them', async () => {
  const text = await welcome(readConfig(settings));
  expect(text.match(/@demo\.example\.org/g)).toHaveLength(3);
  expect(text).toContain(`${staff.length - 3} more`);
});

test('who listens on every interface is called on this machine', () => {
  expect(welcomeText(readConfig({ ...settings, HOST: '0.0.0.0' }), demo)).toContain(
    'sip:+3197010200100@127.0.0.1:8060',
  );
});

test('with a relay the replies leave, and no outbox is named', () => {
  const text = welcomeText(readConfig({ ...settings, SMTP_RELAY: 'smtp://relay.example.org' }), demo);
  expect(text).not.toContain('outbox');
});

test('without the demo it names the doors and nobody', async () => {
  const text = await welcome(readConfig({ ...settings, DEMO: '0' }));
  expect(text).toContain('127.0.0.1:8025 (SMTP)');
  expect(text).not.toContain('example.org');
});
