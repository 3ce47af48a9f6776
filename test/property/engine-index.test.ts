import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compile } from '../../src/engine/compile.ts';
import { decide } from '../../src/engine/decide.ts';
import { explain } from '../../src/engine/explain.ts';
import type { Statement } from '../differential/line.ts';
import { policySetOf, requestOf } from './engine-subject.ts';
import { runs } from './runs.ts';

/*
 * Enough statements to use the index, by action and by resource, drawn from so few strings that many of them name the
 * same action: `explain` evaluates every statement, `decide` uses the index.
 */

const name = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'ba'), { minLength: 1, maxLength: 3 })
  .map((part) => part.join(''));
const patternOf = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(text, fc.constantFrom('', '', '*', '?', '*b', '${aws:username}'))
    .map(([head, tail]) => head + tail);

const actionPattern = fc.oneof(
  patternOf(name).map((text) => `s:${text}`.replace('${aws:username}', '*a*')),
  fc.constantFrom('*', 's:*', 'S:*a', '*:a*'),
);
const resourceOf = (text: string) => `arn:aws:s:r:1:${text}`;
const resourcePattern = fc.oneof(
  patternOf(name).map(resourceOf),
  fc.constantFrom('*', 'arn:aws:s:*', 'arn:*:s:r:1:*a'),
);

const some = (pattern: fc.Arbitrary<string>) => fc.array(pattern, { minLength: 1, maxLength: 3 });
const mostly = (usual: 'Action' | 'Resource', pattern: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.integer({ min: 0, max: 9 }), some(pattern))
    .map(([chance, patterns]) => ({ [chance === 0 ? `Not${usual}` : usual]: patterns }));

const statement: fc.Arbitrary<Statement> = fc
  .tuple(
    fc.constantFrom('Allow', 'Allow', 'Deny'),
    mostly('Action', actionPattern),
    mostly('Resource', resourcePattern),
  )
  .map(([Effect, action, resource]) => ({ Effect, ...action, ...resource }) as Statement);

const documents = fc
  .array(fc.array(statement, { minLength: 5, maxLength: 30 }), { minLength: 1, maxLength: 4 })
  .map((pages) =>
    pages.map((Statement, index) => ({ name: `p${index}`, document: { Version: '2012-10-17', Statement } })),
  );

const questions = fc.array(
  fc.tuple(name, fc.oneof(name.map(resourceOf), fc.constant('*')), fc.constantFrom('a', 'b', 'ab*')),
  { minLength: 20, maxLength: 20 },
);

it('finds the same statements as a linear scan, in the same order', () => {
  fc.assert(
    fc.property(documents, questions, (identity, asked) => {
      const compiled = compile(policySetOf({ identity }));
      for (const [action, resource, user] of asked) {
        const request = requestOf({
          principal: { arn: 'arn:aws:iam::111111111111:user/alice' },
          action: `s:${action}`,
          resource,
          context: { 'aws:username': user },
        });
        expect(decide(request, compiled)).toEqual(explain(request, compiled).decision);
      }
    }),
    { numRuns: runs(500) },
  );
});
