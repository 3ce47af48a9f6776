import type { AwsError } from '../lib/errors.ts';
import type { HttpRequest } from '../lib/http-message.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Operation, Protocol, StructureShape } from '../model/shape.ts';
import { isInUtf8 } from './ambiguous-header.ts';
import { decodeCbor } from './cbor.ts';
import { decodeJson, malformed } from './decode-json.ts';
import { decodeQuery } from './decode-query.ts';
import { formAmbiguity } from './form-readings.ts';
import { emptyObject, type InputValue } from './input-value.ts';
import { plainBody, plainForm } from './plain-body.ts';
import { readParameters, splitParameters, splitTarget } from './query-parameters.ts';

const NO_INPUT: StructureShape = {
  type: 'structure',
  name: 'NoInput',
  required: new Set(),
  members: new Map(),
};

/** What of a route decoding depends on. */
export interface DecodeTarget {
  readonly operation: Operation;
  readonly protocol: Protocol;
  /**
   * Whether the first value of a parameter given twice counts, as on the services that are answered here. What is
   * forwarded must have one reading, and is refused.
   */
  readonly service?: { readonly firstParameterWins?: true };
}

/** The input of a routed request by its operation's shape: types are right, constraints are not yet checked. */
export function decodeInput(route: DecodeTarget, request: HttpRequest): Result<InputValue, AwsError> {
  const shape = route.operation.input ?? NO_INPUT;
  if (!isInUtf8(request)) return err(malformed('The charset of a body is UTF-8.'));
  if (route.protocol === 'awsQuery') return fromParameters(route, request, shape);
  const query = queryInput(request, shape);
  if (!query.ok) return query;
  const body = plainBody(request);
  if (body === undefined) return err(UNREADABLE);
  if (route.protocol === 'rpcV2Cbor') return decodeCbor(body, shape);
  // A REST body may be left out; awsJson always has one, if only `{}`.
  const decoded =
    route.protocol === 'restJson1' && body.length === 0 ? ok(emptyObject()) : decodeJson(body, shape);
  return decoded.ok ? ok(Object.assign(decoded.value, query.value)) : decoded;
}

const UNREADABLE = malformed(
  'A body is compressed as one complete member of gzip without a name or other optional fields, or not at all.',
);

/** Of the query and then of the form, in which AWS's query protocol carries its input. */
function fromParameters(
  { service }: DecodeTarget,
  request: HttpRequest,
  shape: StructureShape,
): Result<InputValue, AwsError> {
  const { query } = splitTarget(request.target);
  const isPost = request.method === 'POST';
  const form = isPost ? plainForm(request) : '';
  if (form === undefined) return err(UNREADABLE);
  if (!service?.firstParameterWins) {
    const hidden = !isPost && request.body.length > 0 ? `A ${request.method} has no body.` : undefined;
    const ambiguity = hidden ?? formAmbiguity(query, form, shape);
    if (ambiguity !== undefined) return err(malformed(ambiguity));
  }
  return decodeQuery(readParameters(query === '' || form === '' ? query + form : `${query}&${form}`), shape);
}

/** The signature of a presigned request is in its query, and members that the model has there; nothing else is read. */
const SIGNATURE_PARAMETER =
  /^X-Amz-(?:Algorithm|Credential|Date|Expires|SignedHeaders|Signature|Security-Token)$/;

/** The members that are parameters of the query. */
function queryInput({ target }: HttpRequest, shape: StructureShape): Result<InputValue, AwsError> {
  if (!target.includes('?')) return NOTHING;
  const given = new Map<string, string>();
  for (const [name, value] of splitParameters(splitTarget(target).query)) {
    if (SIGNATURE_PARAMETER.test(name)) continue;
    if (![...shape.members.values()].some(({ inQuery, wireName }) => inQuery && wireName === name))
      return err(malformed(`The operation has no query parameter ${name}.`));
    if (given.has(name)) return err(malformed(`The query parameter ${name} is given twice.`));
    given.set(name, value);
  }
  const input = emptyObject();
  for (const [name, { inQuery, wireName, shape: member }] of shape.members) {
    const text = inQuery ? given.get(wireName) : undefined;
    if (text === undefined) continue;
    if (member.type === 'integer' && !WHOLE.test(text))
      return err(malformed(`${text} can not be converted to an Integer`));
    input[name] = member.type === 'integer' ? Number(text) : text;
  }
  return ok(input);
}

const NOTHING = ok(emptyObject());

/** Within 32 bits, as AWS has integers. */
const WHOLE = /^-?\d{1,9}$/;
