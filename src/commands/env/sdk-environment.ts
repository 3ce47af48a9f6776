import { devNull } from 'node:os';
import { type AwsTarget, assignments, awsVariables } from './aws-variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** SDK ids as variables spell them: the services that the proxy answers for. */
const SERVICES = [
  'PERSONALIZE',
  'PERSONALIZE_RUNTIME',
  'PERSONALIZE_EVENTS',
  'STS',
  'IAM',
  'S3',
  'CLOUDWATCH',
  'ACCESSANALYZER',
] as const;

/**
 * What would make an SDK find other credentials than the given ones, or another endpoint.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
const CLEARED: readonly string[] = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SDK_LOAD_CONFIG',
  'AWS_CREDENTIAL_FILE',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_ACCOUNT_ID',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_AUTH_SCHEME_PREFERENCE',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_USE_FIPS_ENDPOINT',
  'AWS_USE_DUALSTACK_ENDPOINT',
  // AWS_ENDPOINT_URL is for all of them.
  ...SERVICES.map((service) => `AWS_ENDPOINT_URL_${service}`),
];

const OWN_ADDRESSES = ['127.0.0.1', 'localhost', '::1'];

/**
 * The environment in which every SDK calls the target and nothing else: its endpoint, region and credentials; no profile,
 * no file and no other source of credentials. Variables of other services (`AWS_ENDPOINT_URL_DYNAMODB`) stay.
 */
export function sdkEnvironment(target: AwsTarget, inherited: Environment): Environment {
  const kept = Object.entries(inherited).filter(([name]) => !CLEARED.includes(name));
  return { ...Object.fromEntries(kept), ...sdkVariables(target, inherited) };
}

/**
 * The same for a shell, as the lines that it evaluates: one `unset` of what is in the way in the environment that the lines
 * are evaluated in, and an `export` for each variable.
 */
export function exportLines(target: AwsTarget, inherited: Environment): readonly string[] {
  const variables = sdkVariables(target, inherited);
  const stale = CLEARED.filter((name) => inherited[name] !== undefined && !(name in variables));
  return [
    ...(stale.length > 0 ? [`unset ${stale.join(' ')}`] : []),
    ...assignments(variables).map((assignment) => `export ${assignment}`),
  ];
}

/** The variables that are set, whatever was set before. */
const sdkVariables = (target: AwsTarget, inherited: Environment): Readonly<Record<string, string>> => ({
  ...awsVariables(target),
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
  ...withoutHttpProxy(inherited, new URL(target.endpoint).hostname),
});

/** Some SDKs send everything through the HTTP proxy of the environment, calls to this machine too. */
function withoutHttpProxy(inherited: Environment, host: string): Readonly<Record<string, string>> {
  const exempt = [...new Set([host, ...OWN_ADDRESSES])];
  const names = ['NO_PROXY', 'no_proxy'];
  return Object.fromEntries(
    names.map((name) => {
      const listed = inherited[name]?.split(',').filter(Boolean) ?? [];
      return [name, [...new Set([...listed, ...exempt])].join(',')];
    }),
  );
}
