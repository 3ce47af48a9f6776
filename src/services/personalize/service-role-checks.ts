import type { DecidedCheck, Question } from '../../calls/service.ts';
import { type ContextFacts, requestContext } from '../../context-keys/request-context.ts';
import { authorize } from '../../directory/authorize.ts';
import { bucketInArn } from '../../directory/bucket-policies.ts';
import type { Caller } from '../../directory/caller.ts';
import type { Directory } from '../../directory/directory.ts';
import { compile } from '../../engine/compile.ts';
import type { PolicySet } from '../../engine/policy-set.ts';
import type { ContextValue } from '../../engine/request.ts';
import { formatArn } from '../../lib/arn.ts';
import type { HttpRequest } from '../../lib/http-message.ts';
import type { Arn } from '../../lib/identifiers.ts';
import { TOLD_BY_RECORD } from '../../records/recorded-context.ts';
import type { ServiceAccess, ServiceRoleUse } from './service-role-use.ts';

const PERSONALIZE = 'personalize.amazonaws.com';
const SESSION_NAME = 'personalize';

/** What AWS's own logs show as the address and the agent of a service that calls another. */
export const BY_SERVICE: HttpRequest = {
  method: 'POST',
  target: '/',
  headers: [['user-agent', PERSONALIZE]],
  body: new Uint8Array(),
  remoteAddress: PERSONALIZE,
  secure: true,
};

/** The checks, the role, and the time. */
export interface ServiceRoleCheck {
  /** The resource that is made: `aws:SourceArn`, and the moment in milliseconds since the epoch. */
  readonly creation: { readonly arn: string; readonly now: number };
  readonly use: ServiceRoleUse;
  readonly directory: Directory;
  readonly region: string;
}

/** Every check, also after a denied one: the record shows everything that is missing. */
export function decideServiceRole(roleCheck: ServiceRoleCheck, caller: Caller): readonly DecidedCheck[] {
  const { use, directory } = roleCheck;
  const service: PolicySet = {
    identity: [],
    ...(directory.organization?.resourceControlPolicies && {
      resourceControl: directory.organization.resourceControlPolicies,
    }),
  };
  const ask = (question: Question, policySet: PolicySet): DecidedCheck => ({
    question,
    decision: authorize(question, { policySet, policies: compile(policySet) }, directory),
    context: question.context.known(TOLD_BY_RECORD),
  });
  const trust = ask(serviceQuestion(roleCheck, { action: 'sts:AssumeRole', resource: use.roleArn }), service);
  return [
    directory.roleByArn(use.roleArn) ? trust : withCause(trust, 'there is no such role in principals.yaml'),
    ...use.accesses.map((access) => ask(roleQuestion(roleCheck, access, caller), caller.policySet)),
    ...use.accesses
      .filter(({ resource }) => directory.bucketPolicies.has(bucketInArn(resource) ?? ''))
      .map((access) => ask(serviceQuestion(roleCheck, access), service)),
  ];
}

const withCause = (check: DecidedCheck, cause: string): DecidedCheck => ({
  ...check,
  decision: { ...check.decision, cause },
});

/** A session of the role. One that the folder has not may nothing. */
export function roleCaller(roleArn: Arn, directory: Directory): Caller {
  const { account, partition, organization } = directory;
  const role = directory.roleByArn(roleArn);
  const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  const policySet = role ? directory.policySetOf(role) : { identity: [] };
  return {
    principal: {
      type: 'AssumedRole',
      arn: formatArn({
        partition,
        service: 'sts',
        region: '',
        account,
        resource: `assumed-role/${name}/${SESSION_NAME}`,
      }),
      accountId: account,
      roleArn,
      sessionName: SESSION_NAME,
    },
    userId: `${role?.id ?? name}:${SESSION_NAME}`,
    tags: role?.tags ?? {},
    ...(organization && { organization }),
    policySet,
    policies: compile(policySet),
  };
}

function roleQuestion(
  roleCheck: ServiceRoleCheck,
  access: ServiceAccess,
  { principal, userId, tags, organization }: Caller,
): Question {
  return question(roleCheck, access, {
    principal,
    userId,
    principalTags: tags,
    ...(organization && { organization }),
  });
}

/**
 * Personalize itself, as a service, for the resource that it works on.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/cross-service-confused-deputy-prevention.html
 */
function serviceQuestion(roleCheck: ServiceRoleCheck, access: ServiceAccess): Question {
  const { account, organization } = roleCheck.directory;
  return question(
    roleCheck,
    access,
    { principal: { type: 'Service', service: PERSONALIZE }, userId: PERSONALIZE, principalTags: {} },
    {
      'aws:principalisawsservice': 'true',
      'aws:principalservicename': PERSONALIZE,
      'aws:principalservicenameslist': [PERSONALIZE],
      'aws:sourceaccount': account,
      'aws:sourcearn': roleCheck.creation.arn,
      ...(organization && { 'aws:sourceorgid': organization.id }),
      ...(organization?.path !== undefined && { 'aws:sourceorgpaths': [organization.path] }),
    },
  );
}

function question(
  { creation, directory, region }: ServiceRoleCheck,
  { action, resource, prefix }: ServiceAccess,
  who: Pick<ContextFacts, 'principal' | 'userId' | 'principalTags' | 'organization'>,
  keys: Readonly<Record<string, ContextValue>> = {},
): Question {
  const facts = { ...who, request: BY_SERVICE, receivedAt: creation.now, region };
  const own = { ...keys, ...(prefix !== undefined && { 's3:prefix': prefix }) };
  return {
    principal: who.principal,
    action,
    resource,
    context: requestContext(facts, {
      // A bucket's ARN names no account; one that a job names is taken for the account's own.
      resourceAccount: directory.account,
      extra: new Map(Object.entries(own)),
    }),
  };
}
