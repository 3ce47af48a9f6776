import { type AwsError, awsError } from '../../lib/errors.ts';
import type { HttpResponse } from '../../lib/http-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { encodeOutput } from '../../wire/encode-output.ts';
import { assumeRole, assumeRoleWithWebIdentity } from './assume-role.ts';
import type { StsCall, StsDependencies, StsOperation } from './call.ts';
import { decodeAuthorizationMessage, getAccessKeyInfo, getCallerIdentity } from './describe.ts';
import { getFederationToken, getSessionToken } from './user-sessions.ts';

/** Those that are supported; the others need what is not there: SAML providers, an organization's root, AWS's own keys. */
export const STS_OPERATIONS: ReadonlyMap<string, StsOperation> = new Map(
  Object.entries({
    AssumeRole: assumeRole,
    AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
    DecodeAuthorizationMessage: decodeAuthorizationMessage,
    GetAccessKeyInfo: getAccessKeyInfo,
    GetCallerIdentity: getCallerIdentity,
    GetFederationToken: getFederationToken,
    GetSessionToken: getSessionToken,
  } satisfies Record<string, StsOperation>),
);

/** Answers STS out of the folder. */
export async function answerStsCall(
  call: StsCall,
  deps: StsDependencies,
): Promise<Result<HttpResponse, AwsError>> {
  const { operation } = call.route;
  const answer = STS_OPERATIONS.get(operation.name);
  if (answer === undefined) return err(unsupported(operation.name));
  const output = await answer(call, deps);
  return output.ok ? ok(encodeOutput(operation, output.value, call.requestId)) : output;
}

/** The refusal of an operation that is not supported here. */
export const unsupportedSts = (name: string): AwsError | undefined =>
  STS_OPERATIONS.has(name) ? undefined : unsupported(name);

const unsupported = (name: string): AwsError =>
  awsError(
    'UnknownOperationException',
    `The operation sts:${name} is not supported here: personalize-authz-proxy supports ${[...STS_OPERATIONS.keys()].join(', ')}.`,
  );
