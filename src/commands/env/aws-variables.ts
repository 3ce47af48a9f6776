/** Where an AWS client calls, and as whom. */
export interface AwsTarget {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** The authority of an endpoint with TLS, where the system does not know it. */
  readonly caFile?: string;
}

/**
 * What every AWS SDK and the AWS CLI read from their environment.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
 */
export function awsVariables({
  endpoint,
  region,
  credentials,
  caFile,
}: AwsTarget): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
    ...(caFile !== undefined && { AWS_CA_BUNDLE: caFile, NODE_EXTRA_CA_CERTS: caFile }),
  };
}

/** What would make a client take other credentials than those that are exported, or call somewhere else. */
const IN_THE_WAY: readonly string[] = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_ENDPOINT_URL_PERSONALIZE',
  'AWS_ENDPOINT_URL_PERSONALIZE_RUNTIME',
  'AWS_ENDPOINT_URL_PERSONALIZE_EVENTS',
  'AWS_ENDPOINT_URL_STS',
  'AWS_ENDPOINT_URL_IAM',
];

/**
 * The lines that a shell evaluates to call the target: one export a variable, and before them what must be unset of the
 * environment that they are evaluated in.
 */
export function exportLines(
  target: AwsTarget,
  inherited: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const variables = awsVariables(target);
  const stale = IN_THE_WAY.filter((name) => inherited[name] !== undefined && !(name in variables));
  return [
    ...(stale.length > 0 ? [`unset ${stale.join(' ')}`] : []),
    ...assignments(variables).map((assignment) => `export ${assignment}`),
  ];
}

/** `NAME=value`, as a shell reads it. */
export const assignments = (variables: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}`);

/** A text as a shell reads it back. */
const shellWord = (text: string): string =>
  /^[\w/:.+=@%-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
