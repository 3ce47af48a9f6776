import { type AwsError, awsError } from '../lib/errors.ts';
import type { HttpAnswer, HttpRequest } from '../lib/http-message.ts';
import { ok, type Result } from '../lib/result.ts';
import { MAX_BODY_BYTES, tooLarge } from '../pipeline/body-limits.ts';
import type { Answerer } from '../server/app.ts';
import type { Scope } from '../services/personalize/call.ts';
import type { PersonalizeStub } from '../services/personalize/stub.ts';
import { loadCodec } from '../wire/cbor.ts';
import { decodeInput } from '../wire/decode-input.ts';
import { type ErrorTarget, encodeError } from '../wire/encode-error.ts';
import { encodeOutput } from '../wire/encode-output.ts';
import type { InputValue } from '../wire/input-value.ts';
import { type Route, route } from '../wire/route.ts';
import type { RoutingFailure } from '../wire/routing-failure.ts';
import type { OpenedStub } from './open-stub.ts';
import type { Upstream } from './upstream.ts';

/** The stub in this process: it is handed the authorized, decoded request, and nothing goes over a socket. */
export function embeddedUpstream({ stub, control, description, close }: OpenedStub, scope: Scope): Upstream {
  return {
    description,
    send: async ({ authorized: { route: to, input, requestId } }) =>
      ok(await answerCall(stub, scope, to, input, requestId)),
    tags: { where: 'here', read: (arn) => stub.tagsOf(arn) },
    stub: control,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The stub behind a port of its own: routed, decoded and answered as AWS does, and not authorized. */
export function stubAnswerer(stub: PersonalizeStub, scope: Scope, newId: () => string): Answerer {
  const refuse = async (request: HttpRequest, error: AwsError): Promise<HttpAnswer> => {
    const requestId = newId();
    const routed = route(request, requestId);
    const target = routed.ok ? routed.value : targetOf(routed.error);
    await loadCodec(target?.protocol);
    return encodeError(error, target, requestId);
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
      const routed = route(request, requestId);
      await loadCodec(routed.ok ? routed.value.protocol : routed.error.protocol);
      if (!routed.ok)
        return routed.error.answer ?? encodeError(routed.error.error, targetOf(routed.error), requestId);
      if (routed.value.service.signingName !== 'personalize')
        return encodeError(NOT_THE_STUBS, routed.value, requestId);
      const input = decodeInput(routed.value, request);
      if (!input.ok) return encodeError(input.error, routed.value, requestId);
      return answerCall(stub, scope, routed.value, input.value, requestId);
    },
  };
}

const targetOf = ({ protocol }: RoutingFailure): ErrorTarget | undefined => protocol && { protocol };

const NOT_THE_STUBS = awsError('UnknownOperationException', 'The stub answers Amazon Personalize only.');

async function answerCall(
  stub: PersonalizeStub,
  { account, region, partition }: Scope,
  to: Route,
  input: InputValue,
  requestId: string,
): Promise<HttpAnswer> {
  const output: Result<Readonly<Record<string, unknown>>, AwsError> = await stub.handle({
    operation: to.operation,
    input,
    account,
    region,
    partition,
    requestId,
  });
  return output.ok
    ? encodeOutput(to.operation, output.value, requestId)
    : encodeError(output.error, to, requestId);
}
