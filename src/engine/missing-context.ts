import type { CompiledCondition } from './condition.ts';
import type { Decision, StatementRef } from './decision.ts';
import type { PlacedStatement } from './placed-statement.ts';
import type { AuthorizationRequest, ContextValue, RequestContext } from './request.ts';

/** A context key that the client controls, and the value that it needs. */
export interface ContextEntry {
  /** As spelled in the policy. */
  readonly key: string;
  readonly value: ContextValue;
}

/** Context that the request would need to be allowed. */
export interface ContextToSend {
  readonly entries: readonly ContextEntry[];
  /** The statements that require it. */
  readonly statements: readonly StatementRef[];
}

/** The matching statements of a request in a context. */
export interface Outcome {
  readonly decision: Decision;
  /** Deny statements that match. */
  readonly denies: readonly PlacedStatement[];
  /** Allow statements whose only mismatch is a condition, and the first such condition. */
  readonly near: readonly NearStatement[];
}

interface NearStatement {
  readonly placed: PlacedStatement;
  readonly failing: CompiledCondition;
}

/**
 * Keys that a client sets in its request, or by the way it signed in. Keys that only AWS knows (the network, the tags
 * of the resource, the organization) are excluded.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const SENT_BY_CLIENTS =
  /^(?:aws:(?:requesttag\/.+|tagkeys|multifactorauth(?:present|age)|sourceidentity|securetransport)|sts:(?:externalid|rolesessionname|sourceidentity|transitivetagkeys)|s3:(?:x-amz-.+|prefix|delimiter|max-keys|requestobjecttag.*))$/;

const MFA_PRESENT = 'aws:multifactorauthpresent';
const MFA_AGE = 'aws:multifactorauthage';
const TAG = 'aws:requesttag/';
const TAG_KEYS = 'aws:tagkeys';
/** Used if any value is sufficient. */
const PLACEHOLDER = 'VALUE';
const MOST_ENTRIES = 8;

/**
 * The context that would allow a denied request, if nothing else is missing: each nearly matching Allow is tried with
 * the keys that its conditions require, and those that keep a Deny from matching.
 */
export function contextToSend(
  request: AuthorizationRequest,
  outcome: Outcome,
  ask: (context: RequestContext) => Outcome,
): ContextToSend | undefined {
  const starts = outcome.near.filter(({ failing }) => isOpen(failing, request.context));
  const wanted = starts.length > 0 ? starts.map(({ placed }) => placed) : [undefined];
  for (const placed of wanted) {
    const found = complete(placed, { request, outcome, ask });
    if (found) return found;
  }
  return undefined;
}

interface Search {
  readonly request: AuthorizationRequest;
  readonly outcome: Outcome;
  readonly ask: (context: RequestContext) => Outcome;
}

/** Adds one entry at a time until the request is allowed or a condition cannot be met. */
function complete(
  wanted: PlacedStatement | undefined,
  { request, outcome, ask }: Search,
): ContextToSend | undefined {
  const sent = new Map<string, ContextValue>();
  const context: RequestContext = { get: (key) => sent.get(key) ?? request.context.get(key) };
  const entries: ContextEntry[] = [];
  const statements = new Map<PlacedStatement, StatementRef>();
  let current = outcome;
  while (current.decision.decision !== 'allowed') {
    if (entries.length === MOST_ENTRIES) return undefined;
    const next = nextStep(current, wanted, context);
    if (next === undefined) return undefined;
    send(next.entry, sent, context);
    entries.push(next.entry);
    statements.set(next.placed, next.placed.ref);
    current = ask(context);
  }
  return entries.length === 0 ? undefined : { entries, statements: [...statements.values()] };
}

function nextStep({ denies, near }: Outcome, wanted: PlacedStatement | undefined, context: RequestContext) {
  const [deny] = denies;
  if (deny !== undefined) {
    for (const condition of deny.statement.conditions) {
      const entry = entryFor(condition, context, false);
      if (entry) return { entry, placed: deny };
    }
    return undefined;
  }
  const found = near.find(({ placed }) => placed === wanted);
  const entry = found && entryFor(found.failing, context, true);
  return found && entry ? { entry, placed: found.placed } : undefined;
}

/** Keys that the request does not have, or that show the absence of MFA or TLS. */
function isOpen({ key }: CompiledCondition, context: RequestContext): boolean {
  if (!SENT_BY_CLIENTS.test(key)) return false;
  const found = context.get(key);
  return found === undefined || ((key === MFA_PRESENT || key === 'aws:securetransport') && found === 'false');
}

/** A value that makes the condition true, or false. */
function entryFor(
  condition: CompiledCondition,
  context: RequestContext,
  holds: boolean,
): ContextEntry | undefined {
  if (!isOpen(condition, context)) return undefined;
  const { key, source } = condition;
  // The values of Null specify whether the key must be absent.
  const asked = (source.operator === 'Null' ? [] : source.values)
    .map(({ text }) => text.replaceAll('*', '').replaceAll('?', 'x'))
    .filter(Boolean);
  const isSet = source.qualifier !== undefined || key === TAG_KEYS;
  const values =
    key === MFA_PRESENT || key === 'aws:securetransport'
      ? ['true']
      : [...asked, ...(source.operator.startsWith('Numeric') ? ['0'] : []), PLACEHOLDER];
  const value = values
    .filter((each) => !each.includes('${'))
    .map((each): ContextValue => (isSet ? [each] : each))
    .find((each) => condition.holds({ get: (name) => (name === key ? each : context.get(name)) }) === holds);
  return value === undefined ? undefined : { key: source.key.text, value };
}

/** Adds an entry to the context, with the keys that AWS derives from it. */
function send({ key, value }: ContextEntry, sent: Map<string, ContextValue>, context: RequestContext): void {
  const name = key.toLowerCase();
  sent.set(name, value);
  if (name === MFA_PRESENT && context.get(MFA_AGE) === undefined) sent.set(MFA_AGE, '0');
  if (name === MFA_AGE) sent.set(MFA_PRESENT, 'true');
  if (!name.startsWith(TAG)) return;
  const keys = [context.get(TAG_KEYS) ?? []].flat();
  sent.set(TAG_KEYS, [...new Set([...keys, key.slice(TAG.length)])]);
}
