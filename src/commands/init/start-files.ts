/** Whose files they are. */
export interface StartAccount {
  /** 12 digits. */
  readonly account: string;
  readonly partition: string;
  readonly region: string;
}

/**
 * The files of a first configuration, by their path: one user, one role of an application, what they may do, and tests
 * that hold it.
 */
export function startFiles({ account, partition, region }: StartAccount): ReadonlyMap<string, string> {
  const campaign = `arn:${partition}:personalize:${region}:${account}:campaign/shop`;
  return new Map([
    ['config/proxy.yaml', PROXY(account, partition, region)],
    ['config/principals.yaml', PRINCIPALS()],
    [
      'policies/shop.json',
      policy([
        {
          Sid: 'ReadRecommendations',
          Effect: 'Allow',
          Action: 'personalize:GetRecommendations',
          Resource: campaign,
        },
        { Sid: 'ReportEvents', Effect: 'Allow', Action: 'personalize:PutEvents', Resource: '*' },
      ]),
    ],
    [
      'policies/trust/shop.json',
      policy([
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:${partition}:iam::${account}:user/developer` },
          Action: 'sts:AssumeRole',
        },
      ]),
    ],
    ['policy-tests/shop.yaml', TESTS(campaign)],
  ]);
}

/** Editors read the path from the file's own folder. */
function schemaLine(name: string): string {
  return `# yaml-language-server: $schema=../${SCHEMAS}/${name}.schema.json`;
}

const policy = (statements: readonly object[]): string =>
  `${JSON.stringify({ Version: '2012-10-17', Statement: statements }, undefined, 2)}\n`;

const PROXY = (account: string, partition: string, region: string): string => `${schemaLine('proxy')}
# Settings of the proxy. All keys: ${PACKAGE}/docs/configuration.md.
account: "${account}"
partition: ${partition}
region: ${region}
principals: principals.yaml
policies: ../policies
decisions: { file: ../decisions.jsonl }   # recorded calls: for explain, coverage, replay and init
`;

const PRINCIPALS = (): string => `${schemaLine('principals')}
# Users and roles with their policies. The access keys are valid for this proxy only.
users:
  developer:
    accessKeys: [{ id: AKIALOCALDEVELOPER00, secret: local-only-secret-of-developer }]
    managedPolicies: [AmazonPersonalizeFullAccess]
roles:
  shop:
    trustPolicy: trust/shop
    managedPolicies: [shop]
`;

const TESTS = (campaign: string): string => `${schemaLine('policy-tests')}
tests:
  - name: the shop reads recommendations of its own campaign, and of no other
    principal: role/shop
    call: GetRecommendations
    cases:
      - { input: { campaignArn: "${campaign}", userId: "1" }, expect: allowed }
      - { input: { campaignArn: "${campaign}-of-others", userId: "1" }, expect: denied }
  - name: the shop changes nothing
    principal: role/shop
    call: DeleteCampaign
    input: { campaignArn: "${campaign}" }
    expect: denied
    because: no identity-based policy allows the personalize:DeleteCampaign action
`;

/** Where the package is in a project that has it installed. */
const PACKAGE = 'node_modules/personalize-authz-proxy';

const SCHEMAS = `${PACKAGE}/schemas`;

/** The schema of policy tests in such a project. */
export const POLICY_TEST_SCHEMA = `${SCHEMAS}/policy-tests.schema.json`;

/** What belongs into no repository: the session key, and recorded calls. */
export const IGNORED: readonly string[] = ['.authz/', 'decisions.jsonl*'];
