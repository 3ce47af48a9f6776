import type { Authenticated, Decoded } from '../calls/service.ts';
import type { CallDependencies } from '../calls/service-rules.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { headerAmbiguity } from '../wire/ambiguous-header.ts';
import { decodeInput } from '../wire/decode-input.ts';
import type { InputValue } from '../wire/input-value.ts';

/** Decodes the input of a call, and lets its service validate and complete it. */
export function decodeCall(
  call: Authenticated,
  deps: CallDependencies,
): Result<Decoded, AwsError> | Promise<Result<Decoded, AwsError>> {
  const { route, request } = call;
  const { service } = route;
  const ambiguity = headerAmbiguity(request, call.credential?.signedHeaders);
  if (ambiguity) return err(awsError(service.ambiguityCode, ambiguity));
  if (service.decodeInput === undefined) return complete(call, decodeInput(route, request), deps);
  const decoded = service.decodeInput(call, deps);
  return decoded instanceof Promise
    ? decoded.then((value) => complete(call, value, deps))
    : complete(call, decoded, deps);
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
