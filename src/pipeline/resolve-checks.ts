import type { CheckFacts, Checks, Question, Service } from '../calls/service.ts';
import { passedTags } from '../context-keys/passed-tags.ts';
import type { ContextFacts } from '../context-keys/request-context.ts';
import type { TagLookup } from '../context-keys/resource-tags.ts';
import type { Directory } from '../directory/directory.ts';
import type { ContextValue } from '../engine/request.ts';
import { type ArnParts, parseArn } from '../lib/arn.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import { memoizeFor } from '../lib/memoize.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { type Check, membersOf, type ResourceSource } from '../model/check.ts';
import { type ArnScope, isAsked, resourceArns } from '../model/resource-arn.ts';
import { authorizationOf } from '../services/services.ts';
import { isValidAt } from '../wire/valid-at.ts';
import { validateInput } from '../wire/validate.ts';
import { arnScope } from './arn-scope.ts';
import { callerFacts, checkContext } from './check-context.ts';

/** A call whose checks are resolved; without `request` the keys of the network are not known. */
export type CallFacts = CheckFacts & Pick<ContextFacts, 'request'>;

export interface ResolveOptions {
  readonly directory: Directory;
  readonly region: string;
  readonly tags: TagLookup;
  readonly services: readonly Service[];
}

/**
 * Resolves what policies are asked about a call: the operation's checks, each on the ARNs that the input names, with the
 * context keys that AWS would have. An input that does not name its resources gets AWS's error for an invalid input.
 */
export function resolveChecks(call: CallFacts, options: ResolveOptions): Result<Checks, AwsError> {
  const { route, input } = call;
  const tags = passedTags(input);
  if (!tags.ok) return err(invalidInput(call, tags.error));
  const resolver: Resolver = {
    call,
    options,
    scope: arnScope(call, options),
    facts: callerFacts(call.caller, factsOf(call, options), tags.value),
    callKeys: route.service.contextKeys?.(call, options.directory.account) ?? NO_KEYS,
  };
  const conditional = route.service.inputForConditions?.(call) ?? input;
  const resolveAll = (rows: readonly Check[]): readonly Question[] | undefined => {
    const resolved: Question[] = [];
    for (const row of rows) {
      if (!isAsked(row, conditional)) continue;
      const questions = isWellFormed(row, call) ? resolve(row, resolver) : undefined;
      if (questions === undefined) return undefined;
      for (const question of questions) resolved.push(question);
    }
    return resolved;
  };
  const rows = authorizationOf(route.operation);
  const checks = resolveAll(rows.checks);
  const undocumented = checks && (rows.undocumented.length === 0 ? NONE : resolveAll(rows.undocumented));
  if (checks && undocumented) return ok({ checks, undocumented });
  const unnamed = `The request does not name the one resource that ${route.operation.name} works on.`;
  return err(invalidInput(call, unnamed));
}

const NONE: readonly Question[] = [];
const NO_KEYS: ReadonlyMap<string, ContextValue> = new Map();

/** What the checks of one call are resolved from. */
interface Resolver {
  readonly call: CallFacts;
  readonly options: ResolveOptions;
  readonly scope: ArnScope;
  readonly facts: ContextFacts;
  /** Keys that the operation brings. */
  readonly callKeys: ReadonlyMap<string, ContextValue>;
}

/** Whether the members that name the resources of a check keep the rules of their shapes. */
function isWellFormed({ resource }: Check, { route, input }: CallFacts): boolean {
  for (const path of membersRead(resource)) if (!isValidAt(route.operation.input, input, path)) return false;
  return true;
}

const membersRead = memoizeFor(membersOf);

/** Nothing but visible characters of ASCII: as every ARN that AWS gives. */
const VISIBLE = /^[\x21-\x7e]*$/;

/** Control characters, and surrounding blanks. */
const MISSPELLED = /^\s|\s$|\p{Cc}|[\u2028\u2029]/u;

/**
 * The rules of the service that an ARN belongs to; `undefined` for a string that no service would accept: a lenient upstream
 * could take one without its account, or one that is not spelled as AWS spells it, for another than the policies did.
 */
function rulesOf(text: string, arn: ArnParts | undefined, services: readonly Service[]) {
  if (arn === undefined) return undefined;
  const rules = services.find(({ name }) => name === arn.service)?.resources ?? ANY_SERVICE;
  if (!rules.keysAreFree && !VISIBLE.test(text) && MISSPELLED.test(text)) return undefined;
  return rules.isWellFormed(arn, text) ? rules : undefined;
}

const ACCOUNT = /^(?:\d{12}|aws)?$/;
const ANY_SERVICE: Service['resources'] = { isWellFormed: ({ account }) => ACCOUNT.test(account) };

/** One authorization request per resource of a check; `undefined` where the input does not name it, or names no ARN. */
function resolve(
  { action, resource: source, context }: Check,
  { call, options, scope, facts, callKeys }: Resolver,
): readonly Question[] | undefined {
  const arns = resourceArns(source, call.input, scope);
  if (arns.length === 0) return undefined;
  const all = withOwnKeys(keysOf(action, callKeys, call.route.service), context);
  const extra = all.size > 0 ? { extra: all } : NOTHING;
  const own = action === 'iam:PassRole' ? withoutTags(facts) : facts;
  const questions: Question[] = [];
  for (const text of arns) {
    const isArn = text !== '*' && !isOwnForm(source);
    const rules = isArn ? rulesOf(text, parseArn(text), options.services) : ANY_SERVICE;
    if (rules === undefined) return undefined;
    const context = checkContext(own, { resource: text, rules, isNew: isNew(source), ...extra }, options);
    questions.push({ principal: facts.principal, action, resource: text, context });
  }
  return questions;
}

const NOTHING = {};

function keysOf(
  action: string,
  callKeys: ReadonlyMap<string, ContextValue>,
  { hasContextKey }: Service,
): ReadonlyMap<string, ContextValue> {
  if (hasContextKey === undefined) return callKeys;
  return new Map([...callKeys].filter(([key]) => hasContextKey(action, key)));
}

function withOwnKeys(
  keys: ReadonlyMap<string, ContextValue>,
  own: Check['context'],
): ReadonlyMap<string, ContextValue> {
  if (own === undefined) return keys;
  return new Map([
    ...keys,
    ...Object.entries(own).map(([key, value]) => [key.toLowerCase(), value] as const),
  ]);
}

/** A role that is passed is not a resource of the call: the request's tags are not for it. */
function withoutTags({ requestTags: _, tagKeys: __, ...untagged }: ContextFacts): ContextFacts {
  return untagged;
}

/** IAM's `policy path /` is not an ARN; the part that the request gives has the form of its member. */
const isOwnForm = ({ from }: ResourceSource): boolean => from === 'fixed' || from === 'pathPrefix';

/** A suffix stands for the id of a version that does not exist yet. */
const isNew = (source: ResourceSource): boolean =>
  source.from === 'new' || (source.from === 'member' && source.suffix !== undefined);

function factsOf(
  { request, receivedAt, route }: CallFacts,
  options: ResolveOptions,
): Pick<ContextFacts, 'request' | 'receivedAt' | 'region'> {
  const region = route.service.requestedRegion ?? options.region;
  return request === undefined ? { receivedAt, region } : { request, receivedAt, region };
}

/** AWS's error for an input that breaks the rules of its shape; where it breaks none, `otherwise` is the message. */
function invalidInput({ route: { operation, service }, input }: CallFacts, otherwise: string): AwsError {
  const { validationCode: code } = service;
  const violation = operation.input && validateInput(operation.input, input, code);
  return violation ?? awsError(code, otherwise);
}
