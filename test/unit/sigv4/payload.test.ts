import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/lib/http-message.ts';
import { checksumOf } from '../../../src/services/s3/checksums.ts';
import { claimedPayload, provePayload } from '../../../src/services/s3/payload.ts';
import { type PresentedCredential, parseCredential } from '../../../src/sigv4/credential.ts';
import { verifySignature } from '../../../src/sigv4/verify.ts';
import { rulesOf } from '../../fixtures/sigv4/judge.ts';

/** The key and the day of AWS's published examples. @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const DAY = Date.parse('2013-05-24T00:00:00Z');
const CONTENT = Buffer.alloc(66_560, 'a');

interface Example {
  readonly headers: readonly (readonly [string, string])[];
  readonly signature: string;
  readonly body: Buffer;
}

function chunked(signatures: readonly string[], trailer = '\r\n'): Buffer {
  const parts = [CONTENT.subarray(0, 65_536), CONTENT.subarray(65_536), Buffer.alloc(0)];
  const chunks = parts.map((data, index) =>
    Buffer.concat([
      Buffer.from(`${data.length.toString(16)};chunk-signature=${signatures[index]}\r\n`),
      data,
      Buffer.from(data.length > 0 ? '\r\n' : ''),
    ]),
  );
  return Buffer.concat([...chunks, Buffer.from(trailer)]);
}

const SIGNED: Example = {
  headers: [
    ['content-encoding', 'aws-chunked'],
    ['content-length', '66824'],
    ['host', 's3.amazonaws.com'],
    ['x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'],
    ['x-amz-date', '20130524T000000Z'],
    ['x-amz-decoded-content-length', '66560'],
    ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
  ],
  signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  body: chunked([
    'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
    '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
    'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  ]),
};

const SIGNED_WITH_TRAILER: Example = {
  headers: [
    ['content-encoding', 'aws-chunked'],
    ['host', 's3.amazonaws.com'],
    ['x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'],
    ['x-amz-date', '20130524T000000Z'],
    ['x-amz-decoded-content-length', '66560'],
    ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
    ['x-amz-trailer', 'x-amz-checksum-crc32c'],
  ],
  signature: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
  body: chunked(
    [
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
    ],
    'x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
  ),
};

const MD5 = ['content-md5', 'XUFAKrxLKna5cZ2REBfFkg=='] as const;

const EXAMPLES = [
  ['signed chunks', SIGNED],
  ['signed chunks with a signed checksum behind them', SIGNED_WITH_TRAILER],
] as const;

function requestOf({ headers, signature, body }: Example): HttpRequest {
  const names = headers.map(([name]) => name).join(';');
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${names},Signature=${signature}`;
  return {
    method: 'PUT',
    target: '/examplebucket/chunkObject.txt',
    headers: [...headers, ['authorization', authorization]],
    body,
    remoteAddress: '127.0.0.1',
    secure: false,
  };
}

function credentialOf(request: HttpRequest): PresentedCredential {
  const read = parseCredential(request, rulesOf('restXml'), { now: DAY, skewMinutes: 15 });
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

/** The code of the refusal, or the content. */
async function proof(request: HttpRequest, secret = SECRET): Promise<string | Uint8Array> {
  const credential = credentialOf(request);
  const claimed = claimedPayload(request, credential.form);
  if (!claimed.ok) return claimed.error.code;
  const proof = { claimed: claimed.value, checksums: true };
  const proved = await provePayload(request, proof, { credential, secret });
  return proved.ok ? proved.value : proved.error.code;
}

/** A request that is not signed: what of it is proved here is its body. */
const sent = (headers: readonly (readonly [string, string])[], body: string | Buffer): HttpRequest => {
  const base: Example = {
    headers: [['host', 'h'], ['x-amz-date', '20130524T000000Z'], ...headers],
    signature: 'f'.repeat(64),
    body: Buffer.from(body),
  };
  return requestOf(base);
};

describe('the payload of an S3 request', () => {
  it.each(EXAMPLES)("is proved by AWS's published example of %s", async (_, example) => {
    const request = requestOf(example);
    const credential = credentialOf(request);
    const payload = example.headers.find(([name]) => name === 'x-amz-content-sha256')?.[1] ?? '';
    expect(
      verifySignature(request, credential, SECRET, { rules: rulesOf('restXml'), payload }),
    ).toBeUndefined();
    expect(await proof(request)).toEqual(CONTENT);
  });

  it.each(EXAMPLES)('is refused with another key: %s', async (_, example) => {
    expect(await proof(requestOf(example), 'another')).toBe('SignatureDoesNotMatch');
  });

  it.each(EXAMPLES)('is refused whatever byte of it is another: %s', async (_, example) => {
    const { body } = example;
    const framing = [...body.keys()].filter((at) => body[at] !== 0x61 || at % 4_096 === 0);
    const passed: number[] = [];
    for (const at of framing) {
      const mutated = Buffer.from(body);
      mutated[at] = (mutated[at] ?? 0) ^ 1;
      if (typeof (await proof(requestOf({ ...example, body: mutated }))) !== 'string') passed.push(at);
    }
    expect(framing.length).toBeGreaterThan(250);
    // A size may be written with capital letters or other digits of the same value; here none is.
    expect(passed).toEqual([]);
  });

  it.each(EXAMPLES)('is refused where it ends early or goes on: %s', async (_, example) => {
    const ends = [0, 1, 2, 50, 65_000, example.body.length - 2, example.body.length - 1];
    const answers = await Promise.all(
      ends.map((end) => proof(requestOf({ ...example, body: example.body.subarray(0, end) }))),
    );
    expect(new Set(answers)).toEqual(new Set(['IncompleteBody']));
    const longer = { ...example, body: Buffer.concat([example.body, Buffer.from('x')]) };
    expect(await proof(requestOf(longer))).toBe('IncompleteBody');
  });

  it('is not one whose chunks are left out, doubled or in another order', async () => {
    const heads = SIGNED.body.toString('latin1').split(/(?<=^|\r\n)(?=[0-9a-f]+;)/);
    const [first = '', second = '', last = ''] = heads;
    const bodies = [first + last, second + first + last, first + first + second + last, last];
    for (const body of bodies)
      expect(await proof(requestOf({ ...SIGNED, body: Buffer.from(body, 'latin1') }))).toBe(
        'SignatureDoesNotMatch',
      );
  });

  it('is refused without its length, and with another', async () => {
    const without = SIGNED.headers.filter(([name]) => name !== 'x-amz-decoded-content-length');
    expect(await proof(requestOf({ ...SIGNED, headers: without }))).toBe('MissingContentLength');
    const other = [...without, ['x-amz-decoded-content-length', '66559'] as const];
    expect(await proof(requestOf({ ...SIGNED, headers: other }))).toBe('IncompleteBody');
  });

  it('is what its hash says, or nothing says', async () => {
    const body = 'USER_ID';
    const is = (claimed: string) => proof(sent([['x-amz-content-sha256', claimed]], body));
    expect(await is(hash('sha256', body))).toEqual(Buffer.from(body));
    expect(await is(hash('sha256', 'ITEM_ID'))).toBe('XAmzContentSHA256Mismatch');
    expect(await is('UNSIGNED-PAYLOAD')).toEqual(Buffer.from(body));
    expect(await is('STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD')).toBe('InvalidArgument');
    expect(await proof(sent([], body))).toBe('InvalidRequest');
  });

  it('may trail one checksum that is announced, and that is right', async () => {
    const headers = (trailer: string) =>
      [
        ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
        ['x-amz-decoded-content-length', '5'],
        ['x-amz-trailer', trailer],
      ] as const;
    const trailing = (text: string, announced = 'x-amz-checksum-crc32') =>
      proof(sent(headers(announced), `5\r\nhello\r\n0\r\n${text}\r\n`));
    expect(await trailing('x-amz-checksum-crc32:NhCmhg==\r\n')).toEqual(Buffer.from('hello'));
    expect(await trailing('x-amz-checksum-crc32:NhCmhQ==\r\n')).toBe('BadDigest');
    expect(await trailing('')).toBe('MalformedTrailerError');
    expect(await trailing('x-amz-checksum-sha1:NhCmhg==\r\n')).toBe('MalformedTrailerError');
    expect(await trailing('x-amz-checksum-crc32:NhCmhg==\r\nx-amz-acl:public-read\r\n')).toBe(
      'MalformedTrailerError',
    );
    expect(await trailing(':NhCmhg==\r\n')).toBe('MalformedTrailerError');
    expect(await trailing('x-amz-checksum-crc32:bad\r\n')).toBe('InvalidRequest');
    expect(await trailing('x-amz-checksum-crc32:NhCmhg=\r\n')).toBe('InvalidRequest');
    expect(await trailing('x-amz-checksum-md7:AAAA\r\n', 'x-amz-checksum-md7')).toBe('InvalidRequest');
    expect(await trailing('x-amz-meta-a:b\r\n', 'x-amz-meta-a')).toBe('InvalidRequest');
    // As MinIO's Go client ends it.
    expect(await trailing('x-amz-checksum-crc32:NhCmhg==\n\r\n')).toEqual(Buffer.from('hello'));
    expect(await trailing('x-amz-checksum-crc32:NhCmhQ==\n\r\n')).toBe('BadDigest');
    expect(await trailing('x-amz-checksum-crc32:NhCmhg==\n\n\r\n')).toBe('MalformedTrailerError');
    const signed = `5;chunk-signature=${'a'.repeat(64)}\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n`;
    expect(await proof(sent(headers('x-amz-checksum-crc32'), signed))).toBe('SignatureDoesNotMatch');
  });

  // The values of the AWS SDKs for "hello".
  it.each([
    ['x-amz-checksum-crc32', 'NhCmhg=='],
    ['x-amz-checksum-crc32c', 'mnG7TA=='],
    ['x-amz-checksum-crc64nvme', 'M3eFcAZSQlc='],
    ['x-amz-checksum-sha1', 'qvTGHdzF6KLavt4PO0gs2a6pQ00='],
    ['x-amz-checksum-md5', 'XUFAKrxLKna5cZ2REBfFkg=='],
    [
      'x-amz-checksum-sha512',
      'm3HSJL1i83hdltRq0+o9czGb+8KJDKra4t/3JRlnPKcjI8PZm6XBHXx6zG4UuMXaDEZjR1wuXDre9G9zvN7AQw==',
    ],
    ['x-amz-checksum-sha256', 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ='],
    ['content-md5', 'XUFAKrxLKna5cZ2REBfFkg=='],
  ])('is checked by %s', async (name, value) => {
    const given = (text: string) =>
      proof(
        sent(
          [
            ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD'],
            [name, text],
          ],
          'hello',
        ),
      );
    expect(await given(value)).toEqual(Buffer.from('hello'));
    expect(await given(`A${value.slice(1)}`)).toBe('BadDigest');
    expect(await given('x')).toBe(name === 'content-md5' ? 'InvalidDigest' : 'InvalidRequest');
  });

  it('may be in chunks without a checksum if no checksum is announced', async () => {
    const body = (trailer: string) =>
      proof(
        sent(
          [
            ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
            ['x-amz-decoded-content-length', '5'],
          ],
          `5\r\nhello\r\n0\r\n${trailer}\r\n`,
        ),
      );
    expect(await body('')).toEqual(Buffer.from('hello'));
    expect(await body('x-amz-checksum-crc32:NhCmhg==\r\n')).toBe('MalformedTrailerError');
  });

  const CRC32 = ['x-amz-checksum-crc32', 'NhCmhg=='] as const;
  const SHA1 = ['x-amz-checksum-sha1', 'qvTGHdzF6KLavt4PO0gs2a6pQ00='] as const;
  it.each<[string, readonly (readonly [string, string])[], string]>([
    ['two checksums', [CRC32, SHA1], 'InvalidRequest'],
    ['one checksum twice', [CRC32, CRC32], 'InvalidRequest'],
    ['an algorithm of another name', [CRC32, ['x-amz-sdk-checksum-algorithm', 'SHA1']], 'InvalidRequest'],
    ['an algorithm that there is not', [['x-amz-sdk-checksum-algorithm', 'type']], 'InvalidRequest'],
    ['a second MD5 of another body', [MD5, ['content-md5', 'AAAAAAAAAAAAAAAAAAAAAA==']], 'BadDigest'],
    [
      'a trailer where the body has none',
      [['x-amz-trailer', 'x-amz-checksum-crc32']],
      'MalformedTrailerError',
    ],
    ['an unknown checksum', [['x-amz-checksum-md7', 'AAAA']], 'NotImplemented'],
  ])('contradicts itself with %s', async (_, claims, refusal) => {
    const headers = [['x-amz-content-sha256', 'UNSIGNED-PAYLOAD'] as const, ...claims];
    expect(await proof(sent(headers, 'hello'))).toBe(refusal);
  });

  it('has its checksum in front or behind, not both, and of the algorithm that is named', async () => {
    const with_ = (...more: (readonly [string, string])[]) =>
      proof(
        sent(
          [
            ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
            ['x-amz-decoded-content-length', '5'],
            ['x-amz-trailer', 'x-amz-checksum-crc32'],
            ...more,
          ],
          '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n',
        ),
      );
    expect(await with_(['x-amz-sdk-checksum-algorithm', 'CRC32'])).toEqual(Buffer.from('hello'));
    expect(await with_(['x-amz-sdk-checksum-algorithm', 'SHA256'])).toBe('InvalidRequest');
    expect(await with_(CRC32)).toBe('InvalidRequest');
    expect(await with_(SHA1)).toBe('InvalidRequest');
    expect(await with_(['x-amz-trailer', 'x-amz-checksum-sha1'])).toBe('InvalidRequest');
  });

  it('is not in signed chunks where the request is not signed', async () => {
    const { body, headers } = SIGNED;
    const request = { ...requestOf(SIGNED), body, headers };
    const proved = await provePayload(request, {
      claimed: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      checksums: true,
    });
    expect(proved).toMatchObject({ ok: false, error: { code: 'SignatureDoesNotMatch' } });
  });

  it('has no checksum of an unknown algorithm', async () => {
    expect(await checksumOf('x-amz-checksum-md7', Buffer.from('hello'))).toBeUndefined();
  });
});
