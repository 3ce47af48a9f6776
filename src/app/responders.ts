import type { Decided, Service } from '../calls/service.ts';
import type { AwsError } from '../lib/errors.ts';
import type { HttpResponse } from '../lib/http-message.ts';
import type { Result } from '../lib/result.ts';
import type { Exchange } from '../upstreams/upstream.ts';

/** Responds to the authorized calls of one service. */
export type Responder = (call: Decided, exchange: Exchange) => Promise<Result<HttpResponse, AwsError>>;

/** Hands every call to the responder of its service. @throws where a service has none: a broken composition */
export function respondWith(
  services: readonly Service[],
  responders: Readonly<Record<string, Responder>>,
): Responder {
  const bound = new Map(
    services.map((service) => {
      const responder = responders[service.name];
      if (responder === undefined) throw new Error(`no responder for ${service.name}`);
      return [service, responder] as const;
    }),
  );
  return (call, exchange) => {
    const responder = bound.get(call.route.service);
    if (responder === undefined) throw new Error(`no responder for ${call.route.service.name}`);
    return responder(call, exchange);
  };
}
