import { describe, expect, it } from 'vitest';
import { ALLOW_ALL, ask, campaign, identity, SESSION, verdict } from './ask.ts';

const allowed = (Action: string | readonly string[], action: string): boolean =>
  ask(identity({ Effect: 'Allow', Action, Resource: '*' }), { action }).decision === 'allowed';

const grants = (
  Resource: string | readonly string[],
  resource: string,
  context: Readonly<Record<string, string>> = {},
): boolean =>
  ask(identity({ Effect: 'Allow', Action: '*', Resource }), { resource, context }).decision === 'allowed';

describe('an action', () => {
  it('is compared ignoring case, prefix and name', () => {
    expect(allowed('PERSONALIZE:describecampaign', 'personalize:DescribeCampaign')).toBe(true);
  });

  it('matches wildcards anywhere in its name', () => {
    expect(allowed('personalize:*Campaign', 'personalize:DescribeCampaign')).toBe(true);
    expect(allowed('personalize:Describe?ampaign', 'personalize:DescribeCampaign')).toBe(true);
    expect(allowed('personalize:Describe*', 'personalize:CreateCampaign')).toBe(false);
  });

  it('treats a dot as a literal dot', () => {
    expect(allowed('personalize:Describe.ampaign', 'personalize:DescribeCampaign')).toBe(false);
  });

  it('is never matched by a longer or a shorter name', () => {
    expect(allowed('personalize:DescribeCampaign', 'personalize:DescribeCampaigns')).toBe(false);
    expect(allowed('personalize:DescribeCampaigns', 'personalize:DescribeCampaign')).toBe(false);
  });

  it('that NotAction does not list is granted', () => {
    const policy = identity({ Effect: 'Allow', NotAction: ['personalize:Delete*', 'iam:*'], Resource: '*' });
    expect(verdict(policy, { action: 'personalize:DescribeCampaign' })).toBe('allowed by identity');
    expect(verdict(policy, { action: 'personalize:DELETECampaign' })).toBe('implicitDeny by identity');
  });
});

describe('a resource', () => {
  it('is case-sensitive', () => {
    expect(grants(campaign('shop'), campaign('shop'))).toBe(true);
    expect(grants(campaign('shop'), campaign('Shop'))).toBe(false);
  });

  it('matches slashes and colons with *', () => {
    expect(grants(campaign('*'), campaign('a/b:c'))).toBe(true);
    expect(grants('arn:aws:personalize:*', campaign('shop'))).toBe(true);
  });

  it('does not support a wildcard for the service', () => {
    const policy = (Resource: string) => ask(identity({ Effect: 'Allow', Action: '*', Resource }));
    expect(() => policy('arn:aws:p*:us-east-1:123456789012:campaign/shop')).toThrow(/service in full/);
  });

  it('is completed if the ARN is incomplete', () => {
    expect(grants('arn:aws:personalize', campaign('shop'))).toBe(true);
    expect(grants('arn:aws:personalize:eu-west-1', campaign('shop'))).toBe(false);
  });

  it('that is an ARN does not grant an action without a resource', () => {
    expect(grants('arn:aws:personalize:*:*:*', '*')).toBe(false);
    expect(grants('*', '*')).toBe(true);
  });

  it('that NotResource does not list is granted', () => {
    const policy = identity({ Effect: 'Allow', Action: '*', NotResource: campaign('secret*') });
    expect(verdict(policy, { resource: campaign('shop') })).toBe('allowed by identity');
    expect(verdict(policy, { resource: campaign('secret-1') })).toBe('implicitDeny by identity');
  });
});

describe('a policy variable in a resource', () => {
  const own = campaign('${aws:username}');

  it('is replaced after the fifth colon', () => {
    expect(grants(own, campaign('alice'), { 'aws:username': 'alice' })).toBe(true);
    expect(grants(own, campaign('bob'), { 'aws:username': 'alice' })).toBe(false);
  });

  it('is literal text before it', () => {
    const resource = 'arn:aws:personalize:us-east-1:${aws:username}:campaign/shop';
    expect(grants(resource, campaign('shop', '123456789012'), { 'aws:username': '123456789012' })).toBe(
      false,
    );
  });

  it('without a value matches no resource', () => {
    expect(grants(own, campaign(''), {})).toBe(false);
  });

  it('without a value excludes nothing from a NotResource, and does not affect its other patterns', () => {
    const team = campaign('${aws:PrincipalTag/team}-*');
    const denyOutside = (...NotResource: string[]) =>
      identity(ALLOW_ALL, { Effect: 'Deny', Action: 'personalize:Delete*', NotResource });
    const remove = { action: 'personalize:DeleteCampaign', principal: SESSION, resource: campaign('prod') };
    expect(verdict(denyOutside(team), remove)).toBe('explicitDeny by identity');
    expect(verdict(denyOutside(team, campaign('prod')), remove)).toBe('allowed by identity');
    expect(verdict(denyOutside(team, campaign('test')), remove)).toBe('explicitDeny by identity');
  });

  it('adds no wildcards', () => {
    expect(grants(own, campaign('bob'), { 'aws:username': '*' })).toBe(false);
    expect(grants(own, campaign('*'), { 'aws:username': '*' })).toBe(true);
  });

  it('can be combined with escaped characters', () => {
    expect(grants(campaign('${*}${aws:username}'), campaign('*alice'), { 'aws:username': 'alice' })).toBe(
      true,
    );
    expect(grants(campaign('${*}'), campaign('shop'))).toBe(false);
  });
});
