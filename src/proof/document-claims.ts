import type { NamedPolicy } from '../engine/policy-set.ts';
import type { Principal } from '../engine/principal.ts';
import { iamActions } from '../model/iam-actions.ts';
import { documentSituations } from './document-situations.ts';
import { type FactsOf, type KnownKeys, keyFacts } from './key-facts.ts';
import { type Access, againstNothing } from './never-granted.ts';
import { isAnyone, isStandIn, publicPrincipals, STRANGERS_ACCOUNT } from './principals.ts';
import type { Situation } from './prove.ts';
import { strangersAddresses, strangersKeys } from './public-access.ts';
import type { ResourceUniverse } from './resource-formats.ts';
import { withStandIns } from './stand-ins.ts';

/** The facts of keys that every proof uses, and what is known of a principal. */
export const factsWith = (fixed: KnownKeys): FactsOf => keyFacts(iamActions().conditionKeyTypes, fixed);

/** Whether a document names principals, as those of resources do. */
export const isResourcePolicy = ({ policy }: NamedPolicy): boolean =>
  policy.statements.some(({ principal }) => principal !== undefined);

/** Situations in which a document may allow what several others together do not allow. */
export const newAccess = (
  next: NamedPolicy,
  existing: readonly NamedPolicy[],
  universe: ResourceUniverse = 'formats',
): readonly Situation[] =>
  documentSituations({
    next: [withStandIns(next)],
    existing: existing.map(withStandIns),
    universe,
    linked: true,
    factsFor: (principal) => factsWith(isResourcePolicy(next) ? principalsKeys(principal) : () => undefined),
  });

/** Situations in which a document may allow something on some resources; the proof decides for which actions. */
export const anyAccess = (
  policy: NamedPolicy,
  { resources }: Pick<Access, 'resources'>,
  universe: ResourceUniverse = 'formats',
): readonly Situation[] =>
  newAccess(policy, [], universe).map((situation) => againstNothing(situation, resources));

/** Situations in which a resource-based policy may grant something to strangers, who have other keys than any one caller. */
export const publicAccess = (policy: NamedPolicy): readonly Situation[] =>
  strangersAddresses(policy).flatMap((address) =>
    documentSituations({
      next: [policy],
      existing: [],
      universe: 'arns',
      principals: publicPrincipals(),
      factsFor: (principal) => factsWith(strangersKeys(principal, address)),
    }),
  );

/**
 * What the principals of a resource-based policy are. One that stands for everyone of an account may have any ARN
 * of it, and one that stands for everyone any at all; so may one of which only its name is known.
 */
function principalsKeys(principal: Principal): KnownKeys {
  const own = new Map<string, ReturnType<KnownKeys>>();
  if (principal.type === 'WebIdentity' && isStandIn(principal.provider)) return () => undefined;
  if (!('accountId' in principal)) {
    for (const key of ['aws:principalarn', 'aws:principalaccount', 'aws:username']) own.set(key, null);
  } else if (principal.accountId !== STRANGERS_ACCOUNT) {
    own.set('aws:principalaccount', principal.accountId);
    const arn = principal.type === 'AssumedRole' ? principal.roleArn : principal.arn;
    own.set('aws:principalarn', isAnyone(principal) ? { like: `arn:*:*::${principal.accountId}:*` } : arn);
    if (principal.type === 'User' && !isAnyone(principal)) own.set('aws:username', principal.userName);
  }
  return (key) => own.get(key);
}
