import { describe, expect, it } from 'vitest';
import { evaluateLine } from '../../../src/commands/evaluate/evaluate.ts';
import { compile } from '../../../src/engine/compile.ts';
import { decide } from '../../../src/engine/decide.ts';
import type { NamedPolicy } from '../../../src/engine/policy-set.ts';
import { fromValue } from '../../../src/lib/document.ts';
import { parsePolicyDocument } from '../../../src/policy/parse.ts';
import type { Statement } from '../../differential/line.ts';
import {
  ACCOUNT,
  ALLOW_ALL,
  DENY_ALL,
  document,
  identity,
  OTHER_ACCOUNT,
  ROLE,
  requestOf,
  SESSION,
  verdict,
} from './ask.ts';

const DENY = document(DENY_ALL);
const DENY_EVERYONE = document({
  ...DENY_ALL,
  Principal: '*',
  Action: ['personalize:*', 's3:*', 'kms:*', 'sqs:*', 'sts:*'],
});

/** A resource policy that allows everything to this principal. */
const granting = (AWS: string) => ({
  resourcePolicy: { document: document({ ...ALLOW_ALL, Principal: { AWS } }), account: ACCOUNT },
});

describe('policies of an organization', () => {
  const everything = { ...identity(ALLOW_ALL), resourceControl: [[DENY_EVERYONE]] };
  const LINKED = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/sqs.amazonaws.com/app`;

  it.each([
    ['personalize:PutEvents', '*', 'explicitDeny by resourceControl'],
    ['sqs:ListQueues', '*', 'explicitDeny by resourceControl'],
    ['S3:GetObject', 'arn:aws:s3:::data/items.csv', 'explicitDeny by resourceControl'],
    ['kms:Decrypt', `arn:aws:kms:us-east-1:${ACCOUNT}:key/k`, 'explicitDeny by resourceControl'],
    ['kms:RetireGrant', `arn:aws:kms:us-east-1:${ACCOUNT}:key/k`, 'allowed by identity'],
  ])('%s on %s: %s', (action, resource, expected) => {
    expect(verdict(everything, { action, resource })).toBe(expected);
  });

  it('apply to the services on the list, whatever a policy names', () => {
    // AWS accepts no document that names IAM; one that is compiled without validation must not apply to it either.
    const named = (...statements: readonly Statement[]): NamedPolicy => {
      const parsed = parsePolicyDocument(fromValue(document(...statements)));
      if (!parsed.ok) throw new Error(parsed.error.map(({ message }) => message).join('; '));
      return { name: 'p', policy: parsed.value.policy };
    };
    const policies = compile({
      identity: [named(ALLOW_ALL)],
      resourceControl: [[named({ ...DENY_ALL, Principal: '*' })]],
    });
    const decided = (action: string) => decide(requestOf({ action, resource: '*' }), policies).decision;
    expect(decided('personalize:ListSchemas')).toBe('explicitDeny');
    expect(decided('iam:ListUsers')).toBe('allowed');
    expect(decided('cloudwatch:ListMetrics')).toBe('allowed');
  });

  it('do not apply to a service-linked role, by its own ARN or by aws:PrincipalArn', () => {
    const bound = { ...everything, serviceControl: [[DENY]] };
    expect(verdict(bound, { principal: LINKED })).toBe('allowed by identity');
    expect(verdict(bound, { principal: ROLE })).toBe('explicitDeny by resourceControl');
    const line = {
      principal: { arn: SESSION },
      action: 'sqs:SendMessage',
      resource: `arn:aws:sqs:us-east-1:${ACCOUNT}:shop`,
      policies: bound,
    };
    const decision = (roleArn: string): unknown =>
      JSON.parse(evaluateLine(JSON.stringify({ ...line, context: { 'aws:PrincipalArn': roleArn } })))
        .decision;
    expect(decision(LINKED)).toBe('allowed');
    expect(decision(ROLE)).toBe('explicitDeny');
    expect(decision(LINKED.replace('/app', '/other'))).toBe('explicitDeny');
  });
});

describe('a session of a role with a path', () => {
  const PATH_ROLE = `arn:aws:iam::${ACCOUNT}:role/eng/ml/app`;
  const asked = (AWS: string, roleArn?: string): unknown =>
    JSON.parse(
      evaluateLine(
        JSON.stringify({
          principal: { arn: SESSION },
          action: 's3:GetObject',
          resource: 'arn:aws:s3:::data/items.csv',
          context: roleArn === undefined ? {} : { 'aws:PrincipalArn': roleArn },
          policies: granting(AWS),
        }),
      ),
    ).decision;

  it('is matched by the ARN in aws:PrincipalArn, and not by that ARN without its path', () => {
    expect(asked(PATH_ROLE, PATH_ROLE)).toBe('allowed');
    expect(asked(ROLE, PATH_ROLE)).toBe('implicitDeny');
  });

  it('is matched without a path if aws:PrincipalArn is absent, or is another role', () => {
    expect(asked(ROLE)).toBe('allowed');
    expect(asked(PATH_ROLE)).toBe('implicitDeny');
    expect(asked(ROLE, PATH_ROLE.replace(ACCOUNT, OTHER_ACCOUNT))).toBe('allowed');
    expect(asked(ROLE, `${PATH_ROLE}let`)).toBe('allowed');
  });
});

describe('operations that return the caller identity', () => {
  it.each(['sts:GetCallerIdentity', 'sts:GetSessionToken'])(
    '%s requires credentials, and no permission',
    (action) => {
      const deny = { resourceControl: [[DENY_EVERYONE]], ...identity(DENY_ALL) };
      expect(verdict(deny, { action, resource: '*' })).toBe('allowed by identity');
      for (const principal of ['anonymous', 'personalize.amazonaws.com', 'accounts.google.com'])
        expect(verdict(granting('*'), { principal, action, resource: '*' })).toBe(
          'implicitDeny by resourcePolicy',
        );
    },
  );
});
