import { type PassedTags, passedTags } from '../context-keys/passed-tags.ts';
import { type ContextFacts, requestContext, type TagsOfResource } from '../context-keys/request-context.ts';
import type { TagLookup } from '../context-keys/resource-tags.ts';
import type { Directory, Group, Role, User } from '../directory/directory.ts';
import { entityNamed } from '../directory/entity-named.ts';
import type { ContextValue } from '../engine/request.ts';
import { parseArn } from '../lib/arn.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { authorizationOf } from '../model/authorization.ts';
import { type Check, membersOf, type ResourceSource } from '../model/check.ts';
import { type ArnScope, isAsked, resourceArns } from '../model/resource-arn.ts';
import { resourceKind } from '../model/resource-kind.ts';
import type { ServiceName } from '../model/shape.ts';
import type { InputValue } from '../wire/input-value.ts';
import type { Route } from '../wire/route.ts';
import { isValidAt } from '../wire/valid-at.ts';
import { validateInput } from '../wire/validate.ts';
import { cloudwatchContextKeys, s3ContextKeys } from './data-context.ts';
import type { Named, Question, Understood } from './stages.ts';
import { stsContextKeys, withIncomingTags } from './sts-context.ts';

export interface NameOptions {
  readonly directory: Directory;
  readonly region: string;
  readonly tags: TagLookup;
}

/**
 * Forms every question that policies must answer: the operation's checks, each on the ARNs that the request means,
 * with the context keys that AWS would have. A request that does not tell its resources is not passed: it gets the
 * answer that AWS gives to an input that is not valid.
 */
export function name(stage: Understood, options: NameOptions): Result<Named, AwsError> {
  const { route, input } = stage;
  const tags = passedTags(input);
  if (!tags.ok) return err(invalidInput(route, input, tags.error));
  const scope = arnScope(stage, options);
  const facts = contextFacts(stage, options, tags.value);
  const callKeys = CALL_KEYS[route.service.name]?.(stage, scope) ?? NO_KEYS;
  const tagsOf = resourceTagsOf(options);
  const askedFor = withIncomingTags(stage);
  const { checks, undocumented } = authorizationOf(route.operation);
  const questionsOf = (asked: readonly Check[]): readonly Question[] | undefined => {
    const questions = asked
      .filter((check) => isAsked(check, askedFor))
      .map((check) =>
        isWellFormed(check, stage)
          ? questionsOn(check, input, scope, { facts, callKeys, tagsOf })
          : undefined,
      );
    return questions.every((on) => on !== undefined) ? questions.flat() : undefined;
  };
  const binding = questionsOf(checks);
  const reported = questionsOf(undocumented);
  if (!binding || !reported) {
    const unnamed = `The request does not name the one resource that ${route.operation.name} works on.`;
    return err(invalidInput(route, input, unnamed));
  }
  return ok({ ...stage, checks: binding, undocumented: reported });
}

const NO_KEYS: ReadonlyMap<string, ContextValue> = new Map();

/** Condition keys that a service's calls bring. */
const CALL_KEYS: Readonly<
  Partial<Record<ServiceName, (stage: Understood, scope: ArnScope) => ReadonlyMap<string, ContextValue>>>
> = {
  sts: stsContextKeys,
  s3: (stage, { account }) => s3ContextKeys(stage, account),
  cloudwatch: cloudwatchContextKeys,
};

/** What the context keys of a check are made of. */
interface Surroundings {
  readonly facts: ContextFacts;
  /** Keys that this operation brings. */
  readonly callKeys: ReadonlyMap<string, ContextValue>;
  readonly tagsOf: (arn: string) => TagsOfResource;
}

/** A user or role has its tags from the folder, what Personalize can tag from the upstream. */
const resourceTagsOf =
  ({ directory, tags }: NameOptions): Surroundings['tagsOf'] =>
  (text) => {
    const arn = parseArn(text);
    if (arn?.service === 'iam')
      return () =>
        [...directory.users.values(), ...directory.roles.values()].find((each) => each.arn === text)?.tags;
    const isTaggable = arn && arn.account === directory.account && resourceKind(arn)?.taggable;
    return isTaggable ? tags.of(text) : NO_TAGS;
  };

const NO_TAGS: TagsOfResource = () => undefined;

/** Whether what names the resources of a check has the form that its members must have. */
const isWellFormed = ({ resource }: Check, { route, input }: Understood): boolean =>
  membersOf(resource).every((path) => isValidAt(route.operation.input, input, path));

/**
 * Whether a string is an ARN of the form that its service gives it. A lenient upstream could take one without its account,
 * or one that is spelled as AWS spells none (`Campaign/shop`, a blank at its end), for another than the policies did. Only
 * object keys are free.
 */
function isWholeArn(text: string): boolean {
  const arn = parseArn(text);
  if (arn === undefined) return false;
  if (arn.service !== 's3' && MISSPELLED.test(text)) return false;
  const kind = resourceKind(arn);
  if (arn.service === 'personalize' && !(kind && RESOURCE.test(arn.resource))) return false;
  if (kind?.ownedByAws) return arn.region === '' && arn.account === '';
  if (kind) return arn.region !== '' && ACCOUNT.test(arn.account);
  return ACCOUNT.test(arn.account) || arn.account === '' || arn.account === 'aws';
}

const ACCOUNT = /^\d{12}$/;
/** Names as the models of Personalize have them; `*` is the id that is not known before a resource is there. */
const RESOURCE = /^[a-z-]+(?:\/[\w-]+)+(?:\/\*)?$|^[a-z-]+\/\*$/;
/** Control characters, and blanks around it. */
const MISSPELLED = /^\s|\s$|\p{Cc}|[\u2028\u2029]/u;

/** One question for each resource of a check; `undefined` where the request does not tell it, or tells no ARN. */
function questionsOn(
  { action, resource: source, context }: Check,
  input: InputValue,
  scope: ArnScope,
  { facts, callKeys, tagsOf }: Surroundings,
): readonly Question[] | undefined {
  const arns = resourceArns(source, input, scope);
  const named = arns.length > 0 && arns.every((arn) => arn === '*' || isOwnForm(source) || isWholeArn(arn));
  if (!named) return undefined;
  const ownKeys = Object.entries(context ?? {}).map(([key, value]) => [key.toLowerCase(), value] as const);
  const extra = new Map([...callKeys, ...ownKeys]);
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
      tagsOfResource: isNew(source) ? () => own.requestTags : tagsOf(arn),
      isOfIam: parseArn(arn)?.service === 'iam',
      extra,
    }),
  }));
}

/** IAM's `policy path /` is no ARN; what is in it of the request has the form of its member. */
const isOwnForm = ({ from }: ResourceSource): boolean => from === 'fixed' || from === 'pathPrefix';

/** A suffix stands for the id of a version that is not there yet. */
const isNew = (source: ResourceSource): boolean =>
  source.from === 'new' || (source.from === 'member' && source.suffix !== undefined);

/**
 * What has no resource belongs to the account that is called, and so do buckets, whose ARNs name none; AWS's own recipes
 * belong to none that a policy could name.
 */
function accountOf(arn: string, { account }: ArnScope): string | undefined {
  const parsed = parseArn(arn);
  return parsed === undefined || parsed.service === 's3' ? account : parsed.account || undefined;
}

function arnScope(stage: Understood, { directory, region }: NameOptions): ArnScope {
  const { account, partition } = directory;
  const { principal } = stage.caller;
  return {
    account,
    partition,
    region,
    iamEntityArn: (type, entity) => {
      if (entity === undefined) return principal.type === 'User' ? principal.arn : undefined;
      const known = { user: directory.users, group: directory.groups, role: directory.roles } as const;
      const found =
        type in known
          ? entityNamed<User | Group | Role>(known[type as keyof typeof known], entity)?.arn
          : undefined;
      return found ?? `arn:${partition}:iam::${account}:${type}/${entity}`;
    },
    accessKeyOwnerArn: (id) => directory.findAccessKey(id)?.user.arn,
  };
}

function contextFacts(
  { request, receivedAt, caller, route }: Understood,
  { region }: NameOptions,
  tags: PassedTags,
): ContextFacts {
  return {
    request,
    principal: caller.principal,
    userId: caller.userId,
    principalTags: caller.tags,
    ...(caller.organization && { organization: caller.organization }),
    ...(caller.vpcEndpoint && { vpcEndpoint: caller.vpcEndpoint }),
    ...(caller.session && { session: caller.session }),
    receivedAt,
    // IAM is one for all regions: @see IAMUG/reference_policies_condition-keys
    region: route.service.name === 'iam' ? 'us-east-1' : region,
    ...tags,
  };
}

/** AWS's answer to an input that breaks the rules of its shape; where it keeps them all, `otherwise` says what is wrong. */
function invalidInput({ operation, service }: Route, input: InputValue, otherwise: string): AwsError {
  const code = service.signingName === 'personalize' ? 'InvalidInputException' : 'ValidationError';
  const violation = operation.input && validateInput(operation.input, input, code);
  return violation ?? awsError(code, otherwise);
}
