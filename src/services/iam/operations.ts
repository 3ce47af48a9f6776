import { ACCOUNT_OPERATIONS } from './account-operations.ts';
import type { IamHandlers } from './call.ts';
import { GROUP_OPERATIONS, ROLE_OPERATIONS, USER_OPERATIONS } from './identity-operations.ts';
import { LAST_ACCESSED_OPERATIONS } from './last-accessed-operations.ts';
import { POLICY_OPERATIONS } from './policy-operations.ts';
import { SIMULATE_OPERATIONS } from './simulate-operations.ts';

/** Every operation of IAM that is answered; whatever else IAM has is refused (`writes.ts`, `pipeline/unserved-operation.ts`). */
export const OPERATIONS = {
  ...USER_OPERATIONS,
  ...GROUP_OPERATIONS,
  ...ROLE_OPERATIONS,
  ...POLICY_OPERATIONS,
  ...ACCOUNT_OPERATIONS,
  ...SIMULATE_OPERATIONS,
  ...LAST_ACCESSED_OPERATIONS,
} satisfies IamHandlers;
