import type { CompiledCondition } from './condition.ts';
import type { Decision, StatementRef } from './decision.ts';
import type { PlacedStatement } from './placed-statement.ts';
import type { AuthorizationRequest, ContextValue, RequestContext } from './request.ts';

/** A context key that the client decides about, and what it would have to be. */
export interface ContextEntry {
  /** As the policy spells it. */
  readonly key: string;
  readonly value: ContextValue;
}

/** What would allow a request if only the request carried more. */
export interface ContextToSend {
  readonly entries: readonly ContextEntry[];
  /** The statements that ask for it. */
  readonly statements: readonly StatementRef[];
}

/** What the policies say to a request in a context. */
export interface Outcome {
  readonly decision: Decision;
  /** Deny statements that match. */
  readonly denies: readonly PlacedStatement[];
  /** Allow statements that only a condition keeps from matching, and the first such condition. */
  readonly near: readonly NearStatement[];
}

interface NearStatement {
  readonly placed: PlacedStatement;
  readonly failing: CompiledCondition;
}

/**
 * Keys that a client puts into its request, or brings with the way it signed in. What AWS alone knows (the network, the
 * tags of the resource, the organization) is not among them.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const SENT_BY_CLIENTS =
  /^(?:aws:(?:requesttag\/.+|tagkeys|multifactorauth(?:present|age)|sourceidentity|securetransport)|sts:(?:externalid|rolesessionname|sourceidentity|transitivetagkeys)|s3:(?:x-amz-.+|prefix|delimiter|max-keys|requestobjecttag.*))$/;

const MFA_PRESENT = 'aws:multifactorauthpresent';
const MFA_AGE = 'aws:multifactorauthage';
const TAG = 'aws:requesttag/';
const TAG_KEYS = 'aws:tagkeys';
/** Where any value would do. */
const PLACEHOLDER = 'VALUE';
const MOST_ENTRIES = 8;

/**
 * The context that would allow a denied request, where nothing else is missing: each Allow that was near is tried with
 * the keys that its conditions ask for, and those that keep a Deny from matching.
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

/** Adds one entry after the other, until the request is allowed or a condition cannot be met. */
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

/** What the request does not carry; a request without MFA or TLS says so. */
function isOpen({ key }: CompiledCondition, context: RequestContext): boolean {
  if (!SENT_BY_CLIENTS.test(key)) return false;
  const found = context.get(key);
  return found === undefined || ((key === MFA_PRESENT || key === 'aws:securetransport') && found === 'false');
}

/** A value with which the condition holds, or does not. */
function entryFor(
  condition: CompiledCondition,
  context: RequestContext,
  holds: boolean,
): ContextEntry | undefined {
  if (!isOpen(condition, context)) return undefined;
  const { key, source } = condition;
  // The values of Null say whether the key is to be there.
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

/** Puts an entry into the context, with what AWS derives from it. */
function send({ key, value }: ContextEntry, sent: Map<string, ContextValue>, context: RequestContext): void {
  const name = key.toLowerCase();
  sent.set(name, value);
  if (name === MFA_PRESENT && context.get(MFA_AGE) === undefined) sent.set(MFA_AGE, '0');
  if (name === MFA_AGE) sent.set(MFA_PRESENT, 'true');
  if (!name.startsWith(TAG)) return;
  const keys = [context.get(TAG_KEYS) ?? []].flat();
  sent.set(TAG_KEYS, [...new Set([...keys, key.slice(TAG.length)])]);
}
