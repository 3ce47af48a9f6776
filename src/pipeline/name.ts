import type { AuthorizationRequest } from '../engine/request.ts';
import { type AwsError, awsError } from '../errors.ts';
import type { Directory } from '../identity/directory.ts';
import { type ContextFacts, requestContext, type Tags } from '../identity/request-context.ts';
import { parseArn } from '../lib/arn.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { authorizationOf } from '../model/authorization.ts';
import type { Check } from '../model/check.ts';
import { type ArnScope, isAsked, resourceArns } from '../model/resource-arn.ts';
import { decodeInput } from '../wire/decode-input.ts';
import type { InputValue } from '../wire/input-value.ts';
import type { Route } from '../wire/route.ts';
import { validateInput } from '../wire/validate.ts';
import type { Authenticated, Named } from './stages.ts';

/** The tags that a resource has now; `undefined` where they are not known. */
export type ResourceTags = (arn: string) => Tags | undefined;

export interface NameOptions {
  readonly directory: Directory;
  readonly region: string;
  readonly resourceTags: ResourceTags;
}

/**
 * Forms every question that policies must answer: the operation's checks, each on the ARNs that the request means,
 * with the context keys that AWS would have. A request that does not tell its resources is not passed: it gets the
 * answer that AWS gives to an input that is not valid.
 */
export function name(stage: Authenticated, options: NameOptions): Result<Named, AwsError> {
  const { route } = stage;
  const decoded = decodeInput(route, stage.request);
  if (!decoded.ok) return decoded;
  const input = decoded.value;
  const scope = arnScope(stage, options);
  const facts = contextFacts(stage, input, options);
  const { checks, undocumented } = authorizationOf(route.operation);
  const questionsOf = (asked: readonly Check[]): readonly AuthorizationRequest[] | undefined => {
    const questions = asked
      .filter((check) => isAsked(check, input))
      .map((check) => questionsOn(check, input, scope, facts, options.resourceTags));
    return questions.every((on) => on !== undefined) ? questions.flat() : undefined;
  };
  const binding = questionsOf(checks);
  const reported = questionsOf(undocumented);
  if (!binding || !reported) return err(invalidInput(route, input));
  return ok({ ...stage, input, checks: binding, undocumented: reported });
}

/** One question for each resource of a check; `undefined` where the request does not tell it, or tells no ARN. */
function questionsOn(
  { action, resource: source, context }: Check,
  input: InputValue,
  scope: ArnScope,
  facts: ContextFacts,
  resourceTags: ResourceTags,
): readonly AuthorizationRequest[] | undefined {
  const arns = resourceArns(source, input, scope);
  const named = arns.length > 0 && arns.every((arn) => arn === '*' || parseArn(arn) !== undefined);
  if (!named) return undefined;
  const extra = new Map(Object.entries(context ?? {}).map(([key, value]) => [key.toLowerCase(), value]));
  // The role that is passed is no resource of the call: the request's tags are not for it.
  const { requestTags: _, tagKeys: __, ...untagged } = facts;
  const own: ContextFacts = action === 'iam:PassRole' ? untagged : facts;
  return arns.map((arn) => ({
    principal: facts.principal,
    action,
    resource: arn,
    context: requestContext(own, {
      resourceAccount: accountOf(arn, scope),
      // A resource that is created with tags has them already when its creation is decided.
      tagsOfResource: () => (source.from === 'new' ? own.requestTags : resourceTags(arn)),
      extra,
    }),
  }));
}

/** What has no resource belongs to the account that is called; AWS's own recipes to none that a policy could name. */
const accountOf = (arn: string, { account }: ArnScope): string | undefined =>
  arn === '*' ? account : parseArn(arn)?.account || undefined;

function arnScope(stage: Authenticated, { directory, region }: NameOptions): ArnScope {
  const { account, partition } = directory;
  const { principal } = stage.caller;
  return {
    account,
    partition,
    region,
    iamEntityArn: (type, entity) => {
      if (entity === undefined) return principal.type === 'User' ? principal.arn : undefined;
      const known = { user: directory.users, group: directory.groups, role: directory.roles } as const;
      const found = type in known ? known[type as keyof typeof known].get(entity)?.arn : undefined;
      return found ?? `arn:${partition}:iam::${account}:${type}/${entity}`;
    },
    accessKeyOwnerArn: (id) => directory.findAccessKey(id)?.user.arn,
  };
}

function contextFacts(
  { request, receivedAt, caller, route }: Authenticated,
  input: InputValue,
  { region }: NameOptions,
): ContextFacts {
  const tags = tagsIn(input);
  const keys = tags ? Object.keys(tags) : tagKeysIn(input);
  return {
    request,
    principal: caller.principal,
    userId: caller.userId,
    principalTags: caller.tags,
    ...(caller.organizationId !== undefined && { organizationId: caller.organizationId }),
    receivedAt,
    // IAM is one for all regions: @see IAMUG/reference_policies_condition-keys
    region: route.service.name === 'iam' ? 'us-east-1' : region,
    ...(tags && { requestTags: tags }),
    ...(keys && { tagKeys: keys }),
  };
}

/** `tags: [{ tagKey, tagValue }]` of the operations that create or tag; `undefined` where no tag is passed. */
function tagsIn({ tags }: InputValue): Tags | undefined {
  if (!Array.isArray(tags) || tags.length === 0) return undefined;
  return Object.fromEntries(tags.map(({ tagKey, tagValue }) => [String(tagKey), String(tagValue ?? '')]));
}

/** `tagKeys` of UntagResource. */
function tagKeysIn({ tagKeys }: InputValue): readonly string[] | undefined {
  return Array.isArray(tagKeys) && tagKeys.length > 0 ? tagKeys.map(String) : undefined;
}

function invalidInput({ operation, service }: Route, input: InputValue): AwsError {
  const code = service.signingName === 'personalize' ? 'InvalidInputException' : 'ValidationError';
  const violation = operation.input && validateInput(operation.input, input, code);
  return (
    violation ?? awsError(code, `The request does not name the one resource that ${operation.name} works on.`)
  );
}
