import type { EmbeddedCall, EmbeddedElsewhere, EmbeddedService } from '../../calls/embedded.ts';
import { SERVICES } from '../../services/services.ts';
import type { Channel } from '../../state/channel.ts';
import type { NamedCall, PrimaryMethods } from './protocol.ts';

/** The embedded services of the primary, for a worker. */
export const embeddedOfPrimary = (primary: Channel<PrimaryMethods>): EmbeddedElsewhere => ({
  respond: ({ route, ...call }) =>
    primary.ask('respond', {
      ...call,
      service: route.service.name,
      model: route.operation.service.name,
      operation: route.operation.name,
      protocol: route.protocol,
    }),
  hasBucket: (bucket) => primary.ask('hasBucket', bucket),
  tagsOf: (arn) => primary.ask('tagsOf', arn),
});

/** Answers a worker's call by the embedded service that it names. @throws if there is none */
export async function answerNamed(
  services: Readonly<Record<string, EmbeddedService | undefined>>,
  call: NamedCall,
): ReturnType<EmbeddedService> {
  const respond = services[call.service];
  if (respond === undefined) throw new Error(`${call.service} is not embedded`);
  return respond(withRoute(call));
}

function withRoute({ service: name, model, operation: called, protocol, ...call }: NamedCall): EmbeddedCall {
  const service = SERVICES.find((each) => each.name === name);
  const endpoint = service?.endpoints().find((each) => each.model.name === model);
  const operation = endpoint?.model.operations.get(called);
  if (service === undefined || operation === undefined) throw new Error(`there is no ${model}:${called}`);
  return { ...call, input: withoutPrototype(call.input), route: { service, operation, protocol } };
}

/** Copying between processes gives every object the prototype that a decoded input must not have. */
function withoutPrototype<Value>(value: Value): Value {
  if (Array.isArray(value)) value.forEach(withoutPrototype);
  else if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    Object.setPrototypeOf(value, null);
    for (const member of Object.values(value)) withoutPrototype(member);
  }
  return value;
}
