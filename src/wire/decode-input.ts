import type { AwsError } from '../lib/errors.ts';
import type { HttpRequest } from '../lib/http-message.ts';
import { ok, type Result } from '../lib/result.ts';
import type { StructureShape } from '../model/shape.ts';
import { decodeCbor } from './cbor.ts';
import { decodeJson } from './decode-json.ts';
import { decodeQuery } from './decode-query.ts';
import { emptyObject, type InputValue } from './input-value.ts';
import { plainBody } from './plain-body.ts';
import { requestParameters } from './query-parameters.ts';
import type { Route } from './route.ts';

const NO_INPUT: StructureShape = {
  type: 'structure',
  name: 'NoInput',
  required: new Set(),
  members: new Map(),
};

/** The input of a routed request by its operation's shape: types are right, constraints are not yet checked. */
export function decodeInput(route: Route, request: HttpRequest): Result<InputValue, AwsError> {
  const shape = route.operation.input ?? NO_INPUT;
  if (route.protocol === 'awsQuery') return decodeQuery(requestParameters(request), shape);
  if (route.protocol === 'rpcV2Cbor') return decodeCbor(plainBody(request), shape);
  if (route.protocol === 'awsJson1.0') return decodeJson(plainBody(request), shape);
  // A REST body may be left out; awsJson1.1 always has one, if only `{}`.
  if (route.protocol === 'restJson1' && request.body.length === 0) return ok(emptyObject());
  return decodeJson(request.body, shape);
}
