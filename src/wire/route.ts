import { awsError } from '../lib/errors.ts';
import { type HttpRequest, header, headerValues } from '../lib/http-message.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { cloudwatchModel } from '../model/cloudwatch.ts';
import { serviceModels } from '../model/load.ts';
import { isS3Parameter, s3Model } from '../model/s3.ts';
import type { Operation, Protocol, ServiceModel } from '../model/shape.ts';
import { contentTypeIs, isFormPost } from './content-type.ts';
import { encodeError } from './encode-error.ts';
import { plainForm } from './plain-body.ts';
import { hasTooManyParameters, readParameters, splitTarget } from './query-parameters.ts';
import { routeS3 } from './route-s3.ts';
import {
  noAction,
  type RoutingFailure,
  refuseForm,
  TOO_MANY_PARAMETERS,
  UNREADABLE_FORM,
  unknownOperation,
} from './routing-failure.ts';
import { addressesS3, claimsS3 } from './s3-target.ts';
import { unservedCall } from './unserved-service.ts';

/** The operation that a request asks for. */
export interface Route {
  readonly service: ServiceModel;
  readonly operation: Operation;
  readonly protocol: Protocol;
}

interface RoutingTable {
  /** `AmazonPersonalize.CreateCampaign` */
  readonly byTarget: ReadonlyMap<string, Route>;
  readonly byPath: ReadonlyMap<string, Route>;
  /** `2011-06-15 AssumeRole` */
  readonly byAction: ReadonlyMap<string, Route>;
}

const AWS_JSON = 'application/x-amz-json-1.1';
const AWS_JSON_1_0 = 'application/x-amz-json-1.0';

let builtTable: RoutingTable | undefined;

/**
 * Tells the operation by target, path or `Action`, exactly: no case folding, no decoding, no trailing slash.
 * What AWS refuses before it authenticates is refused here, and so is what names two operations at once.
 */
export function route(request: HttpRequest, requestId: string): Result<Route, RoutingFailure> {
  const found = findRoute(request, requestId);
  const unserved = found.ok ? undefined : unservedCall(request);
  return unserved ? err(unserved) : found;
}

function findRoute(request: HttpRequest, requestId: string): Result<Route, RoutingFailure> {
  const { path, query } = splitTarget(request.target);
  const targets = headerValues(request, 'x-amz-target');
  const actionInQuery = query === '' ? undefined : readParameters(query).get('Action');
  const byPath = table().byPath.get(path);
  if (isForS3(request, byPath, targets, actionInQuery)) return routeToS3(request, requestId);
  if (byPath !== undefined) return routePath(request, byPath, targets, actionInQuery, requestId);
  if (path !== '/') return unknownOperation(`no operation has the path ${path}`, undefined, requestId);
  const speaksJson = contentTypeIs(request, AWS_JSON);
  if (targets.length > 0 || (speaksJson && actionInQuery === undefined)) {
    return routeTarget(request, targets, actionInQuery, requestId);
  }
  return routeAction(request, query, requestId);
}

/**
 * A bucket may be called `events`: what is signed for S3 and is no call of an operation's path, target or `Action` is S3's.
 * So is what is signed for no service at the address of a bucket.
 */
const isForS3 = (
  request: HttpRequest,
  byPath: Route | undefined,
  targets: readonly string[],
  action: string | undefined,
): boolean =>
  targets.length === 0 &&
  action === undefined &&
  byPath?.operation.method !== request.method &&
  (claimsS3(header(request, 'authorization') ?? '', request.target) ||
    (byPath === undefined && addressesS3(request, isS3Parameter)));

function routeToS3(request: HttpRequest, requestId: string): Result<Route, RoutingFailure> {
  const service = s3Model();
  const found = routeS3(request);
  if (found.ok) return ok({ service, operation: found.value, protocol: 'restXml' });
  const { error } = found;
  return err({ protocol: 'restXml', error, answer: encodeError(error, { protocol: 'restXml' }, requestId) });
}

/** What a call by path says of its body. */
const PATH_CONTENT: Readonly<Partial<Record<Protocol, string>>> = {
  restJson1: 'application/json',
  rpcV2Cbor: 'application/cbor',
};

function routePath(
  request: HttpRequest,
  found: Route,
  targets: readonly string[],
  actionInQuery: string | undefined,
  requestId: string,
): Result<Route, RoutingFailure> {
  const refuse = (reason: string) => unknownOperation(reason, found.protocol, requestId);
  const { method } = found.operation;
  const { path } = splitTarget(request.target);
  const content = PATH_CONTENT[found.protocol] ?? '';
  if (targets.length > 0) return refuse(`the path ${path} and an X-Amz-Target header`);
  if (actionInQuery !== undefined) return refuse(`the path ${path} and an Action parameter`);
  if (request.method !== method) return refuse(`${path} is called with ${method}, not ${request.method}`);
  const hasType = headerValues(request, 'content-type').length > 0;
  if (hasType && !contentTypeIs(request, content)) return refuse(`the content type is not ${content}`);
  const spoken = headerValues(request, 'smithy-protocol');
  if (found.protocol === 'rpcV2Cbor' && (spoken.length > 1 || spoken[0] !== 'rpc-v2-cbor'))
    return refuse('the smithy-protocol is not rpc-v2-cbor');
  return ok(found);
}

function routeTarget(
  request: HttpRequest,
  targets: readonly string[],
  actionInQuery: string | undefined,
  requestId: string,
): Result<Route, RoutingFailure> {
  const [target, ...more] = targets;
  const found = table().byTarget.get(target ?? '');
  const protocol = found?.protocol ?? 'awsJson1.1';
  const content = protocol === 'awsJson1.0' ? AWS_JSON_1_0 : AWS_JSON;
  const refuse = (reason: string) => unknownOperation(reason, protocol, requestId);
  if (request.method !== 'POST') return refuse(`a target is called with POST, not ${request.method}`);
  if (!contentTypeIs(request, content)) return refuse(`the content type is not ${content}`);
  if (found !== undefined && more.length === 0 && actionInQuery === undefined) return ok(found);
  return err({
    protocol,
    error: awsError('UnknownOperationException', targetFault(target, more, actionInQuery)),
    answer: encodeError(awsError('UnknownOperationException', ''), { protocol }, requestId),
  });
}

function targetFault(
  target: string | undefined,
  more: readonly string[],
  actionInQuery: string | undefined,
): string {
  if (target === undefined) return 'there is no X-Amz-Target header';
  if (more.length > 0) return 'there are several X-Amz-Target headers';
  if (actionInQuery !== undefined) return 'an X-Amz-Target header and an Action parameter';
  return `no operation has the target ${target}`;
}

function routeAction(request: HttpRequest, query: string, requestId: string): Result<Route, RoutingFailure> {
  if (request.method !== 'GET' && request.method !== 'POST') {
    return unknownOperation(`/ is called with GET or POST, not ${request.method}`, undefined, requestId);
  }
  const isForm = isFormPost(request);
  if (request.method === 'POST' && !isForm) return noAction(query, requestId);
  const form = isForm ? plainForm(request) : '';
  if (form === undefined) return refuseForm(UNREADABLE_FORM, requestId);
  if (hasTooManyParameters(form)) return refuseForm(TOO_MANY_PARAMETERS, requestId);
  const inQuery = readParameters(query);
  const inBody = readParameters(form);
  const action = inQuery.get('Action') ?? inBody.get('Action');
  if (action === undefined) return noAction(query, requestId, isForm ? 'awsQuery' : undefined);
  const version = inQuery.get('Version') ?? inBody.get('Version') ?? 'NO_VERSION_SPECIFIED';
  const found = table().byAction.get(`${version} ${action}`);
  // Policies would see the one, and who it is forwarded to might read the other.
  const twice = [...inBody.keys()].find((name) => inQuery.has(name));
  if (found !== undefined && twice === undefined) return ok(found);
  const error = awsError(
    'UnknownOperationException',
    `Could not find operation ${action} for version ${version}`,
  );
  return err({
    protocol: 'awsQuery',
    error: twice === undefined ? error : awsError(error.code, `${twice} in the query and again in the body`),
    answer: encodeError(error, { protocol: 'awsQuery' }, requestId),
  });
}

function table(): RoutingTable {
  builtTable ??= buildTable();
  return builtTable;
}

/** What its SDKs speak: the oldest awsQuery, the newest CBOR. */
const CLOUDWATCH_PROTOCOLS: readonly Protocol[] = ['awsQuery', 'awsJson1.0', 'rpcV2Cbor'];

const routesOf = (service: ServiceModel, protocol: Protocol): readonly Route[] =>
  [...service.operations.values()].map((operation) => ({ service, operation, protocol }));

function buildTable(): RoutingTable {
  const cloudwatch = cloudwatchModel();
  const routes = [
    ...[...serviceModels().values()].flatMap((service) => routesOf(service, service.protocol)),
    ...CLOUDWATCH_PROTOCOLS.flatMap((protocol) => routesOf(cloudwatch, protocol)),
  ];
  const index = (protocol: Protocol, keyOf: (route: Route) => string): readonly [string, Route][] =>
    routes.filter((found) => found.protocol === protocol).map((found) => [keyOf(found), found]);
  const target = ({ service, operation }: Route): string => `${service.targetPrefix}.${operation.name}`;
  const cborPath = ({ service, operation }: Route): string =>
    `/service/${service.targetPrefix}/operation/${operation.name}`;
  return {
    byTarget: new Map([...index('awsJson1.1', target), ...index('awsJson1.0', target)]),
    byPath: new Map([
      ...index('restJson1', ({ operation }) => operation.path),
      ...index('rpcV2Cbor', cborPath),
    ]),
    byAction: new Map(
      index('awsQuery', ({ service, operation }) => `${service.apiVersion} ${operation.name}`),
    ),
  };
}
