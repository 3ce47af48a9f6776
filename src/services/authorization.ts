import type { Authorization } from '../model/check.ts';
import type { Operation } from '../model/shape.ts';
import { serviceOf } from './services.ts';

const rows = new Map<Operation, Authorization>();

/** What a call of the operation must be allowed to do; one row per operation, made on the first call. */
export function authorizationOf(operation: Operation): Authorization {
  const known = rows.get(operation);
  if (known !== undefined) return known;
  const row = serviceOf(operation.service).authorization(operation);
  rows.set(operation, row);
  return row;
}
