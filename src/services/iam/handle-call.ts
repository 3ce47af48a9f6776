import { type AwsError, awsError } from '../../lib/errors.ts';
import type { HttpResponse } from '../../lib/http-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { encodeOutput } from '../../wire/encode-output.ts';
import { validateInput } from '../../wire/validate.ts';
import { ACCOUNT_OPERATIONS } from './account-operations.ts';
import type { Answered, IamCall, IamHandler, IamHandlers } from './call.ts';
import type { IamInputs } from './generated/iam.ts';
import { GROUP_OPERATIONS, ROLE_OPERATIONS, USER_OPERATIONS } from './identity-operations.ts';
import { LAST_ACCESSED_OPERATIONS } from './last-accessed-operations.ts';
import { POLICY_OPERATIONS } from './policy-operations.ts';
import { SIMULATE_OPERATIONS } from './simulate-operations.ts';
import { isKnownWrite, writeRefusal } from './writes.ts';

/** Every operation of IAM that is supported; the others are refused (`writes.ts`, `pipeline/unserved-operation.ts`). */
const OPERATIONS = {
  ...USER_OPERATIONS,
  ...GROUP_OPERATIONS,
  ...ROLE_OPERATIONS,
  ...POLICY_OPERATIONS,
  ...ACCOUNT_OPERATIONS,
  ...SIMULATE_OPERATIONS,
  ...LAST_ACCESSED_OPERATIONS,
} satisfies IamHandlers;

/** Whether an operation reads the recorded decisions. */
export const readsDecisions = (operation: string): boolean => READ_DECISIONS.has(operation);

const READ_DECISIONS: ReadonlySet<string> = new Set([
  'GetServiceLastAccessedDetails',
  'GetAccessKeyLastUsed',
]);

/** Handles a call of IAM, from the policies folder, which it never changes. */
export function handleIamCall(call: IamCall): Result<HttpResponse, AwsError> {
  const { operation } = call.route;
  const output = outputOf(call);
  return output.ok ? ok(encodeOutput(operation, output.value, call.requestId)) : output;
}

/** The output by the operation's shape, before it is written as XML. */
export function outputOf(call: IamCall): Answered {
  const { operation } = call.route;
  const unsupported = unsupportedIam(operation.name);
  if (unsupported) return err(unsupported);
  const invalid = operation.input && validateInput(operation.input, call.input, 'ValidationError');
  if (invalid) return err(invalid);
  return isHandled(operation.name) ? handle(operation.name, call) : err(writeRefusal(call));
}

const HANDLERS: { readonly [Name in HandledName]: IamHandler<Name> } = OPERATIONS;

type HandledName = keyof typeof OPERATIONS;

const isHandled = (name: string): name is HandledName => Object.hasOwn(OPERATIONS, name);

/** Of a call whose input was validated by the shape that its type is generated from. */
const handle = <Name extends HandledName>(name: Name, call: IamCall): Answered =>
  HANDLERS[name]({ ...call, input: call.input as IamInputs[Name] });

/** The refusal of an operation that is not supported here: neither a read of what the folder has, nor a known write. */
export const unsupportedIam = (name: string): AwsError | undefined =>
  isHandled(name) || isKnownWrite(name)
    ? undefined
    : awsError(
        'UnknownOperationException',
        `The operation iam:${name} is not supported here: principals.yaml and policies/ have no place for what it reads or changes.`,
      );
