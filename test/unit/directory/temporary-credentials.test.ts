import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Session } from '../../../src/directory/session.ts';
import { accessKeyId, accountId } from '../../../src/lib/identifiers.ts';
import { createCredentialIssuer, isTemporaryKey } from '../../../src/sessions/temporary-credentials.ts';

const key = (byte: number) => createSecretKey(Buffer.alloc(32, byte));
const issuer = (byte = 1) => createCredentialIssuer({ sessionKey: () => key(byte) });

const CONTENT: Omit<Session, 'accessKeyId'> = {
  kind: 'AssumedRole',
  accountId: accountId('123456789012'),
  holder: { name: 'recommender', id: 'AROAEXAMPLE0000000000' },
  sessionName: 'shop',
  issuedAt: 1_795_521_600_000,
  expiresAt: 1_795_525_200_000,
  mfaAt: 1_795_521_600_000,
  sourceIdentity: 'alice',
  policies: { inline: '{"Version":"2012-10-17","Statement":[]}', arns: [] },
  tags: { team: 'ml' },
  transitiveTagKeys: ['team'],
};

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('temporary credentials', () => {
  it('contain the whole session, for every issuer with the same key', async () => {
    const given = await issuer().issue(CONTENT);
    const session = { ...CONTENT, accessKeyId: given.accessKeyId };
    expect(await issuer().open(given.accessKeyId, given.sessionToken)).toEqual(session);
    expect(issuer().secretOf(given.accessKeyId)).toBe(given.secretAccessKey);
    expect(given.expiration).toEqual(new Date(CONTENT.expiresAt));
    expect(isTemporaryKey(given.accessKeyId)).toBe(true);
  });

  it('are different each time', async () => {
    const [one, other] = [await issuer().issue(CONTENT), await issuer().issue(CONTENT)];
    expect(other.accessKeyId).not.toBe(one.accessKeyId);
    expect(other.secretAccessKey).not.toBe(one.secretAccessKey);
  });

  it('reveal nothing of the session in the token', async () => {
    const { sessionToken } = await issuer().issue(CONTENT);
    const plain = sessionToken.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    for (const text of [sessionToken, ...plain]) expect(text).not.toMatch(/recommender|alice|AROA/);
  });

  it('are rejected by an issuer with another key', async () => {
    const { sessionToken, accessKeyId, secretAccessKey } = await issuer(1).issue(CONTENT);
    expect(await issuer(2).open(accessKeyId, sessionToken)).toBeUndefined();
    expect(issuer(2).secretOf(accessKeyId)).not.toBe(secretAccessKey);
  });

  it('are found in the cache, by their exact string only', async () => {
    const same = issuer();
    const { accessKeyId: id, sessionToken } = await same.issue(CONTENT);
    const first = await same.open(id, sessionToken);
    expect(await same.open(id, sessionToken)).toBe(first);
    expect(await same.open(id, ` ${sessionToken}`)).toBeUndefined();
  });

  it('are rejected with the token of another key, before and after that token was opened', async () => {
    const same = issuer();
    const [one, other] = [await same.issue(CONTENT), await same.issue(CONTENT)];
    expect(await same.open(one.accessKeyId, other.sessionToken)).toBeUndefined();
    expect(await same.open(other.accessKeyId, other.sessionToken)).toBeDefined();
    expect(await same.open(one.accessKeyId, one.sessionToken)).toBeDefined();
    expect(await same.open(one.accessKeyId, other.sessionToken)).toBeUndefined();
    expect(await same.open(one.accessKeyId, one.sessionToken)).toBeDefined();
  });

  it('are rejected if any character was changed, the last one to any other', async () => {
    const same = issuer();
    const { accessKeyId: id, sessionToken } = await same.issue(CONTENT);
    const last = sessionToken.length - 1;
    const changed = [
      ...[...sessionToken].map((was, at) => [at, was === 'A' ? 'B' : 'A'] as const),
      ...[...BASE64URL, '=', '+', '/', '\n', ' ', '.'].map((now) => [last, now] as const),
    ].map(([at, now]) => sessionToken.slice(0, at) + now + sessionToken.slice(at + 1));
    const opened = await Promise.all(changed.map((token) => same.open(id, token)));
    const accepted = changed.filter((token, i) => token !== sessionToken && opened[i] !== undefined);
    expect(accepted).toEqual([]);
  });

  it.each(['', '.', '....', 'x', '😀.😀.😀.😀.😀', 'a'.repeat(100_000)])(
    'are rejected: %#',
    async (token) => {
      expect(await issuer().open(accessKeyId('ASIAIOSFODNN7EXAMPLE'), token)).toBeUndefined();
    },
  );
});
