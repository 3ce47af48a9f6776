import { requestContext } from '../../context-keys/request-context.ts';
import type { Caller } from '../../directory/caller.ts';
import type { Directory } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import type { Principal } from '../../engine/principal.ts';
import type { ContextValue, RequestContext } from '../../engine/request.ts';
import { formatArn } from '../../lib/arn.ts';
import type { AwsError } from '../../lib/errors.ts';
import { type AccountId, accountId, arnOf } from '../../lib/identifiers.ts';
import { ok, type Result } from '../../lib/result.ts';
import { invalidInput } from './refusals.ts';

/** Who calls in a simulation. */
export interface SimulatedCaller {
  readonly principal: Principal;
  /** The caller's account; absent without a caller, who then belongs to the account of the resource. */
  readonly account?: AccountId;
  /** In the folder. */
  readonly known?: Caller;
}

const USER_ARN = /^arn:[\w-]+:iam::(\d{12}):user\/(?:.*\/)?([^/]+)$/;

/** The user of `CallerArn`, in the folder or not; it must be a user. */
export function callerByArn(directory: Directory, arn: string): Result<SimulatedCaller, AwsError> {
  const [, digits, userName = ''] = USER_ARN.exec(arn) ?? [];
  if (digits === undefined) return invalidInput(`Invalid CallerArn: ${arn} is not the ARN of an IAM user.`);
  const account = accountId(digits);
  const known = findCaller(directory, arn);
  return ok({
    principal: { type: 'User', arn: arnOf(arn), accountId: account, userName },
    account,
    ...(known.ok && { known: known.value }),
  });
}

/** A user or role of the folder as its own caller. */
export function callerOf(directory: Directory, arn: string): SimulatedCaller | undefined {
  const found = findCaller(directory, arn);
  if (!found.ok) return undefined;
  return { principal: found.value.principal, account: directory.account, known: found.value };
}

/** An unnamed principal in the account of the resource: only the policies count. */
export const unspecifiedCaller = ({ partition, account }: Directory): SimulatedCaller => ({
  principal: {
    type: 'User',
    arn: formatArn({ partition, service: 'iam', region: '', account, resource: 'user/' }),
    accountId: account,
    userName: '',
  },
});

/** Keys that IAM derives from the caller without a request; time, network and the like must be given. */
const OWN_KEYS =
  /^aws:(?:username|userid|principal(?:arn|account|type|orgid|orgpaths|isawsservice|tag\/.+)|resourceaccount)$/;

/** The entries of the request first, then what is known of the caller. */
export function simulatedContext(
  { known }: SimulatedCaller,
  given: ReadonlyMap<string, ContextValue>,
  resourceAccount: AccountId,
): RequestContext {
  if (!known) return given;
  const own = requestContext(
    {
      principal: known.principal,
      userId: known.userId,
      principalTags: known.tags,
      ...(known.organization && { organization: known.organization }),
      receivedAt: 0,
      region: '',
    },
    { resourceAccount },
  );
  return { get: (key) => given.get(key) ?? (OWN_KEYS.test(key) ? own.get(key) : undefined) };
}
