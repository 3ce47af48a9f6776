import type fc from 'fast-check';

/** A kind of input, and what must hold for each. */
export interface Target<Case = unknown> {
  readonly name: string;
  /** What is generated; a case is JSON, so that it can be kept in a file. */
  readonly cases: fc.Arbitrary<Case>;
  /** @throws where an invariant does not hold */
  check(value: Case): Promise<void>;
}

/** No call and no command may take longer: far more than any takes, on a machine that is busy with other things. */
export const MAX_MILLIS = 20_000;

/** @throws where it does not settle in time */
export async function withinBound<Value>(what: string, promise: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`${what}: no end within ${MAX_MILLIS} ms`)),
    MAX_MILLIS,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** A change of bytes: `at` is a part of the length, in thousandths. */
export interface Edit {
  readonly kind: 'insert' | 'delete' | 'double' | 'replace';
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

/** Applies edits one after the other; text is Latin-1, so that every byte can be written. */
export function edited(bytes: Buffer, edits: readonly Edit[]): Buffer {
  return edits.reduce((before, { kind, at, length, text }) => {
    const from = Math.floor((before.length * at) / 1000);
    const inserted = Buffer.from(text, 'latin1');
    const cut = before.subarray(from, from + length);
    const middle = {
      insert: inserted,
      delete: Buffer.alloc(0),
      double: Buffer.concat([cut, cut]),
      replace: inserted,
    };
    const to = kind === 'insert' ? from : from + cut.length;
    return Buffer.concat([before.subarray(0, from), middle[kind], before.subarray(to)]);
  }, bytes);
}
