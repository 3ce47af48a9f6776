import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { expect, it } from 'vitest';
import { parseJson } from '../../../src/lib/parse-json.ts';
import { verifyIdentityToken } from '../../../src/sessions/session-token.ts';

const ISSUER = 'https://idp.example';
const NOW = Date.UTC(2026, 10, 24);

async function verified(claims: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const token = await new CompactSign(Buffer.from(claims))
    .setProtectedHeader({ alg: 'ES256' })
    .sign(privateKey);
  return verifyIdentityToken(token, { keys: [await exportJWK(publicKey)] }, { issuer: ISSUER, now: NOW });
}

const TAGS = '{"principal_tags":{"team":["low"]}}';
const known = (expires: number): string =>
  String.raw`"iss":"https:\/\/idp.example","aud":"a","sub":"s","exp":${expires}`;

it('keeps a claim whose name has escapes, whatever was read before', async () => {
  parseJson(String.raw`{"iss":"x","aud":"a","sub":"s","exp":1,"https:\\/\\/aws.amazon.com\\/t":1}`);
  const claims = await verified(
    String.raw`{${known(2_000_000_000)},"https:\/\/aws.amazon.com\/tags":${TAGS}}`,
  );
  expect(claims).toMatchObject({
    ok: true,
    value: { sub: 's', 'https://aws.amazon.com/tags': { principal_tags: { team: ['low'] } } },
  });
});

it.each([
  [
    'is nested too deeply',
    String.raw`{${known(2_000_000_000)},"\u0061":${'['.repeat(200)}${']'.repeat(200)}}`,
    'InvalidIdentityToken',
  ],
  ['has expired', String.raw`{${known(1_000_000_000)},"\u0061":1}`, 'ExpiredTokenException'],
  ['is not valid yet', String.raw`{${known(2_000_000_000)},"n\u0062f":1900000000}`, 'InvalidIdentityToken'],
  [
    'is of another issuer',
    String.raw`{"i\u0073s":"https://x","aud":"a","sub":"s","exp":2000000000}`,
    'InvalidIdentityToken',
  ],
])('refuses a token with such a claim that %s', async (_, claims, code) => {
  parseJson(String.raw`{"iss":"x","aud":"a","sub":"s","exp":1,"n\\u0":1}`);
  expect(await verified(claims)).toMatchObject({ ok: false, error: { code } });
});
