import { type AwsError, awsError } from '../../lib/errors.ts';
import { err } from '../../lib/result.ts';

type Refused = { readonly ok: false; readonly error: AwsError };

/** What IAM calls an entity that does not exist. */
export type EntityKind = 'user' | 'group' | 'role' | 'user policy' | 'group policy' | 'role policy';

export const noSuchEntity = (message: string): Refused => err(awsError('NoSuchEntity', message));

export const noSuch = (kind: EntityKind, name: string): Refused =>
  noSuchEntity(`The ${kind} with name ${name} cannot be found.`);

export const noSuchPolicy = (arn: string): Refused => noSuchEntity(`Policy ${arn} was not found.`);

export const noSuchPolicyVersion = (arn: string, version: string): Refused =>
  noSuchEntity(`Policy ${arn} version ${version} was not found.`);

export const noSuchProvider = (arn: string): Refused =>
  noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);

export const noSuchJob = (id: string): Refused => noSuchEntity(`Job with id ${id} cannot be found.`);

export const invalidInput = (message: string): Refused => err(awsError('InvalidInput', message));

export const validationError = (message: string): Refused => err(awsError('ValidationError', message));
