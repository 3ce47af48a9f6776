import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  certificateFolder,
  readCertificate,
  selfSignedCertificate,
} from '../../../src/server/self-signed-certificate.ts';
import { TemporaryFolder } from '../../e2e/temporary-folder.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const DAY = 86_400_000;
const HOSTS = ['localhost', '127.0.0.1', '::1'];

let temporary: TemporaryFolder;
let folder: string;
beforeEach(() => {
  temporary = new TemporaryFolder();
  folder = certificateFolder(join(temporary.path, 'proxy.yaml'));
});
afterEach(() => temporary[Symbol.dispose]());

async function made(hosts: readonly string[] = HOSTS, now = NOW) {
  const result = await selfSignedCertificate(folder, hosts, now);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('a certificate that is made here', () => {
  it('is its own authority, for these hosts, for a year', async () => {
    const { cert, caFile = '' } = await made();
    const certificate = new X509Certificate(readFileSync(caFile));
    expect(certificate.raw).toEqual(new X509Certificate(cert).raw);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect([
      certificate.checkHost('localhost'),
      certificate.checkIP('127.0.0.1'),
      certificate.checkIP('::1'),
    ]).toEqual(HOSTS);
    expect(certificate.checkHost('example.com')).toBeUndefined();
    expect(certificate.validToDate).toEqual(new Date(NOW + 365 * DAY));
    expect(certificate.validFromDate.getTime()).toBeLessThan(NOW);
  });

  it('lies beside the configuration, its key for its owner only, and nothing else stays', async () => {
    const { caFile = '' } = await made();
    expect(caFile).toBe(join(temporary.path, '.authz/tls/ca.pem'));
    expect(statSync(join(folder, 'key.pem')).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(folder))).toEqual(['tls']);
    expect(readFileSync(caFile, 'utf8')).not.toContain('PRIVATE');
  });

  it('is the same the next time', async () => {
    expect(await made()).toEqual(await made(HOSTS, NOW + 300 * DAY));
  });

  it('is the same for all who make it at once', async () => {
    const all = await Promise.all([made(), made(), made()]);
    expect(new Set(all.map(({ cert }) => cert)).size).toBe(1);
  });

  it.each<[why: string, hosts: readonly string[], now: number]>([
    ['it is about to end', HOSTS, NOW + 359 * DAY],
    ['another host is asked for', [...HOSTS, 'proxy'], NOW],
  ])('is made anew where %s', async (_, hosts, now) => {
    const { cert } = await made();
    const next = await made(hosts, now);
    expect(next.cert).not.toBe(cert);
    expect(await made(hosts, now)).toEqual(next);
  });

  it.each(['ca.pem', 'key.pem'])('is made anew where its %s is broken', async (file) => {
    await made();
    writeFileSync(join(folder, file), 'broken');
    const { cert, key } = await made();
    expect(new X509Certificate(cert).subject).toContain('personalize-authz-proxy');
    expect(key).toContain('PRIVATE KEY');
  });

  it('says what to do where it cannot be kept', async () => {
    temporary.write('.authz', 'a file in its place');
    expect(await selfSignedCertificate(folder, HOSTS, NOW)).toMatchObject({
      ok: false,
      error: {
        rule: 'tls',
        file: folder,
        message: expect.stringMatching(
          /^cannot be written: .*\. Or use tls\.mode files, with tls\.cert and tls\.key$/,
        ),
      },
    });
  });
});

describe('the certificate of files', () => {
  it('is read with its key, and has the authority that is named', async () => {
    const { caFile = '', cert, key } = await made();
    const files = { cert: caFile, key: join(folder, 'key.pem') };
    expect(readCertificate({ ...files, ca: null })).toEqual({ ok: true, value: { cert, key } });
    expect(readCertificate({ ...files, ca: caFile })).toEqual({ ok: true, value: { cert, key, caFile } });
  });

  it('is rejected if a file is malformed, or does not match the other one', async () => {
    const { caFile = '' } = await made();
    const key = join(folder, 'key.pem');
    const text = temporary.write('x.pem', 'no PEM');
    const other = await selfSignedCertificate(join(temporary.path, 'other'), HOSTS, NOW);
    const foreign = temporary.write('foreign.pem', other.ok ? other.value.key : '');
    const refusals = [
      { cert: text, key, ca: null },
      { cert: caFile, key: text, ca: null },
      { cert: caFile, key: foreign, ca: null },
      { cert: join(folder, 'none.pem'), key, ca: null },
      { cert: caFile, key, ca: join(folder, 'none.pem') },
    ].map((files) => readCertificate(files));
    expect(refusals.map((each) => (each.ok ? '' : each.error.message))).toEqual([
      'holds no certificate in PEM form',
      'holds no private key in PEM form, or one with a passphrase',
      'is not the key of the certificate',
      'cannot be read: it does not exist',
      'cannot be read: it does not exist',
    ]);
  });
});
