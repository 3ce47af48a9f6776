import { type Authorization, type Check, given, type ResourceSource } from '../../model/check.ts';
import type { Operation, ServiceModel } from '../../model/shape.ts';
import { BUCKET_SETTINGS } from './bucket-settings.ts';
import { BUCKET, OBJECT, on, type S3Operation } from './operation.ts';

/**
 * What listing the buckets is checked on: AWS's walkthrough and its managed policies grant it on this alone.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/walkthrough1.html
 */
const ALL_BUCKETS = 'arn:${Partition}:s3:::*';

/** What a new object brings along needs leave of its own: headers of these names. */
const PUT_BESIDE: readonly Check[] = [
  { ...on('PutObjectAcl', OBJECT), when: ['grants'] },
  { ...on('PutObjectTagging', OBJECT), when: ['x-amz-tagging'] },
  { ...on('PutObjectRetention', OBJECT), when: ['x-amz-object-lock-mode'] },
  { ...on('PutObjectLegalHold', OBJECT), when: ['x-amz-object-lock-legal-hold'] },
];

/** What a new bucket brings along. */
const CREATE_BESIDE: readonly Check[] = [
  { ...on('PutBucketAcl', BUCKET), when: ['grantsToOthers'] },
  { ...on('PutBucketObjectLockConfiguration', BUCKET), when: ['x-amz-bucket-object-lock-enabled'] },
  { ...on('PutBucketVersioning', BUCKET), when: ['x-amz-bucket-object-lock-enabled'] },
  { ...on('PutBucketOwnershipControls', BUCKET), when: ['x-amz-object-ownership'] },
];

/** Deletes what is under retention. */
const bypass = (resource: ResourceSource): Check => ({
  ...on('BypassGovernanceRetention', resource),
  when: ['x-amz-bypass-governance-retention'],
});

const RESPONSE_HEADERS = [
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
];

/**
 * S3 as far as uploading, importing and looking at data for Personalize goes; everything else is answered
 * NotImplemented. S3's ARNs have neither region nor account.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export const S3_OPERATIONS: readonly S3Operation[] = [
  {
    name: 'ListBuckets',
    method: 'GET',
    on: 'service',
    parameters: ['max-buckets', 'prefix', 'continuation-token', 'bucket-region'],
    checks: [on('ListAllMyBuckets', { from: 'fixed', template: ALL_BUCKETS })],
  },
  { name: 'HeadBucket', method: 'HEAD', on: 'bucket', checks: [on('ListBucket', BUCKET)] },
  {
    name: 'CreateBucket',
    method: 'PUT',
    on: 'bucket',
    checks: [on('CreateBucket', BUCKET), ...CREATE_BESIDE],
  },
  ...BUCKET_SETTINGS,
  {
    name: 'GetBucketLocation',
    method: 'GET',
    on: 'bucket',
    discriminators: ['location'],
    checks: [on('GetBucketLocation', BUCKET)],
  },
  {
    name: 'ListObjectsV2',
    method: 'GET',
    on: 'bucket',
    discriminators: ['list-type'],
    parameters: [
      'prefix',
      'delimiter',
      'max-keys',
      'start-after',
      'continuation-token',
      'encoding-type',
      'fetch-owner',
    ],
    checks: [on('ListBucket', BUCKET)],
  },
  {
    name: 'ListObjects',
    method: 'GET',
    on: 'bucket',
    parameters: ['prefix', 'delimiter', 'max-keys', 'marker', 'encoding-type'],
    checks: [on('ListBucket', BUCKET)],
  },
  {
    name: 'DeleteObjects',
    method: 'POST',
    on: 'bucket',
    discriminators: ['delete'],
    checks: [on('DeleteObject', given('objectArns', '*')), bypass(given('objectArns', '*'))],
  },
  {
    name: 'GetObject',
    method: 'GET',
    on: 'object',
    parameters: RESPONSE_HEADERS,
    checks: [on('GetObject', OBJECT)],
  },
  {
    name: 'HeadObject',
    method: 'HEAD',
    on: 'object',
    parameters: RESPONSE_HEADERS,
    checks: [on('GetObject', OBJECT)],
  },
  { name: 'PutObject', method: 'PUT', on: 'object', checks: [on('PutObject', OBJECT), ...PUT_BESIDE] },
  {
    name: 'CopyObject',
    method: 'PUT',
    on: 'object',
    copies: true,
    checks: [on('GetObject', given('sourceArn')), on('PutObject', OBJECT), ...PUT_BESIDE],
  },
  {
    name: 'DeleteObject',
    method: 'DELETE',
    on: 'object',
    checks: [on('DeleteObject', OBJECT), bypass(OBJECT)],
  },
  {
    name: 'CreateMultipartUpload',
    method: 'POST',
    on: 'object',
    discriminators: ['uploads'],
    checks: [on('PutObject', OBJECT), ...PUT_BESIDE],
  },
  {
    name: 'UploadPart',
    method: 'PUT',
    on: 'object',
    discriminators: ['partNumber', 'uploadId'],
    checks: [on('PutObject', OBJECT)],
  },
  {
    name: 'UploadPartCopy',
    method: 'PUT',
    on: 'object',
    discriminators: ['partNumber', 'uploadId'],
    copies: true,
    checks: [on('GetObject', given('sourceArn')), on('PutObject', OBJECT)],
  },
  {
    name: 'ListParts',
    method: 'GET',
    on: 'object',
    discriminators: ['uploadId'],
    parameters: ['max-parts', 'part-number-marker'],
    checks: [on('ListMultipartUploadParts', OBJECT)],
  },
  {
    name: 'GetObjectTagging',
    method: 'GET',
    on: 'object',
    discriminators: ['tagging'],
    checks: [on('GetObjectTagging', OBJECT)],
  },
  {
    name: 'CompleteMultipartUpload',
    method: 'POST',
    on: 'object',
    discriminators: ['uploadId'],
    checks: [on('PutObject', OBJECT)],
  },
  {
    name: 'AbortMultipartUpload',
    method: 'DELETE',
    on: 'object',
    discriminators: ['uploadId'],
    checks: [on('AbortMultipartUpload', OBJECT)],
  },
];

const PARAMETERS: ReadonlySet<string> = new Set(
  S3_OPERATIONS.flatMap(({ discriminators = [], parameters = [] }) => [...discriminators, ...parameters]),
);

/** Whether a parameter of the query of some operation is called so. */
export const isS3Parameter = (name: string): boolean => PARAMETERS.has(name);

let built: ServiceModel | undefined;

/** S3 as routing, records and responses see a service. It has no shapes: its inputs are addresses, headers and bytes. */
export function s3Model(): ServiceModel {
  built ??= build();
  return built;
}

function build(): ServiceModel {
  const operations = new Map<string, Operation>();
  const service: ServiceModel = {
    name: 's3',
    protocol: 'restXml',
    signingName: 's3',
    apiVersion: '2006-03-01',
    xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
    operations,
  };
  for (const { name, method } of S3_OPERATIONS)
    operations.set(name, { service, name, method, path: '/', unsigned: false, errors: new Map() });
  return service;
}

/** The row of an S3 operation. */
export function s3Authorization({ name }: Operation): Authorization {
  const row = S3_OPERATIONS.find((each) => each.name === name);
  if (row === undefined) throw new Error(`s3 ${name} has no row of checks`);
  return {
    checks: row.checks,
    undocumented: [],
    reason: 'the reference lists actions, which are not the operations: UploadPart needs s3:PutObject',
  };
}
