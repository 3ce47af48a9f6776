import { type Check, given, type ResourceSource } from '../../model/check.ts';
import type { Operation } from '../../model/shape.ts';

/** What an operation works on: the address has neither bucket nor key, a bucket, or both. */
export type S3Subject = 'service' | 'bucket' | 'object';

/** How an operation of S3 is recognized, and what it must be allowed. */
export interface S3Operation {
  readonly name: string;
  readonly method: Operation['method'];
  readonly on: S3Subject;
  /** Query parameters that name it, and no other operation has. */
  readonly discriminators?: readonly string[];
  /** Whether the object to copy from is named in a header. */
  readonly copies?: true;
  /** Other query parameters that it allows. Any other is refused: it could mean another action. */
  readonly parameters?: readonly string[];
  readonly checks: readonly Check[];
}

/** Members that `s3Input` makes of the address and of the headers. */
export const BUCKET: ResourceSource = given('bucketArn');
export const OBJECT: ResourceSource = given('objectArn');

/** A check of an action of S3. */
export const on = (action: string, resource: ResourceSource): Check => ({ action: `s3:${action}`, resource });
