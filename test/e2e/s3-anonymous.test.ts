import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide } from '../../src/engine/decide.ts';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { recordedQuestions } from '../../src/recorded-calls/recorded-request.ts';
import { awsCli, hasAwsCli, hasBoto3, python } from './clients.ts';
import { exchange } from './exchange.ts';

let folder: string;
let proxy: RunningProxy;

const statement = (Effect: string, Action: unknown, Resource: unknown, more = {}) => ({
  Effect,
  Principal: '*',
  Action,
  Resource,
  ...more,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authz-anonymous-'));
  proxy = await startProxy({
    objectsFolder: folder,
    principals: {
      users: {
        owner: {
          accessKeys: [{ id: 'AKIALOCALANONYMOUS00', secret: 'local-only-secret-of-owner' }],
          inlinePolicies: ['all'],
        },
      },
    },
    policies: {
      all: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] },
      'buckets/public-data': {
        Version: '2012-10-17',
        Statement: [
          statement(
            'Allow',
            ['s3:GetObject', 's3:ListBucket'],
            ['arn:aws:s3:::public-data', 'arn:aws:s3:::public-data/*'],
          ),
          statement('Allow', 's3:PutObject', 'arn:aws:s3:::public-data/inbox/*', {
            Condition: { StringEquals: { 'aws:PrincipalType': 'Anonymous', 'aws:userid': 'anonymous' } },
          }),
          statement('Deny', 's3:GetObject', 'arn:aws:s3:::public-data/secret'),
        ],
      },
    },
  });
  const owner = new S3Client(proxy.clientConfig<'user/owner'>('user/owner'));
  for (const Bucket of ['public-data', 'private-data'])
    await owner.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'content' }));
});
afterAll(async () => {
  await proxy.close();
  await rm(folder, { recursive: true });
});

const call = async (target: string, init: RequestInit = {}): Promise<[status: number, body: string]> => {
  const response = await fetch(proxy.url + target, init);
  return [response.status, await response.text()];
};
const code = (name: string) => expect.stringContaining(`<Code>${name}</Code>`);

describe('a call of S3 that is not signed', () => {
  it('gets what the policy of the bucket allows to everyone, and nothing else', async () => {
    expect(await call('/public-data/k')).toEqual([200, 'content']);
    expect(await call('/public-data?list-type=2')).toEqual([200, expect.stringContaining('<Key>k</Key>')]);
    expect(await call('/public-data/inbox/a', { method: 'PUT', body: 'x' })).toEqual([200, '']);
    expect(await call('/public-data/outside', { method: 'PUT', body: 'x' })).toEqual([
      403,
      expect.stringContaining('<Code>AccessDenied</Code><Message>Access Denied</Message>'),
    ]);
    expect(await call('/public-data/secret')).toEqual([403, code('AccessDenied')]);
    expect(await call('/private-data/k')).toEqual([403, code('AccessDenied')]);
    expect(await call('/private-data?list-type=2')).toEqual([403, code('AccessDenied')]);
    expect(await call('/private-data?delete', { method: 'POST', body: '<a/>' })).toEqual([
      400,
      code('MalformedXML'),
    ]);
  });

  it('is recorded as anonymous, with what it was checked for', async () => {
    await call('/private-data/k');
    expect(proxy.decisions.at(-1)).toMatchObject({
      outcome: 'denied',
      error: { status: 403, message: 'Access Denied' },
      checks: [
        {
          action: 's3:GetObject',
          resource: 'arn:aws:s3:::private-data/k',
          context: { 'aws:userid': 'anonymous' },
        },
      ],
    });
    expect(proxy.decisions.at(-1)).not.toHaveProperty('principal');
  });

  it('is decided again from its record as it was', async () => {
    await call('/public-data/k');
    await call('/public-data/inbox/b', { method: 'PUT', body: 'x' });
    const questions = recordedQuestions(proxy.directory);
    const again = proxy.decisions.slice(-2).flatMap((record) =>
      record.checks.map((check) => {
        const question = questions(record, check);
        return question.ok && decide(question.value.request, question.value.policies).decision;
      }),
    );
    expect(again).toEqual(['allowed', 'allowed']);
  });

  it('is NoSuchBucket if the bucket does not exist, and does not create it', async () => {
    expect(await call('/nowhere/k')).toEqual([404, code('NoSuchBucket')]);
    expect(await call('/nowhere?list-type=2')).toEqual([404, code('NoSuchBucket')]);
    expect(await call('/nowhere/k', { method: 'PUT', body: 'x' })).toEqual([404, code('NoSuchBucket')]);
    expect(await call('/nowhere', { method: 'PUT' })).toEqual([403, code('AccessDenied')]);
    expect(await call('/nowhere/k')).toEqual([404, code('NoSuchBucket')]);
  });

  it('gets no body of an answer to HEAD', async () => {
    expect(await call('/private-data/k', { method: 'HEAD' })).toEqual([403, '']);
    expect(await call('/nowhere', { method: 'HEAD' })).toEqual([404, '']);
  });

  it('reaches a bucket in the host, too', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) =>
      httpRequest(`${proxy.url}/k`, { headers: { host: 'public-data.localhost' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end(),
    );
    expect(status).toBe(200);
  });

  it.each([
    ['Basic YTpi', 400, 'InvalidArgument'],
    ['Bearer abc', 400, 'InvalidArgument'],
    ['AWS4-ECDSA-P256-SHA256 Credential=AKIA/20260101/s3/aws4_request', 400, 'InvalidArgument'],
    ['AWS4-HMAC-SHA512 Credential=A/20260101/us-east-1/s3/aws4_request', 400, 'InvalidArgument'],
    ['AWS4-HMAC-SHA256', 400, 'AuthorizationHeaderMalformed'],
    ['AWS4-HMAC-SHA256 Credential', 400, 'AuthorizationHeaderMalformed'],
    [
      'AWS4-HMAC-SHA256 Credential=AKIA, SignedHeaders=host;x-amz-date, Signature=0',
      400,
      'AuthorizationHeaderMalformed',
    ],
    [
      'AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/s3/aws4_req, SignedHeaders=host;x-amz-date, Signature=0',
      400,
      'AuthorizationHeaderMalformed',
    ],
    [
      'AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/s3, SignedHeaders=host;x-amz-date, Signature=0',
      400,
      'AuthorizationHeaderMalformed',
    ],
    ['AWS AKIA:signature', 400, 'InvalidRequest'],
  ])('is no anonymous one with the header %s: %d %s', async (authorization, status, name) => {
    const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
    expect(await call('/public-data/k', { headers: { authorization, 'x-amz-date': date } })).toEqual([
      status,
      code(name),
    ]);
  });

  it.each(['X-Amz-Signature=0', 'X-Amz-Credential=A', 'X-Amz-SignedHeaders=host', 'x-amz-security-token=t'])(
    'is no anonymous one with %s in the query',
    async (part) => {
      const [status, body] = await call(`/public-data/k?${part}`);
      expect([status, body]).not.toEqual([200, 'content']);
      expect(status).toBeGreaterThanOrEqual(400);
    },
  );

  it('is answered in the words of S3 where it is presigned badly', async () => {
    const part = (credential: string) =>
      `/public-data/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(credential)}`;
    expect(await call(part('AKIA/20260101/us-east-1/s3/aws4_req'))).toEqual([
      400,
      code('AuthorizationQueryParametersError'),
    ]);
    expect(await call(part('AKIA'))).toEqual([400, code('AuthorizationQueryParametersError')]);
  });

  it('lists no buckets', async () => {
    const list = (host: string): Promise<string> =>
      exchange(proxy.url, `GET / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
    expect(await list('s3.localhost')).toMatch(/^HTTP\/1.1 403 [\s\S]*<Code>AccessDenied</);
  });

  it('is denied in audit mode, too: no caller is authenticated', async () => {
    proxy.setMode('audit');
    try {
      expect(await call('/private-data/k')).toEqual([403, code('AccessDenied')]);
      expect(await call('/private-data/k', { method: 'PUT', body: 'x' })).toEqual([
        403,
        code('AccessDenied'),
      ]);
      expect(proxy.decisions.at(-1)).toMatchObject({ outcome: 'denied' });
      expect(await call('/public-data/k')).toEqual([200, 'content']);
    } finally {
      proxy.setMode('enforce');
    }
  });

  it('answers a trailer that is not the one that was announced with a malformed trailer', async () => {
    const put = (name: string, body: string, more = ''): Promise<string> =>
      exchange(
        proxy.url,
        `PUT /public-data/inbox/${name} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-encoding: aws-chunked\r\n` +
          `x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\nx-amz-decoded-content-length: 5\r\n${more}` +
          `content-length: ${body.length}\r\n\r\n${body}`,
      );
    const chunks = '5\r\nhello\r\n0\r\n';
    const announced = 'x-amz-trailer: x-amz-checksum-crc32\r\n';
    expect(await put('a', `${chunks}\r\n`)).toMatch(/^HTTP\/1.1 200 /);
    expect(await put('b', `${chunks}x-amz-checksum-crc32:NhCmhg==\n\r\n\r\n`, announced)).toMatch(
      /^HTTP\/1.1 200 /,
    );
    for (const [body, more, name] of [
      [`${chunks}x-amz-checksum-crc32:NhCmhg==\r\n\r\n`, '', 'MalformedTrailerError'],
      [`${chunks}\r\n`, announced, 'MalformedTrailerError'],
      [`${chunks}:NhCmhg==\r\n\r\n`, announced, 'MalformedTrailerError'],
      [`${chunks}x-amz-checksum-crc32:no\r\n\r\n`, announced, 'InvalidRequest'],
      [`${chunks}x-amz-checksum-crc32:AAAAAA==\r\n\r\n`, announced, 'BadDigest'],
    ] as const)
      expect(await put('c', body, more)).toMatch(new RegExp(`^HTTP/1.1 400 [^]*<Code>${name}</Code>`));
    expect(await call('/public-data/inbox/a')).toEqual([200, 'hello']);
    expect(await call('/public-data/inbox/b')).toEqual([200, 'hello']);
    expect(await call('/public-data/inbox/c')).toEqual([404, code('NoSuchKey')]);
  });
});

describe('clients that do not sign', () => {
  it('AWS SDK for JavaScript', async () => {
    const client = new S3Client({
      endpoint: proxy.url,
      region: 'us-east-1',
      forcePathStyle: true,
      signer: { sign: async (request) => request },
      credentials: { accessKeyId: '', secretAccessKey: '' },
    });
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'public-data', Key: 'k' }));
    expect(await Body?.transformToString()).toBe('content');
    await client.send(new PutObjectCommand({ Bucket: 'public-data', Key: 'inbox/js', Body: 'x' }));
    await expect(
      client.send(new GetObjectCommand({ Bucket: 'private-data', Key: 'k' })),
    ).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it.skipIf(!hasBoto3)('boto3', { tags: 'clients' }, async () => {
    const program = `
import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
s3 = boto3.client('s3', config=Config(signature_version=UNSIGNED))
print(s3.get_object(Bucket='public-data', Key='k')['Body'].read().decode())
s3.put_object(Bucket='public-data', Key='inbox/py', Body=b'x', ChecksumAlgorithm='SHA256')
print([o['Key'] for o in s3.list_objects_v2(Bucket='public-data', Prefix='inbox/py')['Contents']])
for call in (lambda: s3.get_object(Bucket='private-data', Key='k'), lambda: s3.head_object(Bucket='private-data', Key='k'),
             lambda: s3.list_objects_v2(Bucket='nowhere')):
    try:
        call()
    except ClientError as e:
        print(e.response['Error']['Code'])
`;
    const { stdout, stderr } = await python({ endpoint: proxy.url, region: 'us-east-1' }, program);
    expect({ lines: stdout.trim().split('\n'), stderr }).toEqual({
      lines: ['content', "['inbox/py']", 'AccessDenied', '403', 'NoSuchBucket'],
      stderr: '',
    });
  });

  it.skipIf(!hasAwsCli)('AWS CLI', { tags: 'clients' }, async () => {
    const aws = { endpoint: proxy.url, region: 'us-east-1' };
    const listed = await awsCli(aws, 's3', 'ls', 's3://private-data', '--no-sign-request');
    expect(listed.code).not.toBe(0);
    expect(listed.stderr).toContain(
      'An error occurred (AccessDenied) when calling the ListObjectsV2 operation',
    );
    const read = await awsCli(aws, 's3', 'cp', 's3://public-data/k', '-', '--no-sign-request');
    expect(read).toMatchObject({ code: 0, stdout: 'content' });
  });
});
