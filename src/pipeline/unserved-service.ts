import type { Service } from '../calls/service.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import { type HttpRequest, header } from '../lib/http-message.ts';
import type { ErrorProtocol, ErrorTarget } from '../wire/encode-error.ts';
import { plainForm } from '../wire/plain-body.ts';
import { findParameter, splitTarget } from '../wire/query-parameters.ts';

/** A call of what is not served here, and the protocol in which that is answered. */
interface Unserved {
  readonly target: ErrorTarget;
  readonly error: AwsError;
}

/**
 * Whether a request that no route was found for calls a service that is not here, or an operation that a service of here
 * does not have. Neither signature nor scope is verified: nothing but this response depends on them.
 */
export function unservedCall(request: HttpRequest, services: readonly Service[]): Unserved | undefined {
  const prefix = targetOf(request)?.prefix;
  const scope = scopeService(request);
  const target = { protocol: spokenProtocol(request, scope) };
  const name = scope ?? prefix;
  if (name === undefined) return undefined;
  const found = services.find((service) =>
    service.endpoints().some(({ model }) => name === model.signingName || name === model.targetPrefix),
  );
  if (found === undefined)
    return unserved(
      target,
      `does not serve ${name}. It serves ${listed(services.map(({ title }) => title))}.`,
    );
  return found.namesUnknownOperations ? unknownOperationOf(found, request, target) : undefined;
}

function unknownOperationOf(
  { name, title, endpoints }: Service,
  request: HttpRequest,
  target: ErrorTarget,
): Unserved | undefined {
  const operations = endpoints().flatMap(({ model }) => [...model.operations.values()]);
  const names = operations.map((operation) => operation.name);
  const { path } = splitTarget(request.target);
  // REST calls have no name: a path that no operation has is one that is not served.
  const isRest = operations.every((operation) => operation.path !== '/');
  const operation = isRest ? `${request.method} ${path}` : operationOf(request);
  const isServed = isRest ? operations.some((each) => each.path === path) : names.includes(operation ?? '');
  if (operation === undefined || isServed) return undefined;
  const what = `does not serve ${name}:${operation}. Of ${title}, it serves ${names.join(', ')}.`;
  return unserved(target, what);
}

const unserved = (target: ErrorTarget, what: string): Unserved => ({
  target,
  error: awsError('UnknownOperationException', `personalize-authz-proxy ${what}`),
});

const listed = (names: readonly string[]): string => names.join(', ').replace(/, (?=[^,]*$)/, ' and ');

const IN_HEADER = /\bCredential=[^,\s]{1,256}?\/([\w.-]{1,64})\/aws4_request/;
const IN_QUERY = /[?&]X-Amz-Credential=[^&]{1,256}?(?:\/|%2F)([\w.-]{1,64})(?:\/|%2F)aws4_request/i;

/** The service of the credential scope. */
const scopeService = (request: HttpRequest): string | undefined =>
  (IN_HEADER.exec(header(request, 'authorization') ?? '') ?? IN_QUERY.exec(request.target))?.[1];

const TARGET = /^([\w.-]{1,64})\.(\w{1,128})$/;
const CBOR_PATH = /^\/service\/([\w.-]{1,64})\/operation\/(\w{1,128})$/;

/** `DynamoDB_20120810.ListTables` and `/service/GraniteServiceVersion20100801/operation/ListDashboards`. */
function targetOf(request: HttpRequest): { readonly prefix: string; readonly operation: string } | undefined {
  const found =
    TARGET.exec(header(request, 'x-amz-target') ?? '') ?? CBOR_PATH.exec(splitTarget(request.target).path);
  const [, prefix, operation] = found ?? [];
  return prefix === undefined || operation === undefined ? undefined : { prefix, operation };
}

function operationOf(request: HttpRequest): string | undefined {
  const action = targetOf(request)?.operation ?? actionOf(request);
  return action !== undefined && /^\w{1,128}$/.test(action) ? action : undefined;
}

const actionOf = (request: HttpRequest): string | undefined =>
  findParameter(splitTarget(request.target).query, 'Action') ??
  (contentType(request) === FORM ? findParameter(plainForm(request) ?? '', 'Action') : undefined);

const contentType = (request: HttpRequest): string | undefined =>
  header(request, 'content-type')?.split(';')[0]?.trim().toLowerCase();

const FORM = 'application/x-www-form-urlencoded';

const BY_CONTENT: Readonly<Record<string, ErrorProtocol>> = {
  'application/x-amz-json-1.0': 'awsJson1.0',
  'application/x-amz-json-1.1': 'awsJson1.1',
  [FORM]: 'awsQuery',
};

/** Services of restXml: their errors have the form of awsQuery's. */
const XML_SERVICES: ReadonlySet<string> = new Set(['cloudfront', 'route53']);

function spokenProtocol(request: HttpRequest, scope: string | undefined): ErrorProtocol {
  if (header(request, 'smithy-protocol') === 'rpc-v2-cbor') return 'rpcV2Cbor';
  if (scope === 'ec2') return 'ec2Query';
  const byContent = BY_CONTENT[contentType(request) ?? ''];
  if (byContent !== undefined) return byContent;
  if (header(request, 'x-amz-target') !== undefined) return 'awsJson1.1';
  if (scope !== undefined && XML_SERVICES.has(scope)) return 'awsQuery';
  return actionOf(request) === undefined ? 'restJson1' : 'awsQuery';
}
