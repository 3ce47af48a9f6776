import type { Route } from '../../../src/calls/service.ts';
import type { HttpRequest, HttpResponse } from '../../../src/lib/http-message.ts';
import { findOperation } from '../../../src/model/load.ts';
import type { Operation, ServiceName } from '../../../src/model/shape.ts';
import { createRouter } from '../../../src/pipeline/router.ts';
import { SERVICES, serviceOf } from '../../../src/services/services.ts';

export const REQUEST_ID = 'b25f48e8-84fd-11e6-80d9-574e0c4664cb';

/** A request as an SDK sends it, with what a test changes. */
export function request(change: {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Uint8Array;
}): HttpRequest {
  const { method = 'POST', target = '/', headers = [], body = '' } = change;
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return { method, target, headers, body: bytes, remoteAddress: '127.0.0.1', secure: false };
}

export function operation(service: ServiceName, name: string): Operation {
  const found = findOperation(service, name);
  if (found === undefined) throw new Error(`${service} has no ${name}`);
  return found;
}

export function routeOf(service: ServiceName, name: string): Route {
  const found = operation(service, name);
  return { service: serviceOf(found.service), operation: found, protocol: found.service.protocol };
}

/** Routes a request among all services. */
export const route = createRouter(SERVICES);

export function bodyOf({ body }: HttpResponse): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}
