import { matchesPattern, parsePattern } from '../lib/wildcard.ts';

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const PARTITIONS = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-eusc',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
] as const;

/** The prefixes that AWS accepts for the path of an IAM resource. */
const IAM_PATHS = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
  'root',
] as const;

/** `arn:partition:service:region:account:resource` */
const ARN_PARTS = 6;

/**
 * Why AWS rejects a resource pattern, or `undefined`. AWS completes an ARN with missing parts with wildcards
 * (`completeArn`), unless one of its parts is empty.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function resourceDiagnostic(text: string): string | undefined {
  if (text === '*') return undefined;
  const [prefix = '', partition, service, region = '', account = '', ...path] = text.split(':');
  if (prefix !== 'arn' || partition === undefined) return `the resource "${text}" is neither an ARN nor "*"`;
  const pattern = parsePattern(partition);
  if (!PARTITIONS.some((known) => matchesPattern(pattern, known)))
    return `invalid partition "${partition}" in the resource "${text}"`;
  if (service === undefined || service === '' || /[*?$]/.test(service))
    return `the resource "${text}" must name its service in full, without wildcards`;
  if (path.length === 0 && text.includes('::'))
    return `the resource "${text}" does not have the six parts of an ARN: arn:partition:service:region:account:resource`;
  // Only account-owned resources (access points) have a region; a bucket has neither.
  if (service === 's3' && /^[a-z]/.test(region) && account === '' && path.length > 0)
    return `the S3 resource "${text}" cannot have a region`;
  return service === 'iam' ? iamDiagnostic(text, region, path.join(':')) : undefined;
}

function iamDiagnostic(text: string, region: string, path: string): string | undefined {
  if (region !== '' && path !== '') return `the IAM resource "${text}" cannot have a region`;
  // If the path starts with a wildcard or a variable, that may match one of the prefixes.
  const known = path === '' || /^[^/]*[*?$]/.test(path) || IAM_PATHS.some((start) => path.startsWith(start));
  return known
    ? undefined
    : `the path of the IAM resource "${text}" must be "*" or start with ${IAM_PATHS.join(', ')}`;
}

/**
 * Whether an ARN pattern has missing parts, which AWS completes in identity-based policies and rejects in session
 * policies.
 */
export const isIncompleteArn = (text: string): boolean => text !== '*' && text.split(':').length < ARN_PARTS;

/** The pattern as AWS reads it: `arn:aws:sqs` is `arn:aws:sqs:*:*:*`. */
export function completeArn(text: string): string {
  if (!isIncompleteArn(text)) return text;
  const parts = text.split(':');
  return [...parts, ...Array<string>(ARN_PARTS - parts.length).fill('*')].join(':');
}
