import { type AwsError, awsError } from './errors.ts';

/** Personalize takes 10 MB at the most. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** An object, or a part of one, comes in one request. */
export const MAX_OBJECT_BYTES = 128 * 1024 * 1024;

/** STS refuses longer forms with an empty 413. */
export const MAX_FORM_BYTES = 10_000_000;

/** What is read of a request whose access key is not known here, so that its client can read the answer. */
export const MAX_UNKNOWN_BYTES = 1024 * 1024;

export const tooLarge = (maxBytes: number): AwsError =>
  awsError('RequestEntityTooLarge', `The request body is over ${maxBytes} bytes.`);
