import { readPolicies } from '../../../src/directory/policy-documents.ts';
import { parsePrincipalArn } from '../../../src/directory/principal-arn.ts';
import { type CompiledPolicies, compile } from '../../../src/engine/compile.ts';
import { decide } from '../../../src/engine/decide.ts';
import type { Decision } from '../../../src/engine/decision.ts';
import type { AuthorizationRequest, ContextValue } from '../../../src/engine/request.ts';
import { fromValue } from '../../../src/lib/document.ts';
import { accountId, arnOf } from '../../../src/lib/identifiers.ts';
import type { Document, LinePolicies, Statement } from '../../differential/line.ts';

export const ACCOUNT = accountId('123456789012');
export const OTHER_ACCOUNT = '999999999999';
export const ALICE = `arn:aws:iam::${ACCOUNT}:user/alice`;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`;
export const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/app/one`;
export const FEDERATED = `arn:aws:sts::${ACCOUNT}:federated-user/fay`;
export const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
export const campaign = (name: string, account: string = ACCOUNT): string =>
  `arn:aws:personalize:us-east-1:${account}:campaign/${name}`;

export const ALLOW_ALL: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
export const DENY_ALL: Statement = { Effect: 'Deny', Action: '*', Resource: '*' };

/** A document of the version that supports policy variables. */
export const document = (...statements: readonly Statement[]): Document => ({
  Version: '2012-10-17',
  Statement: statements,
});

/** Identity-based policies with one document. */
export const identity = (...statements: readonly Statement[]): LinePolicies => ({
  identity: [{ name: 'p', document: document(...statements) }],
});

export interface Question {
  readonly principal?: string;
  readonly action?: string;
  readonly resource?: string;
  readonly context?: Readonly<Record<string, ContextValue>>;
}

/** Alice calls DescribeCampaign, unless `question` specifies otherwise. */
export function requestOf(question: Question = {}): AuthorizationRequest {
  const principal = parsePrincipalArn(question.principal ?? ALICE);
  if (principal === undefined) throw new Error(`no principal: ${question.principal}`);
  const context = Object.entries(question.context ?? {}).map(
    ([key, value]) => [key.toLowerCase(), value] as const,
  );
  return {
    principal,
    action: question.action ?? 'personalize:DescribeCampaign',
    resource: arnOf(question.resource ?? campaign('shop')),
    context: new Map(context),
  };
}

export function compiled(policies: LinePolicies, { trust = false } = {}): CompiledPolicies {
  const read = readPolicies(fromValue(policies), { trust });
  if (!read.ok) throw new Error(read.error.join('; '));
  return compile(read.value);
}

export const ask = (policies: LinePolicies, question: Question = {}): Decision =>
  decide(requestOf(question), compiled(policies));

/** The decision as a string: `allowed by identity`. */
export function verdict(policies: LinePolicies, question: Question = {}): string {
  const { decision, layer } = ask(policies, question);
  return `${decision} by ${layer}`;
}

/** Whether a statement that allows everything under this condition matches. */
export const holds = (
  Condition: NonNullable<Statement['Condition']>,
  context: Readonly<Record<string, ContextValue>>,
  Version = '2012-10-17',
): boolean => {
  const policy = { name: 'p', document: { Version, Statement: { ...ALLOW_ALL, Condition } } };
  return ask({ identity: [policy] }, { context }).decision === 'allowed';
};
