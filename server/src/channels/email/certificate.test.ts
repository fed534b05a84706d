import { X509Certificate, createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import nodemailer from 'nodemailer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mailCertificate } from './certificate.ts';
import { openStage } from './email.fixture.ts';
import type { Stage } from './email.fixture.ts';
import { startMailIntake } from './intake.ts';
import type { MailIntake } from './intake.ts';
import { selfSigned } from './self-signed.ts';
import { Smtp } from './smtp-client.fixture.ts';

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

const folder = mkdtempSync(join(tmpdir(), 'kernlijn-certificate-'));
afterAll(() => rmSync(folder, { recursive: true }));
const now = new Date();

describe('STARTTLS', () => {
  test('is offered, and a mail server that insists on it delivers', async () => {
    const transport = nodemailer.createTransport({
      host: '127.0.0.1',
      port: intake.port,
      requireTLS: true,
      tls: { rejectUnauthorized: false },
    });
    const { response } = await transport.sendMail({
      from: 'jan@example.org',
      to: stage.shop.address,
      text: 'versleuteld',
    });
    expect(response).toMatch(/^250/);
    expect((await stage.messages()).map((each) => each.text)).toEqual(['versleuteld']);
  });

  test('whoever trusts the certificate finds it in order', async () => {
    const smtp = await startTls(intake.port);
    const { cert } = mailCertificate(stage.context.config, now);
    const name = new X509Certificate(cert).subject.replace('CN=', '');
    const secure = connect({ socket: smtp, ca: cert, servername: name });
    await new Promise<void>((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject));
    expect(secure.authorized).toBe(true);
    secure.destroy();
  });

  test('what was slipped in before the encryption is not carried out after it', async () => {
    const plain = await startTls(intake.port, 'MAIL FROM:<jan@example.org>\r\n');
    const secure = connect({ socket: plain, rejectUnauthorized: false });
    let answers = '';
    secure.setEncoding('utf8').on('data', (text: string) => (answers += text));
    secure.write(`EHLO test.example.org\r\nRCPT TO:<${stage.shop.address}>\r\nQUIT\r\n`);
    await new Promise<void>((resolve) => secure.once('close', () => resolve()).once('error', () => resolve()));
    expect(answers).toMatch(/^503 /m);
  });
});

describe('the certificate', () => {
  test('is made once, and its key is for us alone', () => {
    const dataDir = join(folder, 'data');
    const first = mailCertificate({ smtpTls: undefined, dataDir }, now);
    expect(mailCertificate({ smtpTls: undefined, dataDir }, now)).toEqual(first);
    expect(statSync(join(dataDir, 'smtp-certificate.pem')).mode & 0o777).toBe(0o600);
    const certificate = new X509Certificate(first.cert);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(first.key))).toBe(true);
    expect(certificate.validToDate.getUTCFullYear()).toBe(9999);
  });

  test('says whose it is, also when the century is half over', () => {
    const certificate = new X509Certificate(selfSigned('mail.example.org', new Date('2051-01-01')).cert);
    expect(certificate.subjectAltName).toBe('DNS:mail.example.org');
    expect(certificate.validFromDate).toEqual(new Date('2050-12-31'));
  });

  test('may be the operator’s', async () => {
    const { key, cert } = selfSigned('mail.shop.example.org', now);
    const smtpTls = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
    writeFileSync(smtpTls.certFile, cert);
    writeFileSync(smtpTls.keyFile, key);
    const here = await startMailIntake({ ...stage.context, config: { ...stage.context.config, smtpTls } });
    const secure = connect({ socket: await startTls(here.port), rejectUnauthorized: false });
    await new Promise((resolve) => secure.once('secureConnect', resolve));
    expect(secure.getPeerCertificate().subject.CN).toBe('mail.shop.example.org');
    secure.destroy();
    await here.stop();
    writeFileSync(smtpTls.keyFile, selfSigned('other.example.org', now).key);
    expect(() => mailCertificate({ smtpTls, dataDir: folder }, now)).toThrow(/belong together/);
    expect(() =>
      mailCertificate({ smtpTls: { ...smtpTls, certFile: join(folder, 'none') }, dataDir: folder }, now),
    ).toThrow(/SMTP_TLS_CERT/);
  });
});

async function startTls(port: number, slippedIn = '') {
  const client = await Smtp.open(port);
  client.write(`STARTTLS\r\n${slippedIn}`);
  expect(await client.next()).toMatch(/^220 /);
  return client.handOver();
}
