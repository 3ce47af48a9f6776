import type { Checks, Question } from '../../calls/service.ts';
import type { CheckContext } from '../../context-keys/request-context.ts';
import type { TagLookup } from '../../context-keys/resource-tags.ts';
import type { Caller } from '../../directory/caller.ts';
import type { Directory } from '../../directory/directory.ts';
import { withSession } from '../../directory/find-caller.ts';
import type { ContextValue } from '../../engine/request.ts';
import type { HttpRequest } from '../../lib/http-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { serviceModels } from '../../model/load.ts';
import type { Operation, Shape } from '../../model/shape.ts';
import { type CallFacts, resolveChecks } from '../../pipeline/resolve-checks.ts';
import { SERVICES, serviceOf } from '../../services/services.ts';
import { decodeJson } from '../../wire/decode-json.ts';
import { contextDiagnostics } from './question-diagnostics.ts';

/** A whole call that is not made, only asked about. */
export interface AskedCall {
  readonly directory: Directory;
  readonly caller: Caller;
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly tags: TagLookup;
  /** Where the call would come from; without it only that it comes over plain HTTP is known. */
  readonly network?: Pick<HttpRequest, 'remoteAddress' | 'secure'>;
  /** Whether context keys that no call of the operation has are taken all the same. */
  readonly allowUnknown?: boolean;
  /** Context keys in any case; they count before those that are known. */
  readonly context: Readonly<Record<string, ContextValue>>;
}

/** Where a call comes from is not known unless it is said; that it comes over plain HTTP is the default. */
const NETWORK_KEYS: ReadonlySet<string> = new Set(['aws:sourceip', 'aws:useragent', 'aws:referer']);

/** An operation of any of the services, by its name (`CreateCampaign`). */
export function operationNamed(wanted: string): Operation | undefined {
  return [...serviceModels().values()].flatMap(({ operations }) => operations.get(wanted) ?? [])[0];
}

export const operationNames = (): readonly string[] =>
  [...serviceModels().values()].flatMap(({ operations }) => [...operations.keys()]);

/**
 * Resolves the checks of a call as the proxy does for one that it receives.
 * @returns AWS's sentence about an input that cannot be read, or that does not name its resources
 */
export function callQuestions(call: AskedCall): Result<Checks, string> {
  const { operation, directory, region, tags, network } = call;
  const protocol = operation.service.protocol;
  // The input of a call in awsQuery is taken as it is given: it has no form in JSON.
  const input = protocol === 'awsQuery' ? ok(call.input) : decodeValue(operation, call.input);
  if (!input.ok) return err(input.error.message);
  const facts: CallFacts = {
    route: { service: serviceOf(operation.service), operation, protocol },
    caller: withSession(call.caller, directory, call.now),
    receivedAt: call.now,
    input: input.value,
    request: { headers: [], remoteAddress: '', secure: false, ...network },
  };
  const resolved = resolveChecks(facts, { directory, region, tags, services: SERVICES });
  if (!resolved.ok) return err(resolved.error.message);
  const { checks, undocumented } = resolved.value;
  const actions = [...checks, ...undocumented].map(({ action }) => action);
  const [unknown] = call.allowUnknown
    ? []
    : contextDiagnostics([...new Set(actions)], Object.keys(call.context));
  if (unknown) return err(unknown.message);
  const overlaid = (question: Question): Question => ({
    ...question,
    context: overlay(question.context, call),
  });
  return ok({ checks: checks.map(overlaid), undocumented: undocumented.map(overlaid) });
}

/** By the rules of JSON, as an SDK would send it. */
const decodeValue = ({ input: shape }: Operation, value: AskedCall['input']) =>
  shape ? decodeJson(Buffer.from(JSON.stringify(value)), shape) : ok(value);

function overlay(known: CheckContext, { context, network }: AskedCall): CheckContext {
  const given = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return {
    known: (except) => known.known(except),
    get: (key: string) =>
      given.get(key) ?? (network === undefined && NETWORK_KEYS.has(key) ? undefined : known.get(key)),
  };
}

/** The members of an input that the operation does not have, as paths. */
export function unknownMembers(
  shape: Shape | undefined,
  value: unknown,
  path: readonly (string | number)[] = [],
): readonly { readonly path: readonly (string | number)[]; readonly known: readonly string[] }[] {
  if (Array.isArray(value) && shape?.type === 'list')
    return value.flatMap((item, index) => unknownMembers(shape.member.shape, item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  if (shape?.type === 'map')
    return Object.entries(value).flatMap(([key, item]) =>
      unknownMembers(shape.value.shape, item, [...path, key]),
    );
  const members = shape?.type === 'structure' ? shape.members : new Map();
  return Object.entries(value).flatMap(([key, item]) => {
    const member = members.get(key);
    return member
      ? unknownMembers(member.shape, item, [...path, key])
      : [{ path: [...path, key], known: [...members.keys()] }];
  });
}
