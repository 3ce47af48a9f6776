import { serviceModels } from '../../model/load.ts';
import type { Operation } from '../../model/shape.ts';

const SERVICES = ['personalize', 'personalize-runtime', 'personalize-events'] as const;

/** The operations of Amazon Personalize: all three of its services, whose names do not overlap. */
export function personalizeOperations(): ReadonlyMap<string, Operation> {
  return new Map(SERVICES.flatMap((service) => [...(serviceModels().get(service)?.operations ?? [])]));
}

/** Paths of the operations that applications call from a browser: recommendations and events. */
export const browserPaths = (): readonly string[] =>
  [...personalizeOperations().values()].map(({ path }) => path).filter((path) => path !== '/');
