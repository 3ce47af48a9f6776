import { requestContext } from '../../context-keys/request-context.ts';
import type { Directory } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import { policiesFor } from '../../directory/policies-for.ts';
import type { ContextValue, RequestContext } from '../../engine/request.ts';
import { type Simulation, simulate } from '../../explanation/simulation.ts';
import { parseArn } from '../../lib/arn.ts';
import { ok, type Result } from '../../lib/result.ts';

/** One question about a principal of the folder. */
export interface SimulateAsOptions {
  readonly directory: Directory;
  /** `alice`, `user/alice`, `role/recommender` or an ARN. */
  readonly as: string;
  readonly action: string;
  readonly resource: string;
  /** Context keys in any case; they win over those that are known of the principal. */
  readonly context: Readonly<Record<string, ContextValue>>;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What has no resource belongs to the account that is called. */
function accountOf(resource: string, { account }: Directory): string | undefined {
  const arn = parseArn(resource);
  return arn === undefined ? account : arn.account || undefined;
}

/**
 * Puts one question to the policies of a principal, where a role is assumed beside the trust policy of the role, and
 * explains the answer. The context has what is known without a
 * request (the principal's own keys, the time, the region) and what is given; nothing else is made up.
 * @returns what is wrong with the principal's name, where nobody has it
 */
export function simulateAs({
  directory,
  as,
  context,
  now,
  region,
  ...question
}: SimulateAsOptions): Result<Simulation, string> {
  const caller = findCaller(directory, as);
  if (!caller.ok) return caller;
  const { principal, userId, tags, organization, vpcEndpoint } = caller.value;
  const given = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  const known = requestContext(
    {
      principal,
      userId,
      principalTags: tags,
      receivedAt: now,
      region,
      ...(organization && { organization }),
      ...(vpcEndpoint && { vpcEndpoint }),
    },
    { resourceAccount: accountOf(question.resource, directory) },
  );
  const both: RequestContext = { get: (key) => given.get(key) ?? known.get(key) };
  const policies = policiesFor(question, caller.value, directory);
  return ok(simulate({ ...question, principal, context: both, policies }));
}
