import { describe, expect, it } from 'vitest';
import { type ImportSource, importDocument, readDocument } from '../../../src/commands/import/read-source.ts';

type Json = Record<string, unknown>;

const BASE: Omit<ImportSource, 'text'> = {
  file: 'source.json',
  parameters: new Map(),
  values: new Map(),
  logicalNames: false,
  account: '123456789012',
  partition: 'aws',
  region: 'us-east-1',
};

const read = (document: unknown, more: Partial<ImportSource> = {}) => {
  const source = { ...BASE, text: JSON.stringify(document, undefined, 1), ...more };
  const parsed = readDocument(source);
  return parsed.ok ? importDocument(parsed.value, source) : parsed;
};

function imported(document: unknown, more: Partial<ImportSource> = {}) {
  const result = read(document, more);
  if (!result.ok) throw new Error(JSON.stringify(result.error, undefined, 1));
  return result.value;
}

const errorsOf = (document: unknown, more: Partial<ImportSource> = {}): readonly string[] => {
  const result = read(document, more);
  return result.ok ? [] : result.error.map(({ message }) => message);
};

const allow = (action: string, resource: unknown = '*'): Json => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
});
const TRUST: Json = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
};

interface PlannedResource {
  readonly type: string;
  readonly name: string;
  readonly index?: string;
  readonly values?: Json;
  readonly unknown?: Json;
  readonly expressions?: Json;
  readonly forEach?: readonly string[];
}

const addressOf = ({ type, name, index }: PlannedResource): string =>
  `${type}.${name}${index === undefined ? '' : `["${index}"]`}`;

function planOf(resources: readonly PlannedResource[], more: Json = {}, documents: readonly Json[] = []) {
  return {
    format_version: '1.2',
    terraform_version: '1.9.0',
    planned_values: {
      root_module: {
        resources: resources.map((each) => ({
          address: addressOf(each),
          mode: 'managed',
          type: each.type,
          name: each.name,
          ...(each.index !== undefined && { index: each.index }),
          ...(each.values && { values: each.values }),
        })),
      },
    },
    resource_changes: [
      ...resources.map((each) => ({
        address: addressOf(each),
        change: { after: each.values ?? {}, after_unknown: each.unknown ?? {} },
      })),
      ...documents.map(({ change, name }) => ({
        address: `data.aws_iam_policy_document.${name}`,
        change,
      })),
    ],
    configuration: {
      ...more,
      root_module: {
        resources: [
          ...resources.map(({ type, name, expressions = {}, forEach }) => ({
            mode: 'managed',
            type,
            name,
            expressions,
            ...(forEach && { for_each_expression: { references: forEach } }),
          })),
          ...documents.map(({ name, expressions }) => ({
            mode: 'data',
            type: 'aws_iam_policy_document',
            name,
            expressions,
          })),
        ],
      },
    },
  };
}

const ref = (...references: readonly string[]): Json => ({ references });

const ROLE: PlannedResource = {
  type: 'aws_iam_role',
  name: 'job',
  values: { name: 'job', assume_role_policy: JSON.stringify(TRUST) },
};
const BUCKET: PlannedResource = { type: 'aws_s3_bucket', name: 'data', values: { bucket: 'shop-data' } };
const UNNAMED_POLICY: PlannedResource = {
  type: 'aws_iam_role_policy',
  name: 'own',
  unknown: { policy: true, name: true, role: true },
  expressions: {
    role: ref('aws_iam_role.job.id', 'aws_iam_role.job'),
    policy: ref('data.aws_iam_policy_document.own.json', 'data.aws_iam_policy_document.own'),
  },
};

/** A data source that is read during apply, with one statement about a bucket that the same apply creates. */
const documentOn = (action: string, effect = 'Allow'): Json => ({
  name: 'own',
  change: {
    after: { version: null, statement: [{ sid: 'Data', effect, actions: [action], resources: [null] }] },
    after_unknown: { json: true, statement: [{ actions: [false], resources: [true] }] },
  },
  expressions: {
    statement: [
      {
        actions: { constant_value: [action] },
        resources: ref('aws_s3_bucket.data.arn', 'aws_s3_bucket.data'),
      },
    ],
  },
});

describe('import of a Terraform plan whose documents are known after apply', () => {
  it('rebuilds an aws_iam_policy_document from its constants and references, and says what it assumed', () => {
    const plan = planOf([ROLE, BUCKET, UNNAMED_POLICY], {}, [documentOn('s3:ListBucket')]);
    const { folder, account } = imported(plan);
    expect(JSON.parse(folder.policies.get('inline/own') ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Data', Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::shop-data' },
      ],
    });
    expect(account.remarks.join()).toContain('does not record text before or after a reference');
  });

  it.each([
    ['actions on objects, whose key is text beside the reference', documentOn('s3:GetObject')],
    ['a Deny, which would deny less than it does', documentOn('s3:ListBucket', 'Deny')],
  ])('refuses to rebuild %s', (_, document) => {
    const [message] = errorsOf(planOf([ROLE, BUCKET, UNNAMED_POLICY], {}, [document]));
    expect(message).toContain("give it with --value 'aws_iam_role_policy.own.policy=@FILE'");
  });

  it('takes a document that is given for an attribute', () => {
    const values = new Map([['aws_iam_role_policy.own.policy', JSON.stringify(allow('s3:GetObject'))]]);
    const { folder } = imported(planOf([ROLE, UNNAMED_POLICY]), { values });
    expect(folder.policies.get('inline/own')).toContain('s3:GetObject');
  });

  it('imports the policy of a bucket that the plan creates', () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::shop-data/*' }],
    };
    const attached: PlannedResource = {
      type: 'aws_s3_bucket_policy',
      name: 'data',
      values: { policy: JSON.stringify(policy) },
      unknown: { bucket: true },
      expressions: { bucket: ref('aws_s3_bucket.data.id', 'aws_s3_bucket.data') },
    };
    expect([...imported(planOf([BUCKET, attached])).folder.policies.keys()]).toEqual(['buckets/shop-data']);
  });

  it.each([
    ['each.value', { forEach: ['aws_iam_policy.use'], policy_arn: ref('each.value.arn', 'each.value') }],
    ['an index', { forEach: ['var.names'], policy_arn: ref('aws_iam_policy.use', 'each.key') }],
  ])('follows for_each over policies through %s', (_, { forEach, policy_arn }) => {
    const policies = ['read', 'write'].map(
      (index): PlannedResource => ({
        type: 'aws_iam_policy',
        name: 'use',
        index,
        values: { name: `use-${index}`, policy: JSON.stringify(allow('personalize:*')) },
      }),
    );
    const attachment: PlannedResource = {
      type: 'aws_iam_role_policy_attachment',
      name: 'use',
      index: 'write',
      values: { role: 'job' },
      unknown: { policy_arn: true },
      expressions: { policy_arn },
      forEach,
    };
    const { folder } = imported(planOf([ROLE, ...policies, attachment]));
    expect(folder.principals.roles?.job?.managedPolicies).toEqual(['use-write']);
  });

  it("takes the provider's region, and does not refuse a role for tags that it does not know", () => {
    const role = { ...ROLE, unknown: { tags: { team: true } }, expressions: { tags: ref('random_pet.x') } };
    const provider_config = { aws: { expressions: { region: { constant_value: 'eu-west-1' } } } };
    const { account } = imported(planOf([role], { provider_config }));
    expect(account.owner.region).toBe('eu-west-1');
    expect(account.leftOut.map(({ resource }) => resource)).toEqual(['aws_iam_role.job.tags']);
  });

  it('reports two different inline policies of one name, and drops what an exclusive list does not name', () => {
    const inline = (name: string, action: string): PlannedResource => ({
      type: 'aws_iam_role_policy',
      name,
      values: { name: 'own', role: 'job', policy: JSON.stringify(allow(action)) },
    });
    expect(errorsOf(planOf([ROLE, inline('a', 's3:GetObject'), inline('b', 's3:PutObject')]))[0]).toContain(
      'has two different inline policies "own"',
    );
    const exclusive: PlannedResource = {
      type: 'aws_iam_role_policies_exclusive',
      name: 'none',
      values: { role_name: 'job', policy_names: [] },
    };
    const { folder, account } = imported(planOf([ROLE, inline('a', 's3:GetObject'), exclusive]));
    expect(folder.principals.roles?.job?.inlinePolicies).toBeUndefined();
    expect(account.leftOut).toEqual([
      { resource: 'own', reason: 'an exclusive list removes it from the role "job"' },
    ]);
  });
});

describe('import of what is defined elsewhere', () => {
  const elsewhere = 'arn:aws:iam::123456789012:policy/shared/boundary';
  const template = {
    Resources: {
      Job: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'job',
          AssumeRolePolicyDocument: TRUST,
          ManagedPolicyArns: [elsewhere],
          PermissionsBoundary: elsewhere,
        },
      },
    },
  };

  it('names both ways out, and takes either', () => {
    const [message] = errorsOf(template);
    expect(message).toContain(`--policy ${elsewhere}=FILE`);
    expect(message).toContain(`--omit ${elsewhere}`);
    const given = imported(template, {
      elsewhere: new Map([[elsewhere, JSON.stringify(allow('personalize:*'))]]),
    });
    expect(given.folder.principals.roles?.job).toMatchObject({
      managedPolicies: ['shared/boundary'],
      permissionsBoundary: 'shared/boundary',
    });
    const omitted = imported(template, { omitted: new Set([elsewhere]) });
    expect(omitted.folder.principals.roles?.job).toEqual({ trustPolicy: 'trust/job' });
    expect(omitted.account.remarks.join()).toContain('allowed more than in AWS');
    expect(omitted.account.leftOut.map(({ resource }) => resource)).toEqual([
      `${elsewhere} of role/job`,
      `the boundary ${elsewhere} of role/job`,
    ]);
  });

  it('leaves out a resource by name, and refuses a name that nothing has', () => {
    expect(imported(template, { omitted: new Set(['Job']) }).folder.principals.roles).toEqual({});
    expect(errorsOf({ Resources: {} }, { format: 'cloudformation', omitted: new Set(['Jbo']) })).toEqual([
      '--omit Jbo: there is nothing of this name',
    ]);
  });

  it('rejects a source without anything of IAM, which would look like a successful import', () => {
    const bucket = { Resources: { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'shop' } } } };
    expect(errorsOf(bucket)).toEqual([
      'there are no users, groups, roles or policies in it; name the file that defines them',
    ]);
  });

  it('does not report a role as missing whose own error is reported', () => {
    const broken = structuredClone(template);
    Object.assign(broken.Resources, {
      Other: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'x', PolicyDocument: allow('s3:*'), Roles: ['job'] },
      },
    });
    broken.Resources.Job.Properties.ManagedPolicyArns = [{ 'Fn::ImportValue': 'X' } as unknown as string];
    expect(errorsOf(broken)).toEqual([
      'what another stack exports as X is not in this template: give it with --value X=VALUE',
    ]);
  });
});

describe('import of a template as CDK writes it', () => {
  const role = (properties: Json = {}): Json => ({
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: TRUST, ...properties },
  });

  it('cuts logical IDs that are too long for a name, each to another name', () => {
    const [first, second] = ['A', 'B'].map((end) => `${'Deployment'.repeat(8)}${end}`);
    const template = { Resources: { [first as string]: role(), [second as string]: role() } };
    const { folder } = imported(template, { logicalNames: true });
    const names = Object.keys(folder.principals.roles ?? {});
    expect(names).toHaveLength(2);
    expect(names.every((name) => name.length === 64 && name.startsWith('DeploymentDeployment'))).toBe(true);
  });

  it('derives AWS::StackId from the name of the stack, which it asks for', () => {
    const name = {
      'Fn::Select': [
        0,
        { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] },
      ],
    };
    const template = { Resources: { Job: role({ RoleName: { 'Fn::Join': ['-', ['job', name]] } }) } };
    expect(errorsOf(template)[0]).toContain('--parameter AWS::StackName=VALUE');
    const { folder } = imported(template, { parameters: new Map([['AWS::StackName', 'shop']]) });
    expect(Object.keys(folder.principals.roles ?? {})[0]).toMatch(/^job-[0-9a-f]{8}$/);
  });

  it('leaves out a tag that only a deployment knows, not the role and what is attached to it', () => {
    const tags = [
      { Key: 'team', Value: 'ml' },
      { Key: 'queue', Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } },
    ];
    const template = {
      Resources: {
        Queue: { Type: 'AWS::SQS::Queue' },
        Job: role({ RoleName: 'job', Tags: tags }),
        Own: {
          Type: 'AWS::IAM::Policy',
          Properties: { PolicyName: 'own', PolicyDocument: allow('s3:ListBucket'), Roles: [{ Ref: 'Job' }] },
        },
      },
    };
    const { folder, account } = imported(template);
    expect(folder.principals.roles?.job).toMatchObject({
      tags: { team: 'ml' },
      inlinePolicies: ['inline/own'],
    });
    expect(account.leftOut).toEqual([
      { resource: 'Job.Tags[1]', reason: expect.stringContaining('QueueName') },
    ]);
    expect(account.imported).toBe(2);
  });

  it('gives the value of an SSM parameter of the template', () => {
    const template = {
      Resources: {
        Bucket: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'shop' } },
        Job: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: 'job',
            AssumeRolePolicyDocument: TRUST,
            Policies: [
              {
                PolicyName: 'read',
                PolicyDocument: allow('s3:GetObject', {
                  'Fn::Sub': ['arn:aws:s3:::${name}/*', { name: { 'Fn::GetAtt': ['Bucket', 'Value'] } }],
                }),
              },
            ],
          },
        },
      },
    };
    expect(imported(template).folder.policies.get('inline/read')).toContain('arn:aws:s3:::shop/*');
  });
});
