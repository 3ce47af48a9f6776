import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NamedPolicy } from '../src/engine/policy-set.ts';
import type { AuthorizationRequest } from '../src/engine/request.ts';
import { accountId, arnOf } from '../src/lib/identifiers.ts';
import { parsePolicy } from '../src/policy/parse.ts';

const ACCOUNT = accountId('123456789012');

/** A named policy from a document. */
export function policyOf(name: string, document: unknown): NamedPolicy {
  return parsed(name, JSON.stringify(document));
}

function parsed(name: string, text: string): NamedPolicy {
  const result = parsePolicy(text, { format: 'json' });
  if (!result.ok) throw new Error(`${name}: ${result.error.map(({ message }) => message).join('; ')}`);
  return { name, policy: result.value.policy };
}

/** A policy that is shipped in `policies/`. */
export const shippedPolicy = (name: string): NamedPolicy =>
  parsed(name, readFileSync(fileURLToPath(new URL(`../policies/${name}.json`, import.meta.url)), 'utf8'));

/** Three conditions of different kinds that all hold for `requestOf`. */
export const threeConditions = policyOf('three-conditions', {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Action: 'personalize:GetRecommendations',
    Resource: `arn:aws:personalize:us-east-1:${ACCOUNT}:campaign/*`,
    Condition: {
      IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
      DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' },
      Bool: { 'aws:SecureTransport': 'true' },
    },
  },
});

const CONTEXT = new Map([
  ['aws:sourceip', '10.1.2.3'],
  ['aws:currenttime', '2026-11-24T12:00:00Z'],
  ['aws:securetransport', 'true'],
]);

export const requestOf = (action: string, resource: string): AuthorizationRequest => ({
  principal: {
    type: 'User',
    arn: arnOf(`arn:aws:iam::${ACCOUNT}:user/alice`),
    accountId: ACCOUNT,
    userName: 'alice',
  },
  action,
  resource: arnOf(resource),
  context: CONTEXT,
});

export const campaign = (name: string): string => `arn:aws:personalize:us-east-1:${ACCOUNT}:campaign/${name}`;

/** Many statements, of which exactly one matches a request made for it. */
export interface Shape {
  readonly name: string;
  readonly action: (index: number) => string;
  readonly resource: (index: number) => string;
  readonly request: (index: number) => AuthorizationRequest;
}

const ACTION = 'personalize:GetRecommendations';

export const SHAPES: readonly Shape[] = [
  {
    name: 'distinct actions',
    action: (index) => `personalize:Action${index}`,
    resource: () => '*',
    request: (index) => requestOf(`personalize:Action${index}`, campaign('shop')),
  },
  {
    name: 'one action, exact ARNs',
    action: () => ACTION,
    resource: (index) => campaign(`team-${index}`),
    request: (index) => requestOf(ACTION, campaign(`team-${index}`)),
  },
  {
    name: 'one action, ARN patterns',
    action: () => ACTION,
    resource: (index) => campaign(`team-${index}-*`),
    request: (index) => requestOf(ACTION, campaign(`team-${index}-shop`)),
  },
  {
    name: 'wildcard actions, Name17*',
    action: (index) => `personalize:Action${index}x*`,
    resource: () => '*',
    request: (index) => requestOf(`personalize:Action${index}xCreate`, campaign('shop')),
  },
  {
    name: 'wildcard actions, *Name17',
    action: (index) => `personalize:*Action${index}`,
    resource: () => '*',
    request: (index) => requestOf(`personalize:CreateAction${index}`, campaign('shop')),
  },
];

/** `count` statements in documents of a hundred. */
export function policiesOf(shape: Shape, count: number): readonly NamedPolicy[] {
  const statements = Array.from({ length: count }, (_, index) => ({
    Effect: 'Allow',
    Action: shape.action(index),
    Resource: shape.resource(index),
  }));
  const documents = Array.from({ length: Math.ceil(count / 100) }, (_, page) => ({
    Version: '2012-10-17',
    Statement: statements.slice(page * 100, (page + 1) * 100),
  }));
  return documents.map((document, page) => policyOf(`page-${page}`, document));
}
