import { expect, test } from 'vitest';
import { authorize } from './digest.ts';
import { request, response } from './wire.fixture.ts';

const bye = request({ method: 'BYE' });
const mufasa = { user: 'Mufasa', password: 'Circle of Life' };
const get = { method: 'GET', uri: '/dir/index.html' };
const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const challenge = (algorithm: string) =>
  `WWW-Authenticate: Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;

// RFC 7616 §3.9.1
const md5 = '8ca523f5e9506fed4657c9700eebdbec';
const sha256 = '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1';

test.each([
  ['MD5', md5],
  ['SHA-256', sha256],
])('the answer to %s is that of RFC 7616', (algorithm, expected) => {
  const field = authorize(response(bye, 401, { more: [challenge(algorithm)] }), get, mufasa, cnonce);
  expect(field?.value).toContain(`response="${expected}"`);
  expect(field?.value).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
});

test('the first known algorithm is taken, in the order of the server (RFC 8760 §2.4)', () => {
  const more = [challenge('SHA3-999'), challenge('SHA-256'), challenge('MD5')];
  expect(authorize(response(bye, 401, { more }), get, mufasa, cnonce)?.value).toContain(sha256);
});

test('a proxy is answered in its own header, and no challenge we know in none', () => {
  const proxy = response(bye, 407, { more: [challenge('MD5').replace('WWW', 'Proxy')] });
  expect(authorize(proxy, get, mufasa)?.name).toBe('proxy-authorization');
  expect(authorize(response(bye, 401, { more: ['WWW-Authenticate: Basic realm="x"'] }), get, mufasa)).toBeNull();
  expect(authorize(response(bye, 401), get, mufasa)).toBeNull();
});

test('quotes in a password or realm cannot break out of the header', () => {
  const more = ['WWW-Authenticate: Digest realm="a\\"b", nonce="n"'];
  expect(authorize(response(bye, 401, { more }), get, { user: 'x", evil="y', password: 'p' })?.value).toContain(
    'username="x\\", evil=\\"y", realm="a\\"b"',
  );
});
