import { createHash } from 'node:crypto';
import aws4 from 'aws4';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/lib/http-message.ts';
import { parseCredential } from '../../../src/sigv4/credential.ts';
import { signRequest, verifySignature } from '../../../src/sigv4/verify.ts';
import type { Draft } from '../../fixtures/sigv4/drafts.ts';
import { judge, received, rulesOf } from '../../fixtures/sigv4/judge.ts';
import { CALLER, signWithAws4, signWithSmithy } from '../../fixtures/sigv4/signers.ts';

const SHORT =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

const DRAFT: Draft = {
  method: 'POST',
  path: '/',
  parameters: [],
  headers: [
    ['Content-Type', 'application/x-amz-json-1.1'],
    ['X-Amz-Target', 'AmazonPersonalize.ListRecipes'],
  ],
  body: Buffer.from('{}'),
};
const SIGNED = signWithAws4(DRAFT, 'header');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const replaceSignature = (request: HttpRequest, change: (signature: string) => string): HttpRequest => ({
  ...request,
  headers: request.headers.map(([name, value]) => [
    name,
    name === 'Authorization' ? value.replace(/(?<=Signature=).*/, change) : value,
  ]),
});

describe('a wrong signature', () => {
  const WRONG = { ...CALLER, secret: 'another' };
  const canonicalRequest = [
    'POST',
    '/',
    '',
    'content-length:2',
    'content-type:application/x-amz-json-1.1',
    'host:personalize.us-east-1.amazonaws.com',
    'x-amz-date:20261124T120000Z',
    'x-amz-target:AmazonPersonalize.ListRecipes',
    '',
    'content-length;content-type;host;x-amz-date;x-amz-target',
    sha256('{}'),
  ].join('\n');
  const stringToSign = `AWS4-HMAC-SHA256\n20261124T120000Z\n20261124/us-east-1/personalize/aws4_request\n${sha256(canonicalRequest)}`;

  it.each(['awsJson1.1', 'restJson1'] as const)(
    'is answered on %s with what should have been signed',
    (protocol) => {
      expect(judge(SIGNED, { ...WRONG, protocol })).toEqual({
        code: 'InvalidSignatureException',
        message: `${SHORT}\n\nThe Canonical String for this request should have been\n'${canonicalRequest}'\n\nThe String-to-Sign should have been\n'${stringToSign}'\n`,
      });
    },
  );

  it('is answered on awsQuery without it, as STS does', () => {
    expect(judge(SIGNED, { ...WRONG, protocol: 'awsQuery' })).toEqual({
      code: 'InvalidSignatureException',
      message: SHORT,
    });
  });

  it.each<[string, (signature: string) => string]>([
    ['upper case', (signature) => signature.toUpperCase()],
    ['one digit short', (signature) => signature.slice(1)],
    ['one digit long', (signature) => `${signature}0`],
    ['not hexadecimal', () => 'z'.repeat(64)],
    ['zeros', () => '0'.repeat(64)],
    ['quoted', (signature) => `"${signature}"`],
  ])('is one in %s', (_, change) => {
    expect(judge(replaceSignature(SIGNED, change), CALLER)?.code).toBe('InvalidSignatureException');
  });

  it('is one with any bit of the right one turned', () => {
    const accepted = Array.from({ length: 256 }, (_, bit) =>
      replaceSignature(SIGNED, (signature) => {
        const bytes = Buffer.from(signature, 'hex');
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        return bytes.toString('hex');
      }),
    ).filter((request) => judge(request, CALLER) === undefined);
    expect(accepted).toEqual([]);
  });
});

describe('the body', () => {
  const withHash = async (claimed: string, body: Buffer): Promise<HttpRequest> => ({
    ...(await signWithSmithy(
      { ...DRAFT, headers: [...DRAFT.headers, ['x-amz-content-sha256', claimed]] },
      'header',
    )),
    body,
  });

  it('is accepted with a header that has its hash', async () => {
    expect(judge(await withHash(sha256('{}'), DRAFT.body), CALLER)).toBeUndefined();
  });

  it.each([
    'UNSIGNED-PAYLOAD',
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    sha256('{"a":1}'),
  ])('is hashed here, though a signed header claims %s', async (claimed) => {
    expect(judge(await withHash(claimed, DRAFT.body), CALLER)?.code).toBe('InvalidSignatureException');
  });

  it('is rejected if the header has the signed hash but the body is different', async () => {
    expect(judge(await withHash(sha256('{}'), Buffer.from('{"a":1}')), CALLER)?.code).toBe(
      'InvalidSignatureException',
    );
  });

  it('must match the hash in the header even if the signature covers the real one', () => {
    const signed = signRequest(
      { method: 'POST', target: '/', headers: { host: 'h', 'x-test': 'a' }, body: DRAFT.body },
      { ...CALLER, secretAccessKey: CALLER.secret },
    );
    const headers = [...Object.entries(signed), ['x-amz-content-sha256', sha256('')] as const];
    const credential = parseCredential(
      received({ method: 'POST', target: '/', headers: headers.slice(0, -1), body: DRAFT.body }),
      rulesOf('awsJson1.1'),
      { now: CALLER.now, skewMinutes: 5 },
    );
    if (!credential.ok) throw new Error(credential.error.message);
    const verify = (sent: HttpRequest['headers']) =>
      verifySignature(
        received({ method: 'POST', target: '/', headers: sent, body: DRAFT.body }),
        credential.value,
        CALLER.secret,
        { rules: rulesOf('awsJson1.1') },
      );
    expect(verify(headers.slice(0, -1))).toBeUndefined();
    expect(verify(headers)?.code).toBe('InvalidSignatureException');
  });
});

describe('what aws4 leaves out', () => {
  it.each([
    ['a parameter without a name', '/?=b'],
    ['a parameter named __proto__', '/?__proto__=b'],
    ['a parameter after the thousandth', `/?${'a=1&'.repeat(1000)}b=2`],
  ])('is signed here: %s', (_, target) => {
    const signed = signWithAws4({ ...DRAFT, parameters: [] }, 'header');
    expect(judge({ ...signed, target }, CALLER)?.message).toContain(
      `POST\n/\n${[...new URLSearchParams(target.slice(2))]
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join('&')}\n`,
    );
  });

  it.each(['user-agent', 'range', 'expect', 'connection', 'constructor'])(
    'is signed where the list says so: %s',
    (name) => {
      const options = { method: 'GET', path: '/', region: CALLER.region, service: CALLER.service };
      const date = { host: 'h', 'x-amz-date': '20261124T120000Z', [name]: 'one' };
      const extra = { extraHeadersToInclude: { [name]: true } };
      const { headers } = aws4.sign(
        { ...options, ...extra, headers: date },
        { accessKeyId: CALLER.accessKeyId, secretAccessKey: CALLER.secret },
      );
      const request = received({ method: 'GET', target: '/', headers: Object.entries(headers) });
      const changed = {
        ...request,
        headers: request.headers.map(([key, value]) => [key, key === name ? 'two' : value] as const),
      };
      expect(judge(request, CALLER)).toBeUndefined();
      expect(judge(changed, CALLER)?.code).toBe('InvalidSignatureException');
    },
  );
});

describe('a session token', () => {
  const withToken = { ...DRAFT, sessionToken: 'the/token+==' };

  it.each(['header', 'query'] as const)('that was signed in the %s cannot be exchanged', async (form) => {
    const request = await signWithSmithy(withToken, form);
    const swap = (text: string): string => text.replace(/the(?:%2F|\/)token/, 'another');
    const changed = {
      ...request,
      target: swap(request.target),
      headers: request.headers.map(([name, value]) => [name, swap(value)] as const),
    };
    expect(judge(request, CALLER)).toBeUndefined();
    expect(judge(changed, CALLER)?.code).toBe('InvalidSignatureException');
  });

  it('may be added to the query after signing', () => {
    const request = signWithAws4({ ...DRAFT, headers: [], body: Buffer.alloc(0) }, 'query');
    const target = `${request.target}&X-Amz-Security-Token=a`;
    expect(judge({ ...request, target }, CALLER)).toBeUndefined();
    expect(judge({ ...request, target: `${target}&x=y` }, CALLER)?.code).toBe('InvalidSignatureException');
  });
});

describe('signing keys', () => {
  it('are kept apart by secret, day, region and service', () => {
    const { now, ...caller } = CALLER;
    const secrets = Array.from({ length: 1200 }, (_, index) => `secret-${index}`);
    const signed = secrets.map((secret) =>
      signRequest(
        { method: 'GET', target: '/', headers: { host: 'h' }, body: new Uint8Array() },
        { ...caller, now, secretAccessKey: secret },
      ),
    );
    const requests = signed.map((headers) =>
      received({ method: 'GET', target: '/', headers: Object.entries(headers) }),
    );
    const refused = requests.filter((request, index) =>
      judge(request, { ...CALLER, secret: secrets[index] ?? '' }),
    );
    const accepted = requests.filter(
      (request, index) => judge(request, { ...CALLER, secret: secrets[index + 1] ?? '' }) === undefined,
    );
    expect(refused).toEqual([]);
    expect(accepted).toEqual([]);
  });
});

describe('a request signed for AWS', () => {
  it('is one that is accepted, with its session token', () => {
    const headers = signRequest(
      {
        method: 'POST',
        target: '/recommendations',
        headers: { host: 'personalize-runtime.us-east-1.amazonaws.com', 'content-type': 'application/json' },
        body: Buffer.from('{"campaignArn":"a"}'),
      },
      { ...CALLER, secretAccessKey: CALLER.secret, sessionToken: 'the-token' },
    );
    const request = received({
      method: 'POST',
      target: '/recommendations',
      headers: Object.entries(headers),
      body: Buffer.from('{"campaignArn":"a"}'),
    });
    expect(judge(request, CALLER)).toBeUndefined();
    expect(headers['X-Amz-Security-Token']).toBe('the-token');
  });
});
