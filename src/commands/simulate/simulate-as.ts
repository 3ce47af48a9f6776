import { type CheckFacts, requestContext } from '../../context-keys/request-context.ts';
import type { Directory } from '../../directory/directory.ts';
import { findCaller, withSession } from '../../directory/find-caller.ts';
import { policiesFor } from '../../directory/policies-for.ts';
import type { ContextValue, RequestContext } from '../../engine/request.ts';
import { type Simulation, simulate } from '../../explanation/simulation.ts';
import { parseArn } from '../../lib/arn.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type QuestionFault, questionFaults } from './question-faults.ts';

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
  /** Whether actions, resources and context keys that no request has are asked about all the same. */
  readonly allowUnknown?: boolean;
}

const unknownPrincipal = (message: string): QuestionFault => ({
  part: 'principal',
  rule: 'unknown-principal',
  message,
});

/** What the resource of a question brings to its context, as it does for a call. */
function resourceFacts(resource: string, { account, users, roles }: Directory): CheckFacts {
  const arn = parseArn(resource);
  const isOfIam = arn?.service === 'iam';
  const entity = isOfIam
    ? [...users.values(), ...roles.values()].find((each) => each.arn === resource)
    : undefined;
  return {
    // What has no resource belongs to the account that is called, and so do buckets, whose ARNs name none.
    resourceAccount: arn === undefined || arn.service === 's3' ? account : arn.account || undefined,
    ...(entity && { tagsOfResource: () => entity.tags }),
    isOfIam,
  };
}

/** IAM is one for all regions; a role is passed where it is passed to. */
const regionOf = (action: string, region: string): string =>
  /^iam:(?!PassRole$)/i.test(action) ? 'us-east-1' : region;

/**
 * Puts one question to the policies of a principal, where a role is assumed beside the trust policy of the role, and
 * explains the answer. The context has what is known without a
 * request and what is given: the principal's own keys, those of a session of a role made now without a second factor, the
 * time, the region, and plain HTTP; nothing else is made up.
 * @returns what is wrong with the question
 */
export function simulateAs({
  directory,
  as,
  context,
  now,
  region,
  allowUnknown = false,
  ...question
}: SimulateAsOptions): Result<Simulation, readonly QuestionFault[]> {
  const found = findCaller(directory, as);
  const unknown = found.ok ? [] : [unknownPrincipal(found.error)];
  const faults = [
    ...unknown,
    ...(allowUnknown ? [] : questionFaults({ ...question, context: Object.keys(context) })),
  ];
  if (!found.ok || faults.length > 0) return err(faults);
  const caller = withSession(found.value, directory, now);
  const { principal, userId, tags, organization, vpcEndpoint, session } = caller;
  const given = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  const known = requestContext(
    {
      principal,
      userId,
      principalTags: tags,
      receivedAt: now,
      region: regionOf(question.action, region),
      // As calls to a proxy on this machine come.
      secure: false,
      ...(session && { session }),
      ...(organization && { organization }),
      ...(vpcEndpoint && { vpcEndpoint }),
    },
    resourceFacts(question.resource, directory),
  );
  const both: RequestContext = { get: (key) => given.get(key) ?? known.get(key) };
  const policies = policiesFor(question, caller, directory);
  return ok(simulate({ ...question, principal, context: both, policies }));
}
