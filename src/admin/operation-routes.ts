import { Router } from 'express';
import { serviceModels } from '../model/load.ts';
import type { Shape } from '../model/shape.ts';
import { only, refuse } from './admin-router.ts';

/** How deep a schema goes: shapes may be recursive. */
const MOST_LEVELS = 8;

/** The response to `GET operations`. */
export interface OperationList {
  readonly operations: readonly { readonly name: string; readonly service: string }[];
}

/** `/_authz/operations`: the operations by service, and the JSON Schema of the input of one, for forms. */
export function operationRoutes(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .get('/operations', (_, response) => {
      const operations = [...serviceModels().values()].flatMap((model) =>
        [...model.operations.keys()].map((name) => ({ name, service: model.name })),
      );
      response.json({ operations } satisfies OperationList);
    })
    .all('/operations', only('GET'));
  router
    .get('/operations/:name', (request, response) => {
      const { name } = request.params;
      const operation = [...serviceModels().values()].flatMap((model) => model.operations.get(name) ?? [])[0];
      if (operation === undefined) return refuse(response, 404, 'NotFound', `There is no operation ${name}.`);
      const input = operation.input ? schemaOf(operation.input, MOST_LEVELS) : { type: 'object' };
      return void response.json({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: name,
        ...input,
      });
    })
    .all('/operations/:name', only('GET'));
  return router;
}

function schemaOf(shape: Shape, levels: number): Readonly<Record<string, unknown>> {
  if (levels === 0) return {};
  switch (shape.type) {
    case 'structure':
      return {
        type: 'object',
        properties: Object.fromEntries(
          [...shape.members].map(([name, member]) => [name, schemaOf(member.shape, levels - 1)]),
        ),
        ...(shape.required.size > 0 && { required: [...shape.required] }),
        additionalProperties: false,
      };
    case 'list':
      return {
        type: 'array',
        items: schemaOf(shape.member.shape, levels - 1),
        ...bounds('minItems', 'maxItems', shape),
      };
    case 'map':
      return { type: 'object', additionalProperties: schemaOf(shape.value.shape, levels - 1) };
    case 'string':
      return {
        type: 'string',
        ...(shape.enum && { enum: shape.enum }),
        ...(shape.pattern !== undefined && { pattern: shape.pattern }),
        ...bounds('minLength', 'maxLength', shape),
      };
    case 'boolean':
      return { type: 'boolean' };
    case 'timestamp':
      return { type: 'number', description: 'Seconds since 1970-01-01T00:00:00Z' };
    case 'blob':
      return { type: 'string', contentEncoding: 'base64' };
    default:
      return {
        type: shape.type === 'integer' || shape.type === 'long' ? 'integer' : 'number',
        ...bounds('minimum', 'maximum', shape),
      };
  }
}

const bounds = (
  lower: string,
  upper: string,
  { min, max }: { readonly min?: number; readonly max?: number },
): Readonly<Record<string, number>> => ({
  ...(min !== undefined && { [lower]: min }),
  ...(max !== undefined && { [upper]: max }),
});
