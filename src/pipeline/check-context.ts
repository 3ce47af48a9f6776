import type { ResourceRules } from '../calls/service-rules.ts';
import type { PassedTags } from '../context-keys/passed-tags.ts';
import {
  type CheckContext,
  type ContextFacts,
  requestContext,
  type TagsOfResource,
} from '../context-keys/request-context.ts';
import type { TagLookup } from '../context-keys/resource-tags.ts';
import type { Caller } from '../directory/caller.ts';
import type { Directory } from '../directory/directory.ts';
import type { ContextValue } from '../engine/request.ts';
import { parseArn } from '../lib/arn.ts';
import type { Draft } from '../lib/draft.ts';
import { accountId } from '../lib/identifiers.ts';

/*
 * The context keys of checks: of calls that are received, and of questions about calls that are not made. Both are built
 * here, so that a question has the answer that the call would have.
 */

/** The facts that the context keys of a caller's checks are made of. */
export function callerFacts(
  caller: Caller,
  call: Pick<ContextFacts, 'request' | 'secure' | 'receivedAt' | 'region'>,
  tags: PassedTags = {},
): ContextFacts {
  const { principal, userId, organization, vpcEndpoint, session } = caller;
  const facts: Draft<ContextFacts> = { ...call, principal, userId, principalTags: caller.tags };
  if (organization) facts.organization = organization;
  if (vpcEndpoint) facts.vpcEndpoint = vpcEndpoint;
  if (session) facts.session = session;
  return Object.assign(facts, tags);
}

export interface ResourceOfCheck {
  /** An ARN, `*`, or a form of the service's own. */
  readonly resource: string;
  /** Of the service that the ARN belongs to. */
  readonly rules: ResourceRules;
  /** The resource is created by the call, with these tags. */
  readonly isNew?: boolean;
  /** Keys of this check alone, in lower case. */
  readonly extra?: ReadonlyMap<string, ContextValue>;
}

/** The context of one check on one resource. */
export function checkContext(
  facts: ContextFacts,
  { resource, rules, isNew = false, extra }: ResourceOfCheck,
  from: { readonly directory: Directory; readonly tags: TagLookup },
): CheckContext {
  const arn = parseArn(resource);
  const { account } = from.directory;
  const isOfAccount = arn !== undefined && arn.account === account;
  // A resource that is created with tags has them already when its creation is decided.
  const tagsOfResource = isNew
    ? () => facts.requestTags
    : (isOfAccount && rules.tagsOf?.(arn, resource, from)) || NO_TAGS;
  return requestContext(facts, {
    resourceAccount:
      arn === undefined || rules.ownedByCaller ? account : arn.account ? accountId(arn.account) : undefined,
    tagsOfResource,
    isOfIam: rules.hasIamTags === true,
    ...(extra && { extra }),
  });
}

const NO_TAGS: TagsOfResource = () => undefined;
