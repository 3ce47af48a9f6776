import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/lib/http-message.ts';
import { iamActions } from '../../../src/model/iam-actions.ts';
import { cloudwatchModel } from '../../../src/services/cloudwatch/model.ts';
import { S3_HANDLERS } from '../../../src/services/s3/handle-call.ts';
import { S3_OPERATIONS } from '../../../src/services/s3/operations.ts';
import { readS3Target } from '../../../src/services/s3/target.ts';
import { encodeError } from '../../../src/wire/encode-error.ts';
import { REQUEST_ID, request, route } from './requests.ts';

const signedFor = (service: string): readonly [string, string] => [
  'authorization',
  `AWS4-HMAC-SHA256 Credential=AKIA/20261124/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
];

const asked = (
  method: string,
  target: string,
  headers: HttpRequest['headers'] = [],
  host = '127.0.0.1:7377',
): HttpRequest => request({ method, target, headers: [['host', host], signedFor('s3'), ...headers] });

/** `service Operation protocol`, or the code of the refusal and what it says. */
function told(from: HttpRequest): string {
  const routed = route(from);
  if (!routed.ok) {
    const { error, target } = routed.error;
    return `${error.code} ${encodeError(error, target, REQUEST_ID).status}`;
  }
  const { operation, protocol } = routed.value;
  return `${operation.service.name} ${operation.name} ${protocol}`;
}

describe('a request that is signed for S3', () => {
  it.each([
    ['GET', '/', 'ListBuckets'],
    ['HEAD', '/b-1', 'HeadBucket'],
    ['PUT', '/b-1/', 'CreateBucket'],
    ['GET', '/b-1?location', 'GetBucketLocation'],
    ['GET', '/b-1/?list-type=2&prefix=a%2Fb&x-id=ListObjectsV2', 'ListObjectsV2'],
    ['GET', '/b-1?prefix=a', 'ListObjects'],
    ['POST', '/b-1?delete', 'DeleteObjects'],
    ['GET', '/b-1/k?x-id=GetObject', 'GetObject'],
    ['HEAD', '/b-1/k/l', 'HeadObject'],
    ['PUT', '/b-1/k', 'PutObject'],
    ['DELETE', '/b-1/k', 'DeleteObject'],
    ['POST', '/b-1/k?uploads', 'CreateMultipartUpload'],
    ['PUT', '/b-1/k?partNumber=1&uploadId=u', 'UploadPart'],
    ['POST', '/b-1/k?uploadId=u', 'CompleteMultipartUpload'],
    ['DELETE', '/b-1/k?uploadId=u', 'AbortMultipartUpload'],
    ['DELETE', '/b-1', 'DeleteBucket'],
    ['GET', '/b-1?versioning', 'GetBucketVersioning'],
    ['GET', '/b-1?policy', 'GetBucketPolicy'],
    ['PUT', '/b-1?policy', 'PutBucketPolicy'],
    ['DELETE', '/b-1?policy', 'DeleteBucketPolicy'],
    ['GET', '/b-1?uploads&prefix=a', 'ListMultipartUploads'],
    ['GET', '/b-1/k?uploadId=u', 'ListParts'],
    ['GET', '/b-1/k?tagging', 'GetObjectTagging'],
    // Buckets that are called as the paths of Personalize are.
    ['GET', '/events?list-type=2', 'ListObjectsV2'],
    ['PUT', '/recommendations/k', 'PutObject'],
    ['GET', '/service/GraniteServiceVersion20100801/operation/PutMetricData', 'GetObject'],
  ])('%s %s is %s', (method, target, operation) => {
    expect(told(asked(method, target))).toBe(`s3 ${operation} restXml`);
  });

  it('is recognized for every operation of the table, and answered', () => {
    expect([...S3_HANDLERS.keys()].sort()).toEqual(S3_OPERATIONS.map(({ name }) => name).sort());
    const from = [['x-amz-copy-source', '/b-1/l']] as const;
    expect(told(asked('PUT', '/b-1/k', from))).toBe('s3 CopyObject restXml');
    expect(told(asked('PUT', '/b-1/k?partNumber=1&uploadId=u', from))).toBe('s3 UploadPartCopy restXml');
  });

  it.each([
    ['GET', '/b-1/k?acl', 'NotImplemented 501'],
    ['PUT', '/b-1/k?tagging', 'NotImplemented 501'],
    ['GET', '/b-1/k?versionId=v', 'NotImplemented 501'],
    ['PATCH', '/b-1', 'MethodNotAllowed 405'],
    ['DELETE', '/b-1?website', 'NotImplemented 501'],
    ['PATCH', '/b-1/k', 'MethodNotAllowed 405'],
    ['PUT', '/b-1/k?uploadId=u', 'NotImplemented 501'],
    ['GET', '/b-1/k?anything', 'NotImplemented 501'],
    ['GET', '/b-1?list-type=2&prefix=a&prefix=b', 'InvalidArgument 400'],
    ['GET', '/b_/k', 'InvalidBucketName 400'],
    ['GET', '/Upper', 'InvalidBucketName 400'],
    ['GET', '/a_b', 'InvalidBucketName 400'],
    ['GET', '/ab', 'InvalidBucketName 400'],
    ['GET', '/192.168.5.4', 'InvalidBucketName 400'],
    ['GET', `/${'b'.repeat(64)}`, 'InvalidBucketName 400'],
    ['GET', '/xn--bucket', 'InvalidBucketName 400'],
    ['GET', '/sthree-bucket', 'InvalidBucketName 400'],
    ['GET', '/amzn-s3-demo-bucket', 'InvalidBucketName 400'],
    ['GET', '/bucket-s3alias', 'InvalidBucketName 400'],
    ['GET', '/bucket--x-s3', 'InvalidBucketName 400'],
    ['GET', '/bucket-', 'InvalidBucketName 400'],
    ['GET', '//bucket/key', 'InvalidURI 400'],
    ['GET', '/../k', 'InvalidBucketName 400'],
    ['GET', '/a..b/k', 'InvalidBucketName 400'],
    ['GET', '/b-1/%zz', 'InvalidURI 400'],
    ['GET', `/b-1/${'k'.repeat(1025)}`, 'KeyTooLongError 400'],
    ['GET', '/b-1/k?AWSAccessKeyId=AKIA&Signature=s&Expires=1', 'InvalidRequest 400'],
    // Another operation is named beside it: its scope is then wrong.
    ['POST', '/events', 'personalize-events PutEvents restJson1'],
    ['GET', '/b-1?Action=ListUsers&Version=2010-05-08', 'UnknownOperationException 404'],
  ])('%s %s is refused: %s', (method, target, refusal) => {
    expect(told(asked(method, target))).toBe(refusal);
  });

  it('does not make a copy of what only looks like an upload', () => {
    const copies: HttpRequest['headers'] = [['x-amz-copy-source', '/b-1/l']];
    expect(told(asked('PUT', '/b-1/k?partNumber=1', copies))).toBe('NotImplemented 501');
    expect(told(asked('PUT', '/b-1', copies))).toBe('NotImplemented 501');
    const target: HttpRequest['headers'] = [['x-amz-target', 'AmazonPersonalize.CreateCampaign']];
    expect(told(asked('PUT', '/b-1/k', target))).toBe('UnknownOperationException 404');
  });

  it.each([
    ['127.0.0.1:7377', '/b-1/a/b', 'b-1', 'a/b'],
    ['localhost:7377', '/b-1/a%20b%2Fc', 'b-1', 'a b/c'],
    ['b-1.localhost:7377', '/a/b', 'b-1', 'a/b'],
    ['b-1.s3.localhost:7377', '/', 'b-1', undefined],
    ['my.bucket.s3.us-east-1.amazonaws.com', '/a//b/', 'my.bucket', 'a//b/'],
    ['b-1.s3-us-west-2.amazonaws.com', '/k', 'b-1', 'k'],
    ['s3.us-east-1.amazonaws.com', '/b-1/k', 'b-1', 'k'],
    ['proxy', '/b-1/../x', 'b-1', '../x'],
    ['authz.example.com', '/b-1', 'b-1', undefined],
  ])('at %s%s is for the bucket %s and the key %s', (host, target, bucket, key) => {
    expect(readS3Target(asked('GET', target, [], host))).toMatchObject({ bucket, ...(key && { key }) });
    expect(readS3Target(asked('GET', target, [], host))?.key).toBe(key);
  });
});

describe('a request to CloudWatch', () => {
  const operations = [...cloudwatchModel().operations.keys()];

  it.each(operations)('is recognized in each of its protocols: %s', (name) => {
    const form = request({
      headers: [['content-type', 'application/x-www-form-urlencoded']],
      body: `Action=${name}&Version=2010-08-01`,
    });
    const json = request({
      headers: [
        ['content-type', 'application/x-amz-json-1.0'],
        ['x-amz-target', `GraniteServiceVersion20100801.${name}`],
      ],
    });
    const cbor = request({
      target: `/service/GraniteServiceVersion20100801/operation/${name}`,
      headers: [
        ['content-type', 'application/cbor'],
        ['smithy-protocol', 'rpc-v2-cbor'],
      ],
    });
    expect([form, json, cbor].map(told)).toEqual([
      `cloudwatch ${name} awsQuery`,
      `cloudwatch ${name} awsJson1.0`,
      `cloudwatch ${name} rpcV2Cbor`,
    ]);
  });

  it.each<[string, HttpRequest['headers']]>([
    [
      'another content type',
      [
        ['content-type', 'application/json'],
        ['smithy-protocol', 'rpc-v2-cbor'],
      ],
    ],
    ['no protocol', [['content-type', 'application/cbor']]],
    [
      'another protocol',
      [
        ['content-type', 'application/cbor'],
        ['smithy-protocol', 'rpc-v2-json'],
      ],
    ],
  ])('is refused in CBOR with %s', (_, headers) => {
    const target = '/service/GraniteServiceVersion20100801/operation/ListMetrics';
    expect(told(request({ target, headers }))).toBe('UnknownOperationException 404');
  });

  it('speaks JSON 1.0, and no other', () => {
    const headers: HttpRequest['headers'] = [
      ['content-type', 'application/x-amz-json-1.1'],
      ['x-amz-target', 'GraniteServiceVersion20100801.ListMetrics'],
    ];
    expect(told(request({ headers }))).toBe('UnknownOperationException 404');
  });
});

describe('the checks of S3', () => {
  it('are actions of the Service Authorization Reference', () => {
    const actions = S3_OPERATIONS.flatMap(({ checks }) => checks.map(({ action }) => action));
    const known = iamActions().actionsOf('s3');
    expect(actions.filter((action) => !known?.has(action.slice('s3:'.length)))).toEqual([]);
  });
});
