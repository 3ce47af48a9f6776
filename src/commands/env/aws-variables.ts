/** The endpoint and the credentials of an AWS client. */
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
 * @throws TypeError where the credentials are the function that `clientConfig` of a role has
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
 */
export function awsVariables({
  endpoint,
  region,
  credentials,
  caFile,
}: AwsTarget): Readonly<Record<string, string>> {
  // What clientConfig of a role has: without this check the variables of a program in JavaScript would be "undefined".
  if (typeof credentials === 'function')
    throw new TypeError('credentials of a role are a function: pass what it returns, "await credentials()"');
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

/** `NAME=value`, as a shell reads it. */
export const assignments = (variables: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}`);

/** A text as a shell reads it back. */
const shellWord = (text: string): string =>
  /^[\w/:.+=@%-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
