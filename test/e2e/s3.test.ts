import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { signRequest } from '../../src/sigv4/verify.ts';
import { awsCli, hasAwsCli, hasBoto3, python } from './clients.ts';

const BUCKET = 'data';
const MEBIBYTE = 1024 * 1024;

/** By how much the proxy's clock is ahead. */
let ahead = 0;
let folder: string;
let proxy: RunningProxy;
let s3: S3Client;

const allow = (
  ...statements: readonly (readonly [action: string | readonly string[], resource: string])[]
) => ({
  Version: '2012-10-17',
  Statement: statements.map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource })),
});

const client = (user: string, more: S3ClientConfig = {}): S3Client =>
  new S3Client({
    ...proxy.clientConfig<`user/${string}`>(`user/${user}`),
    maxAttempts: 1,
    ...more,
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authz-s3-'));
  const user = (name: string, index: number) => ({
    accessKeys: [{ id: `AKIALOCALS3USER0000${index}`, secret: `local-only-secret-of-${name}` }],
    managedPolicies: [name],
  });
  const names = ['everything', 'reader', 'prefixed', 'header-only', 'maker'];
  proxy = await startProxy({
    objectsFolder: folder,
    clock: () => Date.now() + ahead,
    principals: {
      users: Object.fromEntries(names.map((name, index) => [name, user(name, index)])),
      roles: { uploader: { trustPolicy: 'trust/anyone', managedPolicies: ['everything'] } },
    },
    policies: {
      everything: allow(['s3:*', '*']),
      reader: allow(['s3:GetObject', 'arn:aws:s3:::data/*']),
      maker: allow([['s3:CreateBucket', 's3:DeleteObject'], '*']),
      prefixed: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 's3:ListBucket',
            Resource: 'arn:aws:s3:::data',
            Condition: { StringLike: { 's3:prefix': 'public/*' } },
          },
        ],
      },
      'trust/anyone': {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }],
      },
      'buckets/closed': {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:PutObject',
            Resource: 'arn:aws:s3:::closed/*',
          },
          {
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::123456789012:user/reader' },
            Action: 's3:ListBucket',
            Resource: 'arn:aws:s3:::closed',
          },
        ],
      },
      'header-only': {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 's3:*', Resource: '*' },
          {
            Effect: 'Deny',
            Action: 's3:*',
            Resource: '*',
            Condition: { StringEquals: { 's3:authType': 'REST-QUERY-STRING' } },
          },
        ],
      },
    },
  });
  s3 = client('everything');
});
afterAll(async () => {
  await proxy.close();
  await rm(folder, { recursive: true });
});

const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
const get = async (Key: string, more = {}, from = s3): Promise<string | undefined> =>
  (await from.send(new GetObjectCommand({ Bucket: BUCKET, Key, ...more }))).Body?.transformToString();

describe('S3 with AWS SDK for JavaScript', () => {
  it('gives back an object with its headers, and keeps it as a file of the folder', async () => {
    const written = await s3.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: 'in/ü +%.csv',
        Body: 'a,b',
        ContentType: 'text/csv',
        CacheControl: 'no-store',
        Metadata: { source: 'shop' },
      }),
    );
    expect(written.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(await readFile(join(folder, BUCKET, 'in/ü +%25.csv'), 'utf8')).toBe('a,b');
    const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'in/ü +%.csv' }));
    expect(head).toMatchObject({
      ContentLength: 3,
      ContentType: 'text/csv',
      CacheControl: 'no-store',
      Metadata: { source: 'shop' },
      ETag: written.ETag,
    });
    expect(await get('in/ü +%.csv')).toBe('a,b');
  });

  it('has the file that a person put into the folder', async () => {
    await mkdir(join(folder, 'mine'), { recursive: true });
    await writeFile(join(folder, 'mine/users.csv'), 'USER_ID');
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'mine' }));
    expect(Contents).toMatchObject([{ Key: 'users.csv', Size: 7 }]);
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toContain('mine');
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'proves a stream by the %s that trails it, and keeps that',
    async (ChecksumAlgorithm) => {
      const Key = `streamed/${ChecksumAlgorithm}`;
      const Body = Readable.from([Buffer.alloc(70_000, 'x'), Buffer.from('y')]);
      const object = { Bucket: BUCKET, Key, ChecksumAlgorithm, ContentLength: 70_001 };
      const written = await s3.send(new PutObjectCommand({ ...object, Body }));
      const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: 'ENABLED' }));
      const name = `Checksum${ChecksumAlgorithm}` as const;
      expect(written[name]).toMatch(/^[A-Za-z0-9+/]+=*$/);
      expect(head[name]).toBe(written[name]);
      expect(head).toMatchObject({ ContentLength: 70_001 });
      expect(head.ContentEncoding).toBeUndefined();
      // The SDK proves it once more when it reads.
      expect((await get(Key))?.at(-1)).toBe('y');
    },
  );

  it('puts together what comes in parts', async () => {
    const object = { Bucket: BUCKET, Key: 'big' };
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ ...object, ContentType: 'text/x' }),
    );
    const parts = [Buffer.alloc(5 * MEBIBYTE, 'a'), Buffer.from('b')];
    const Parts = await Promise.all(
      parts.map(async (Body, index) => {
        const part = { ...object, UploadId, PartNumber: index + 1 };
        const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body }));
        return { ETag, PartNumber: index + 1 };
      }),
    );
    const whole = { ...object, UploadId, MultipartUpload: { Parts } };
    const complete = (MultipartUpload: object) =>
      s3.send(new CompleteMultipartUploadCommand({ ...whole, MultipartUpload }));
    await expect(complete({ Parts: Parts.toReversed() })).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete({ Parts: [{ PartNumber: 7, ETag: 'x' }] })).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    await expect(
      s3.send(new CompleteMultipartUploadCommand({ ...whole, Key: 'another' })),
    ).rejects.toMatchObject({ name: 'NoSuchUpload' });
    const { ETag } = await complete({ Parts });
    expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect(await s3.send(new HeadObjectCommand(object))).toMatchObject({
      ContentLength: 5 * MEBIBYTE + 1,
      ContentType: 'text/x',
      ETag,
    });
    expect(await get('big', { Range: 'bytes=5242879-' })).toBe('ab');
    await expect(complete({ Parts })).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('takes small parts only at the end, and forgets what is aborted', async () => {
    const object = { Bucket: BUCKET, Key: 'small' };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(object));
    const part = async (PartNumber: number) => {
      const { ETag } = await s3.send(new UploadPartCommand({ ...object, UploadId, PartNumber, Body: 'x' }));
      return { ETag, PartNumber };
    };
    const MultipartUpload = { Parts: [await part(1), await part(2)] };
    await expect(
      s3.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload })),
    ).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await s3.send(new AbortMultipartUploadCommand({ ...object, UploadId }));
    await expect(part(3)).rejects.toMatchObject({ name: 'NoSuchUpload', $metadata: { httpStatusCode: 404 } });
  });

  it('reads ranges and under conditions', async () => {
    const { ETag } = await put('ranges', '0123456789');
    expect(await get('ranges', { Range: 'bytes=2-4' })).toBe('234');
    expect(await get('ranges', { Range: 'bytes=-3' })).toBe('789');
    expect(await get('ranges', { Range: 'bytes=8-99' })).toBe('89');
    expect(await get('ranges', { IfMatch: ETag })).toBe('0123456789');
    await expect(get('ranges', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
    await expect(get('ranges', { IfMatch: '"x"' })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 412 },
    });
    await expect(get('ranges', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(
      s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'ranges', Body: 'x', IfNoneMatch: '*' })),
    ).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('lists in pages, with common prefixes', async () => {
    const Bucket = 'listed';
    const keys = ['a/1', 'a/2', 'b', 'c/1', 'd &<é'];
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const page = async (input: object) => {
      const {
        Contents = [],
        CommonPrefixes = [],
        NextContinuationToken: next,
      } = await s3.send(new ListObjectsV2Command({ Bucket, ...input }));
      return {
        keys: Contents.map(({ Key }) => Key),
        prefixes: CommonPrefixes.map(({ Prefix }) => Prefix),
        next,
      };
    };
    expect((await page({})).keys).toEqual(keys);
    expect(await page({ Delimiter: '/' })).toMatchObject({ keys: ['b', 'd &<é'], prefixes: ['a/', 'c/'] });
    const first = await page({ Delimiter: '/', MaxKeys: 1 });
    expect(first).toMatchObject({ keys: [], prefixes: ['a/'] });
    const second = await page({ Delimiter: '/', MaxKeys: 2, ContinuationToken: first.next });
    expect(second).toMatchObject({ keys: ['b'], prefixes: ['c/'] });
    expect((await page({ StartAfter: 'b' })).keys).toEqual(['c/1', 'd &<é']);
    expect((await page({ Prefix: 'a/' })).keys).toEqual(['a/1', 'a/2']);
    const { NextMarker, IsTruncated } = await s3.send(
      new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 1 }),
    );
    expect({ NextMarker, IsTruncated }).toEqual({ NextMarker: 'a/', IsTruncated: true });
  });

  it('copies and deletes', async () => {
    await put('from/ü', 'x');
    await s3.send(
      new CopyObjectCommand({
        Bucket: BUCKET,
        Key: 'to',
        CopySource: `${BUCKET}/${encodeURIComponent('from/ü')}`,
      }),
    );
    expect(await get('to')).toBe('x');
    const Objects = [{ Key: 'to' }, { Key: 'from/ü' }, { Key: 'never-was & <' }];
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
    expect(Deleted).toEqual(Objects);
    await expect(get('to')).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
  });

  it('knows its buckets', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'made' }));
    await s3.send(new HeadBucketCommand({ Bucket: 'made' }));
    await s3.send(new GetBucketLocationCommand({ Bucket: 'made' }));
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'never-made' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await expect(s3.send(new ListObjectsV2Command({ Bucket: 'never-made' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });

  it('says that it does not implement the rest', async () => {
    await expect(s3.send(new GetObjectAclCommand({ Bucket: BUCKET, Key: 'k' }))).rejects.toMatchObject({
      name: 'NotImplemented',
    });
  });

  it('does not reveal to callers without list permission that an object is missing', async () => {
    await expect(get('missing', {}, client('reader'))).rejects.toMatchObject({
      name: 'AccessDenied',
      message:
        'User: arn:aws:iam::123456789012:user/reader is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::data" because no identity-based policy allows the s3:ListBucket action',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(
      client('reader').send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'missing' })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  it('has its own condition keys', async () => {
    await put('public/x', '1');
    const prefixed = client('prefixed');
    const list = (Prefix: string) => prefixed.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix }));
    expect((await list('public/')).KeyCount).toBe(1);
    await expect(list('private/')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(list('')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it("asks the bucket's own policy beside the caller's", async () => {
    const reader = client('reader');
    await s3.send(new CreateBucketCommand({ Bucket: 'closed' }));
    expect((await reader.send(new ListObjectsV2Command({ Bucket: 'closed' }))).KeyCount).toBe(0);
    await expect(
      s3.send(new PutObjectCommand({ Bucket: 'closed', Key: 'k', Body: 'x' })),
    ).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(
        '"arn:aws:s3:::closed/k" with an explicit deny in a resource-based policy',
      ),
    });
  });

  it('takes the credentials of a session', async () => {
    const session = new S3Client({ ...proxy.clientConfig<'role/uploader'>('role/uploader'), maxAttempts: 1 });
    await session.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'by-session', Body: 'x' }));
    expect(proxy.decisions.at(-1)).toMatchObject({
      outcome: 'forwarded',
      principal: { type: 'AssumedRole', roleArn: 'arn:aws:iam::123456789012:role/uploader' },
      request: { service: 's3', operation: 'PutObject' },
      checks: [{ action: 's3:PutObject', resource: 'arn:aws:s3:::data/by-session', decision: 'allowed' }],
    });
  });

  it('keeps nothing of a body that is not the one that was signed', async () => {
    const { endpoint, credentials, region } = proxy.clientConfig<'user/everything'>('user/everything');
    const { host } = new URL(endpoint);
    const signer = { ...credentials, region, service: 's3', now: Date.now() };
    const unsigned = { method: 'PUT', target: '/data/forged', headers: { host }, body: Buffer.from('good') };
    const { host: _, 'content-length': __, ...headers } = signRequest(unsigned, signer);
    const answer = await fetch(`${endpoint}/data/forged`, { method: 'PUT', headers, body: 'evil' });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('<Code>XAmzContentSHA256Mismatch</Code>'),
    ]);
    await expect(get('forged')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('refuses a wrong secret, an unknown key, another region and an old request in its own words', async () => {
    const config = proxy.clientConfig<`user/${string}`>('user/everything');
    const listWith = (more: S3ClientConfig) => client('everything', more).send(new ListBucketsCommand({}));
    const credentials = (change: object) => ({ credentials: { ...config.credentials, ...change } });
    await expect(listWith(credentials({ secretAccessKey: 'wrong' }))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      message: expect.stringContaining('Check your key and signing method.'),
      $metadata: { httpStatusCode: 403 },
    });
    await expect(listWith(credentials({ accessKeyId: 'AKIAUNKNOWNUNKNOWN00' }))).rejects.toMatchObject({
      name: 'InvalidAccessKeyId',
      message: 'The AWS Access Key Id you provided does not exist in our records.',
    });
    await expect(listWith(credentials({ sessionToken: 'x' }))).rejects.toMatchObject({
      name: 'InvalidToken',
    });
    await expect(listWith({ region: 'eu-west-1' })).rejects.toMatchObject({
      name: 'AuthorizationHeaderMalformed',
      message:
        "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
      Region: 'us-east-1',
    });
    await expect(listWith({ systemClockOffset: -3_600_000 })).rejects.toMatchObject({
      name: 'RequestTimeTooSkewed',
    });
  });
});

describe('what is judged is what is done', () => {
  const signedBy = (
    user: string,
    method: string,
    target: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Response> => {
    const { credentials, region } = proxy.clientConfig<`user/${string}`>(`user/${user}`);
    const signer = { ...credentials, region, service: 's3', now: Date.now() };
    const headers = { host: new URL(proxy.url).host, ...more };
    const body = Buffer.alloc(0);
    return fetch(proxy.url + target, {
      method,
      headers: signRequest({ method, target, headers, body }, signer),
    });
  };

  it.each(['..%2F{outside}/secret', '%2E%2E%2F{outside}/secret', '/..%2F{outside}/secret', '.notes/data'])(
    'copies nothing from outside of the folder: %s',
    async (source) => {
      const outside = `${folder}-outside`;
      await mkdir(outside);
      try {
        await writeFile(join(outside, 'secret'), 'not yours');
        const copied = await signedBy('everything', 'PUT', `/${BUCKET}/stolen`, {
          'x-amz-copy-source': source.replace('{outside}', basename(outside)),
        });
        expect([copied.status, await copied.text()]).toEqual([
          400,
          expect.stringContaining('<Code>InvalidBucketName</Code>'),
        ]);
        expect((await signedBy('everything', 'GET', `/${BUCKET}/stolen`)).status).toBe(404);
      } finally {
        await rm(outside, { recursive: true });
      }
    },
  );

  it('asks for the prefix of the query, whatever a header of that name says', async () => {
    await put('public/a', 'x');
    const list = async (query: string, headers = {}) =>
      (await signedBy('prefixed', 'GET', `/${BUCKET}?list-type=2${query}`, headers)).status;
    expect(await list('&prefix=public%2F')).toBe(200);
    expect(await list('&prefix=private%2F', { prefix: 'public/' })).toBe(403);
    expect(await list('', { prefix: 'public/' })).toBe(403);
    expect(await list('&prefix=public%2F', { prefix: 'private/' })).toBe(200);
  });

  it('takes no tag twice: policies would see one of its values', async () => {
    for (const tagging of ['team=a&team=b', 'team=a&Team=b']) {
      const answer = await signedBy('everything', 'PUT', `/${BUCKET}/tagged`, { 'x-amz-tagging': tagging });
      expect([answer.status, await answer.text()]).toEqual([
        400,
        expect.stringContaining('<Code>InvalidTag</Code>'),
      ]);
    }
  });

  it.each([
    ['PUT', '/fresh', { 'x-amz-acl': 'public-read' }, 's3:PutBucketAcl'],
    ['PUT', '/fresh', { 'x-amz-grant-read': 'id=1' }, 's3:PutBucketAcl'],
    ['PUT', '/fresh', { 'x-amz-bucket-object-lock-enabled': 'true' }, 's3:PutBucketObjectLockConfiguration'],
    ['PUT', '/fresh', { 'x-amz-object-ownership': 'ObjectWriter' }, 's3:PutBucketOwnershipControls'],
    ['DELETE', '/fresh/k', { 'x-amz-bypass-governance-retention': 'true' }, 's3:BypassGovernanceRetention'],
  ] as const)('needs leave for what a header adds to %s %s: %j', async (method, target, headers, action) => {
    const answer = await signedBy('maker', method, target, headers);
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringContaining(`is not authorized to perform: ${action} on resource`),
    ]);
  });

  it('needs no more for a bucket that stays private', async () => {
    expect((await signedBy('maker', 'PUT', '/fresh', { 'x-amz-acl': 'private' })).status).toBe(200);
  });
});

describe('a presigned request', () => {
  const signed = (user: string, command: GetObjectCommand | PutObjectCommand, expiresIn = 60) =>
    // Both packages bring types of their own for the same client.
    getSignedUrl(client(user, WITHOUT_CHECKSUM) as never, command as never, { expiresIn });

  /** Else it signs the checksum of no content, for it does not know what will be sent. */
  const WITHOUT_CHECKSUM: S3ClientConfig = { requestChecksumCalculation: 'WHEN_REQUIRED' };

  it('reads and writes without any other credential', async () => {
    const object = { Bucket: BUCKET, Key: 'pre signed' };
    const target = await signed('everything', new PutObjectCommand(object));
    expect((await fetch(target, { method: 'PUT', body: 'by url' })).status).toBe(200);
    const answer = await fetch(await signed('everything', new GetObjectCommand(object)));
    expect(await answer.text()).toBe('by url');
  });

  it('is refused for a body that its checksum, presigned into it, is not of', async () => {
    const command = new PutObjectCommand({ Bucket: BUCKET, Key: 'pre signed' });
    const url = await getSignedUrl(client('everything') as never, command as never);
    const answer = await fetch(url, { method: 'PUT', body: 'by url' });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('<Code>BadDigest</Code>'),
    ]);
    expect((await fetch(url, { method: 'PUT', body: '' })).status).toBe(200);
  });

  it('is over when it says so', async () => {
    await put('soon', 'x');
    const url = await signed('everything', new GetObjectCommand({ Bucket: BUCKET, Key: 'soon' }), 10);
    ahead = 11_000;
    try {
      const answer = await fetch(url);
      expect(answer.status).toBe(403);
      expect(answer.headers.get('content-type')).toBe('application/xml');
      expect(await answer.text()).toMatch(
        /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>AccessDenied<\/Code><Message>Request has expired<\/Message><X-Amz-Expires>10<\/X-Amz-Expires><Expires>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/Expires><ServerTime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/ServerTime>/,
      );
    } finally {
      ahead = 0;
    }
  });

  it.each([
    ['another key', (url: string) => url.replace('/presigned?', '/presigned2?')],
    ['another time', (url: string) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=61')],
    [
      'another signature',
      (url: string) => url.replace(/(?<=X-Amz-Signature=)./, (digit) => (digit === '0' ? '1' : '0')),
    ],
    ['a parameter more', (url: string) => `${url}&response-content-type=text/html`],
  ])('is refused with %s', async (_, change) => {
    const url = await signed('everything', new GetObjectCommand({ Bucket: BUCKET, Key: 'presigned' }));
    const answer = await fetch(change(url));
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringContaining('<Code>SignatureDoesNotMatch</Code>'),
    ]);
  });

  it('is what its owner may do, and policies can recognize it', async () => {
    const object = { Bucket: BUCKET, Key: 'pre signed' };
    await put(object.Key, 'by url');
    const asReader = await fetch(await signed('reader', new PutObjectCommand(object)), {
      method: 'PUT',
      body: '',
    });
    expect([asReader.status, await asReader.text()]).toEqual([
      403,
      expect.stringContaining(
        'is not authorized to perform: s3:PutObject on resource: &quot;arn:aws:s3:::data/pre signed&quot;',
      ),
    ]);
    const byHeader = await fetch(await signed('header-only', new GetObjectCommand(object)));
    expect([byHeader.status, await byHeader.text()]).toEqual([
      403,
      expect.stringContaining('with an explicit deny in an identity-based policy'),
    ]);
    expect(await get('pre signed', {}, client('header-only'))).toBe('by url');
  });
});

describe('a bucket in the host', () => {
  it('is the bucket that was signed for', async () => {
    await put('in-host', 'x');
    const { port } = new URL(proxy.url);
    const endpoint = `http://s3.localhost:${port}`;
    const hosted = client('everything', { endpoint, forcePathStyle: false });
    const url = await getSignedUrl(
      hosted as never,
      new GetObjectCommand({ Bucket: BUCKET, Key: 'in-host' }) as never,
    );
    expect(new URL(url).host).toBe(`${BUCKET}.s3.localhost:${port}`);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const { pathname, search, host } = new URL(url);
    httpRequest({ host: '127.0.0.1', port, path: pathname + search, headers: { host } }, (answer) => {
      answer.setEncoding('utf8').on('data', resolve);
    })
      .on('error', reject)
      .end();
    expect(await promise).toBe('x');
  });
});

describe.skipIf(!hasBoto3)('S3 with boto3 (skips where python3 has none)', { tags: 'clients' }, () => {
  it('uploads and downloads in parts, and presigns', async () => {
    const live = await startProxy({ config: 'config/proxy.yaml' });
    const program = `
import boto3, io, os, urllib.request
from botocore.config import Config
s3 = boto3.client('s3', config=Config(signature_version='s3v4'))
data = os.urandom(9 * 1024 * 1024)
s3.upload_fileobj(io.BytesIO(data), 'personalize-b', 'big é.bin')
back = io.BytesIO(); s3.download_fileobj('personalize-b', 'big é.bin', back)
print(back.getvalue() == data, s3.head_object(Bucket='personalize-b', Key='big é.bin')['ETag'][-3:-1])
url = s3.generate_presigned_url('put_object', Params={'Bucket': 'personalize-b', 'Key': 'p'}, ExpiresIn=60)
print(urllib.request.urlopen(urllib.request.Request(url, data=b'abc', method='PUT')).status)
url = s3.generate_presigned_url('get_object', Params={'Bucket': 'personalize-b', 'Key': 'p'}, ExpiresIn=60)
print(urllib.request.urlopen(url).read().decode())
pages = s3.get_paginator('list_objects_v2').paginate(Bucket='personalize-b', PaginationConfig={'PageSize': 1})
print([o['Key'] for page in pages for o in page['Contents']])
try:
    s3.get_object(Bucket='personalize-b', Key='none')
except s3.exceptions.NoSuchKey as e:
    print('NoSuchKey', e.response['Error']['Key'])
`;
    const { stdout, stderr } = await python(live.clientConfig('alice'), program);
    await live.close();
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual([
      'True -2',
      '200',
      'abc',
      "['big é.bin', 'p']",
      'NoSuchKey none',
    ]);
  });
});

describe.skipIf(!hasAwsCli)(
  'S3 with the AWS CLI (skips where it is not installed)',
  { tags: 'clients' },
  () => {
    it('copies a large file there and back', async () => {
      const live = await startProxy({ config: 'config/proxy.yaml' });
      const alice = live.clientConfig('alice');
      const file = join(folder, 'large.bin');
      const data = Buffer.alloc(9 * MEBIBYTE, 'personalize');
      await writeFile(file, data);
      const cp = (from: string, to: string) => awsCli(alice, 's3', 'cp', '--no-progress', from, to);
      expect(await cp(file, 's3://personalize-c/in/large.bin')).toMatchObject({ code: 0 });
      expect(await cp('s3://personalize-c/in/large.bin', `${file}.back`)).toMatchObject({ code: 0 });
      expect((await readFile(`${file}.back`)).equals(data)).toBe(true);
      const denied = await cp(file, 's3://invoices/large.bin');
      await live.close();
      expect(denied.code).not.toBe(0);
      expect(denied.stderr).toContain(
        'is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::invoices/large.bin" because',
      );
    });
  },
);
