import { describe, expect, it } from 'vitest';
import { readPolicies } from '../../../src/directory/policy-documents.ts';
import { parsePrincipalArn } from '../../../src/directory/principal-arn.ts';
import { compile } from '../../../src/engine/compile.ts';
import type { Styles } from '../../../src/explanation/evaluation-steps.ts';
import { renderSimulations } from '../../../src/explanation/render-check.ts';
import { type Simulation, simulate } from '../../../src/explanation/simulation.ts';
import { fromValue } from '../../../src/lib/document.ts';
import { arnOf } from '../../../src/lib/identifiers.ts';

const statement = (Effect: 'Allow' | 'Deny', Action: string, more = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect, Action, Resource: '*', ...more }],
});
const rendered = (simulation: Simulation, styles?: Styles): string => renderSimulations([simulation], styles);
const everything = { name: 'everything', document: statement('Allow', '*') };

function simulated(policies: object, context: Readonly<Record<string, string>> = {}) {
  const principal = parsePrincipalArn('arn:aws:iam::123456789012:user/alice');
  const read = readPolicies(fromValue(policies), { trust: false });
  if (principal === undefined || !read.ok) throw new Error('the test has no valid input');
  return simulate({
    principal,
    action: 'personalize:CreateCampaign',
    resource: arnOf('arn:aws:personalize:us-east-1:123456789012:campaign/shop'),
    context: new Map(Object.entries(context)),
    policies: compile(read.value),
  });
}

describe('simulate', () => {
  it('gives the decision with the question that it answers', () => {
    expect(simulated({ identity: [everything] })).toMatchObject({
      principal: 'arn:aws:iam::123456789012:user/alice',
      action: 'personalize:CreateCampaign',
      decision: 'allowed',
      layer: 'identity',
      determining: [{ policy: 'everything', statement: 0 }],
      changes: [],
    });
  });

  it("gives AWS's sentence and the smallest change for a denial", () => {
    const { message, changes } = simulated({ identity: [] });

    expect(message).toContain(
      'because no identity-based policy allows the personalize:CreateCampaign action',
    );
    expect(changes).toEqual([
      {
        kind: 'addStatement',
        layer: 'identity',
        statement: {
          Effect: 'Allow',
          Action: 'personalize:CreateCampaign',
          Resource: 'arn:aws:personalize:us-east-1:123456789012:campaign/shop',
        },
      },
    ]);
  });

  it('says nothing of a message where the request is allowed', () => {
    expect(simulated({ identity: [everything] })).not.toHaveProperty('message');
  });
});

describe('renderSimulations', () => {
  it('leads with the outcome and the layer that decided', () => {
    const [first] = rendered(simulated({ identity: [everything] })).split('\n');

    expect(first).toBe('ALLOWED by the identity-based policies');
  });

  it('has a step for explicit denies and one for each layer in the order in which AWS asks them', () => {
    const text = rendered(
      simulated({
        identity: [everything],
        serviceControl: [[statement('Allow', '*')], [statement('Allow', 's3:*')]],
        permissionsBoundary: statement('Deny', 'personalize:Create*'),
      }),
    );

    expect(text.split('\n').filter((line) => /^ {2}[✓✗·]/.test(line))).toEqual([
      '  ✗ explicit deny: denies',
      '  ✓ service control policies, level 0: allows',
      '  · service control policies, level 1: does not allow',
      '  ✓ identity-based policies: allows',
      '  · permissions boundary: does not allow',
    ]);
  });

  it('says what a condition wanted and found, and what the request lacks', () => {
    const when = (Condition: object) => ({ name: 'p', document: statement('Allow', '*', { Condition }) });

    expect(
      rendered(
        simulated(
          { identity: [when({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })] },
          { 'aws:sourceip': '192.0.2.1' },
        ),
      ),
    ).toContain('Allow in p, statement 0: IpAddress aws:SourceIp 10.0.0.0/8, but aws:SourceIp is 192.0.2.1');
    expect(
      rendered(simulated({ identity: [when({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } })] })),
    ).toContain('not in the request: aws:MultiFactorAuthPresent');
  });

  it('leaves out statements about other actions', () => {
    expect(
      rendered(simulated({ identity: [{ name: 'storage', document: statement('Allow', 's3:*') }] })),
    ).not.toContain('storage');
  });

  it('names the Deny that must yield, and the guardrail that no identity-based policy can pass', () => {
    const text = rendered(
      simulated({
        identity: [{ name: 'no-create', document: statement('Deny', 'personalize:Create*') }],
        serviceControl: [[statement('Allow', 's3:*')]],
      }),
    );

    expect(text).toContain('- remove or narrow in the identity-based policies:');
    expect(text).toContain('Deny in no-create, statement 0');
    expect(text).toContain('- add to the service control policies, level 0 (every level');
  });

  it('paints with the colours that it is given', () => {
    const mark = (text: string) => `<${text}>`;

    expect(rendered(simulated({ identity: [] }), { good: mark, bad: mark, faint: mark })).toContain(
      '<DENIED (implicit deny)> by the identity-based policies',
    );
  });
});
