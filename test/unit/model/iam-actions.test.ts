import { describe, expect, it } from 'vitest';
import { iamActions } from '../../../src/model/iam-actions.ts';
import type { ActionReference } from '../../../src/policy/action-reference.ts';

describe('the action reference', () => {
  it('is what advice on a policy asks for', () => {
    const reference: ActionReference = iamActions();
    expect(reference.services.size).toBeGreaterThan(400);
  });

  it('knows the action names of every service', () => {
    const { services, actionsOf } = iamActions();
    const counts = [...services].map((service) => actionsOf(service)?.size ?? 0);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20_000);
    expect(actionsOf('ec2')).toContain('RunInstances');
  });

  it('describes what an action works on and which keys its requests carry', () => {
    expect(iamActions().describe('personalize', 'CreateCampaign')).toEqual({
      access: 'Write',
      resourceTypes: ['campaign', 'solution'],
      optionalResourceTypes: [],
      resourceArns: [
        'arn:${Partition}:personalize:${Region}:${Account}:campaign/${ResourceId}',
        'arn:${Partition}:personalize:${Region}:${Account}:solution/${ResourceId}',
      ],
      conditionKeys: ['aws:RequestTag/${TagKey}', 'aws:TagKeys', 'aws:ResourceTag/${TagKey}'],
      undocumentedArns: [],
    });
    expect(iamActions().describe('iam', 'PassRole')?.conditionKeys).toContain('iam:PassedToService');
  });

  it('says that a List works on no resource', () => {
    expect(iamActions().describe('personalize', 'ListCampaigns')?.resourceArns).toEqual([]);
  });

  it('has nothing for a name that only JavaScript knows', () => {
    expect(iamActions().actionsOf('constructor')).toBeUndefined();
    expect(iamActions().describe('personalize', 'toString')).toBeUndefined();
    expect(iamActions().describe('ec2', 'RunInstances')).toBeUndefined();
  });

  it('spells the global condition keys as AWS does', () => {
    const { globalConditionKeys } = iamActions();
    expect(globalConditionKeys).toContain('aws:SourceIp');
    expect(globalConditionKeys).toContain('aws:PrincipalTag/${TagKey}');
  });
});
