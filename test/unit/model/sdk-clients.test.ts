import * as accessAnalyzer from '@aws-sdk/client-accessanalyzer';
import * as iam from '@aws-sdk/client-iam';
import * as personalize from '@aws-sdk/client-personalize';
import * as personalizeEvents from '@aws-sdk/client-personalize-events';
import * as personalizeRuntime from '@aws-sdk/client-personalize-runtime';
import * as sts from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { serviceModels } from '../../../src/model/load.ts';
import type { ServiceName, Shape } from '../../../src/model/shape.ts';

/*
 * The models are generated from files that AWS publishes, and an SDK client may be newer: a member that a client sends
 * and a model lacks would be ignored. What is missing belongs into `scripts/generate/newer-members.ts`.
 */

const CLIENTS: readonly (readonly [ServiceName, Readonly<Record<string, unknown>>])[] = [
  ['personalize', personalize],
  ['personalize-runtime', personalizeRuntime],
  ['personalize-events', personalizeEvents],
  ['sts', sts],
  ['iam', iam],
  ['access-analyzer', accessAnalyzer],
];

/** Of Access Analyzer's operations only those are served that read policies. */
const isUnserved = (service: ServiceName, operation: string): boolean =>
  service === 'access-analyzer' && !/^(?:ValidatePolicy|Check)/.test(operation);

/** Known by name alone: they are not supported here. */
const WITHOUT_SHAPES: ReadonlySet<string> = new Set([
  'AcquireRole',
  'GetAccountProperties',
  'GetRoleTemplateVersion',
  'GetScopedCredentials',
  'PutAccountProperties',
]);

/** What the first item of a static schema of an SDK client says that it is. */
const KIND = { list: 1, map: 2, structure: 3, union: 4, operation: 9 } as const;

type Schema = readonly unknown[];

/** A schema behind a function, and without the traits that a member may bring. */
function schemaOf(reference: unknown): Schema | undefined {
  const found: unknown = typeof reference === 'function' ? reference() : reference;
  if (!Array.isArray(found)) return undefined;
  // A scalar with traits, such as a parameter of the query: its type and they.
  if (typeof found[0] === 'number' && found.length === 2) return undefined;
  return typeof found[0] === 'number' ? found : schemaOf(found[0]);
}

/** The paths at which a client's schema has a member that a model's shape lacks. */
function lacking(reference: unknown, shape: Shape | undefined, path: string, seen: Set<Schema>): string[] {
  const schema = schemaOf(reference);
  if (schema === undefined || seen.has(schema)) return [];
  if (shape === undefined) return [path];
  seen.add(schema);
  if (schema[0] === KIND.list)
    return shape.type === 'list' ? lacking(schema[4], shape.member.shape, `${path}[]`, seen) : [path];
  if (schema[0] === KIND.map)
    return shape.type === 'map' ? lacking(schema[5], shape.value.shape, `${path}{}`, seen) : [path];
  if (schema[0] !== KIND.structure && schema[0] !== KIND.union) return [];
  if (shape.type !== 'structure') return [path];
  const [, , , , names, members] = schema as [number, string, string, unknown, string[], unknown[]];
  return names.flatMap((name, index) => {
    const member = shape.members.get(name);
    return member ? lacking(members[index], member.shape, `${path}.${name}`, seen) : [`${path}.${name}`];
  });
}

describe.each(CLIENTS)('the model of %s', (name, client) => {
  const operations = Object.values(client)
    .filter((value): value is Schema => Array.isArray(value) && value[0] === KIND.operation)
    .map((schema) => ({ name: String(schema[2]), input: schema[4], output: schema[5] }))
    .filter((operation) => !isUnserved(name, operation.name));
  const model = serviceModels().get(name);

  it('has every operation of the SDK client', () => {
    expect(operations.length).toBeGreaterThan(0);
    expect(operations.filter((operation) => !model?.operations.has(operation.name))).toEqual([]);
  });

  it('has every member of the inputs and outputs of the SDK client', () => {
    const gaps = operations
      .filter((operation) => !WITHOUT_SHAPES.has(operation.name))
      .flatMap(({ name: operation, input, output }) => {
        const known = model?.operations.get(operation);
        const empty: Shape = { type: 'structure', name: 'Empty', required: new Set(), members: new Map() };
        return [
          ...lacking(input, known?.input ?? empty, `${operation}.input`, new Set()),
          ...lacking(output, known?.output ?? empty, `${operation}.output`, new Set()),
        ];
      });
    expect(gaps).toEqual([]);
  });
});
