import type { Operation } from '../../model/shape.ts';
import { BUILTIN_OPERATIONS } from './builtin-operations.ts';
import type { Handler } from './call.ts';
import { CONTROL_OPERATIONS } from './control-operations.ts';
import { EVENT_OPERATIONS } from './event-operations.ts';
import { RESOURCE_TYPES, type ResourceTypeName } from './resource-types.ts';
import { RUNTIME_OPERATIONS } from './runtime-operations.ts';
import { TAG_OPERATIONS } from './tags.ts';
import { operationName, VERBS } from './verbs.ts';

type HandlerFactory = (operation: Operation) => Handler;

/**
 * The handler of every operation of the models. Throws where an operation has no row or a row no operation: the tables
 * are part of the program, so this is a broken build.
 */
export function handlersFor(operations: ReadonlyMap<string, Operation>): ReadonlyMap<string, Handler> {
  const factories = handlerFactories();
  const missing = [...operations.keys()].filter((name) => !factories.has(name));
  const orphans = [...factories.keys()].filter((name) => !operations.has(name));
  if (missing.length > 0 || orphans.length > 0)
    throw new Error(
      `The stub does not fit the models. Without a row: ${missing.join(', ') || 'none'}. ` +
        `Without an operation: ${orphans.join(', ') || 'none'}.`,
    );
  return new Map(
    [...operations].map(([name, operation]) => [name, (factories.get(name) as HandlerFactory)(operation)]),
  );
}

function handlerFactories(): ReadonlyMap<string, HandlerFactory> {
  const verbs = Object.entries(RESOURCE_TYPES).flatMap(([resourceType, type]) =>
    type.verbs.map((verb): [string, HandlerFactory] => [
      operationName(verb, resourceType as ResourceTypeName),
      (operation) => VERBS[verb](resourceType as ResourceTypeName, operation),
    ]),
  );
  const others = Object.entries({
    ...TAG_OPERATIONS,
    ...CONTROL_OPERATIONS,
    ...RUNTIME_OPERATIONS,
    ...EVENT_OPERATIONS,
  }).map(([name, handler]): [string, HandlerFactory] => [name, () => handler]);
  return new Map([...verbs, ...Object.entries(BUILTIN_OPERATIONS), ...others]);
}
