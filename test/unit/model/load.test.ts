import { describe, expect, it } from 'vitest';
import type { GeneratedModel } from '../../../src/model/generated-model.ts';
import { buildServiceModel, findOperation, serviceModels } from '../../../src/model/load.ts';
import type { Shape } from '../../../src/model/shape.ts';

const MODEL: GeneratedModel = {
  name: 'personalize',
  protocol: 'awsJson1.1',
  signingName: 'personalize',
  apiVersion: '2018-05-22',
  targetPrefix: 'AmazonPersonalize',
  operations: { Create: { method: 'POST', path: '/', input: 'Tree', errors: {} } },
  shapes: {
    Tree: { type: 'structure', required: ['name'], members: { name: 'Name', children: 'Trees' } },
    Trees: { type: 'list', member: 'Tree' },
    Name: { type: 'string', max: 63 },
  },
};

function shapesFrom(start: Shape, seen = new Set<Shape>()): Set<Shape> {
  if (seen.has(start)) return seen;
  seen.add(start);
  if (start.type === 'structure') for (const { shape } of start.members.values()) shapesFrom(shape, seen);
  if (start.type === 'list') shapesFrom(start.member.shape, seen);
  if (start.type === 'map') for (const { shape } of [start.key, start.value]) shapesFrom(shape, seen);
  return seen;
}

describe('the service models', () => {
  it('hold the 79 operations of Personalize, STS and IAM, and the policy checks', () => {
    const counts = [...serviceModels().values()].map(({ name, operations }) => [name, operations.size]);
    expect(Object.fromEntries(counts)).toEqual({
      personalize: 71,
      'personalize-runtime': 3,
      'personalize-events': 5,
      sts: 12,
      iam: 180,
      'access-analyzer': 4,
    });
  });

  it('are built once', () => {
    expect(serviceModels()).toBe(serviceModels());
  });

  it('resolve every shape that an operation reaches', () => {
    const operations = [...serviceModels().values()].flatMap((service) => [...service.operations.values()]);
    const shapes = operations.flatMap(({ input, output }) => [input, output]).filter((shape) => !!shape);
    const reached = new Set(shapes.flatMap((shape) => [...shapesFrom(shape)]));
    expect(reached.size).toBeGreaterThan(800);
  });

  it('keep the limits, the wire facts and the errors of the published model', () => {
    const create = findOperation('personalize', 'CreateCampaign');
    expect(create).toMatchObject({ method: 'POST', path: '/', unsigned: false });
    expect(create?.input?.required).toEqual(new Set(['name', 'solutionVersionArn']));
    expect(create?.input?.members.get('name')?.shape).toMatchObject({
      type: 'string',
      min: 1,
      max: 63,
      pattern: '^[a-zA-Z0-9][a-zA-Z0-9\\-_]*',
    });
    expect(findOperation('iam', 'GetUser')).toMatchObject({ resultWrapper: 'GetUserResult' });
    expect(findOperation('iam', 'GetUser')?.errors.get('NoSuchEntity')).toBe(404);
    expect(findOperation('sts', 'AssumeRoleWithWebIdentity')?.unsigned).toBe(true);
    expect(findOperation('personalize', 'ToString')).toBeUndefined();
  });
});

describe('buildServiceModel', () => {
  it('lets a shape contain itself', () => {
    const tree = buildServiceModel(MODEL).operations.get('Create')?.input;
    const children = tree?.members.get('children')?.shape;
    expect(children?.type === 'list' && children.member.shape).toBe(tree);
  });

  it.each<[string, Partial<GeneratedModel>, string]>([
    [
      'an unknown shape',
      { shapes: { Tree: { type: 'structure', members: { a: 'Gone' } } } },
      'unknown shape Gone',
    ],
    [
      'an unknown shape type',
      { shapes: { Tree: { type: 'structure' }, B: { type: 'bag' } } },
      'unknown type bag',
    ],
    ['an unknown protocol', { protocol: 'rpcv2Cbor' }, 'unknown protocol rpcv2Cbor'],
    ['a missing target prefix', { targetPrefix: '' }, 'without a target prefix'],
    [
      'a required member that is not there',
      { shapes: { Tree: { type: 'structure', required: ['a'] } } },
      'member a',
    ],
    ['an input that is no structure', { shapes: { Tree: { type: 'string' } } }, 'needs the structure Tree'],
  ])('refuses %s and says so', (_, change, diagnostic) => {
    expect(() => buildServiceModel({ ...MODEL, ...change })).toThrow(diagnostic);
  });
});
