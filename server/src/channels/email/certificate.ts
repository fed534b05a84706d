/** The certificate for STARTTLS: the operator's, or one made at the first start and kept in DATA_DIR. */
import { X509Certificate, createPrivateKey, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CannotStart } from '../../platform/cannot-start.ts';
import type { Config } from '../../platform/config.ts';
import { selfSigned } from './self-signed.ts';

export interface Certificate {
  /** PEM, the chain included. */
  cert: string;
  key: string;
}

/** @throws CannotStart when the operator's files are no certificate with its key */
export function mailCertificate({ smtpTls, dataDir }: Pick<Config, 'smtpTls' | 'dataDir'>, now: Date): Certificate {
  if (smtpTls === undefined) return kept(join(dataDir, 'smtp-certificate.pem'), now);
  try {
    const [cert, key] = [readFileSync(smtpTls.certFile, 'utf8'), readFileSync(smtpTls.keyFile, 'utf8')];
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
      throw new Error('they do not belong together');
    return { cert, key };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CannotStart(
      `SMTP_TLS_CERT and SMTP_TLS_KEY cannot be used: ${why}. Name a certificate and its key, in PEM.`,
    );
  }
}

/** Key and certificate in one file, there as a whole or not at all, whoever starts at the same moment. */
function kept(path: string, now: Date): Certificate {
  if (!existsSync(path)) {
    mkdirSync(join(path, '..'), { recursive: true });
    const { key, cert } = selfSigned(hostname(), now);
    const part = `${path}.${randomBytes(4).toString('hex')}.part`;
    try {
      writeFileSync(part, key + cert, { mode: 0o600, flag: 'wx' });
      linkSync(part, path);
    } catch (error) {
      if (!existsSync(path)) throw error; // another process was first
    } finally {
      rmSync(part, { force: true });
    }
  }
  const both = readFileSync(path, 'utf8');
  return { cert: both, key: both };
}
