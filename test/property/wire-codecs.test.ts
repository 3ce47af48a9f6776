import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildServiceModel } from '../../src/model/load.ts';
import type { Operation, Protocol, Shape } from '../../src/model/shape.ts';
import { decodeInput } from '../../src/wire/decode-input.ts';
import { encodeOutput } from '../../src/wire/encode-output.ts';
import { matchesPattern } from '../../src/wire/pattern.ts';
import { bodyOf, request } from '../unit/wire/requests.ts';
import { runs } from './runs.ts';

/** A recursive structure with every type of shape. */
function treeOperation(protocol: Protocol, flattened: boolean): Operation {
  const service = buildServiceModel({
    name: 'sts',
    protocol,
    signingName: 'sts',
    apiVersion: '1',
    targetPrefix: 'T',
    xmlNamespace: 'urn:x',
    operations: { Put: { method: 'POST', path: '/', input: 'Tree', output: 'Tree', errors: {} } },
    shapes: {
      Tree: {
        type: 'structure',
        members: {
          text: 'Text',
          renamed: { shape: 'Text', wireName: 'OnTheWire' },
          count: 'Count',
          ratio: 'Ratio',
          flag: 'Flag',
          at: 'At',
          bytes: 'Bytes',
          children: 'Trees',
          names: 'Texts',
          labels: 'Labels',
        },
      },
      Trees: { type: 'list', member: 'Tree', flattened },
      Texts: { type: 'list', member: { shape: 'Text', wireName: 'item' }, flattened },
      Labels: { type: 'map', key: 'Text', value: { shape: 'Text', wireName: 'v' }, flattened },
      Text: { type: 'string' },
      Count: { type: 'integer' },
      Ratio: { type: 'double' },
      Flag: { type: 'boolean' },
      At: { type: 'timestamp' },
      Bytes: { type: 'blob' },
    },
  });
  const put = service.operations.get('Put');
  if (put === undefined) throw new Error('no operation');
  return put;
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('constructor', '__proto__', 'a.b', 'member', 'a&b=c+d %', '1', ''),
);

/** More would take long to generate. The query protocol allows ten: its decoder ignores names of more than 32 parts. */
const LEVELS = 5;

const treeOf = (levels: number): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(
    {
      text,
      renamed: text,
      count: fc.integer(),
      ratio: fc.double({ noNaN: true, noDefaultInfinity: true }).map((ratio) => ratio + 0),
      flag: fc.boolean(),
      at: fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
      bytes: fc.uint8Array({ maxLength: 8 }),
      names: fc.array(text, { minLength: 1, maxLength: 12 }),
      labels: fc
        .uniqueArray(fc.tuple(text, text), { minLength: 1, maxLength: 3, selector: ([key]) => key })
        .map((entries) => Object.fromEntries(entries)),
      ...(levels > 1 && {
        children: fc.array(
          treeOf(levels - 1).filter((child) => Object.keys(child).length > 0),
          { minLength: 1, maxLength: 3 },
        ),
      }),
    },
    { requiredKeys: [] },
  );

const tree = treeOf(LEVELS);

/** The query protocol's serialization of a value, by its specification. */
function parameters(value: unknown, shape: Shape, name: string): [string, string][] {
  const below = (part: string): string => (name === '' ? part : `${name}.${part}`);
  switch (shape.type) {
    case 'structure':
      return [...shape.members].flatMap(([own, member]) => {
        const inside = (value as Record<string, unknown>)[own];
        return inside === undefined ? [] : parameters(inside, member.shape, below(member.wireName));
      });
    case 'list': {
      const prefix = shape.flattened ? name : below(shape.member.wireName);
      return (value as unknown[]).flatMap((item, index) =>
        parameters(item, shape.member.shape, `${prefix}.${index + 1}`),
      );
    }
    case 'map': {
      const prefix = shape.flattened ? name : below('entry');
      return Object.entries(value as object).flatMap(([key, item], index) => [
        [`${prefix}.${index + 1}.${shape.key.wireName}`, key],
        ...parameters(item, shape.value.shape, `${prefix}.${index + 1}.${shape.value.wireName}`),
      ]) as [string, string][];
    }
    case 'timestamp':
      return [[name, (value as Date).toISOString()]];
    case 'blob':
      return [[name, Buffer.from(value as Uint8Array).toString('base64')]];
    default:
      return [[name, String(value)]];
  }
}

const inputOf = (operation: Operation): Shape => operation.input ?? { type: 'string', name: '' };

describe('the codecs', () => {
  it.each([false, true])('parse what the query protocol serializes (flattened: %s)', (flattened) => {
    const operation = treeOperation('awsQuery', flattened);
    const route = { operation, protocol: 'awsQuery' } as const;
    fc.assert(
      fc.property(tree, (value) => {
        const body = new URLSearchParams(parameters(value, inputOf(operation), '')).toString();
        expect(decodeInput(route, request({ body }))).toEqual({ ok: true, value });
      }),
    );
  });

  it.each(['awsJson1.1', 'restJson1'] as const)('parse what they serialize in %s', (protocol) => {
    const operation = treeOperation(protocol, false);
    const route = { operation, protocol };
    fc.assert(
      fc.property(tree, (value) => {
        const body = bodyOf(encodeOutput(operation, value, 'id'));
        expect(decodeInput(route, request({ body }))).toEqual({ ok: true, value });
      }),
    );
  });

  it.each(['awsJson1.1', 'restJson1', 'awsQuery'] as const)(
    'reject or parse any body in %s, without throwing',
    (protocol) => {
      const operation = treeOperation(protocol, false);
      const route = { operation, protocol };
      const body = fc.oneof(
        fc.json(),
        fc.string(),
        fc.uint8Array().map((bytes) => Uint8Array.from(bytes)),
      );
      fc.assert(
        fc.property(body, (bytes) => {
          expect(typeof decodeInput(route, request({ body: bytes })).ok).toBe('boolean');
        }),
      );
    },
  );
});

describe('a pattern that is matched in one pass', () => {
  it.each([
    [
      'arn:([a-z\\d-]+):personalize:.*:.*:.+',
      fc.constantFrom('arn', 'aws', 'personalize', ':', '/', '\n', 'x', '::'),
    ],
    ['^[\\x20-\\x7E]*[\\x21-\\x7E]+[\\x20-\\x7E]*$', fc.constantFrom(' ', 'a', '~', '\t', 'é', '  ')],
  ])('matches what %s matches', (pattern, part) => {
    const original = new RegExp(`^(?:${pattern})$`, 'u');
    const texts = fc.array(part, { maxLength: 14 }).map((parts) => parts.join(''));
    const arnLike = fc.tuple(fc.constant('arn:aws:personalize:'), texts).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(texts, arnLike), (candidate) => {
        expect(matchesPattern(pattern, candidate)).toBe(original.test(candidate));
      }),
      { numRuns: runs(1000) },
    );
  });
});
