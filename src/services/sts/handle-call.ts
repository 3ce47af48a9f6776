import { type AwsError, awsError } from '../../lib/errors.ts';
import type { HttpResponse } from '../../lib/http-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { encodeOutput } from '../../wire/encode-output.ts';
import { assumeRole, assumeRoleWithWebIdentity } from './assume-role.ts';
import type { CompletedInputs, StsCall, StsDependencies, StsHandler } from './call.ts';
import { decodeAuthorizationMessage, getAccessKeyInfo, getCallerIdentity } from './describe.ts';
import type { StsInputs } from './generated/sts.ts';
import { getFederationToken, getSessionToken } from './user-sessions.ts';

/** Those that are supported; the others need what is not there: SAML providers, an organization's root, AWS's own keys. */
const HANDLERS = {
  AssumeRole: assumeRole,
  AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
  DecodeAuthorizationMessage: decodeAuthorizationMessage,
  GetAccessKeyInfo: getAccessKeyInfo,
  GetCallerIdentity: getCallerIdentity,
  GetFederationToken: getFederationToken,
  GetSessionToken: getSessionToken,
} satisfies { readonly [Name in keyof StsInputs]?: StsHandler<Name> };

type HandledName = keyof typeof HANDLERS;

const TYPED: { readonly [Name in HandledName]: StsHandler<Name> } = HANDLERS;

const isHandled = (name: string): name is HandledName => Object.hasOwn(HANDLERS, name);

/** Of a call that `completeStsCall` has validated by the shape that the type of its input is generated from. */
const handle = <Name extends HandledName>(name: Name, call: StsCall, deps: StsDependencies) =>
  TYPED[name]({ ...call, input: call.input as CompletedInputs[Name] }, deps);

/** Handles a call of STS, from the policies folder. */
export async function handleStsCall(
  call: StsCall,
  deps: StsDependencies,
): Promise<Result<HttpResponse, AwsError>> {
  const { operation } = call.route;
  if (!isHandled(operation.name)) return err(unsupported(operation.name));
  const output = await handle(operation.name, call, deps);
  return output.ok ? ok(encodeOutput(operation, output.value, call.requestId)) : output;
}

/** The refusal of an operation that is not supported here. */
export const unsupportedSts = (name: string): AwsError | undefined =>
  isHandled(name) ? undefined : unsupported(name);

const unsupported = (name: string): AwsError =>
  awsError(
    'UnknownOperationException',
    `The operation sts:${name} is not supported here: personalize-authz-proxy supports ${Object.keys(HANDLERS).join(', ')}.`,
  );
