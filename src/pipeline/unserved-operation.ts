import { type AwsError, awsError } from '../lib/errors.ts';
import { OPERATIONS } from '../services/iam/operations.ts';
import { isKnownWrite } from '../services/iam/writes.ts';
import { STS_OPERATIONS } from '../services/sts/answer.ts';
import type { Route } from '../wire/route.ts';

/**
 * The refusal of an operation of STS or IAM that exists on AWS and is not supported here, whether the call is signed or
 * not: where AWS asks for no signature (AssumeRoleWithSAML), a missing one is not what is wrong.
 */
export function unservedOperation({ service, operation: { name } }: Route): AwsError | undefined {
  if (service.name === 'sts' && !STS_OPERATIONS.has(name))
    return unsupported(
      `sts:${name}`,
      `personalize-authz-proxy supports ${[...STS_OPERATIONS.keys()].join(', ')}.`,
    );
  if (service.name === 'iam' && !Object.hasOwn(OPERATIONS, name) && !isKnownWrite(name))
    return unsupported(
      `iam:${name}`,
      'principals.yaml and policies/ have no place for what it reads or changes.',
    );
  return undefined;
}

const unsupported = (operation: string, reason: string): AwsError =>
  awsError('UnknownOperationException', `The operation ${operation} is not supported here: ${reason}`);
