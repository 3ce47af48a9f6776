import { z } from 'zod';
import { type DocumentNode, duplicateKeys, toValue } from '../../lib/document.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { didYouMean } from '../../lib/nearest.ts';
import { err, type Result } from '../../lib/result.ts';
import { checkSchema, placesIn } from '../../lib/schema-diagnostics.ts';
import { literalCodes, matchesPattern, toPattern, wildcardCodes } from '../../lib/wildcard.ts';
import { personalizeOperations } from './service-operations.ts';

/** A pattern over the resource part of an ARN: `campaign/shop`, `campaign/*`. */
const resource = z.string().min(1, { error: 'is empty' });
const count = z.int().min(1, { error: 'must be at least 1' });
const operation = z.string().refine((name) => personalizeOperations().has(name), {
  error: ({ input }) =>
    `"${input}" is no operation of Amazon Personalize${didYouMean(String(input), personalizeOperations().keys())}`,
});

/** A day: longer than any test waits, and within the range of a timer. */
const MOST_DELAY = 86_400_000;

/** The form of a fixtures file. */
export const fixturesSchema = z.strictObject({
  /** Resources whose creation (or update) ends in CREATE FAILED. */
  failures: z
    .array(
      z.strictObject({ resource, reason: z.string(), on: z.enum(['create', 'update']).default('create') }),
    )
    .default([]),
  /** What is recommended, best first; the first entry that fits a request counts. */
  recommendations: z
    .array(
      z.strictObject({
        resource: resource.optional(),
        userId: z.string().optional(),
        itemId: z.string().optional(),
        items: z.array(z.string()),
      }),
    )
    .default([]),
  /** The first `times` calls of an operation, or each `every`th, are answered with ThrottlingException. */
  throttling: z
    .array(
      z
        .strictObject({ operation, times: count.optional(), every: count.optional() })
        .refine(({ times, every }) => times !== undefined || every !== undefined, {
          error: 'needs times (the first so many calls) or every (each so manyth)',
        }),
    )
    .default([]),
  /** How long an operation takes. */
  delays: z
    .array(
      z.strictObject({
        operation,
        milliseconds: z
          .int()
          .min(0, { error: 'must be from 0 to 86400000, a day' })
          .max(MOST_DELAY, { error: 'must be from 0 to 86400000, a day' }),
      }),
    )
    .default([]),
});

/** A script for the stub: what goes wrong, what is recommended, what is slow. The file of `stub.fixtures`. */
export type StubFixtures = z.infer<typeof fixturesSchema>;

export const NO_FIXTURES: StubFixtures = { failures: [], recommendations: [], throttling: [], delays: [] };

/** Reads a parsed file; an empty one scripts nothing. Every diagnostic at once, with its place. */
export function checkFixtures(
  document: DocumentNode,
  file?: string,
): Result<StubFixtures, readonly Diagnostic[]> {
  const twice = duplicateKeys(document, file);
  if (twice.length > 0) return err(twice);
  return checkSchema(fixturesSchema, toValue(document) ?? {}, placesIn(document, file));
}

/** Why a transition of a resource fails; `undefined` where it does not. */
export const failureOf = ({ failures }: StubFixtures, kind: string, arn: string): string | undefined =>
  failures.find((failure) => failure.on === kind && fits(failure.resource, arn))?.reason;

export const delayOf = ({ delays }: StubFixtures, operation: string): number =>
  delays.find((delay) => delay.operation === operation)?.milliseconds ?? 0;

/** Counts a call, and returns whether it is throttled. */
export function throttle(
  { throttling }: StubFixtures,
  operation: string,
  calls: Map<string, number>,
): boolean {
  const rule = throttling.find((one) => one.operation === operation);
  if (rule === undefined) return false;
  const call = (calls.get(operation) ?? 0) + 1;
  calls.set(operation, call);
  return call <= (rule.times ?? 0) || (rule.every !== undefined && call % rule.every === 0);
}

/** Whether a pattern with `*` fits the ARN's resource (`campaign/shop`). */
export function fits(pattern: string, arn: string): boolean {
  const resource = arn.split(':').slice(5).join(':');
  const codes = pattern
    .split('*')
    .flatMap((part, index) => [...(index > 0 ? wildcardCodes('*') : []), ...literalCodes(part)]);
  return matchesPattern(toPattern(codes), resource);
}
