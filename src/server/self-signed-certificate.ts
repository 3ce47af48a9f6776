import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { displayPath, readTextSync } from '../directory/source-file.ts';
import { errorCode } from '../lib/error-code.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';

/** A server's certificate, and the CA that its clients must trust. */
export interface Certificate {
  /** PEM; the server's own certificate first. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
  /** What clients trust, absolute; absent where the system's authorities are to know it. */
  readonly caFile?: string;
}

/** Files that are managed elsewhere. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | null;
}

const DAY_MILLIS = 86_400_000;
/** Long enough for a checkout; one that is about to end is made anew. */
const VALID_DAYS = 365;
const RENEW_DAYS = 7;

const CERT_FILE = 'ca.pem';
const KEY_FILE = 'key.pem';

/** The folder of the certificate that all processes with this configuration share. */
export const certificateFolder = (configFile: string): string => join(dirname(configFile), '.authz', 'tls');

/** The certificate of two files, that must belong together. */
export function readCertificate({ cert, key, ca }: CertificateFiles): Result<Certificate, Diagnostic> {
  const own = readTextSync(cert);
  if (!own.ok) return own;
  const secret = readTextSync(key);
  if (!secret.ok) return secret;
  if (ca !== null) {
    const authority = readTextSync(ca);
    if (!authority.ok) return authority;
  }
  const diagnostic = pairDiagnostic(own.value, secret.value);
  if (diagnostic) return err(faultIn(diagnostic.of === 'cert' ? cert : key, diagnostic.message));
  return ok({ cert: own.value, key: secret.value, ...(ca !== null && { caFile: ca }) });
}

/**
 * The certificate of a folder, which is made if there is none, or none that is good for these hosts still. It is its
 * own authority, so that a client that trusts its file trusts this server and nothing else. Of several processes that
 * make it at once one wins, and all have its certificate.
 * @param now milliseconds since the epoch
 */
export async function selfSignedCertificate(
  folder: string,
  hosts: readonly string[],
  now: number,
): Promise<Result<Certificate, Diagnostic>> {
  const present = presentCertificate(folder, hosts, now);
  if (present) return ok(present);
  const draft = `${folder}.${randomBytes(8).toString('hex')}`;
  try {
    const { cert, key } = await makeCertificate(hosts, now);
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    writeFileSync(join(draft, CERT_FILE), cert, { mode: 0o644 });
    writeFileSync(join(draft, KEY_FILE), key, { mode: 0o600 });
    takePlace(draft, folder, () => presentCertificate(folder, hosts, now) !== undefined);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return err(
      faultIn(folder, `cannot be written: ${reason}. Or use tls.mode files, with tls.cert and tls.key`),
    );
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  const made = presentCertificate(folder, hosts, now);
  return made ? ok(made) : err(faultIn(folder, 'was there and is gone'));
}

/** A folder appears complete or not at all: a second process uses what the first created. */
function takePlace(draft: string, folder: string, isGood: () => boolean): void {
  try {
    renameSync(draft, folder);
  } catch (cause) {
    if (isGood()) return;
    const code = errorCode(cause);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw cause;
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  }
}

/** The folder's certificate, if it is complete, valid for some time, and covers every host. */
function presentCertificate(folder: string, hosts: readonly string[], now: number): Certificate | undefined {
  const caFile = join(folder, CERT_FILE);
  const read = readCertificate({ cert: caFile, key: join(folder, KEY_FILE), ca: caFile });
  if (!read.ok) return undefined;
  const certificate = new X509Certificate(read.value.cert);
  const isForAll = hosts.every((host) =>
    isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host),
  );
  const isInForce = certificate.validToDate.getTime() > now + RENEW_DAYS * DAY_MILLIS;
  return isForAll && isInForce ? read.value : undefined;
}

async function makeCertificate(
  hosts: readonly string[],
  now: number,
): Promise<{ readonly cert: string; readonly key: string }> {
  // Reading it takes longer than all the rest of a start: only who makes a certificate pays for it.
  const { generate } = await import('selfsigned');
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'personalize-authz-proxy' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - DAY_MILLIS),
    notAfterDate: new Date(now + VALID_DAYS * DAY_MILLIS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) => (isIP(host) ? { type: 7, ip: host } : { type: 2, value: host })),
      },
    ],
  });
  return { cert, key };
}

function pairDiagnostic(
  cert: string,
  key: string,
): { readonly of: 'cert' | 'key'; readonly message: string } | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    return { of: 'cert', message: 'holds no certificate in PEM form' };
  }
  try {
    if (certificate.checkPrivateKey(createPrivateKey(key))) return undefined;
    return { of: 'key', message: 'is not the key of the certificate' };
  } catch {
    return { of: 'key', message: 'holds no private key in PEM form, or one with a passphrase' };
  }
}

const faultIn = (file: string, message: string): Diagnostic => ({
  severity: 'error',
  rule: 'tls',
  message,
  file: displayPath(file),
});
