import { type AwsError, awsError } from './errors.ts';

/** Personalize accepts at most 10 MB. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** An object, or a part of one, is sent in one request. */
export const MAX_OBJECT_BYTES = 128 * 1024 * 1024;

/** STS rejects longer forms with an empty 413. */
export const MAX_FORM_BYTES = 10_000_000;

/** How much of a request with an unknown access key is read, so that its client can read the response. */
export const MAX_UNKNOWN_BYTES = 1024 * 1024;

export const tooLarge = (maxBytes: number): AwsError =>
  awsError('RequestEntityTooLarge', `The request body is over ${maxBytes} bytes.`);
