import { iamAuthorization } from './authorization-iam.ts';
import { personalizeAuthorization } from './authorization-personalize.ts';
import { stsAuthorization } from './authorization-sts.ts';
import type { Authorization } from './check.ts';
import { cloudwatchAuthorization } from './cloudwatch.ts';
import { s3Authorization } from './s3.ts';
import type { Operation } from './shape.ts';

const rows = new WeakMap<Operation, Authorization>();

/** What a call of the operation must be allowed to do; one row an operation, made on the first call. */
export function authorizationOf(operation: Operation): Authorization {
  const known = rows.get(operation);
  if (known !== undefined) return known;
  const row = build(operation);
  rows.set(operation, row);
  return row;
}

function build(operation: Operation): Authorization {
  switch (operation.service.signingName) {
    case 'personalize':
      return personalizeAuthorization(operation);
    case 'sts':
      return stsAuthorization(operation);
    case 'iam':
      return iamAuthorization(operation);
    case 's3':
      return s3Authorization(operation);
    case 'monitoring':
      return cloudwatchAuthorization(operation);
  }
}
