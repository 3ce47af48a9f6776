import type { AwsError, Diagnostic } from '../../lib/errors.ts';
import type { Result } from '../../lib/result.ts';
import type { Operation } from '../../model/shape.ts';
import type { Scope } from './call.ts';
import type { Attributes } from './resource-attributes.ts';
import { MemoryState } from './store/memory.ts';
import type { ReadableState, WritableState } from './store/resource-store.ts';

/** A call that the stub begins with, and where a person wrote it. */
export interface SeedCall {
  readonly operation: Operation;
  readonly input: Attributes;
  readonly place: Pick<Diagnostic, 'file' | 'line' | 'column'>;
}

/** What a stub begins with, and where those calls are made. */
export interface Seed extends Scope {
  readonly calls: readonly SeedCall[];
}

type Run = (state: WritableState, call: SeedCall) => Result<unknown, AwsError>;

/** Tries the calls on a state of their own. Where one was refused, what is missing later is missing because of it. */
export function seedDiagnostics(calls: readonly SeedCall[], run: Run): readonly Diagnostic[] {
  const state = new MemoryState();
  const diagnostics: Diagnostic[] = [];
  for (const call of calls) {
    const result = run(state, call);
    if (result.ok || (diagnostics.length > 0 && result.error.code === 'ResourceNotFoundException')) continue;
    const { code, message } = result.error;
    diagnostics.push({
      severity: 'error',
      rule: 'seed-refused',
      message: `${call.operation.name}: ${code}: ${message}`,
      ...call.place,
    });
  }
  return diagnostics;
}

/** Whether nothing was ever stored: only then the seed is applied. */
export const isEmpty = (state: ReadableState): boolean => {
  for (const _ of state.scan('')) return false;
  return true;
};
