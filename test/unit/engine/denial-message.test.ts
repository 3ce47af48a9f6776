import { describe, expect, it } from 'vitest';
import type { Decision, Layer } from '../../../src/engine/decision.ts';
import { denialMessage } from '../../../src/engine/denial-message.ts';
import { ALICE, campaign, type Question, requestOf, SESSION } from './ask.ts';

const say = (decision: Decision['decision'], layer: Layer, question: Question = {}): string =>
  denialMessage(requestOf(question), { decision, layer, determining: [] });

const SENTENCE = `User: ${ALICE} is not authorized to perform: personalize:DescribeCampaign on resource: ${campaign('shop')}`;

describe('the denial sentence', () => {
  it.each<[Layer, string]>([
    ['identity', 'because no identity-based policy allows the personalize:DescribeCampaign action'],
    ['resourcePolicy', 'because no resource-based policy allows the personalize:DescribeCampaign action'],
    ['permissionsBoundary', 'because no permissions boundary allows the personalize:DescribeCampaign action'],
    ['session', 'because no session policy allows the personalize:DescribeCampaign action'],
    ['serviceControl', 'because no service control policy allows the personalize:DescribeCampaign action'],
  ])('of an implicit deny by %s ends with the wording of AWS', (layer, clause) => {
    expect(say('implicitDeny', layer)).toBe(`${SENTENCE} ${clause}`);
  });

  it.each<[Layer, string]>([
    ['identity', 'with an explicit deny in an identity-based policy'],
    ['resourcePolicy', 'with an explicit deny in a resource-based policy'],
    ['permissionsBoundary', 'with an explicit deny in a permissions boundary'],
    ['session', 'with an explicit deny in a session policy'],
    ['serviceControl', 'with an explicit deny in a service control policy'],
    ['resourceControl', 'with an explicit deny in a resource control policy'],
  ])('of an explicit deny by %s ends with the wording of AWS', (layer, clause) => {
    expect(say('explicitDeny', layer)).toBe(`${SENTENCE} ${clause}`);
  });

  it('names the role trust policy if a role is assumed', () => {
    const question = { action: 'sts:AssumeRole', resource: 'arn:aws:iam::123456789012:role/app' };
    expect(say('implicitDeny', 'resourcePolicy', question)).toMatch(
      / because no role trust policy allows the sts:AssumeRole action$/,
    );
    expect(say('explicitDeny', 'resourcePolicy', question)).toMatch(
      / with an explicit deny in the role trust policy$/,
    );
  });

  it('names a session, and * for an action without a resource', () => {
    const question = { principal: SESSION, action: 'personalize:ListCampaigns', resource: '*' };
    expect(say('implicitDeny', 'identity', question)).toBe(
      `User: ${SESSION} is not authorized to perform: personalize:ListCampaigns on resource: * because no identity-based policy allows the personalize:ListCampaigns action`,
    );
  });

  it('names a service, and an anonymous caller', () => {
    expect(say('implicitDeny', 'resourcePolicy', { principal: 'ecs.amazonaws.com' })).toMatch(
      /^User: ecs.amazonaws.com is not/,
    );
    expect(say('implicitDeny', 'resourcePolicy', { principal: 'anonymous' })).toMatch(
      /^User: anonymous is not/,
    );
  });
});
