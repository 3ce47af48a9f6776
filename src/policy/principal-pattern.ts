import type { PrincipalType } from './ast.ts';

const PARTITION = 'arn:aws[a-z-]*';

/** A CloudFront origin access identity in a bucket policy; the ID is not checked further. */
const ORIGIN_ACCESS_IDENTITY = `${PARTITION}:iam::cloudfront:user/CloudFront Origin Access Identity [A-Z0-9]+`;

/** The valid forms of each principal type, and how messages describe them. */
const PRINCIPALS: Readonly<Record<PrincipalType, { readonly form: RegExp; readonly expected: string }>> = {
  AWS: {
    // AIDA… and AROA…: AWS replaces the ARN of a deleted user or role by its unique ID.
    form: new RegExp(
      [
        '^(?:\\*|\\d{12}|A(?:IDA|ROA)[A-Z0-9]{12,124}',
        `${PARTITION}:iam::\\d{12}:(?:root|(?:user|role)/[\\w+=,.@/-]+)`,
        ORIGIN_ACCESS_IDENTITY,
        `${PARTITION}:sts::\\d{12}:(?:assumed-role/[\\w+=,.@-]+/[\\w+=,.@-]+|federated-user/[\\w+=,.@-]+))$`,
      ].join('|'),
    ),
    expected:
      '"*", an account ID, or the ARN of an account root, user, role, role session or federated user, without wildcards',
  },
  Service: {
    form: /^[a-z0-9][a-z0-9.-]*\.(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal)$/,
    expected: 'a service principal like personalize.amazonaws.com, without wildcards',
  },
  Federated: {
    form: new RegExp(
      [
        '^(?:cognito-identity\\.amazonaws\\.com|www\\.amazon\\.com|graph\\.facebook\\.com|accounts\\.google\\.com',
        `${PARTITION}:iam::\\d{12}:(?:oidc-provider|saml-provider)/[^*?]+)$`,
      ].join('|'),
    ),
    expected:
      'cognito-identity.amazonaws.com, www.amazon.com, graph.facebook.com, accounts.google.com, or the ARN of an OIDC or SAML provider',
  },
  CanonicalUser: { form: /^[0-9a-f]{64}$/, expected: 'a canonical user ID of 64 hexadecimal digits' },
};

export const PRINCIPAL_TYPES = Object.keys(PRINCIPALS) as readonly PrincipalType[];

/**
 * Why AWS rejects the form of a principal, or `undefined`. Does not check whether the principal exists.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalDiagnostic(type: PrincipalType, value: string): string | undefined {
  const { form, expected } = PRINCIPALS[type];
  return form.test(value) ? undefined : `"${value}" is not a principal of type ${type}; expected ${expected}`;
}

/** Whether a principal is a CloudFront origin access identity, which bucket policies may name. */
export const isOriginAccessIdentity = (value: string): boolean =>
  new RegExp(`^${ORIGIN_ACCESS_IDENTITY}$`).test(value);
