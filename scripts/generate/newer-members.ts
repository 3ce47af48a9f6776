import type { GeneratedModel, GeneratedShape } from '../../src/model/generated-model.ts';

/**
 * What the SDK clients of AWS have and the published models that the project is generated from do not have yet. Kept by
 * hand: the clients have neither lengths nor patterns. `test/unit/model/sdk-clients.test.ts` shows the next gap.
 */
interface NewerMembers {
  /** Operations that are only known by name: they are not supported here. */
  readonly operations: readonly string[];
  /** Structure -> its further members, and the shape of each. */
  readonly members: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly shapes: Readonly<Record<string, GeneratedShape>>;
}

const SIZED_INPUT = { MinimumSessionTokenSize: 'minimumSessionTokenSizeType' };
const SIZED_OUTPUT = {
  SessionTokenUtilization: 'nonNegativeIntegerType',
  SessionTokenSize: 'nonNegativeIntegerType',
};
const FEDERATED_OUTPUT = {
  ...SIZED_OUTPUT,
  TrustedIdentityPropagationContext: 'TrustedIdentityPropagationContext',
};
const SENSITIVE_TEXT: GeneratedShape = { type: 'string', sensitive: true };

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const STS: NewerMembers = {
  operations: ['GetScopedCredentials'],
  members: {
    AssumeRoleRequest: SIZED_INPUT,
    AssumeRoleResponse: SIZED_OUTPUT,
    AssumeRoleWithSAMLRequest: SIZED_INPUT,
    AssumeRoleWithSAMLResponse: FEDERATED_OUTPUT,
    AssumeRoleWithWebIdentityRequest: SIZED_INPUT,
    AssumeRoleWithWebIdentityResponse: FEDERATED_OUTPUT,
    AssumeRootRequest: SIZED_INPUT,
    AssumeRootResponse: SIZED_OUTPUT,
    GetFederationTokenRequest: SIZED_INPUT,
    GetFederationTokenResponse: SIZED_OUTPUT,
    GetSessionTokenRequest: SIZED_INPUT,
    GetSessionTokenResponse: SIZED_OUTPUT,
    GetWebIdentityTokenRequest: { Scope: 'webIdentityTokenScopeType', SubjectMode: 'subjectModeType' },
  },
  shapes: {
    OriginIdentity: {
      type: 'structure',
      members: {
        Subject: 'originIdentityTextType',
        SubjectType: 'originIdentityTextType',
        Issuer: 'originIdentityTextType',
        FederatedProviderArn: 'originIdentityTextType',
      },
    },
    TransactionContext: {
      type: 'structure',
      members: { IdentityProvider: 'transactionContextIdentityProviderMapType' },
    },
    TrustedIdentityPropagationContext: {
      type: 'structure',
      sensitive: true,
      members: { OriginIdentity: 'OriginIdentity', TransactionContext: 'TransactionContext' },
    },
    minimumSessionTokenSizeType: { type: 'integer', min: 0, max: 4096 },
    originIdentityTextType: SENSITIVE_TEXT,
    subjectModeType: { type: 'string' },
    transactionContextIdentityProviderMapType: {
      type: 'map',
      key: 'originIdentityTextType',
      value: 'originIdentityTextType',
    },
    webIdentityTokenScopeType: { type: 'string' },
  },
};

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyIdentifier.html */
const IAM: NewerMembers = {
  operations: ['AcquireRole', 'GetAccountProperties', 'GetRoleTemplateVersion', 'PutAccountProperties'],
  members: {
    Role: { SourceRoleTemplate: 'SourceRoleTemplate' },
    SimulateCustomPolicyRequest: { OrderedOrganizationPolicyInputList: 'OrganizationPolicyListType' },
    SimulatePrincipalPolicyRequest: { PolicyExclusionList: 'PolicyExclusionsListType' },
  },
  shapes: {
    InlinePolicyIdentifierType: {
      type: 'structure',
      members: {
        PolicyName: 'identifierTextType',
        AttachmentType: 'identifierTextType',
        AttachmentName: 'identifierTextType',
      },
    },
    OrderedOrganizationPolicyType: {
      type: 'structure',
      members: { ServiceControlPolicyInputList: 'SimulationPolicyListType' },
    },
    OrganizationPolicyListType: { type: 'list', member: 'OrderedOrganizationPolicyType' },
    // A union, and what is wrong with one is InvalidInput: the simulator validates it, not the shape.
    PolicyExclusionsListType: { type: 'list', member: 'PolicyIdentifier' },
    PolicyIdentifier: {
      type: 'structure',
      members: {
        PolicyType: 'identifierTextType',
        PolicyArn: 'identifierTextType',
        InlinePolicyIdentifier: 'InlinePolicyIdentifierType',
      },
    },
    SourceRoleTemplate: {
      type: 'structure',
      required: ['TemplateArn', 'TemplateMinorVersion'],
      members: { TemplateArn: 'arnType', TemplateMinorVersion: 'integerType' },
    },
    identifierTextType: { type: 'string' },
  },
};

const NEWER: Readonly<Record<string, NewerMembers>> = { sts: STS, iam: IAM };

/** A model with what it lacks. What a newer model of AWS has by itself stays as AWS publishes it. */
export function withNewerMembers(model: GeneratedModel): GeneratedModel {
  const newer = NEWER[model.name];
  if (newer === undefined) return model;
  const shapes = { ...newer.shapes, ...model.shapes };
  for (const [name, members] of Object.entries(newer.members)) {
    const shape = shapes[name];
    if (shape?.type !== 'structure') throw new Error(`${model.name} has no structure ${name}`);
    shapes[name] = { ...shape, members: { ...shape.members, ...without(members, shape.members ?? {}) } };
  }
  const named = newer.operations.map((name) => [name, { method: 'POST', path: '/', errors: {} }] as const);
  return {
    ...model,
    operations: sorted({ ...Object.fromEntries(named), ...model.operations }),
    shapes: sorted(shapes),
  };
}

const without = <Value>(
  record: Readonly<Record<string, Value>>,
  known: object,
): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !Object.hasOwn(known, key)));

/** In the order of the published models: by code unit. */
const sorted = <Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
