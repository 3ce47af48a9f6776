import type { NamedPolicy } from '../../engine/policy-set.ts';
import type { Clock } from '../../lib/clock.ts';
import { type AwsError, awsError } from '../../lib/errors.ts';
import type { HttpResponse } from '../../lib/http-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { InputValue } from '../../wire/input-value.ts';
import type { XmlLines } from '../../wire/xml.ts';
import { s3Document, s3Ids } from './errors.ts';
import type { MultipartUploads } from './multipart-uploads.ts';
import type { ObjectStore } from './object-store.ts';

/** A call of S3 that was authorized. */
export interface S3Call<Members = unknown> {
  /** Bucket, key, parameters and headers by their names, and what the operation has of its own. */
  readonly input: InputValue & Members;
  readonly content: Uint8Array;
  readonly requestId: string;
}

export interface S3Dependencies {
  readonly store: ObjectStore;
  readonly uploads: MultipartUploads;
  readonly region: string;
  readonly clock: Clock;
  readonly newId: () => string;
  /** The policy of a bucket, as the folder has it. */
  readonly bucketPolicy: (bucket: string) => NamedPolicy | undefined;
}

export type S3Response = Result<HttpResponse, AwsError>;

/** Handles an operation whose input has those members. */
export type S3Handler<Members = unknown> = (
  call: S3Call<Members>,
  deps: S3Dependencies,
) => Promise<S3Response>;

/** A member as text; empty where it is not given. */
export const text = ({ input }: S3Call, name: string): string => {
  const value = input[name];
  return typeof value === 'string' ? value : '';
};

export const refuse = (
  code: string,
  message: string,
  details?: AwsError['details'],
): Result<never, AwsError> => err(awsError(code, message, details));

export const respondWith = (
  { requestId }: S3Call,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: Uint8Array | string = '',
): S3Response => ok({ status, headers: { ...headers, ...s3Ids(requestId) }, body });

export const xmlResponse = (
  call: S3Call,
  root: XmlLines,
  headers: Readonly<Record<string, string>> = {},
): S3Response => respondWith(call, 200, { 'content-type': 'application/xml', ...headers }, s3Document(root));

export const noSuchBucket = (call: S3Call, bucket = text(call, 'Bucket')): Result<never, AwsError> =>
  refuse('NoSuchBucket', 'The specified bucket does not exist', { BucketName: bucket });

export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** To the second, and written with milliseconds: so S3 dates its XML. */
export const isoMillis = (millis: number): string => new Date(Math.floor(millis / 1000) * 1000).toISOString();
