import type { Authenticated, Decoded } from '../calls/service.ts';
import type { CallDependencies } from '../calls/service-rules.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import { type MaybePromise, proceed } from '../lib/maybe-promise.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { headerAmbiguity } from '../wire/ambiguous-header.ts';
import { decodeInput } from '../wire/decode-input.ts';
import type { InputValue } from '../wire/input-value.ts';

/** Decodes the input of a call, and lets its service validate and complete it. */
export function decodeCall(
  call: Authenticated,
  deps: CallDependencies,
): MaybePromise<Result<Decoded, AwsError>> {
  const { route, request } = call;
  const { service } = route;
  const ambiguity = headerAmbiguity(request, call.credential?.signedHeaders);
  if (ambiguity) return err(awsError(service.ambiguityCode, ambiguity));
  if (service.decodeInput === undefined) return complete(call, decodeInput(route, request), deps);
  return proceed(service.decodeInput(call, deps), (input) => complete(call, input, deps));
}

function complete(
  call: Authenticated,
  input: Result<InputValue, AwsError>,
  deps: CallDependencies,
): Result<Decoded, AwsError> | Promise<Result<Decoded, AwsError>> {
  if (!input.ok) return input;
  const decoded: Decoded = { ...call, input: input.value };
  return call.route.service.completeCall?.(decoded, deps) ?? ok(decoded);
}
