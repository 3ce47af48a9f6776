import { z } from 'zod';
import { err, ok, type Result } from '../../lib/result.ts';

/** A pattern over the resource part of an ARN: `campaign/shop`, `campaign/*`. */
const resource = z.string().min(1);
const count = z.int().min(1);

const schema = z.strictObject({
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
    .array(z.strictObject({ operation: z.string(), times: count.optional(), every: count.optional() }))
    .default([]),
  /** How long an operation takes. */
  delays: z.array(z.strictObject({ operation: z.string(), milliseconds: z.int().min(0) })).default([]),
});

/** A script for the stub: what goes wrong, what is recommended, what is slow. The file of `stub.fixtures`. */
export type StubFixtures = z.infer<typeof schema>;

export const NO_FIXTURES: StubFixtures = { failures: [], recommendations: [], throttling: [], delays: [] };

/** Reads a parsed file. The error says each fault with its place: `failures.0.reason: …`. */
export function parseFixtures(value: unknown): Result<StubFixtures, readonly string[]> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return ok(parsed.data);
  return err(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`));
}

/** Why a transition of a resource fails; `undefined` where it does not. */
export const failureOf = ({ failures }: StubFixtures, kind: string, arn: string): string | undefined =>
  failures.find((failure) => failure.on === kind && fits(failure.resource, arn))?.reason;

export const delayOf = ({ delays }: StubFixtures, operation: string): number =>
  delays.find((delay) => delay.operation === operation)?.milliseconds ?? 0;

/** Counts a call, and says whether it is one of those that are refused. */
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
  const literal = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`).test(arn.split(':').slice(5).join(':'));
}
