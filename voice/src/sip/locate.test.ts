import { afterEach, beforeEach, expect, test } from 'vitest';
import { NameServer } from './dns.fixture.ts';
import { Locator } from './locate.ts';
import { parseUri } from './uri.ts';

let dns: NameServer;
let locator: Locator;
beforeEach(async () => {
  dns = new NameServer();
  locator = new Locator({ family: 4, resolver: await dns.resolver() });
  for (const [host, address] of [
    ['one.example.org', '192.0.2.1'],
    ['two.example.org', '192.0.2.2'],
    ['three.example.org', '192.0.2.3'],
  ] as const)
    dns.zone.set(host, [{ type: 'A', ttl: 30, address }]);
});
afterEach(() => dns.close());

async function find(text: string, now?: number) {
  const uri = parseUri(text);
  if (uri?.scheme !== 'sip' && uri?.scheme !== 'sips') throw new Error(text);
  const targets = await locator.locate(uri, now);
  return targets.map(({ protocol, address, port }) => `${protocol} ${address}:${port}`);
}
const srv = (name: string, port: number, priority: number, weight = 1) => ({
  type: 'SRV' as const,
  ttl: 30,
  priority,
  weight,
  port,
  name,
});

test('NAPTR says which services there are, and under which names; the certificate is for the name that was asked', async () => {
  dns.zone.set('trunk.example.org', [
    { type: 'NAPTR', ttl: 30, order: 2, preference: 1, service: 'SIP+D2U', replacement: 'udp.example.org' },
    { type: 'NAPTR', ttl: 30, order: 1, preference: 1, service: 'SIPS+D2T', replacement: 'tls.example.org' },
  ]);
  dns.zone.set('udp.example.org', [srv('one.example.org', 5070, 1)]);
  dns.zone.set('tls.example.org', [srv('two.example.org', 5071, 1)]);
  expect(await find('sip:a@trunk.example.org')).toEqual(['TLS 192.0.2.2:5071']);
  expect(await find('sip:a@trunk.example.org;transport=udp')).toEqual(['UDP 192.0.2.1:5070']);
  const uri = parseUri('sips:a@trunk.example.org');
  if (uri?.scheme !== 'sips') throw new Error('no URI');
  expect(await locator.locate(uri)).toMatchObject([{ protocol: 'TLS', domain: 'trunk.example.org' }]);
});

test('without NAPTR the usual names are looked up, by priority; a target that is not there is left out', async () => {
  dns.zone.set('_sip._udp.trunk.example.org', [
    srv('gone.example.org', 5060, 0),
    srv('two.example.org', 5062, 2),
    srv('one.example.org', 5061, 1),
  ]);
  dns.zone.set('_sip._tcp.trunk.example.org', [srv('three.example.org', 5060, 1)]);
  expect(await find('sip:a@trunk.example.org')).toEqual(['UDP 192.0.2.1:5061', 'UDP 192.0.2.2:5062']);
  expect(await find('sip:a@trunk.example.org;transport=tcp')).toEqual(['TCP 192.0.2.3:5060']);
});

test('within a priority the heavier comes first more often', async () => {
  dns.zone.set('_sip._udp.trunk.example.org', [
    srv('one.example.org', 5060, 1, 90),
    srv('two.example.org', 5060, 1, 10),
  ]);
  let heavyFirst = 0;
  for (let n = 0; n < 200; n++) {
    const [first] = await find('sip:a@trunk.example.org', n * 3_600_000);
    if (first?.includes('192.0.2.1')) heavyFirst++;
  }
  expect(heavyFirst).toBeGreaterThan(150);
  expect(heavyFirst).toBeLessThan(200);
});

test('a name with a port, or without any service, is an address', async () => {
  expect(await find('sip:a@one.example.org:5080')).toEqual(['UDP 192.0.2.1:5080']);
  expect(await find('sip:a@one.example.org')).toEqual(['UDP 192.0.2.1:5060']);
  expect(await find('sips:a@one.example.org')).toEqual(['TLS 192.0.2.1:5061']);
  await expect(find('sip:a@nobody.example.org')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('an answer is held for as long as its addresses may be', async () => {
  const start = Date.now();
  await find('sip:a@one.example.org:5060', start);
  dns.zone.set('one.example.org', [{ type: 'A', ttl: 30, address: '192.0.2.99' }]);
  expect(await find('sip:a@one.example.org:5060', start + 29_000)).toEqual(['UDP 192.0.2.1:5060']);
  expect(await find('sip:a@one.example.org:5060', start + 31_000)).toEqual(['UDP 192.0.2.99:5060']);
});

test('when the name server is silent, what was found last is used on', async () => {
  dns.zone.set('_sip._udp.trunk.example.org', [srv('one.example.org', 5061, 1)]);
  const start = Date.now();
  await find('sip:a@trunk.example.org', start);
  dns.isSilent = true;
  expect(await find('sip:a@trunk.example.org', start + 120_000)).toEqual(['UDP 192.0.2.1:5061']);
});

test('one that did not answer comes last, for a minute', async () => {
  dns.zone.set('_sip._udp.trunk.example.org', [srv('one.example.org', 5061, 1), srv('two.example.org', 5062, 2)]);
  const start = Date.now();
  locator.failed({ protocol: 'UDP', address: '192.0.2.1', port: 5061, domain: 'trunk.example.org' }, start);
  expect(await find('sip:a@trunk.example.org', start)).toEqual(['UDP 192.0.2.2:5062', 'UDP 192.0.2.1:5061']);
  expect(await find('sip:a@trunk.example.org', start + 61_000)).toEqual(['UDP 192.0.2.1:5061', 'UDP 192.0.2.2:5062']);
});
