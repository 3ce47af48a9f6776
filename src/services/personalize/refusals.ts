import { type AwsError, awsError } from '../../lib/errors.ts';

/*
 * The stub's refusals: code and sentence. The sentence of `alreadyExists` is AWS's, read in reports of users; AWS does
 * not document the others, so they are plain and name what is wrong.
 */

export const notFound = (arn: string): AwsError =>
  awsError('ResourceNotFoundException', `Resource ${arn} does not exist.`);

export const alreadyExists = (arn: string): AwsError =>
  awsError('ResourceAlreadyExistsException', `Another resource with Arn ${arn} already exists.`);

/** The resource is in a status in which the operation is not possible. */
export const wrongStatus = (arn: string, status: string, wanted: string): AwsError =>
  awsError('ResourceInUseException', `Resource ${arn} is in status ${status}; it must be ${wanted}.`);

export const inUseBy = (arn: string, user: string): AwsError =>
  awsError('ResourceInUseException', `Resource ${arn} is in use by ${user}.`);

export const invalidInput = (message: string): AwsError => awsError('InvalidInputException', message);
