import { z } from 'zod';
import { personalizeOperations } from '../../src/services/personalize/service-operations.ts';

/** A seed file: a list of calls, each one operation with its input. */
export function seedSchema(): z.ZodType {
  const calls = [...personalizeOperations().keys()].map((name) =>
    z.strictObject({ [name]: z.record(z.string(), z.unknown()).nullable() }),
  );
  return z.array(z.union(calls)).nullable();
}
