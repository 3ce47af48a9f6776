import type { ResourceRules } from '../calls/service-rules.ts';

const ACCOUNT = /^(?:\d{12}|aws)?$/;

/** ARNs that name an account, none, or `aws`, and have no form beyond that. */
export const OWNED_BY_ACCOUNT: ResourceRules = {
  isWellFormed: ({ account }) => ACCOUNT.test(account),
};
