import { type EmbeddedElsewhere, type EmbeddedService, embeddedCall } from '../../calls/embedded.ts';
import type { AwsError } from '../../lib/errors.ts';
import type { HttpResponse } from '../../lib/http-message.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { Operation } from '../../model/shape.ts';
import { encodeOutput } from '../../wire/encode-output.ts';
import type { InputValue } from '../../wire/input-value.ts';
import type { Scope } from './call.ts';
import type { OpenedStub } from './open-stub.ts';
import type { PersonalizeStub } from './stub.ts';
import type { PersonalizeUpstream } from './upstream.ts';

/** The stub in this process: it takes the authorized, decoded call, and nothing goes over a socket. */
export function embeddedUpstream(
  { stub, control, description, close }: OpenedStub,
  scope: Scope,
): PersonalizeUpstream {
  const answer: EmbeddedService = ({ route, input, requestId }) =>
    respondFromStub(stub, scope, route.operation, input, requestId);
  return {
    description,
    embedded: answer,
    send: (call) => answer(embeddedCall(call)),
    // A decision must not depend on whether this process has already seen what another one wrote.
    tags: stub.sharedTagsOf
      ? { where: 'upstream', read: stub.sharedTagsOf }
      : { where: 'here', read: (arn) => stub.tagsOf(arn) },
    stub: control,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The stub of another process. */
export const elsewhereUpstream = (elsewhere: EmbeddedElsewhere): PersonalizeUpstream => ({
  description: 'embedded stub',
  send: (call) => elsewhere.respond(embeddedCall(call)),
  tags: { where: 'upstream', read: elsewhere.tagsOf },
  close: async () => {},
  [Symbol.asyncDispose]: async () => {},
});

/** The response of the stub to a decoded call. */
export async function respondFromStub(
  stub: PersonalizeStub,
  { account, region, partition }: Scope,
  operation: Operation,
  input: InputValue,
  requestId: string,
): Promise<Result<HttpResponse, AwsError>> {
  const output = await stub.handle({ operation, input, account, region, partition, requestId });
  return output.ok ? ok(encodeOutput(operation, output.value, requestId)) : output;
}
