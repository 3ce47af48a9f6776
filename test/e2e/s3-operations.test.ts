import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { awsCli, hasAwsCli, hasBoto3, python } from './clients.ts';

const MEBIBYTE = 1024 * 1024;
const BUCKET_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' }],
};

let folder: string;
let proxy: RunningProxy;
let s3: S3Client;

const allow = (Action: unknown, Resource: unknown = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authz-s3-operations-'));
  const policies = {
    all: allow('s3:*'),
    writer: allow('s3:PutObject'),
    copier: allow(['s3:PutObject', 's3:GetObject']),
    nothing: allow('s3:GetObjectAcl'),
  };
  const names = Object.keys(policies);
  proxy = await startProxy({
    objectsFolder: folder,
    principals: {
      users: Object.fromEntries(
        names.map((name, index) => [
          name,
          {
            accessKeys: [{ id: `AKIALOCALS3OPS00000${index}`, secret: `local-only-secret-of-${name}` }],
            inlinePolicies: [name],
          },
        ]),
      ),
    },
    policies: { ...policies, 'buckets/data': BUCKET_POLICY },
  });
  s3 = as('all');
  await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'source', Body: 'abcdefghij' }));
});
afterAll(async () => {
  await proxy.close();
  await rm(folder, { recursive: true });
});

const as = (user: string): S3Client =>
  new S3Client({ ...proxy.clientConfig<`user/${string}`>(`user/${user}`), maxAttempts: 1 });
const start = async (Key: string, more = {}): Promise<{ Bucket: string; Key: string; UploadId: string }> => {
  const { UploadId = '' } = await s3.send(new CreateMultipartUploadCommand({ Bucket: 'data', Key, ...more }));
  return { Bucket: 'data', Key, UploadId };
};

describe('a bucket', () => {
  it('is deleted when it is empty', async () => {
    const Bucket = 'short-lived';
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a/b', Body: 'x' }));
    await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
      $metadata: { httpStatusCode: 409 },
    });
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a/b' }));
    await s3.send(new DeleteBucketCommand({ Bucket }));
    await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'NotFound' });
    await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });

  it('is created in this region only', async () => {
    const create = (LocationConstraint: string) =>
      s3.send(
        new CreateBucketCommand({
          Bucket: 'elsewhere',
          CreateBucketConfiguration: { LocationConstraint: LocationConstraint as 'eu-west-1' },
        }),
      );
    await expect(create('eu-west-1')).rejects.toMatchObject({ name: 'IllegalLocationConstraintException' });
  });

  it('has no versions', async () => {
    expect(await s3.send(new GetBucketVersioningCommand({ Bucket: 'data' }))).not.toHaveProperty('Status');
  });

  it('has the policy of its file, which is not changed from here', async () => {
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket: 'data' }));
    expect(JSON.parse(Policy)).toEqual(BUCKET_POLICY);
    await expect(s3.send(new GetBucketPolicyCommand({ Bucket: 'other' }))).rejects.toMatchObject({
      name: 'NoSuchBucketPolicy',
    });
    const put = new PutBucketPolicyCommand({ Bucket: 'data', Policy });
    for (const command of [put, new DeleteBucketPolicyCommand({ Bucket: 'data' })])
      await expect(s3.send(command as typeof put)).rejects.toMatchObject({
        name: 'MethodNotAllowed',
        message: expect.stringContaining('edit policies/buckets/data.json instead'),
      });
  });
});

const part = { Bucket: 'data', Key: 'k', UploadId: 'u', PartNumber: 1 };
describe('an operation is checked on its own action', () => {
  it.each([
    ['s3:DeleteBucket', 'data', new DeleteBucketCommand({ Bucket: 'data' })],
    ['s3:GetBucketVersioning', 'data', new GetBucketVersioningCommand({ Bucket: 'data' })],
    ['s3:GetBucketPolicy', 'data', new GetBucketPolicyCommand({ Bucket: 'data' })],
    ['s3:PutBucketPolicy', 'data', new PutBucketPolicyCommand({ Bucket: 'data', Policy: '{}' })],
    ['s3:DeleteBucketPolicy', 'data', new DeleteBucketPolicyCommand({ Bucket: 'data' })],
    ['s3:ListBucketMultipartUploads', 'data', new ListMultipartUploadsCommand({ Bucket: 'data' })],
    ['s3:ListMultipartUploadParts', 'data/k', new ListPartsCommand(part)],
    ['s3:GetObjectTagging', 'data/k', new GetObjectTaggingCommand(part)],
    ['s3:GetObject', 'other/source', new UploadPartCopyCommand({ ...part, CopySource: 'other/source' })],
  ] as const)('%s on %s', async (action, resource, command) => {
    await expect(as('nothing').send(command as never)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(`${action} on resource: "arn:aws:s3:::${resource}"`),
    });
  });

  it('also a part that is copied, on the object that it becomes', async () => {
    const command = new UploadPartCopyCommand({ ...part, CopySource: 'data/source' });
    await expect(as('nothing').send(command)).rejects.toMatchObject({
      message: expect.stringContaining('s3:PutObject on resource: "arn:aws:s3:::data/k"'),
    });
  });

  it('does not reveal to callers without list permission that the source is missing', async () => {
    const copy = new CopyObjectCommand({ Bucket: 'data', Key: 'k', CopySource: 'data/missing' });
    await expect(as('copier').send(copy)).rejects.toMatchObject({
      message: expect.stringContaining('s3:ListBucket on resource: "arn:aws:s3:::data"'),
    });
    await expect(s3.send(copy)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('the condition keys of an operation', () => {
  it('are its own: s3:prefix is for s3:ListBucket, s3:locationconstraint for s3:CreateBucket', async () => {
    const keysOf = (action: string) =>
      Object.keys(
        proxy.decisions.findLast(({ checks }) => checks[0]?.action === action)?.checks[0]?.context ?? {},
      ).filter((key) => /^s3:(?:prefix|locationconstraint)$/.test(key));
    await s3.send(new ListMultipartUploadsCommand({ Bucket: 'data', Prefix: 'a' }));
    await s3.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: 'a' }));
    await s3.send(
      new CreateBucketCommand({
        Bucket: 'located',
        CreateBucketConfiguration: { LocationConstraint: 'us-east-1' as 'eu-west-1' },
      }),
    );
    expect(keysOf('s3:ListBucketMultipartUploads')).toEqual([]);
    expect(keysOf('s3:ListBucket')).toEqual(['s3:prefix']);
    expect(keysOf('s3:CreateBucket')).toEqual(['s3:locationconstraint']);
  });
});

describe('an upload in parts', () => {
  it('takes parts of other objects', async () => {
    const upload = await start('copied');
    const copy = async (PartNumber: number, CopySourceRange: string) => {
      const command = new UploadPartCopyCommand({
        ...upload,
        PartNumber,
        CopySource: '/data/source',
        CopySourceRange,
      });
      return (await s3.send(command)).CopyPartResult?.ETag;
    };
    await expect(copy(1, 'bytes=5-10')).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(copy(1, 'bytes=5-')).rejects.toMatchObject({ name: 'InvalidArgument' });
    const ETag = await copy(1, 'bytes=3-5');
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'data', Key: 'copied' }));
    expect(await Body?.transformToString()).toBe('def');
  });

  it('is copied under the conditions of its source', async () => {
    const { ETag } = await s3.send(new HeadObjectCommand({ Bucket: 'data', Key: 'source' }));
    const copy = (more: object) =>
      s3.send(new CopyObjectCommand({ Bucket: 'data', Key: 'k', CopySource: 'data/source', ...more }));
    await copy({ CopySourceIfMatch: ETag });
    for (const condition of [
      { CopySourceIfMatch: '"other"' },
      { CopySourceIfNoneMatch: ETag },
      { CopySourceIfModifiedSince: new Date(Date.now() + 60_000) },
      { CopySourceIfUnmodifiedSince: new Date(0) },
    ])
      await expect(copy(condition)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('is listed until it is finished, with its parts', async () => {
    const uploads = [await start('list/a/1'), await start('list/b'), await start('list/b')] as const;
    await s3.send(new UploadPartCommand({ ...uploads[1], PartNumber: 2, Body: 'xy' }));
    const list = (more: object) =>
      s3.send(new ListMultipartUploadsCommand({ Bucket: 'data', Prefix: 'list/', ...more }));
    const { Uploads = [], CommonPrefixes } = await list({ Delimiter: '/' });
    expect(Uploads.map(({ UploadId }) => UploadId)).toEqual([uploads[1].UploadId, uploads[2].UploadId]);
    expect(CommonPrefixes).toEqual([{ Prefix: 'list/a/' }]);
    const first = await list({ MaxUploads: 2 });
    expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'list/b' });
    const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = first;
    const rest = await list({ KeyMarker, UploadIdMarker });
    expect(rest.Uploads?.map(({ UploadId }) => UploadId)).toEqual([uploads[2].UploadId]);
    expect(rest.IsTruncated).toBe(false);
    const { Parts } = await s3.send(new ListPartsCommand(uploads[1]));
    expect(Parts).toMatchObject([{ PartNumber: 2, Size: 2 }]);
  });

  it('refuses claims that contradict each other', async () => {
    const upload = await start('claims', { ChecksumAlgorithm: 'SHA1' });
    const put = (ChecksumAlgorithm: 'SHA1' | 'CRC32') =>
      s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'part', ChecksumAlgorithm }));
    await expect(put('CRC32')).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: 'Checksum Type mismatch occurred, expected checksum Type: sha1, actual checksum Type: crc32',
    });
    const { ETag, ChecksumSHA1 } = await put('SHA1');
    const complete = (checksum: string | undefined, more = {}) =>
      s3.send(
        new CompleteMultipartUploadCommand({
          ...upload,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ChecksumSHA1: checksum }] },
          ...more,
        }),
      );
    await expect(complete('qvTGHdzF6KLavt4PO0gs2a6pQ00=')).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete(ChecksumSHA1, { MpuObjectSize: 5 })).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
    await expect(
      complete(ChecksumSHA1, { ChecksumSHA1: ChecksumSHA1, ChecksumType: 'COMPOSITE' }),
    ).rejects.toMatchObject({ name: 'BadDigest' });
    await complete(ChecksumSHA1, { MpuObjectSize: 4, ChecksumSHA1: ChecksumSHA1 });
  });
});

describe('the tags of an object', () => {
  it('are those that it was put with, and not those of what it was copied from', async () => {
    const object = { Bucket: 'data', Key: 'tagged' };
    await s3.send(new PutObjectCommand({ ...object, Body: 'x', Tagging: 'team=a%20b&stage=' }));
    const tags = async (Key: string) =>
      (await s3.send(new GetObjectTaggingCommand({ Bucket: 'data', Key }))).TagSet;
    expect(await tags('tagged')).toEqual([
      { Key: 'team', Value: 'a b' },
      { Key: 'stage', Value: '' },
    ]);
    const head = await s3.send(new HeadObjectCommand(object));
    expect(head).toMatchObject({ TagCount: 2, Metadata: {} });
    await s3.send(new CopyObjectCommand({ Bucket: 'data', Key: 'copy', CopySource: 'data/tagged' }));
    expect(await tags('copy')).toEqual([]);
    await expect(
      as('writer').send(new PutObjectCommand({ ...object, Body: 'x', Tagging: 'team=c' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('the condition keys of a copy', () => {
  it('are those of the write on its target only: tags, conditions and headers are not those of its source', async () => {
    await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'source', Body: 'x' }));
    await s3.send(
      new CopyObjectCommand({
        Bucket: 'data',
        Key: 'target',
        CopySource: 'data/source',
        Tagging: 'team=ml',
        TaggingDirective: 'REPLACE',
        StorageClass: 'STANDARD_IA',
      }),
    );
    const checks = proxy.decisions.at(-1)?.checks ?? [];
    const keysOf = (action: string) =>
      Object.keys(checks.find((check) => check.action === action)?.context ?? {}).map((key) =>
        key.toLowerCase(),
      );
    const ofTheWrite = [
      's3:requestobjecttag/team',
      's3:requestobjecttagkeys',
      's3:x-amz-copy-source',
      's3:x-amz-storage-class',
    ];
    expect(keysOf('s3:PutObject')).toEqual(expect.arrayContaining(ofTheWrite));
    const ofTheRead = keysOf('s3:GetObject');
    expect(ofTheRead).toEqual(expect.arrayContaining(['s3:authtype', 's3:signatureversion']));
    expect(ofTheRead.filter((key) => ofTheWrite.includes(key))).toEqual([]);
  });
});

describe('common programs', () => {
  it.skipIf(!hasBoto3)(
    'boto3 copies in parts, and uploads with checksums of every algorithm',
    { tags: 'clients' },
    async () => {
      const program = `
import boto3, io
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
s3 = boto3.client('s3')
config = TransferConfig(multipart_threshold=5 * 1024 ** 2, multipart_chunksize=5 * 1024 ** 2)
body = bytes(range(256)) * (6 * 1024 ** 2 // 256)
s3.upload_fileobj(io.BytesIO(body), 'data', 'large', Config=config)
s3.copy({'Bucket': 'data', 'Key': 'large'}, 'data', 'large copy', Config=config)
print(s3.get_object(Bucket='data', Key='large copy')['Body'].read() == body)
print(s3.head_object(Bucket='data', Key='large copy')['ETag'].endswith('-2"'))
for algorithm in ('CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'):
    try:
        answer = s3.put_object(Bucket='data', Key='sum', Body=b'hello', ChecksumAlgorithm=algorithm)
        read = s3.get_object(Bucket='data', Key='sum', ChecksumMode='ENABLED')
        print(algorithm, answer['Checksum' + algorithm] == read['Checksum' + algorithm])
    except Exception as e:
        print(algorithm, type(e).__name__)
print(s3.list_multipart_uploads(Bucket='data', Prefix='large').get('Uploads'))
print(s3.get_bucket_versioning(Bucket='data').get('Status'))
key = 'k' * 1024
s3.put_object(Bucket='data', Key=key, Body=b'long')
print(s3.get_object(Bucket='data', Key=key)['Body'].read())
s3.delete_object(Bucket='data', Key=key)
s3.create_bucket(Bucket='from-python')
s3.delete_bucket(Bucket='from-python')
try:
    s3.put_bucket_policy(Bucket='data', Policy='{}')
except ClientError as e:
    print('policies/buckets/data.json' in e.response['Error']['Message'])
`;
      const { stdout, stderr } = await python(proxy.clientConfig<'user/all'>('user/all'), program);
      // CRC32C and CRC64NVME need the AWS CRT beside boto3.
      const lines = stdout
        .trim()
        .split('\n')
        .filter((line) => !line.endsWith('MissingDependencyException'));
      expect({ lines: lines.filter((line) => !/^CRC(?:32C|64NVME) True$/.test(line)), stderr }).toEqual({
        lines: [
          'True',
          'True',
          'CRC32 True',
          'SHA1 True',
          'SHA256 True',
          '[]',
          'None',
          "b'long'",
          'True',
        ].map((line) => (line === '[]' ? expect.stringMatching(/^(?:\[\]|None)$/) : line)),
        stderr: '',
      });
    },
  );

  it.skipIf(!hasAwsCli)(
    'the AWS CLI uploads 9 MiB, copies them, and removes the bucket',
    { tags: 'clients', timeout: 120_000 },
    async () => {
      const aws = proxy.clientConfig<'user/all'>('user/all');
      const file = join(folder, '.nine');
      await writeFile(file, Buffer.alloc(9 * MEBIBYTE, 'nine'));
      await s3.send(new CreateBucketCommand({ Bucket: 'from-cli' }));
      for (const args of [
        ['s3', 'cp', file, 's3://from-cli/nine', '--no-progress'],
        ['s3', 'cp', 's3://from-cli/nine', 's3://from-cli/copy', '--no-progress'],
      ])
        expect(await awsCli(aws, ...args)).toMatchObject({ code: 0, stderr: '' });
      const { ContentLength, ETag } = await s3.send(
        new HeadObjectCommand({ Bucket: 'from-cli', Key: 'copy' }),
      );
      expect([ContentLength, ETag]).toEqual([9 * MEBIBYTE, expect.stringMatching(/-2"$/)]);
      expect(await awsCli(aws, 's3', 'rb', 's3://from-cli', '--force')).toMatchObject({ code: 0 });
      await rm(file);
    },
  );
});
