/**
 * A certificate that nobody vouches for (RFC 5280 §4.1), as PEM with its key: mail servers encrypt with whatever they are
 * shown (RFC 7435), and that keeps out who merely listens. Node signs, but writes no certificates: DER (X.690) by hand.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export function selfSigned(host: string, now: Date): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(der(0x31, sequence(objectId(commonName), der(0x0c, Buffer.from(host)))));
  const algorithm = sequence(objectId(ecdsaWithSha256));
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name,
    sequence(time(new Date(now.getTime() - 86_400_000)), der(0x18, Buffer.from('99991231235959Z'))), // §4.1.2.5: no end
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(objectId(subjectAltName), der(0x04, sequence(der(0x82, Buffer.from(host))))))),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', signed, privateKey)]));
  const body = sequence(signed, algorithm, signature).toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`,
  };
}

const commonName = '550403';
const subjectAltName = '551d11';
const ecdsaWithSha256 = '2a8648ce3d040302';

function der(tag: number, content: Buffer): Buffer {
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

/** Years from 2050 are written in full, those before without their century (RFC 5280 §4.1.2.5). */
function time(at: Date): Buffer {
  const text = at.toISOString().replace(/\.\d+|[-:T]/g, '');
  return at.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(text.slice(2))) : der(0x18, Buffer.from(text));
}
