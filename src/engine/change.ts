import type { AccountId } from '../lib/identifiers.ts';
import type { PrincipalType } from '../policy/ast.ts';
import { literalResource } from '../policy/literal-resource.ts';
import { combine, type Evidence } from './combine.ts';
import type { Layer, StatementRef } from './decision.ts';
import type { ContextToSend } from './missing-context.ts';
import { isRoleAssumption, ownerOf } from './ownership.ts';
import type { PlacedStatement } from './placed-statement.ts';
import { nameOf, type Principal } from './principal.ts';
import { toQuery } from './query.ts';
import type { AuthorizationRequest } from './request.ts';
import { compileStatement } from './statement.ts';

/** A statement as written in a policy of Version 2012-10-17. */
export interface SuggestedStatement {
  readonly Effect: 'Allow';
  /** In resource-based policies only. */
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action: string;
  /** Absent in trust policies. */
  readonly Resource?: string;
  /** For `iam:PassRole`: the service to which the role may be passed. */
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, string>> };
}

/** One change that is needed to allow a denied request. */
export type Change =
  /** No policy change: the policies allow the request with this context. */
  | ({ readonly kind: 'sendContext'; readonly layer: Layer } & ContextToSend)
  /** No change can allow the request. */
  | { readonly kind: 'impossible'; readonly layer: Layer; readonly because: string }
  | {
      readonly kind: 'addStatement';
      readonly layer: 'identity' | 'resourcePolicy';
      readonly statement: SuggestedStatement;
    }
  /** Statements that must be removed or narrowed. */
  | {
      readonly kind: 'removeDeny';
      readonly layer: Layer;
      readonly level?: number;
      readonly statements: readonly StatementRef[];
    }
  /** This layer must allow the request in addition to the identity-based policies; `statement` would allow it. */
  | {
      readonly kind: 'cannotAllow';
      readonly layer: Guardrail;
      readonly level?: number;
      readonly because: string;
      readonly statement: SuggestedStatement;
    };

type Guardrail = 'serviceControl' | 'permissionsBoundary' | 'session';

/** Evidence with the level of its layer. */
export interface LevelEvidence extends Evidence {
  readonly level?: number;
}

/**
 * The smallest set of changes that allows a denied request: every matching deny must be removed. To find the missing
 * allows, the request is evaluated repeatedly, each time with one more layer allowing it.
 * Impossible if a layer denies that already allows: no policy allows `sts:GetCallerIdentity` without credentials.
 */
export function changesToAllow(
  request: AuthorizationRequest,
  evidence: readonly LevelEvidence[],
  resourceAccount: AccountId | undefined,
): readonly Change[] {
  const changes: Change[] = denialsOf(evidence);
  let granted: readonly LevelEvidence[] = evidence.map((each) => ({ ...each, denies: [] }));
  const account = resourceAccount ?? ownerOf(request.resource);
  const query = toQuery(request, false);
  for (;;) {
    const { decision, layer } = combine(query, granted, account);
    if (decision === 'allowed') return changes;
    const because = layer === 'resourcePolicy' ? whyNoResourcePolicy(request, account) : undefined;
    if (because !== undefined) return [{ kind: 'impossible', layer, because }];
    const level = granted.find((each) => each.layer === layer && each.allows.length === 0)?.level;
    const change = allowIn(layer, level, request);
    if (change === undefined) return changes;
    if (changes.some((made) => isSamePlace(made, change)))
      return [{ kind: 'impossible', layer, because: 'the call needs the credentials of an account' }];
    changes.push(change);
    granted = withAllow(granted, change);
  }
}

const isSamePlace = (made: Change, change: Allowing): boolean =>
  made.kind === change.kind && made.layer === change.layer && levelOf(made) === levelOf(change);

const levelOf = (change: Change): number | undefined => ('level' in change ? change.level : undefined);

/**
 * Why no resource-based policy can be suggested, if the service has none.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 */
function whyNoResourcePolicy(
  { action, resource }: AuthorizationRequest,
  account: AccountId | undefined,
): string | undefined {
  const owner = account === undefined ? 'the account that owns it' : `account ${account}`;
  if (action.toLowerCase() === 'iam:passrole')
    return `a role can be passed only in its own account: ${owner}`;
  const service = /^arn:[^:]*:([^:]*):/.exec(resource)?.[1] ?? '';
  const name = WITHOUT_RESOURCE_POLICIES[service];
  if (name === undefined || isRoleAssumption(action, resource)) return undefined;
  return `${name} has no resource-based policies: call it as a principal of ${owner}, e.g. through a role there`;
}

const WITHOUT_RESOURCE_POLICIES: Readonly<Record<string, string>> = {
  personalize: 'Amazon Personalize',
  iam: 'IAM',
  cloudwatch: 'Amazon CloudWatch',
};

const denialsOf = (evidence: readonly LevelEvidence[]): Change[] =>
  evidence
    .filter(({ denies }) => denies.length > 0)
    .map(({ layer, level, denies }) => ({
      kind: 'removeDeny',
      layer,
      ...(level !== undefined && { level }),
      statements: denies.map(({ ref }) => ref),
    }));

const BECAUSE: Readonly<Record<Guardrail, string>> = {
  serviceControl: 'every level of service control policies must allow the request',
  permissionsBoundary: 'the permissions boundary must also allow the request',
  session: 'the session policies must also allow the request',
};

function allowIn(
  layer: Layer,
  level: number | undefined,
  request: AuthorizationRequest,
): Allowing | undefined {
  if (layer === 'resourceControl') return undefined;
  const statement = statementFor(layer, request);
  if (layer === 'identity' || layer === 'resourcePolicy') return { kind: 'addStatement', layer, statement };
  const place = level === undefined ? { layer } : { layer, level };
  return { kind: 'cannotAllow', ...place, because: BECAUSE[layer], statement };
}

function statementFor(
  layer: Layer,
  { principal, action, resource, context }: AuthorizationRequest,
): SuggestedStatement {
  const passedTo = action.toLowerCase() === 'iam:passrole' ? context.get('iam:passedtoservice') : undefined;
  const inResourcePolicy = layer === 'resourcePolicy';
  const isTrust = inResourcePolicy && isRoleAssumption(action, resource);
  return {
    Effect: 'Allow',
    ...(inResourcePolicy && { Principal: principalElement(principal) }),
    Action: action,
    ...(!isTrust && { Resource: literalResource(resource) }),
    ...(typeof passedTo === 'string' && { Condition: { StringEquals: { [PASSED_TO]: passedTo } } }),
  };
}

const PASSED_TO = 'iam:PassedToService';

/** The role, not its session: a session is temporary. */
function principalElement(principal: Principal): Readonly<Record<string, string>> {
  if (principal.type === 'Service') return { Service: principal.service };
  if (principal.type === 'WebIdentity') return { Federated: principal.provider };
  if (principal.type === 'Anonymous') return { AWS: '*' };
  return { AWS: principal.type === 'AssumedRole' ? principal.roleArn : nameOf(principal) };
}

type Allowing = Extract<Change, { kind: 'addStatement' | 'cannotAllow' }>;

/** The evidence after the change. */
function withAllow(evidence: readonly LevelEvidence[], change: Allowing): readonly LevelEvidence[] {
  const allows = [placed(change.statement)];
  const level = levelOf(change);
  const changed = (each: LevelEvidence) => each.layer === change.layer && each.level === level;
  if (!evidence.some(changed)) return [...evidence, { layer: change.layer, allows, denies: [] }];
  return evidence.map((each) => (changed(each) ? { ...each, allows: [...each.allows, ...allows] } : each));
}

function placed({ Principal = {}, Action, Resource, Condition }: SuggestedStatement): PlacedStatement {
  const entries = Object.entries(Principal).map(([type, text]) => ({
    type: type as PrincipalType,
    value: { text },
  }));
  const statement = compileStatement(
    {
      index: 0,
      effect: 'Allow',
      ...(entries.length > 0 && { principal: { element: 'Principal', entries } }),
      action: { element: 'Action', patterns: [{ text: Action }] },
      ...(Resource !== undefined && { resource: { element: 'Resource', patterns: [{ text: Resource }] } }),
      conditions: Object.entries(Condition?.StringEquals ?? {}).map(([key, text]) => ({
        operator: 'StringEquals',
        ifExists: false,
        key: { text: key },
        values: [{ text }],
      })),
    },
    { version: '2012-10-17', statements: [], size: 0 },
  );
  return { statement, ref: { policy: 'change', statement: 0 }, order: 0 };
}
