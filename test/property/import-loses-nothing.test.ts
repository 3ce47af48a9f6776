import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { importDocument } from '../../src/commands/import/read-source.ts';
import { fromValue } from '../../src/lib/document.ts';
import { runs } from './runs.ts';

const FIXTURES = new URL('../fixtures/import/', import.meta.url);
const fixture = (name: string): string => readFileSync(new URL(name, FIXTURES), 'utf8');

type Json = Record<string, unknown>;

/** Values that are known only after deployment, by source. */
const VALUES = {
  'account-details': [],
  cloudformation: [['Service', 'shop-service']],
  terraform: [['module.job.aws_iam_policy.job', 'job-policy']],
} as const;

/** Everything that import writes or prints for a source. */
function imported(document: unknown, format: 'account-details' | 'cloudformation' | 'terraform'): string {
  const result = importDocument(fromValue(document), {
    file: 'source.json',
    text: JSON.stringify(document),
    format,
    parameters: new Map([['Bucket', 'shop']]),
    values: new Map(VALUES[format]),
    logicalNames: false,
    account: '123456789012',
    partition: 'aws',
    region: 'us-east-1',
  });
  if (!result.ok) return JSON.stringify(result.error);
  const { folder, account } = result.value;
  return JSON.stringify([folder.principals, [...folder.policies], account.remarks, account.leftOut]);
}

const DENY = { Effect: 'Deny', Action: 'personalize:DeleteCampaign', Resource: '*' };
const DENIES = { Version: '2012-10-17', Statement: [DENY] };
const TRUST_DENY = { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' };
const BUCKET_DENY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::shop-data/*' }],
};

/** Every object of a document that contains a list of statements. */
function documentsIn(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(documentsIn);
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray((value as Json).Statement) ? [value as Json] : [];
  return [...own, ...Object.values(value).flatMap(documentsIn)];
}

function addDeny(document: Json): void {
  const statements = document.Statement as Json[];
  statements.push(statements.some(({ Principal }) => Principal !== undefined) ? TRUST_DENY : DENY);
}

const ADDED_RESOURCES: readonly Json[] = [
  { Type: 'My::Iam::Roles::MODULE', Properties: {} },
  { Type: 'AWS::CloudFormation::StackSet', Properties: {} },
  {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyName: 'more', Roles: [{ Ref: 'Import' }], PolicyDocument: DENIES },
  },
  {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyName: 'read', Roles: [{ Ref: 'Import' }], PolicyDocument: DENIES },
  },
  {
    Type: 'AWS::IAM::RolePolicy',
    Properties: { PolicyName: 'read', RoleName: 'personalize-import', PolicyDocument: DENIES },
  },
  {
    Type: 'AWS::IAM::Policy',
    Condition: 'IsProd',
    Properties: { PolicyName: 'more', Roles: [{ Ref: 'Import' }], PolicyDocument: DENIES },
  },
  {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyName: 'more', Users: ['elsewhere'], PolicyDocument: DENIES },
  },
  { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Data' }, PolicyDocument: BUCKET_DENY } },
  { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'shop-data', PolicyDocument: BUCKET_DENY } },
  { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: DENIES } },
  { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: ['q'], PolicyDocument: DENIES } },
  { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'Import' }] } },
  { Type: 'AWS::IAM::ServiceLinkedRole', Properties: { AWSServiceName: 'x.amazonaws.com' } },
  { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://example.com/t' } },
  { Type: 'AWS::IAM::UserToGroupAddition', Properties: { GroupName: 'analysts', Users: ['bob'] } },
];

describe('import of a changed template', () => {
  const template = parse(fixture('shop.yaml'), {
    customTags: ['Ref', 'Equals', 'Sub', 'Join', 'FindInMap', 'If', 'GetAtt'].flatMap((name) => {
      const long = name === 'Ref' ? name : `Fn::${name}`;
      return [
        { tag: `!${name}`, resolve: (text: string) => ({ [long]: text }) },
        {
          tag: `!${name}`,
          collection: 'seq' as const,
          resolve: (list: unknown) => ({ [long]: (list as { toJSON(): unknown }).toJSON() }),
        },
      ];
    }),
  }) as { Resources: Record<string, Json> };
  const before = imported(template, 'cloudformation');

  it('reads the unchanged template', () => {
    expect(before).toContain('shop-service');
  });

  it('differs after any resource, attachment or Deny is added', () => {
    const change = fc.oneof(
      fc.constantFrom('Fn::Transform', 'Fn::ForEach::Roles').map((key) => (copy: typeof template) => {
        copy.Resources[key] = { Name: 'AWS::Include', Parameters: { Location: 's3://x/roles.yaml' } };
      }),
      fc.constantFrom(...ADDED_RESOURCES).map((resource) => (copy: typeof template) => {
        copy.Resources.Added = resource;
      }),
      fc.nat().map((at) => (copy: typeof template) => {
        const documents = documentsIn(copy);
        addDeny(documents[at % documents.length] as Json);
      }),
      fc.constantFrom('Import', 'Service', 'Alice', 'Analysts').map((id) => (copy: typeof template) => {
        const properties = copy.Resources[id]?.Properties as Json;
        const arns = (properties.ManagedPolicyArns ?? []) as unknown[];
        properties.ManagedPolicyArns = [...arns, 'arn:aws:iam::aws:policy/IAMReadOnlyAccess'];
      }),
    );
    fc.assert(
      fc.property(change, (apply) => {
        const copy = structuredClone(template);
        apply(copy);
        expect(imported(copy, 'cloudformation')).not.toBe(before);
      }),
      { numRuns: runs(1000) },
    );
  });
});

const ADDED_TO_PLAN: readonly (readonly [string, Json | undefined])[] = [
  // Nothing about it is known before apply: Terraform writes no values then.
  ['aws_iam_role_policy', undefined],
  ['aws_iam_role_policy_attachment', undefined],
  ['aws_iam_policy', undefined],
  ['aws_s3_bucket_policy', undefined],
  ['aws_iam_role_policy', { name: 'more', role: 'recommender', policy: JSON.stringify(DENIES) }],
  ['aws_iam_role_policy', { name: 'pass', role: 'recommender', policy: JSON.stringify(DENIES) }],
  ['aws_iam_role_policy', { role: 'recommender', policy: JSON.stringify(DENIES) }],
  ['aws_iam_user_policy', { name: 'more', user: 'elsewhere', policy: JSON.stringify(DENIES) }],
  [
    'aws_iam_role_policy_attachment',
    { role: 'job', policy_arn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' },
  ],
  [
    'aws_iam_policy_attachment',
    { name: 'x', roles: ['job'], policy_arn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' },
  ],
  ['aws_iam_role_policy_attachments_exclusive', { role_name: 'recommender', policy_arns: [] }],
  ['aws_iam_role_policies_exclusive', { role_name: 'recommender', policy_names: [] }],
  ['aws_iam_instance_profile', { name: 'x', role: 'job' }],
  ['aws_iam_service_linked_role', { aws_service_name: 'x.amazonaws.com' }],
  ['aws_s3_bucket_policy', { bucket: 'shop-data', policy: JSON.stringify(BUCKET_DENY) }],
  ['aws_sqs_queue_policy', { queue_url: 'q', policy: JSON.stringify(DENIES) }],
  ['aws_kms_key', { policy: JSON.stringify(DENIES) }],
  ['aws_kms_key_policy', undefined],
  ['aws_s3_bucket', { bucket: 'more', policy: JSON.stringify(BUCKET_DENY) }],
  ['aws_cloudformation_stack', { name: 'x', template_url: 'https://x' }],
  ['aws_cloudformation_stack_set', undefined],
  ['aws_organizations_policy', { content: JSON.stringify(DENIES) }],
];

type Module = {
  resources: { type: string; address: string; values?: Json }[];
  child_modules?: (Module & { address: string })[];
};

const modulesOf = (module: Module): Module[] => [module, ...(module.child_modules ?? []).flatMap(modulesOf)];

describe('import of a changed Terraform plan', () => {
  const plan = JSON.parse(fixture('plan.json')) as { planned_values: { root_module: Module } };
  const before = imported(plan, 'terraform');

  it('reads the unchanged plan', () => {
    expect(before).toContain('job-policy');
  });

  it('differs after any resource, attachment or Deny is added, in every module', () => {
    const resource = fc
      .tuple(fc.constantFrom(...ADDED_TO_PLAN), fc.nat())
      .map(([[type, values], at]) => (root: Module) => {
        const modules = modulesOf(root);
        const module = modules[at % modules.length] as Module & { address?: string };
        const address = `${module.address === undefined ? '' : `${module.address}.`}${type}.added`;
        const added = { address, mode: 'managed', type, name: 'added', ...(values && { values }) };
        module.resources.push(added);
      });
    const deny = fc.nat().map((at) => (root: Module) => {
      const documents = modulesOf(root)
        .flatMap(({ resources }) => resources)
        .flatMap(({ values = {} }) => [values, ...((values.inline_policy as Json[]) ?? [])])
        .flatMap((values) => ['policy', 'assume_role_policy'].map((key) => [values, key] as const))
        .filter(([values, key]) => typeof values[key] === 'string');
      const [values, key] = documents[at % documents.length] as (typeof documents)[number];
      const document = JSON.parse(values[key] as string);
      document.Statement = [document.Statement].flat();
      addDeny(document);
      values[key] = JSON.stringify(document);
    });
    fc.assert(
      fc.property(fc.oneof(resource, deny), (apply) => {
        const copy = structuredClone(plan);
        apply(copy.planned_values.root_module);
        expect(imported(copy, 'terraform')).not.toBe(before);
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe('import of a changed account file', () => {
  const statement = { Effect: 'Allow', Action: 'personalize:*', Resource: '*' };
  const document = (...statements: readonly Json[]) => ({
    Version: '2012-10-17',
    Statement: [...statements],
  });
  const trust = {
    Effect: 'Allow',
    Principal: { Service: 'ecs-tasks.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  const arn = (resource: string): string => `arn:aws:iam::123456789012:${resource}`;
  const account = {
    UserDetailList: [
      {
        UserName: 'alice',
        Arn: arn('user/alice'),
        UserPolicyList: [{ PolicyName: 'own', PolicyDocument: document(statement) }],
        AttachedManagedPolicies: [{ PolicyArn: arn('policy/use') }],
        GroupList: ['analysts'],
      },
    ],
    GroupDetailList: [
      {
        GroupName: 'analysts',
        Arn: arn('group/analysts'),
        GroupPolicyList: [{ PolicyName: 'own', PolicyDocument: document(statement) }],
      },
    ],
    RoleDetailList: [
      {
        RoleName: 'job',
        Arn: arn('role/job'),
        AssumeRolePolicyDocument: document(trust),
        RolePolicyList: [{ PolicyName: 'own', PolicyDocument: document(statement) }],
        InstanceProfileList: [],
      },
    ],
    Policies: [
      {
        PolicyName: 'use',
        Arn: arn('policy/use'),
        PolicyVersionList: [
          { VersionId: 'v2', IsDefaultVersion: true, Document: document(statement) },
          { VersionId: 'v1', IsDefaultVersion: false, Document: document(statement) },
        ],
      },
    ],
  };
  const before = imported(account, 'account-details');

  it('differs after any policy, attachment or Deny is added', () => {
    const lists = ['UserDetailList', 'GroupDetailList', 'RoleDetailList'] as const;
    const kinds = { UserDetailList: 'User', GroupDetailList: 'Group', RoleDetailList: 'Role' } as const;
    const inline = fc
      .tuple(fc.constantFrom(...lists), fc.constantFrom('own', 'more'))
      .map(([list, name]) => (copy: typeof account) => {
        const [identity] = copy[list] as Json[];
        ((identity as Json)[`${kinds[list]}PolicyList`] as Json[]).push({
          PolicyName: name,
          PolicyDocument: DENIES,
        });
      });
    const attached = fc.constantFrom(...lists).map((list) => (copy: typeof account) => {
      const [identity] = copy[list] as Json[];
      const attachments = (identity?.AttachedManagedPolicies ?? []) as Json[];
      Object.assign(identity as Json, {
        AttachedManagedPolicies: [...attachments, { PolicyArn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' }],
      });
    });
    const current = (copy: typeof account): Json[] =>
      documentsIn(copy).filter((each) => each !== copy.Policies[0]?.PolicyVersionList[1]?.Document);
    const deny = fc.nat().map((at) => (copy: typeof account) => {
      const documents = current(copy);
      addDeny(documents[at % documents.length] as Json);
    });
    const profile = fc.constant((copy: typeof account) => {
      const [role] = copy.RoleDetailList;
      Object.assign(role as Json, { InstanceProfileList: [{ InstanceProfileName: 'x' }] });
    });
    const bucket = fc.constant((copy: typeof account) => {
      Object.assign(copy, { BucketPolicies: [{ Bucket: 'shop', Policy: BUCKET_DENY }] });
    });
    fc.assert(
      fc.property(fc.oneof(inline, attached, deny, profile, bucket), (apply) => {
        const copy = structuredClone(account);
        apply(copy);
        expect(imported(copy, 'account-details')).not.toBe(before);
      }),
      { numRuns: runs(1000) },
    );
  });
});
