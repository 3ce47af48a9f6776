import { type AwsError, awsError } from '../errors.ts';
import { type HttpAnswer, type HttpRequest, headerValues } from '../http-message.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { serviceModels } from '../model/load.ts';
import type { Operation, Protocol, ServiceModel } from '../model/shape.ts';
import { encodeError } from './encode-error.ts';
import { readParameters, splitTarget } from './query-parameters.ts';

/** The operation that a request asks for. */
export interface Route {
  readonly service: ServiceModel;
  readonly operation: Operation;
  readonly protocol: Protocol;
}

/** A request that names no operation, or more than one. It is never forwarded. */
export interface RoutingFailure {
  /** The protocol that the request seems to speak; `undefined` where nothing tells. */
  readonly protocol: Protocol | undefined;
  /** For the record: says what was wrong, where AWS's own answer says nothing. */
  readonly error: AwsError;
  readonly answer: HttpAnswer;
}

interface RoutingTable {
  /** `AmazonPersonalize.CreateCampaign` */
  readonly byTarget: ReadonlyMap<string, Route>;
  readonly byPath: ReadonlyMap<string, Route>;
  /** `2011-06-15 AssumeRole` */
  readonly byAction: ReadonlyMap<string, Route>;
}

const AWS_JSON = 'application/x-amz-json-1.1';
const JSON_BODY = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

let builtTable: RoutingTable | undefined;

/**
 * Tells the operation by target, path or `Action`, exactly: no case folding, no decoding, no trailing slash.
 * What AWS refuses before it authenticates is refused here, and so is what names two operations at once.
 */
export function route(request: HttpRequest, requestId: string): Result<Route, RoutingFailure> {
  const { path, query } = splitTarget(request.target);
  const targets = headerValues(request, 'x-amz-target');
  const actionInQuery = query === '' ? undefined : readParameters(query).get('Action');
  const byPath = table().byPath.get(path);
  if (byPath !== undefined) return routePath(request, byPath, targets, actionInQuery, requestId);
  if (path !== '/') return unknownOperation(`no operation has the path ${path}`, undefined, requestId);
  const speaksJson = contentTypeIs(request, AWS_JSON);
  if (targets.length > 0 || (speaksJson && actionInQuery === undefined)) {
    return routeTarget(request, targets, actionInQuery, requestId);
  }
  return routeAction(request, query, requestId);
}

function routePath(
  request: HttpRequest,
  found: Route,
  targets: readonly string[],
  actionInQuery: string | undefined,
  requestId: string,
): Result<Route, RoutingFailure> {
  const refuse = (reason: string) => unknownOperation(reason, 'restJson1', requestId);
  const { path, method } = found.operation;
  if (targets.length > 0) return refuse(`the path ${path} and an X-Amz-Target header`);
  if (actionInQuery !== undefined) return refuse(`the path ${path} and an Action parameter`);
  if (request.method !== method) return refuse(`${path} is called with ${method}, not ${request.method}`);
  const hasType = headerValues(request, 'content-type').length > 0;
  if (hasType && !contentTypeIs(request, JSON_BODY)) return refuse(`the content type is not ${JSON_BODY}`);
  return ok(found);
}

function routeTarget(
  request: HttpRequest,
  targets: readonly string[],
  actionInQuery: string | undefined,
  requestId: string,
): Result<Route, RoutingFailure> {
  const refuse = (reason: string) => unknownOperation(reason, 'awsJson1.1', requestId);
  if (request.method !== 'POST') return refuse(`a target is called with POST, not ${request.method}`);
  if (!contentTypeIs(request, AWS_JSON)) return refuse(`the content type is not ${AWS_JSON}`);
  const [target, ...more] = targets;
  const found = table().byTarget.get(target ?? '');
  if (found !== undefined && more.length === 0 && actionInQuery === undefined) return ok(found);
  return err({
    protocol: 'awsJson1.1',
    error: awsError('UnknownOperationException', targetFault(target, more, actionInQuery)),
    answer: encodeError(awsError('UnknownOperationException', ''), { protocol: 'awsJson1.1' }, requestId),
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
  const isForm = request.method === 'POST' && contentTypeIs(request, FORM);
  if (request.method === 'POST' && !isForm) return noAction(query, requestId);
  const inQuery = readParameters(query);
  const inBody = readParameters(isForm ? new TextDecoder().decode(request.body) : '');
  const action = inQuery.get('Action') ?? inBody.get('Action');
  if (action === undefined) return noAction(query, requestId, isForm ? 'awsQuery' : undefined);
  const version = inQuery.get('Version') ?? inBody.get('Version') ?? 'NO_VERSION_SPECIFIED';
  const found = table().byAction.get(`${version} ${action}`);
  const isAmbiguous = inQuery.has('Action') && inBody.has('Action');
  if (found !== undefined && !isAmbiguous) return ok(found);
  const error = awsError(
    'UnknownOperationException',
    `Could not find operation ${action} for version ${version}`,
  );
  return err({
    protocol: 'awsQuery',
    error: isAmbiguous ? awsError(error.code, 'an Action in the query and another in the body') : error,
    answer: encodeError(error, { protocol: 'awsQuery' }, requestId),
  });
}

/** What STS and IAM answer where nothing names an operation (conformance A1). */
function noAction(query: string, requestId: string, protocol?: Protocol): Result<never, RoutingFailure> {
  const location = `https://aws.amazon.com/iam${query === '' ? '' : `?${query}`}`;
  return err({
    protocol,
    error: awsError('UnknownOperationException', 'neither a target, a path nor an Action names an operation'),
    answer: { status: 302, headers: { location, 'x-amzn-requestid': requestId }, body: '' },
  });
}

/** AWS's answer to a wrong path, method or content type (conformance A2 item 1): no protocol, and no reason given. */
function unknownOperation(
  reason: string,
  protocol: Protocol | undefined,
  requestId: string,
): Result<never, RoutingFailure> {
  return err({
    protocol,
    error: awsError('UnknownOperationException', reason),
    answer: {
      status: 404,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: '<UnknownOperationException/>\n',
    },
  });
}

/** Exactly one content type, and it is the one wanted; parameters (`; charset=utf-8`) do not count. */
function contentTypeIs(request: HttpRequest, wanted: string): boolean {
  const [value, ...more] = headerValues(request, 'content-type');
  return more.length === 0 && value?.split(';')[0]?.trim().toLowerCase() === wanted;
}

function table(): RoutingTable {
  builtTable ??= buildTable();
  return builtTable;
}

function buildTable(): RoutingTable {
  const routes = [...serviceModels().values()].flatMap((service) =>
    [...service.operations.values()].map(
      (operation): Route => ({ service, operation, protocol: service.protocol }),
    ),
  );
  const index = (protocol: Protocol, keyOf: (route: Route) => string): ReadonlyMap<string, Route> =>
    new Map(routes.filter((found) => found.protocol === protocol).map((found) => [keyOf(found), found]));
  return {
    byTarget: index('awsJson1.1', ({ service, operation }) => `${service.targetPrefix}.${operation.name}`),
    byPath: index('restJson1', ({ operation }) => operation.path),
    byAction: index('awsQuery', ({ service, operation }) => `${service.apiVersion} ${operation.name}`),
  };
}
