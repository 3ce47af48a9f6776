import { MAX_BODY_BYTES, tooLarge } from '../lib/body-limits.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import type { HttpRequest, HttpResponse } from '../lib/http-message.ts';
import { createRouter } from '../pipeline/router.ts';
import type { CallHandler } from '../server/call-handler.ts';
import type { Scope } from '../services/personalize/call.ts';
import { respondFromStub } from '../services/personalize/embedded-upstream.ts';
import { personalizeService } from '../services/personalize/service.ts';
import type { PersonalizeStub } from '../services/personalize/stub.ts';
import { SERVICES } from '../services/services.ts';
import { loadCodec } from '../wire/cbor.ts';
import { decodeInput } from '../wire/decode-input.ts';
import { type ErrorTarget, encodeError } from '../wire/encode-error.ts';

/** The stub behind a port of its own: calls are routed and decoded as on AWS, and not authorized. */
export function stubRequestHandler(stub: PersonalizeStub, scope: Scope, newId: () => string): CallHandler {
  const route = createRouter(SERVICES);
  const routed = (request: HttpRequest) => {
    const found = route(request);
    const target: ErrorTarget = found.ok
      ? { ...found.value, encoding: found.value.service.errors }
      : found.error.target;
    return { found, target };
  };
  const refuse = async (request: HttpRequest, error: AwsError): Promise<HttpResponse> => {
    const { target } = routed(request);
    await loadCodec(target.protocol);
    return encodeError(error, { ...target, bare: undefined }, newId());
  };
  return {
    refuse,
    admit: async (head) => ({
      maxBytes: MAX_BODY_BYTES,
      authenticated: false,
      refuse: () => refuse(head, tooLarge(MAX_BODY_BYTES)),
    }),
    async run(request) {
      const requestId = newId();
      const { found, target } = routed(request);
      await loadCodec(target.protocol);
      const fail = (error: AwsError): HttpResponse => encodeError(error, target, requestId);
      if (!found.ok) return fail(found.error.error);
      if (found.value.service !== personalizeService) return fail(NOT_SERVED);
      const input = decodeInput(found.value, request);
      if (!input.ok) return fail(input.error);
      const { operation } = found.value;
      const responded = await respondFromStub(stub, scope, operation, input.value, requestId);
      return responded.ok ? responded.value : fail(responded.error);
    },
  };
}

const NOT_SERVED = awsError('UnknownOperationException', 'The stub answers Amazon Personalize only.');
