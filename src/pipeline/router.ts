import type { Route, Service } from '../calls/service.ts';
import type { Addressing } from '../calls/service-rules.ts';
import { awsError } from '../lib/errors.ts';
import { type HttpRequest, headerValues } from '../lib/http-message.ts';
import { ok, type Result } from '../lib/result.ts';
import type { Protocol } from '../model/shape.ts';
import { contentTypeIs, isFormPost } from '../wire/content-type.ts';
import { plainForm } from '../wire/plain-body.ts';
import { hasTooManyParameters, readParameters, splitTarget } from '../wire/query-parameters.ts';
import {
  noAction,
  type RoutingError,
  routingError,
  TOO_MANY_PARAMETERS,
  UNREADABLE_FORM,
  unknownOperation,
} from './routing-error.ts';
import { createRoutingTable, type RoutingTable } from './routing-table.ts';
import { unservedCall } from './unserved-service.ts';

/** Tells which operation of which service a request calls. */
export type Router = (request: HttpRequest) => Result<Route, RoutingError>;

type Routing = Result<Route, RoutingError>;

const AWS_JSON = 'application/x-amz-json-1.1';
const AWS_JSON_1_0 = 'application/x-amz-json-1.0';

/**
 * Routes by target, path or `Action`, exactly: no case folding, no decoding, no trailing slash; or by address, for a service
 * that has one. What AWS rejects before it authenticates is rejected here, and so is a request that names two operations.
 */
export function createRouter(services: readonly Service[]): Router {
  const table = createRoutingTable(services);
  const addressed = services.flatMap((service) =>
    service.addressing ? [{ service, addressing: service.addressing }] : [],
  );

  const findRoute = (request: HttpRequest): Routing => {
    const { path, query } = splitTarget(request.target);
    const targets = headerValues(request, 'x-amz-target');
    const action = query === '' ? undefined : readParameters(query).get('Action');
    const byPath = table.byPath.get(path);
    if (targets.length === 0 && action === undefined && byPath?.operation.method !== request.method) {
      const claimed = addressed.find(({ addressing }) => addressing.claims(request, byPath !== undefined));
      if (claimed) return routeByAddress(request, claimed.service, claimed.addressing);
    }
    if (byPath !== undefined) return routeByPath(request, byPath, targets, action);
    if (path !== '/') return unknownOperation(`no operation has the path ${path}`, undefined);
    const isJson = contentTypeIs(request, AWS_JSON);
    if (targets.length > 0 || (isJson && action === undefined))
      return routeByTarget(table, request, targets, action);
    return routeByAction(table, request, query);
  };

  return (request) => {
    const found = findRoute(request);
    const unserved = found.ok ? undefined : unservedCall(request, services);
    return unserved ? routingError(unserved.error, unserved.target) : found;
  };
}

function routeByAddress(request: HttpRequest, service: Service, { protocol, route }: Addressing): Routing {
  const found = route(request);
  return found.ok
    ? ok({ service, operation: found.value, protocol })
    : routingError(found.error, { protocol, encoding: service.errors });
}

/** The content type of a call by path. */
const PATH_CONTENT: Readonly<Partial<Record<Protocol, string>>> = {
  restJson1: 'application/json',
  rpcV2Cbor: 'application/cbor',
};

function routeByPath(
  request: HttpRequest,
  found: Route,
  targets: readonly string[],
  action: string | undefined,
): Routing {
  const refuse = (reason: string) => unknownOperation(reason, found.protocol);
  const { method } = found.operation;
  const { path } = splitTarget(request.target);
  const content = PATH_CONTENT[found.protocol] ?? '';
  if (targets.length > 0) return refuse(`the path ${path} and an X-Amz-Target header`);
  if (action !== undefined) return refuse(`the path ${path} and an Action parameter`);
  if (request.method !== method) return refuse(`${path} is called with ${method}, not ${request.method}`);
  const hasType = headerValues(request, 'content-type').length > 0;
  if (hasType && !contentTypeIs(request, content)) return refuse(`the content type is not ${content}`);
  const spoken = headerValues(request, 'smithy-protocol');
  if (found.protocol === 'rpcV2Cbor' && (spoken.length > 1 || spoken[0] !== 'rpc-v2-cbor'))
    return refuse('the smithy-protocol is not rpc-v2-cbor');
  return ok(found);
}

function routeByTarget(
  table: RoutingTable,
  request: HttpRequest,
  targets: readonly string[],
  action: string | undefined,
): Routing {
  const [target, ...more] = targets;
  const found = table.byTarget.get(target ?? '');
  const protocol = found?.protocol ?? 'awsJson1.1';
  const content = protocol === 'awsJson1.0' ? AWS_JSON_1_0 : AWS_JSON;
  if (request.method !== 'POST')
    return unknownOperation(`a target is called with POST, not ${request.method}`, protocol);
  if (!contentTypeIs(request, content))
    return unknownOperation(`the content type is not ${content}`, protocol);
  if (found !== undefined && more.length === 0 && action === undefined) return ok(found);
  const reason = targetProblem(target, more, action);
  return routingError({ code: 'UnknownOperationException', message: '', reason }, { protocol });
}

function targetProblem(
  target: string | undefined,
  more: readonly string[],
  action: string | undefined,
): string {
  if (target === undefined) return 'there is no X-Amz-Target header';
  if (more.length > 0) return 'there are several X-Amz-Target headers';
  if (action !== undefined) return 'an X-Amz-Target header and an Action parameter';
  return `no operation has the target ${target}`;
}

const QUERY = { protocol: 'awsQuery' } as const;

function routeByAction(table: RoutingTable, request: HttpRequest, query: string): Routing {
  if (request.method !== 'GET' && request.method !== 'POST')
    return unknownOperation(`/ is called with GET or POST, not ${request.method}`, undefined);
  const isForm = isFormPost(request);
  if (request.method === 'POST' && !isForm) return noAction(query);
  const form = isForm ? plainForm(request) : '';
  if (form === undefined) return routingError(UNREADABLE_FORM, QUERY);
  if (hasTooManyParameters(form)) return routingError(TOO_MANY_PARAMETERS, QUERY);
  const inQuery = readParameters(query);
  const inBody = readParameters(form);
  const action = inQuery.get('Action') ?? inBody.get('Action');
  if (action === undefined) return noAction(query, isForm ? 'awsQuery' : undefined);
  const version = inQuery.get('Version') ?? inBody.get('Version') ?? 'NO_VERSION_SPECIFIED';
  const found = table.byAction.get(`${version} ${action}`);
  // Policies would see one of the values, and an upstream could read the other.
  const twice = [...inBody.keys()].find((name) => inQuery.has(name));
  if (found !== undefined && twice === undefined) return ok(found);
  const message = `Could not find operation ${action} for version ${version}`;
  const error = awsError('UnknownOperationException', message);
  const reason = twice && `${twice} in the query and again in the body`;
  return routingError(reason ? { ...error, reason } : error, QUERY);
}
