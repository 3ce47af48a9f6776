import { describe, expect, it } from 'vitest';
import { iamActions } from '../../src/model/iam-actions.ts';
import { checkNoNewAccess } from '../../src/services/access-analyzer/check-operations.ts';

/*
 * The 207 candidates of AWS's sample reference policies, topic by topic and candidate by candidate, with our own names of
 * resources, roles and accounts, and lists of actions that the Service Authorization Reference gives. Each is expected to
 * have the result that AWS publishes for it, but one: see EXCEPTION.
 * @see https://github.com/aws-samples/iam-access-analyzer-custom-policy-check-samples (b36a0219)
 */

type PolicyType = 'IDENTITY_POLICY' | 'RESOURCE_POLICY';
type Verdict = 'PASS' | 'FAIL';

interface Candidate {
  readonly what: string;
  readonly expected: Verdict;
  readonly statements: readonly object[];
}

interface Sample {
  readonly topic: string;
  readonly type: PolicyType;
  readonly reference: readonly object[];
  readonly candidates: readonly Candidate[];
}

const document = (Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });

function resultOf({ type, reference }: Sample, { statements }: Candidate): unknown {
  const output = checkNoNewAccess({
    policyType: type,
    existingPolicyDocument: document(reference),
    newPolicyDocument: document(statements),
  });
  return output.ok ? output.value.result : output.error;
}

const pass = (what: string, ...statements: readonly object[]): Candidate => ({
  what,
  expected: 'PASS',
  statements,
});
const fail = (what: string, ...statements: readonly object[]): Candidate => ({
  what,
  expected: 'FAIL',
  statements,
});
const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown, Resource: unknown, more: object = {}) => ({
  ...allow(Action, Resource, more),
  Effect: 'Deny',
});
const ALL = allow('*', '*');

/** A resource that must stay out of reach. */
interface Protected {
  readonly topic: string;
  readonly resource: string;
  readonly other: string;
  /** Actions on it, by name; all others of the service are left out of the reference. */
  readonly names: RegExp;
  /** Of which the candidate for the other resource has three, and the candidate for this one has the last. */
  readonly actions: readonly [string, string, string];
  /** A candidate with a pattern that takes the resource in. */
  readonly pattern?: readonly [action: string, resource: string];
}

const PROTECTED: readonly Protected[] = [
  {
    topic: 'CloudFormation stack',
    resource: 'arn:aws:cloudformation:*:*:stack/Ledger/*',
    other: 'arn:aws:cloudformation:*:*:stack/Sketches/*',
    names: /Stack|ChangeSet|Template|Resource/,
    actions: ['cloudformation:RollbackStack', 'cloudformation:UpdateStack', 'cloudformation:DeleteStack'],
    pattern: ['cloudformation:DeleteStack', 'arn:aws:cloudformation:*:*:stack/*edg*/*'],
  },
  {
    topic: 'CloudTrail trail',
    resource: 'arn:aws:cloudtrail:*:*:trail/Ledger',
    other: 'arn:aws:cloudtrail:*:*:trail/Sketches',
    names: /Trail|Logging|Selectors|Tags/,
    actions: ['cloudtrail:UpdateTrail', 'cloudtrail:DeleteTrail', 'cloudtrail:StopLogging'],
    pattern: ['cloudtrail:DeleteTrail', 'arn:aws:cloudtrail:*:*:trail/*edg*'],
  },
  {
    topic: 'DynamoDB table',
    resource: 'arn:aws:dynamodb:*:*:table/Ledger',
    other: 'arn:aws:dynamodb:*:*:table/Sketches',
    names: /Table|Item|PartiQL|Query|Scan|TagResource|TimeToLive/,
    actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'],
    pattern: ['dynamodb:GetItem', 'arn:aws:dynamodb:*:*:table/*edg*'],
  },
  {
    topic: 'EC2 image',
    resource: 'arn:aws:ec2:*:*:image/ami-ledger',
    other: 'arn:aws:ec2:*:*:image/ami-sketch',
    names: /Image|Tags$|FastLaunch|RunInstances/,
    actions: ['ec2:CopyImage', 'ec2:ExportImage', 'ec2:RunInstances'],
  },
  // The other resource is written without its type, as AWS writes it.
  {
    topic: 'EC2 instance',
    resource: 'arn:aws:ec2:*:*:instance/i-ledger',
    other: 'arn:aws:ec2:*:*:i-sketch',
    names: /Instance|Tags$|Console|^CreateImage$/,
    actions: ['ec2:StopInstances', 'ec2:CreateImage', 'ec2:TerminateInstances'],
  },
  {
    topic: 'EC2 network ACL',
    resource: 'arn:aws:ec2:*:*:network-acl/acl-ledger',
    other: 'arn:aws:ec2:*:*:network-acl/acl-sketch',
    names: /NetworkAcl|Tags$/,
    actions: ['ec2:DeleteNetworkAcl', 'ec2:ReplaceNetworkAclEntry', 'ec2:DeleteNetworkAclEntry'],
  },
  {
    topic: 'EC2 security group',
    resource: 'arn:aws:ec2:*:*:security-group/sg-ledger',
    other: 'arn:aws:ec2:*:*:security-group/sg-sketch',
    names: /SecurityGroup|Tags$|RunInstances/,
    actions: ['ec2:ModifySecurityGroupRules', 'ec2:DeleteSecurityGroup', 'ec2:DeleteSecurityGroup'],
  },
  {
    topic: 'EC2 subnet',
    resource: 'arn:aws:ec2:*:*:subnet/subnet-ledger',
    other: 'arn:aws:ec2:*:*:subnet/subnet-sketch',
    names: /Subnet|RouteTable|Tags$|RunInstances/,
    actions: ['ec2:ReplaceRouteTableAssociation', 'ec2:RunInstances', 'ec2:DeleteSubnet'],
  },
  {
    topic: 'EC2 transit gateway',
    resource: 'arn:aws:ec2:*:*:transit-gateway/tgw-ledger',
    other: 'arn:aws:ec2:*:*:transit-gateway/tgw-sketch',
    names: /TransitGateway|Tags$/,
    actions: [
      'ec2:DeleteTransitGateway',
      'ec2:ModifyTransitGateway',
      'ec2:CreateTransitGatewayPeeringAttachment',
    ],
  },
  {
    topic: 'EC2 VPC',
    resource: 'arn:aws:ec2:*:*:vpc/vpc-ledger',
    other: 'arn:aws:ec2:*:*:vpc/vpc-sketch',
    names: /Vpc|InternetGateway|Tags$/,
    actions: ['ec2:DeleteVpc', 'ec2:CreateVpcPeeringConnection', 'ec2:AttachInternetGateway'],
  },
  {
    topic: 'EC2 VPC endpoint',
    resource: 'arn:aws:ec2:*:*:vpc-endpoint/vpce-ledger',
    other: 'arn:aws:ec2:*:*:vpc-endpoint/vpce-sketch',
    names: /VpcEndpoint|TrafficMirrorTarget|Tags$/,
    actions: ['ec2:DeleteVpcEndpoints', 'ec2:CreateTrafficMirrorTarget', 'ec2:ModifyVpcEndpoint'],
  },
  {
    topic: 'ECR repository',
    resource: 'arn:aws:ecr:*:*:repository/Ledger',
    other: 'arn:aws:ecr:*:*:repository/Sketches',
    names: /Image|Layer|Repository|Lifecycle|TagResource/,
    actions: ['ecr:PutImage', 'ecr:DeleteRepository', 'ecr:BatchDeleteImage'],
    pattern: ['ecr:BatchGetImage', 'arn:aws:ecr:*:*:repository/*edg*'],
  },
  {
    topic: 'ECS cluster',
    resource: 'arn:aws:ecs:*:*:cluster/Ledger',
    other: 'arn:aws:ecs:*:*:cluster/Sketches',
    names: /Cluster|ContainerInstance|ExecuteCommand|Submit/,
    actions: ['ecs:DeleteCluster', 'ecs:UpdateCluster', 'ecs:ExecuteCommand'],
    pattern: ['ecs:DeleteCluster', 'arn:aws:ecs:*:*:cluster/*edg*'],
  },
  {
    topic: 'ECS service',
    resource: 'arn:aws:ecs:*:*:service/Shop/Ledger',
    other: 'arn:aws:ecs:*:*:service/Shop/Sketches',
    names: /Service|TagResource/,
    actions: ['ecs:UpdateService', 'ecs:UpdateServicePrimaryTaskSet', 'ecs:DeleteService'],
    pattern: ['ecs:DeleteService', 'arn:aws:ecs:*:*:service/Shop/*edg*'],
  },
  {
    topic: 'ECS task definition',
    resource: 'arn:aws:ecs:*:*:task-definition/Ledger:*',
    other: 'arn:aws:ecs:*:*:task-definition/Sketches:*',
    names: /^(?:DeleteTaskDefinitions|RunTask|StartTask|.*TagResource)$/,
    actions: ['ecs:StartTask', 'ecs:RunTask', 'ecs:DeleteTaskDefinitions'],
    pattern: ['ecs:RunTask', 'arn:aws:ecs:*:*:task-definition/*edg*:*'],
  },
  {
    topic: 'EKS cluster',
    resource: 'arn:aws:eks:*:*:cluster/Ledger',
    other: 'arn:aws:eks:*:*:cluster/Sketches',
    names: /Cluster|Kubernetes|Nodegroup|Fargate|Addon|Updates?$/,
    actions: ['eks:AccessKubernetesApi', 'eks:UpdateClusterConfig', 'eks:DeleteCluster'],
    pattern: ['eks:AccessKubernetesApi', 'arn:aws:eks:*:*:cluster/*edg*'],
  },
  {
    topic: 'EFS file system',
    resource: 'arn:aws:elasticfilesystem:*:*:file-system/fs-ledger',
    other: 'arn:aws:elasticfilesystem:*:*:file-system/fs-sketch',
    names: /Client|FileSystem|MountTarget|Backup|Tag|Restore/,
    actions: [
      'elasticfilesystem:Backup',
      'elasticfilesystem:ClientRootAccess',
      'elasticfilesystem:ClientMount',
    ],
  },
  {
    topic: 'IAM OIDC provider',
    resource: 'arn:aws:iam::*:oidc-provider/Ledger',
    other: 'arn:aws:iam::*:oidc-provider/Sketches',
    names: /OpenIDConnect/,
    actions: [
      'iam:AddClientIDToOpenIDConnectProvider',
      'iam:RemoveClientIDFromOpenIDConnectProvider',
      'iam:DeleteOpenIDConnectProvider',
    ],
    pattern: ['iam:DeleteOpenIDConnectProvider', 'arn:aws:iam::*:oidc-provider/*edg*'],
  },
  {
    topic: 'IAM policy',
    resource: 'arn:aws:iam::*:policy/Ledger',
    other: 'arn:aws:iam::*:policy/Sketches',
    names: /^(?!.*(?:User|Role|Group)).*Policy/,
    actions: ['iam:SetDefaultPolicyVersion', 'iam:DeletePolicy', 'iam:CreatePolicyVersion'],
    pattern: ['iam:DeletePolicy', 'arn:aws:iam::*:policy/*edg*'],
  },
  // Patterns with a wildcard for the Region, which IAM does not store: the checks read them.
  {
    topic: 'IAM role',
    resource: 'arn:aws:iam::*:role/Ledger',
    other: 'arn:aws:iam::*:role/Sketches',
    names: /Role/,
    actions: ['iam:AttachRolePolicy', 'iam:PassRole', 'iam:DeleteRole'],
    pattern: ['iam:PassRole', 'arn:aws:iam:*:*:role/*edg*'],
  },
  {
    topic: 'IAM SAML provider',
    resource: 'arn:aws:iam::*:saml-provider/Ledger',
    other: 'arn:aws:iam::*:saml-provider/Sketches',
    names: /SAML/,
    actions: ['iam:DeleteSAMLProvider', 'iam:UpdateSAMLProvider', 'iam:UntagSAMLProvider'],
    pattern: ['iam:UpdateSAMLProvider', 'arn:aws:iam:*:*:saml-provider/*edg*'],
  },
  {
    topic: 'IAM user',
    resource: 'arn:aws:iam::*:user/Ledger',
    other: 'arn:aws:iam::*:user/Sketches',
    names: /User|AccessKey|LoginProfile|MFADevice|ChangePassword/,
    actions: ['iam:AttachUserPolicy', 'iam:CreateAccessKey', 'iam:ChangePassword'],
    pattern: ['iam:CreateAccessKey', 'arn:aws:iam:*:*:user/*edg*'],
  },
  {
    topic: 'Lambda function',
    resource: 'arn:aws:lambda:*:*:function:Ledger',
    other: 'arn:aws:lambda:*:*:function:Sketches',
    names: /Function|Alias|Permission|Invoke|TagResource/,
    actions: ['lambda:AddPermission', 'lambda:DeleteFunction', 'lambda:CreateAlias'],
    pattern: ['lambda:DeleteFunction', 'arn:aws:lambda:*:*:function:*edg*'],
  },
  {
    topic: 'RDS cluster',
    resource: 'arn:aws:rds:*:*:cluster:Ledger',
    other: 'arn:aws:rds:*:*:cluster:Sketches',
    names: /Cluster|PendingMaintenance|Tags/,
    actions: ['rds:AddRoleToDBCluster', 'rds:ApplyPendingMaintenanceAction', 'rds:DeleteDBCluster'],
    pattern: ['rds:DeleteDBCluster', 'arn:aws:rds:*:*:cluster:*edg*'],
  },
  {
    topic: 'RDS database',
    resource: 'arn:aws:rds:*:*:db:Ledger',
    other: 'arn:aws:rds:*:*:db:Sketches',
    names: /DBInstance|PendingMaintenance|LogFile|Tags/,
    actions: ['rds:AddRoleToDBInstance', 'rds:DeleteDBInstance', 'rds:ApplyPendingMaintenanceAction'],
    pattern: ['rds:DeleteDBInstance', 'arn:aws:rds:*:*:db:*edg*'],
  },
  {
    topic: 'Redshift cluster',
    resource: 'arn:aws:redshift:*:*:cluster:Ledger',
    other: 'arn:aws:redshift:*:*:cluster:Sketches',
    names: /Cluster|Logging|Resize|Tags/,
    actions: ['redshift:DeleteCluster', 'redshift:ModifyCluster', 'redshift:DisableLogging'],
    pattern: ['redshift:ModifyCluster', 'arn:aws:redshift:*:*:cluster:*edg*'],
  },
  {
    topic: 'Roles Anywhere profile',
    resource: 'arn:aws:rolesanywhere:*:*:profile/ledger',
    other: 'arn:aws:rolesanywhere:*:*:profile/sketch',
    names: /Profile|TagResource/,
    actions: ['rolesanywhere:DeleteProfile', 'rolesanywhere:UpdateProfile', 'rolesanywhere:DisableProfile'],
  },
  {
    topic: 'Roles Anywhere trust anchor',
    resource: 'arn:aws:rolesanywhere:*:*:trust-anchor/ledger',
    other: 'arn:aws:rolesanywhere:*:*:trust-anchor/sketch',
    names: /TrustAnchor|Notification|TagResource/,
    actions: [
      'rolesanywhere:DeleteTrustAnchor',
      'rolesanywhere:UpdateTrustAnchor',
      'rolesanywhere:DisableTrustAnchor',
    ],
  },
  {
    topic: 'S3 bucket',
    resource: 'arn:aws:s3:::ledger',
    other: 'arn:aws:s3:::sketches',
    names: /Bucket|Configuration/,
    actions: ['s3:DeleteBucket', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
    pattern: ['s3:PutBucketPolicy', 'arn:aws:s3:*:*:*edg*'],
  },
  {
    topic: 'S3 object',
    resource: 'arn:aws:s3:::ledger/*',
    other: 'arn:aws:s3:::sketches/*',
    names: /Object|Multipart|Replicat/,
    actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
    pattern: ['s3:GetObject', 'arn:aws:s3:*:*:*edg*/*'],
  },
  {
    topic: 'secret',
    resource: 'arn:aws:secretsmanager:*:*:secret:Ledger',
    other: 'arn:aws:secretsmanager:*:*:secret:Sketches',
    names: /Secret|ResourcePolicy|Replicat|TagResource/,
    actions: [
      'secretsmanager:DeleteResourcePolicy',
      'secretsmanager:PutResourcePolicy',
      'secretsmanager:DeleteSecret',
    ],
    pattern: ['secretsmanager:PutResourcePolicy', 'arn:aws:secretsmanager:*:*:secret:*edg*'],
  },
  {
    topic: 'SNS topic',
    resource: 'arn:aws:sns:*:*:Ledger',
    other: 'arn:aws:sns:*:*:Sketches',
    names: /Topic|Permission|Subscri|Publish|TagResource/,
    actions: ['sns:AddPermission', 'sns:DeleteTopic', 'sns:ConfirmSubscription'],
    pattern: ['sns:DeleteTopic', 'arn:aws:sns:*:*:*edg*'],
  },
  {
    topic: 'SQS queue',
    resource: 'arn:aws:sqs:*:*:Ledger',
    other: 'arn:aws:sqs:*:*:Sketches',
    names: /Queue|Message|Permission/,
    actions: ['sqs:AddPermission', 'sqs:DeleteMessage', 'sqs:DeleteQueue'],
    pattern: ['sqs:DeleteMessage', 'arn:aws:sqs:*:*:*edg*'],
  },
  {
    topic: 'SSM document',
    resource: 'arn:aws:ssm:*:*:document/Ledger',
    other: 'arn:aws:ssm:*:*:document/Sketches',
    names: /Document|Association|Calendar|SendCommand|StartSession/,
    actions: ['ssm:DeleteAssociation', 'ssm:SendCommand', 'ssm:DeleteDocument'],
    pattern: ['ssm:SendCommand', 'arn:aws:ssm:*:*:document/*edg*'],
  },
];

/**
 * The candidate that AWS publishes as FAIL, and that names another network ACL than the reference does: it grants nothing
 * that the reference does not allow.
 */
const EXCEPTION = { topic: 'EC2 network ACL', what: 'an action on it' };
const ANOTHER_ACL = 'arn:aws:ec2:*:*:network-acl/acl-elsewhere';

function protectedSample({ topic, resource, other, names, actions, pattern }: Protected): Sample {
  const service = actions[0].split(':')[0] ?? '';
  const listed = [...(iamActions().actionsOf(service) ?? [])].filter((name) => names.test(name));
  const guarded = [...new Set([...listed.map((name) => `${service}:${name}`), ...actions])];
  const wrong = topic === EXCEPTION.topic ? ANOTHER_ACL : resource;
  return {
    topic,
    type: 'IDENTITY_POLICY',
    reference: [ALL, deny(guarded, resource)],
    candidates: [
      pass('actions beside it', allow([...new Set(actions)], other)),
      pass('all actions, and a Deny of it', allow(`${service}:*`, '*'), deny('*', resource)),
      fail(EXCEPTION.what, allow(actions[2], wrong)),
      ...(pattern ? [fail('an action on a pattern that takes it in', allow(...pattern))] : []),
      fail('all actions of the service', allow(`${service}:*`, '*')),
    ],
  };
}

const PASSABLE = 'arn:aws:iam::*:role/Passable/*';
const ASSUMABLE = 'arn:aws:iam::*:role/Assumable/*';
const ESCALATION: Sample = {
  topic: 'escalation by IAM and STS',
  type: 'IDENTITY_POLICY',
  reference: [
    ALL,
    { Effect: 'Deny', Action: ['iam:PassRole'], NotResource: PASSABLE },
    { Effect: 'Deny', Action: ['sts:AssumeRole'], NotResource: ASSUMABLE },
    deny(
      'CreateUser CreateAccessKey CreateLoginProfile AttachUserPolicy PutUserPolicy UpdateLoginProfile AttachGroupPolicy PutGroupPolicy AddUserToGroup CreateRole AttachRolePolicy PutRolePolicy CreatePolicyVersion SetDefaultPolicyVersion UpdateAssumeRolePolicy'
        .split(' ')
        .map((name) => `iam:${name}`),
      '*',
    ),
  ],
  candidates: [
    pass('a role that may be passed', allow('iam:PassRole', 'arn:aws:iam::111122223333:role/Passable/Shop')),
    pass('another action', allow('ec2:RunInstances', '*')),
    pass('any role, and a Deny of all but one', allow('sts:AssumeRole', '*'), {
      Effect: 'Deny',
      Action: 'sts:AssumeRole',
      NotResource: 'arn:aws:iam::*:role/Assumable/Shop',
    }),
    fail('a role elsewhere', allow('iam:PassRole', 'arn:aws:iam::111122223333:role/Other/Shop')),
    fail('an action that escalates', allow('iam:PutRolePolicy', 'arn:aws:iam::111122223333:role/Root')),
  ],
};

/** A reference that requires a tag, of the request or of the resource. */
function tagSample(topic: string, action: string, other: string, key: string): Sample {
  const when = (operator: string, value: string) => ({ Condition: { [operator]: { [key]: value } } });
  const any = pass('any value of the tag', allow(action, '*', when('Null', 'false')));
  return {
    topic,
    type: 'IDENTITY_POLICY',
    reference: [ALL, deny(action, '*', when('Null', 'true'))],
    candidates: [
      pass('a value of the tag', allow(action, '*', when('StringEquals', 'ml'))),
      pass('another action', allow(other, '*')),
      pass(
        'a Deny of all other values',
        allow(action, '*'),
        deny(action, '*', when('StringNotEquals', 'ml')),
      ),
      ...(key.startsWith('aws:RequestTag') ? [any] : []),
      fail('no tag', allow(action, '*')),
      fail('all actions of the service', allow('ec2:*', '*')),
    ],
  };
}

const OBJECTS = 'arn:aws:s3:::ledger/*';
const ROLES = ['Auditor', 'Second'].map((name) => `arn:aws:iam::111122223333:role/${name}`);
const [AUDITOR = ''] = ROLES;
const INTERN = 'arn:aws:iam::111122223333:role/Intern';
const byArn = (arn: string | readonly string[]) => ({
  Principal: { AWS: '*' },
  Condition: { ArnLike: { 'aws:PrincipalArn': arn } },
});

function bucketSample(
  topic: string,
  Action: string,
  Resource: string | readonly string[],
  rest: readonly object[],
  candidates: readonly Candidate[],
): Sample {
  const reference = [
    allow(Action, Resource, { Principal: { AWS: ROLES } }),
    allow(Action, Resource, byArn(ROLES)),
    ...rest,
  ];
  return { topic, type: 'RESOURCE_POLICY', reference, candidates };
}

const BUCKETS: readonly Sample[] = [
  bucketSample(
    'who may have a bucket',
    's3:*',
    ['arn:aws:s3:::ledger', OBJECTS],
    [],
    [
      pass('everyone whose ARN is the role', allow('s3:GetObject', OBJECTS, byArn(AUDITOR))),
      pass('the role', allow('s3:PutObject', OBJECTS, { Principal: { AWS: AUDITOR } })),
      fail('everyone', allow('s3:GetObject', OBJECTS, { Principal: { AWS: '*' } })),
      fail('another role', allow('s3:PutObject', OBJECTS, { Principal: { AWS: INTERN } })),
      fail('everyone of another ARN', allow('s3:PutObject', OBJECTS, byArn(INTERN))),
    ],
  ),
  bucketSample(
    'who may put objects',
    's3:PutObject',
    '*',
    [{ Effect: 'Allow', Principal: '*', NotAction: 's3:PutObject', Resource: '*' }],
    [
      pass('another action', allow('s3:GetObject', OBJECTS, byArn(INTERN))),
      pass('the role', allow('s3:PutObject', OBJECTS, { Principal: { AWS: AUDITOR } })),
      pass('everyone whose ARN is the role', allow('s3:PutObject', OBJECTS, byArn(AUDITOR))),
      fail('all actions for everyone', allow('s3:*', OBJECTS, { Principal: { AWS: '*' } })),
      fail('another role', allow('s3:PutObject', OBJECTS, { Principal: { AWS: INTERN } })),
      fail('everyone of another ARN', allow('s3:PutObject', OBJECTS, byArn(INTERN))),
    ],
  ),
];

const trust = (Principal: unknown, Action = 'sts:AssumeRole', Effect = 'Allow') => ({
  Effect,
  Principal,
  Action,
});
const others = (NotAction: unknown) => ({ Effect: 'Allow', Principal: '*', NotAction });
const provider = (kind: 'oidc' | 'saml', name: string) => ({
  Federated: `arn:aws:iam::111122223333:${kind}-provider/${name}`,
});
const WEB = 'sts:AssumeRoleWithWebIdentity';
const SAML = 'sts:AssumeRoleWithSAML';
const EC2 = { Service: 'ec2.amazonaws.com' };
const GLUE = { Service: 'glue.amazonaws.com' };

/** The provider that may be trusted; `"Federated": "*"` is nothing that IAM stores. */
const federatedSample = (kind: 'oidc' | 'saml', Action: string, wrong: readonly Candidate[]): Sample => ({
  topic: `which ${kind} provider may be trusted`,
  type: 'RESOURCE_POLICY',
  reference: [trust(provider(kind, 'Shop'), Action), others([SAML, WEB])],
  candidates: [
    pass('the provider', trust(provider(kind, 'Shop'), Action)),
    pass('a service', trust(EC2)),
    ...wrong,
    fail(
      'every provider but one',
      trust({ Federated: '*' }, Action),
      trust(provider(kind, 'Sketches'), Action, 'Deny'),
    ),
  ],
});

const TRUSTS: readonly Sample[] = [
  {
    topic: 'which accounts may be trusted',
    type: 'RESOURCE_POLICY',
    reference: [trust({ AWS: ['111122223333', '444455556666'] }), others('sts:AssumeRole')],
    candidates: [
      pass('an account', trust({ AWS: '111122223333' })),
      pass('a role of an account', trust({ AWS: 'arn:aws:iam::444455556666:role/Shop' })),
      pass('a provider, in another way', trust(provider('oidc', 'Shop'), WEB)),
      fail('a service', trust(GLUE)),
      fail('another account', trust({ AWS: '777788889999' })),
      fail('a role of another account', trust({ AWS: 'arn:aws:iam::777788889999:role/Shop' })),
    ],
  },
  {
    topic: 'which services may be trusted',
    type: 'RESOURCE_POLICY',
    reference: [
      trust({ Service: ['ec2', 'lambda', 'ecs-tasks'].map((name) => `${name}.amazonaws.com`) }),
      others('sts:AssumeRole'),
    ],
    candidates: [
      pass('a service', trust(EC2)),
      pass('a provider, in another way', trust(provider('oidc', 'Shop'), WEB)),
      fail('another service', trust(GLUE)),
      fail('an account', trust({ AWS: '111122223333' })),
      fail('a role', trust({ AWS: AUDITOR })),
    ],
  },
  federatedSample('oidc', WEB, [
    fail('a SAML provider', trust(provider('saml', 'Shop'), SAML)),
    fail('another OIDC provider', trust({ Federated: 'graph.facebook.com' }, WEB)),
  ]),
  federatedSample('saml', SAML, [
    fail('an OIDC provider', trust(provider('oidc', 'Shop'), WEB)),
    fail('another SAML provider', trust(provider('saml', 'Sketches'), SAML)),
  ]),
];

const SAMPLES: readonly Sample[] = [
  ...PROTECTED.map(protectedSample),
  ESCALATION,
  tagSample(
    'a tag of the request',
    'ec2:RunInstances',
    'ec2:DescribeInstanceAttribute',
    'aws:RequestTag/team',
  ),
  tagSample('a tag of the resource', 'ec2:TerminateInstances', 'ec2:RunInstances', 'aws:ResourceTag/team'),
  ...BUCKETS,
  ...TRUSTS,
];

const CASES = SAMPLES.flatMap((sample) =>
  sample.candidates.map((candidate) => ({ sample, candidate, topic: sample.topic, what: candidate.what })),
);
const isException = ({ topic, what }: { readonly topic: string; readonly what: string }): boolean =>
  topic === EXCEPTION.topic && what === EXCEPTION.what;

describe("AWS's sample reference policies", () => {
  it.each(CASES.filter((each) => !isException(each)))('$topic: $what', ({ sample, candidate }) => {
    expect(resultOf(sample, candidate)).toBe(candidate.expected);
  });

  it('grants nothing new with another network ACL, which AWS publishes as FAIL', () => {
    const [only, ...more] = CASES.filter(isException);
    expect(more).toEqual([]);
    expect(only?.candidate.expected).toBe('FAIL');
    expect(only && resultOf(only.sample, only.candidate)).toBe('PASS');
  });

  it('are 43 with 207 candidates, of which 206 come out as published', () => {
    expect(SAMPLES.length).toBe(43);
    expect(CASES.length).toBe(207);
  });

  it('guard more than the actions of their candidates', () => {
    for (const { names, actions } of PROTECTED) {
      const [service = ''] = actions[0].split(':');
      const listed = [...(iamActions().actionsOf(service) ?? [])].filter((name) => names.test(name));
      expect(listed.length, service).toBeGreaterThanOrEqual(4);
      for (const action of actions) expect(listed, action).toContain(action.split(':')[1]);
    }
  });
});
