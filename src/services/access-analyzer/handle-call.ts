import type { AwsError } from '../../lib/errors.ts';
import type { HttpResponse } from '../../lib/http-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Operation } from '../../model/shape.ts';
import { encodeOutput } from '../../wire/encode-output.ts';
import type { InputValue } from '../../wire/input-value.ts';
import { validateInput } from '../../wire/validate.ts';
import type { AccessAnalyzerOperation } from './call.ts';
import { checkAccessNotGranted, checkNoNewAccess, checkNoPublicAccess } from './check-operations.ts';
import { validatePolicyOperation } from './validate-policy.ts';

/** A handler for every operation of the model; a test holds that. */
export const ACCESS_ANALYZER_OPERATIONS: ReadonlyMap<string, AccessAnalyzerOperation> = new Map(
  Object.entries({
    ValidatePolicy: validatePolicyOperation,
    CheckNoNewAccess: checkNoNewAccess,
    CheckAccessNotGranted: checkAccessNotGranted,
    CheckNoPublicAccess: checkNoPublicAccess,
  } satisfies Record<string, AccessAnalyzerOperation>),
);

/** Handles a call of Access Analyzer, from the policies in its input. */
export function handleAccessAnalyzerCall(
  operation: Operation,
  { input, requestId }: { readonly input: InputValue; readonly requestId: string },
): Result<HttpResponse, AwsError> {
  const invalid = operation.input && validateInput(operation.input, input, 'ValidationException');
  if (invalid) return err(invalid);
  const handler = ACCESS_ANALYZER_OPERATIONS.get(operation.name);
  if (handler === undefined) throw new Error(`no handler for ${operation.name}`);
  const output = handler(input);
  return output.ok ? ok(encodeOutput(operation, output.value, requestId)) : output;
}
