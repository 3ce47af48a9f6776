import { type AwsError, awsError } from '../errors.ts';
import type { HttpAnswer } from '../http-message.ts';
import type { Caller } from '../identity/directory.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { encodeOutput } from '../wire/encode-output.ts';
import type { Route } from '../wire/route.ts';

/** A call of STS or IAM that was authenticated and authorized. */
export interface IdentityCall {
  readonly route: Route;
  readonly caller: Caller;
  readonly requestId: string;
}

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const getCallerIdentity = ({ principal, userId }: Caller): Readonly<Record<string, unknown>> => ({
  UserId: userId,
  ...('arn' in principal && { Account: principal.accountId, Arn: principal.arn }),
});

/** Answers STS and IAM out of the folder. What is not there is refused, and says so. */
export function answerIdentityCall({ route, caller, requestId }: IdentityCall): Result<HttpAnswer, AwsError> {
  const { operation, service } = route;
  if (service.name === 'sts' && operation.name === 'GetCallerIdentity') {
    return ok(encodeOutput(operation, getCallerIdentity(caller), requestId));
  }
  const message = `personalize-authz-proxy does not answer ${service.name}:${operation.name} yet.`;
  return err(awsError('UnknownOperationException', message));
}
