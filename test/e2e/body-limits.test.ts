import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { signRequest } from '../../src/sigv4/verify.ts';
import { exchange, jsonCall, rawCall, type Signatory, send, Wire } from './exchange.ts';

const MEBIBYTE = 1024 * 1024;
const FORM = 'content-type: application/x-www-form-urlencoded';
const UNKNOWN =
  'authorization: AWS4-HMAC-SHA256 Credential=AKIANOBODYHASTHIS000/20260101/us-east-1/personalize/aws4_request, SignedHeaders=host, Signature=0';

const user = (name: string, ...managedPolicies: readonly string[]) => ({
  accessKeys: [{ id: `AKIALIMITS${name.toUpperCase().padEnd(10, '0')}`, secret: `secret-of-${name}` }],
  managedPolicies,
});
const allow = (...Action: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});

let proxy: RunningProxy;
async function start(options: Parameters<typeof startProxy>[0] = {}): Promise<void> {
  proxy = await startProxy({
    ...options,
    principals: { users: { alice: user('alice', 'all'), bob: user('bob', 'list') } },
    policies: { all: allow('personalize:*', 's3:*'), list: allow('s3:ListBucket') },
  });
  await exchange(proxy.url, s3Head('alice', { method: 'PUT', target: '/data' }));
}
afterEach(() => proxy.close());

const alice = (): Signatory => proxy.clientConfig('alice');
const head = (...lines: readonly string[]): string =>
  `${['POST / HTTP/1.1', 'host: x', ...lines].join('\r\n')}\r\n\r\n`;

/** The head of an S3 call, signed for a body whose hash is not said. */
function s3Head(
  name: 'alice' | 'bob',
  { method = 'PUT', target = '/data/key', length = 0, wrong = false, more = [] as readonly string[] },
): string {
  const { credentials } = proxy.clientConfig<`user/${string}`>(`user/${name}`);
  const signed = signRequest(
    {
      method,
      target,
      headers: { host: 'x', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      body: new Uint8Array(),
    },
    { ...credentials, region: 'us-east-1', service: 's3', now: Date.now() },
  );
  const { authorization, Authorization = authorization, ...others } = signed;
  const sent = { ...others, Authorization: wrong ? Authorization?.replace(/.$/, 'x') : Authorization };
  const lines = Object.entries(sent).map(([key, value]) => `${key}: ${value}`);
  const framing = [`content-length: ${length}`, 'connection: close', ...more];
  return `${[`${method} ${target} HTTP/1.1`, ...lines, ...framing].join('\r\n')}\r\n\r\n`;
}

const outcomes = () => proxy.decisions.map(({ outcome, error }) => error?.code ?? outcome);

describe('a body is read as far as its head allows', () => {
  it('refuses a form without a signature beyond 64,000 bytes with the empty 413 of STS', async () => {
    await start();
    const answer = await exchange(proxy.url, head(FORM, 'content-length: 64001', 'expect: 100-continue'));
    expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*content-length: 0\r\n[\s\S]*\r\n\r\n$/);
    expect(outcomes().at(-1)).toBe('RequestEntityTooLarge');
  });

  it('refuses it in chunks too, as soon as it is longer', async () => {
    await start();
    using wire = await Wire.open(proxy.url);
    wire.socket.write(head(FORM, 'transfer-encoding: chunked'));
    wire.socket.write(`fa01\r\n${'x'.repeat(64_001)}`);
    expect(await wire.receives(/\r\n\r\n$/)).toMatch(/^HTTP\/1.1 413 /);
  });

  it('takes forms of up to 10,000,000 bytes where the access key is known', async () => {
    await start();
    const signed = Object.entries(
      signRequest(
        { method: 'POST', target: '/', headers: { host: 'x' }, body: new Uint8Array() },
        { ...alice().credentials, region: 'us-east-1', service: 'sts', now: Date.now() },
      ),
    )
      .filter(([name]) => name !== 'host')
      .map(([name, value]) => `${name}: ${value}`);
    const asked = (length: number) =>
      exchange(proxy.url, head(...signed, FORM, `content-length: ${length}`, 'expect: 100-continue'));
    expect(await asked(10_000_001)).toMatch(/^HTTP\/1.1 413 /);
    using wire = await Wire.open(proxy.url);
    wire.socket.write(head(...signed, FORM, 'content-length: 10000000', 'expect: 100-continue'));
    await wire.receives(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
  });

  it('refuses an unknown access key from the head alone, beyond 1 MiB', async () => {
    await start();
    const { headers } = jsonCall('ListSchemas');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const asked = (length: number) =>
      head(
        ...lines,
        UNKNOWN,
        'x-amz-date: 20260101T000000Z',
        `content-length: ${length}`,
        'expect: 100-continue',
      );
    const answer = await exchange(proxy.url, asked(MEBIBYTE + 1));
    expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*(?:Unrecognized|InvalidSignature)/);
    using wire = await Wire.open(proxy.url);
    wire.socket.write(asked(MEBIBYTE));
    await wire.receives(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
  });

  it('refuses a large S3 upload with a wrong signature before its body', async () => {
    await start();
    const length = 100 * MEBIBYTE;
    const answer = await exchange(
      proxy.url,
      s3Head('alice', { length, wrong: true, more: ['expect: 100-continue'] }),
    );
    expect(answer).toMatch(/^HTTP\/1.1 403 [\s\S]*<Code>SignatureDoesNotMatch</);
  });

  it('refuses a large S3 upload that policies deny before its body, with its checks in the record', async () => {
    await start();
    const length = 100 * MEBIBYTE;
    const answer = await exchange(proxy.url, s3Head('bob', { length, more: ['expect: 100-continue'] }));
    expect(answer).toMatch(/^HTTP\/1.1 403 [\s\S]*<Code>AccessDenied</);
    expect(proxy.decisions.at(-1)).toMatchObject({
      outcome: 'denied',
      principal: { userName: 'bob' },
      checks: [{ action: 's3:PutObject', resource: 'arn:aws:s3:::data/key' }],
    });
  });

  it('refuses a large anonymous upload that no bucket policy allows before its body', async () => {
    await start();
    const answer = await exchange(
      proxy.url,
      `PUT /data/key HTTP/1.1\r\nhost: s3.localhost\r\nexpect: 100-continue\r\ncontent-length: ${100 * MEBIBYTE}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 403 [\s\S]*<Code>AccessDenied</);
    expect(proxy.decisions.at(-1)).toMatchObject({ outcome: 'denied', checks: [{ action: 's3:PutObject' }] });
  });

  it('takes a large upload of who may make it, and records it once', async () => {
    await start();
    using wire = await Wire.open(proxy.url);
    const length = 2 * MEBIBYTE;
    wire.socket.write(s3Head('alice', { length, more: ['expect: 100-continue'] }));
    await wire.receives(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
    wire.socket.write(Buffer.alloc(length));
    await wire.closed;
    expect(wire.text).toMatch(/HTTP\/1.1 200 OK/);
    expect(outcomes()).toEqual(['forwarded', 'forwarded']);
  });
});

describe('bodies of all connections together', () => {
  it('beyond the budget of unauthenticated bytes get 503, and give back what they took', async () => {
    await start({ limitsUnauthenticatedBytes: MEBIBYTE });
    const call = (length: number) =>
      exchange(
        proxy.url,
        rawCall(alice(), { ...jsonCall('ListSchemas'), body: `{"a":"${' '.repeat(length)}"}` }, [
          'connection: close',
        ]),
      );
    for (const _ of [1, 2, 3]) {
      expect(await call(900_000)).toMatch(/^HTTP\/1.1 503 [\s\S]*"__type":"ServiceUnavailable"/);
      expect(await call(700_000)).toMatch(/^HTTP\/1.1 200 /);
    }
    expect((await send(alice(), jsonCall('ListSchemas'))).status).toBe(200);
    expect(outcomes()).toContain('ServiceUnavailable');
  });

  it('to S3 get SlowDown beyond the budget of uploads', async () => {
    await start({ limitsUploadBytes: MEBIBYTE });
    const upload = (length: number) =>
      exchange(proxy.url, Buffer.concat([Buffer.from(s3Head('alice', { length })), Buffer.alloc(length)]));
    for (const _ of [1, 2, 3]) {
      expect(await upload(900_000)).toMatch(/^HTTP\/1.1 503 [\s\S]*<Code>SlowDown</);
      expect(await upload(700_000)).toMatch(/^HTTP\/1.1 200 /);
    }
  });

  it('leave room for small calls while large ones wait for the rest of theirs', async () => {
    await start({ limitsUnauthenticatedBytes: MEBIBYTE });
    const bytes = rawCall(alice(), { ...jsonCall('ListSchemas'), body: ' '.repeat(700_000) });
    const wires = await Promise.all(Array.from({ length: 4 }, () => Wire.open(proxy.url)));
    for (const { socket } of wires) socket.write(bytes.subarray(0, -1));
    await expect.poll(() => wires.some(({ text }) => text.startsWith('HTTP/1.1 503'))).toBe(true);
    expect((await send(alice(), jsonCall('ListSchemas'))).status).toBe(200);
    for (const wire of wires) wire[Symbol.dispose]();
  });
});

describe('a compressed form', () => {
  it('of a million parameters is refused at once', async () => {
    await start();
    const body = gzipSync('a&'.repeat(1_000_000));
    const answer = await exchange(
      proxy.url,
      Buffer.concat([
        Buffer.from(
          head(FORM, 'content-encoding: gzip', 'connection: close', `content-length: ${body.length}`),
        ),
        body,
      ]),
    );
    expect(answer).toMatch(/^HTTP\/1.1 [34]\d\d /);
  });
});
