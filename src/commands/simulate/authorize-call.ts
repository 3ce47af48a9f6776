import { type ResourceTags, tagLookup } from '../../context-keys/resource-tags.ts';
import type { Directory } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import type { Decision } from '../../engine/decision.ts';
import type { ContextValue } from '../../engine/request.ts';
import { renderSimulations } from '../../explanation/render-check.ts';
import { didYouMean } from '../../lib/nearest.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { answerCall } from './call-authorization.ts';
import { callQuestions, operationNamed, operationNames, unknownMembers } from './call-checks.ts';

/** A command of the AWS SDK for JavaScript v3, or an operation by its name. */
export type CallToAuthorize =
  | { readonly input: object }
  | { readonly operation: string; readonly input?: object };

export interface AuthorizeOptions {
  /** Whether context keys that no call of the operation has are taken all the same. */
  readonly allowUnknown?: boolean;
  /** Context keys in any case; they count before those that the request would have. */
  readonly context?: Readonly<Record<string, ContextValue>>;
}

/** What the policies say to a call that is not made. */
export interface CallAuthorization {
  readonly principal: string;
  /** `CreateCampaign` */
  readonly operation: string;
  readonly decision: Decision['decision'];
  readonly layer: Decision['layer'];
  readonly determining: Decision['determining'];
  /** The check that decided: the first that is refused, or the last. */
  readonly action: string;
  readonly resource: string;
  /** AWS's sentence; of denials only. */
  readonly message?: string;
  /** The evaluation steps of every check that is refused, or of that one, for people. */
  readonly explanation: string;
}

/** What a running proxy decides by. */
export interface AuthorizeSource {
  readonly directory: () => Directory;
  readonly tags: ResourceTags;
  readonly region: string;
  readonly undocumentedChecks: 'report' | 'enforce';
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** A call from this machine over plain HTTP, as tests make them. */
const NETWORK = { remoteAddress: '127.0.0.1', secure: false };

/**
 * Asks the policies about a call as if a principal made it now, without making it: nothing is recorded and nothing changes.
 * @returns what is wrong with the question, in a sentence
 */
export async function authorizeCall(
  { directory: current, tags, region, undocumentedChecks, clock }: AuthorizeSource,
  principal: string,
  call: CallToAuthorize,
  { context = {}, allowUnknown = false }: AuthorizeOptions = {},
): Promise<Result<CallAuthorization, string>> {
  const directory = current();
  const caller = findCaller(directory, principal);
  if (!caller.ok) return caller;
  const name = nameOfCall(call);
  const operation = operationNamed(name);
  if (operation === undefined)
    return err(`there is no operation ${name}${didYouMean(name, operationNames())}`);
  const input = plainValue(call.input ?? {}) as Readonly<Record<string, unknown>>;
  const [unknown] = unknownMembers(operation.input, input);
  if (unknown)
    return err(
      `${name} has no member ${unknown.path.join('.')}${didYouMean(String(unknown.path.at(-1)), unknown.known)}`,
    );
  const lookup = tagLookup(tags);
  const questions = callQuestions({
    directory,
    caller: caller.value,
    operation,
    input,
    region,
    now: clock(),
    tags: lookup,
    network: NETWORK,
    context,
    allowUnknown,
  });
  if (!questions.ok) return questions;
  const ask = () => answerCall(questions.value, caller.value, directory, undocumentedChecks);
  let answer = ask();
  for (let reading = lookup.settled(); reading; reading = lookup.settled()) {
    await reading;
    answer = ask();
  }
  const { decision, layer, determining, check, refused } = answer;
  const { action, resource, message } = check;
  return ok({
    principal: check.principal,
    operation: name,
    decision,
    layer,
    determining,
    action,
    resource,
    ...(message !== undefined && { message }),
    explanation: renderSimulations(refused.length > 0 ? refused : [check]),
  });
}

/** A command knows its operation by its schema; older releases by the name of its class alone. */
function nameOfCall(call: CallToAuthorize): string {
  if ('operation' in call) return call.operation;
  const schema: unknown = Reflect.get(call, 'schema');
  const [, , name] = Array.isArray(schema) ? schema : [];
  return typeof name === 'string' ? name : call.constructor.name.replace(/Command$/, '');
}

/** The input as it goes over the wire: a date as seconds, and what is `undefined` not at all. */
function plainValue(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : [[key, plainValue(member)] as const],
    ),
  );
}
