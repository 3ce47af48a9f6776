import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { CloudWatchClient, ListMetricsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { signRequest } from '../../src/sigv4/verify.ts';
import { exchange, serve } from './exchange.ts';

const USERS = {
  alice: {
    accessKeys: [{ id: 'AKIALOCALDATAALICE00', secret: 'local-only-secret-of-alice' }],
    inlinePolicies: ['all'],
  },
  bob: {
    accessKeys: [{ id: 'AKIALOCALDATABOB0000', secret: 'local-only-secret-of-bob' }],
    inlinePolicies: ['read'],
  },
};

const allow = (Action: readonly string[], Resource = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});

const POLICIES = { all: allow(['s3:*', 'cloudwatch:*']), read: allow(['s3:GetObject']) };

/** An S3 and a CloudWatch that know the same keys, and verify every signature: another proxy. */
let far: RunningProxy;
let near: RunningProxy;
let s3: S3Client;
beforeAll(async () => {
  far = await startProxy({ principals: { users: USERS }, policies: POLICIES });
  near = await startProxy({
    principals: { users: USERS },
    policies: POLICIES,
    upstreamS3: far.url,
    upstreamCloudwatch: far.url,
  });
  s3 = new S3Client(near.clientConfig<'user/alice'>('user/alice'));
});
afterAll(async () => {
  await near.close();
  await far.close();
});

describe('an upstream that verifies signatures itself', () => {
  it('takes what is forwarded, in chunks and in parts', async () => {
    const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: 'b-1', Key, Body }));
    await put('a b/ü+%.csv', 'x');
    await put('a/b', 'y');
    const Body = Readable.from([Buffer.from('streamed')]);
    await s3.send(
      new PutObjectCommand({ Bucket: 'b-1', Key: 's', Body, ContentLength: 8, ChecksumAlgorithm: 'CRC32C' }),
    );
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: 'b-1', Key: 'm' }));
    const part = { Bucket: 'b-1', Key: 'm', UploadId, PartNumber: 1 };
    const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: 'part' }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await s3.send(new CompleteMultipartUploadCommand({ Bucket: 'b-1', Key: 'm', UploadId, MultipartUpload }));
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'b-1' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['a b/ü+%.csv', 'a/b', 'm', 's']);
    expect(await s3.send(new HeadObjectCommand({ Bucket: 'b-1', Key: 's' }))).toMatchObject({
      ContentLength: 8,
    });
    const { Body: read } = await s3.send(new GetObjectCommand({ Bucket: 'b-1', Key: 'a/b' }));
    expect(await read?.transformToString()).toBe('y');
    const cloudwatch = new CloudWatchClient(near.clientConfig<'user/alice'>('user/alice'));
    await cloudwatch.send(
      new PutMetricDataCommand({ Namespace: 'N', MetricData: [{ MetricName: 'm', Value: 1 }] }),
    );
    const { Metrics } = await cloudwatch.send(new ListMetricsCommand({}));
    expect(Metrics).toEqual([{ Namespace: 'N', MetricName: 'm', Dimensions: [] }]);
    expect(new Set(near.decisions.map(({ outcome }) => outcome))).toEqual(new Set(['forwarded']));
    expect(far.decisions.length).toBe(near.decisions.length);
  });

  it('is not asked what is denied here', async () => {
    const before = far.decisions.length;
    const bob = new S3Client(near.clientConfig<'user/bob'>('user/bob'));
    await expect(
      bob.send(new PutObjectCommand({ Bucket: 'b-1', Key: 'k', Body: 'x' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(far.decisions.length).toBe(before);
  });

  it('does not reveal that an object is missing if listing is not allowed', async () => {
    const bob = new S3Client(near.clientConfig<'user/bob'>('user/bob'));
    await expect(bob.send(new GetObjectCommand({ Bucket: 'b-1', Key: 'none' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('s3:ListBucket on resource: "arn:aws:s3:::b-1"'),
    });
  });
});

interface Sent {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** An upstream that notes what it gets. */
async function noting() {
  const sent: Sent[] = [];
  const server = await serve((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const { method, url, headers } = incoming;
        sent.push({ method, url, headers, body: Buffer.concat(chunks).toString('latin1') });
        outgoing.setHeader('etag', '"x"').end();
      });
  });
  return { sent, url: server.url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

interface Signed {
  readonly method?: string;
  readonly more?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request that is signed for just this path: no client resolves it on the way. */
async function sendSigned(
  proxy: RunningProxy,
  path: string,
  { method = 'GET', more = {}, body = '' }: Signed = {},
): Promise<number | undefined> {
  const { credentials, region } = proxy.clientConfig<'user/alice'>('user/alice');
  const { host, port } = new URL(proxy.url);
  const signer = { ...credentials, region, service: 's3', now: Date.now() };
  const headers = signRequest(
    { method, target: path, headers: { host, ...more }, body: Buffer.from(body) },
    signer,
  );
  const asked = httpRequest({ host: '127.0.0.1', port, path, method, headers }).end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

/** Sends a presigned GET with the host that it was signed for, to a proxy that listens elsewhere. */
async function getAt(proxy: RunningProxy, presigned: string): Promise<number | undefined> {
  const { host, pathname, search } = new URL(presigned);
  const { port } = new URL(proxy.url);
  const asked = httpRequest({
    host: '127.0.0.1',
    port,
    path: pathname + search,
    headers: { host },
  }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

const forwardingTo = (upstreamS3: string): Promise<RunningProxy> =>
  startProxy({ principals: { users: USERS }, policies: POLICIES, upstreamS3 });

describe('what is forwarded', () => {
  it('has the bytes, the path, the host and the signature that came', async () => {
    await using upstream = await noting();
    await using proxy = await startProxy({
      principals: { users: USERS },
      policies: POLICIES,
      upstreamS3: upstream.url,
    });
    const client = new S3Client(proxy.clientConfig<'user/alice'>('user/alice'));
    const Body = Readable.from([Buffer.from('hello')]);
    await client.send(new PutObjectCommand({ Bucket: 'b-1', Key: 'a/b é;+/', Body, ContentLength: 5 }));
    const [got] = upstream.sent;
    expect(got).toMatchObject({
      method: 'PUT',
      url: '/b-1/a/b%20%C3%A9%3B%2B/?x-id=PutObject',
      headers: {
        host: new URL(proxy.url).host,
        authorization: expect.stringContaining('AWS4-HMAC-SHA256 Credential=AKIALOCALDATAALICE00/'),
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'content-encoding': 'aws-chunked',
      },
      body: '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n',
    });
  });

  it('names a bucket of the host in its path, at the host of the upstream', async () => {
    await using upstream = await noting();
    await using proxy = await startProxy({
      principals: { users: USERS },
      policies: POLICIES,
      upstreamS3: upstream.url,
    });
    const { region, credentials } = proxy.clientConfig<'user/alice'>('user/alice');
    const hosted = new S3Client({ region, credentials, endpoint: 'http://s3.localhost' });
    const command = new GetObjectCommand({ Bucket: 'b-1', Key: 'other-bucket/k' });
    const presigned = await getSignedUrl(hosted as never, command as never);
    expect(new URL(presigned).host).toBe('b-1.s3.localhost');
    expect(await getAt(proxy, presigned)).toBe(200);
    expect(upstream.sent[0]).toMatchObject({
      url: expect.stringMatching(/^\/b-1\/other-bucket\/k\?/),
      headers: { host: new URL(upstream.url).host },
    });
  });

  it('is nothing where an upstream could read another path than was authorized', async () => {
    await using upstream = await noting();
    await using proxy = await forwardingTo(upstream.url);
    const paths = [
      '/b-1/../b-2/k',
      '/b-1/%2e%2e/b-2/k',
      '/b-1/./k',
      '/b-1/k/..',
      '//b-1/k',
      '/b-1//k',
      '/b-1/a//k',
      '/b-1/a\\k',
      '/b-1/a%5Ck',
      '/b-1/a%5c..%5ck',
      '/b-1/k;v=1',
      '/b-1/k%00',
      '/b-1?list-type=2&prefix=a;delimiter=b',
    ];
    for (const path of paths) {
      expect([path, await sendSigned(proxy, path)]).toEqual([path, 400]);
      expect([path, proxy.decisions.at(-1)?.outcome]).toEqual([path, 'rejected']);
    }
    expect(upstream.sent).toEqual([]);
    // Such a key is possible where no other component parses the path.
    expect(await sendSigned(far, '/b-1/../b-2/k')).toBe(404);
    expect(await sendSigned(far, '/b-1/a//k%5C')).toBe(404);
  });

  it('is nothing where a part of it could be taken for a fragment, or an encoded slash for a plain one', async () => {
    await using upstream = await noting();
    await using proxy = await forwardingTo(upstream.url);
    const encoded = ['/b-1/..%2Fb-2%2Fk', '/b-1/a%2f%2E%2e%2fk', '/b-1/a%2F%2Fk', '/b-1/a+k'];
    for (const target of ['/b-1/k#x', '/b-1/k?x-id=GetObject#/b-2', ...encoded])
      expect(
        await exchange(proxy.url, `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
      ).toMatch(/^HTTP\/1.1 400 /);
    expect(upstream.sent).toEqual([]);
  });

  it.each([
    '/b-1/../b-2/k',
    'b-1/%2e%2e/b-2/k',
    'b-1/a//k',
    'b-1/a%2F..%2Fk',
    'b-1/a\\k',
    'b-1/k;v=1',
    'b-1/k#x',
    'b-1/a+k',
    '/b-1//k',
    'b-1/%zz',
    'b-1/\u00e9',
  ])('is nothing with the copy source %s', async (source) => {
    await using upstream = await noting();
    await using proxy = await forwardingTo(upstream.url);
    const copy = { method: 'PUT', more: { 'x-amz-copy-source': source } };
    expect(await sendSigned(proxy, '/b-1/copy', copy)).toBe(400);
    expect(proxy.decisions.at(-1)).toMatchObject({
      outcome: 'rejected',
      error: { code: 'InvalidArgument', message: expect.stringMatching(/^Invalid copy source: /) },
    });
    expect(upstream.sent).toEqual([]);
  });

  it('is a copy with one reading, and prefixes and listed keys, which are no paths', async () => {
    await using upstream = await noting();
    await using proxy = await forwardingTo(upstream.url);
    const more = { 'x-amz-copy-source': '/b-1/a%20%2B%3B/k' };
    expect(await sendSigned(proxy, '/b-1/copy', { method: 'PUT', more })).toBe(200);
    expect(await sendSigned(proxy, '/b-1?list-type=2&prefix=..%2F%2Fa%5C')).toBe(200);
    const body = '<Delete><Object><Key>../a//b\\;#</Key></Object></Delete>';
    expect(await sendSigned(proxy, '/b-1?delete', { method: 'POST', body })).toBe(200);
    expect(upstream.sent.map(({ url }) => url)).toEqual([
      '/b-1/copy',
      '/b-1?list-type=2&prefix=..%2F%2Fa%5C',
      '/b-1?delete',
    ]);
    expect(upstream.sent[0]?.headers).toMatchObject(more);
  });

  it.each([
    ['a list of keys', '/b-1?delete', 'POST', '<Delete><Object><Key>&nbsp;</Key></Object></Delete>'],
    [
      'a list of parts',
      '/b-1/k?uploadId=u',
      'POST',
      '<?xml version="1.0" encoding="UTF-7"?><CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>',
    ],
    [
      'a configuration',
      '/b-1',
      'PUT',
      '<CreateBucketConfiguration><Tags><Tag><Key>k</Key><Value>v</Value></Tag></Tags></CreateBucketConfiguration>',
    ],
  ])('is nothing for %s in XML that could be read otherwise', async (_, path, method, body) => {
    await using upstream = await noting();
    await using proxy = await forwardingTo(upstream.url);
    expect(await sendSigned(proxy, path, { method, body })).toBe(400);
    expect(proxy.decisions.at(-1)).toMatchObject({ outcome: 'rejected', error: { code: 'MalformedXML' } });
    expect(upstream.sent).toEqual([]);
  });

  it('is nothing where a header is given twice, once of them in the query', async () => {
    await using upstream = await noting();
    await using proxy = await forwardingTo(upstream.url);
    const more = { 'x-amz-copy-source': '/b-1/a' };
    expect(await sendSigned(proxy, '/b-1/k?X-Amz-Copy-Source=b-1/b', { method: 'PUT', more })).toBe(400);
    expect(upstream.sent).toEqual([]);
  });

  it('is never the policy of a bucket: the one that is evaluated is in the folder', async () => {
    await using upstream = await noting();
    await using proxy = await forwardingTo(upstream.url);
    expect(await sendSigned(proxy, '/b-1?policy')).toBe(404);
    expect(await sendSigned(proxy, '/b-1?policy', { method: 'PUT', body: '{}' })).toBe(405);
    expect(upstream.sent).toEqual([]);
  });
});
