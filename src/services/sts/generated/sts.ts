// Generated from src/model/generated/sts.json by `npm run generate`; do not edit.

type PolicyDescriptorType = { readonly arn?: string };
type ProvidedContext = { readonly ProviderArn?: string; readonly ContextAssertion?: string };
type Tag = { readonly Key: string; readonly Value: string };

/** The input of each operation of `sts`, decoded and valid. */
export type StsInputs = {
  readonly AssumeRole: { readonly RoleArn: string; readonly RoleSessionName: string; readonly PolicyArns?: readonly PolicyDescriptorType[]; readonly Policy?: string; readonly DurationSeconds?: number; readonly Tags?: readonly Tag[]; readonly TransitiveTagKeys?: readonly string[]; readonly ExternalId?: string; readonly SerialNumber?: string; readonly TokenCode?: string; readonly SourceIdentity?: string; readonly ProvidedContexts?: readonly ProvidedContext[]; readonly MinimumSessionTokenSize?: number };
  readonly AssumeRoleWithSAML: { readonly RoleArn: string; readonly PrincipalArn: string; readonly SAMLAssertion: string; readonly PolicyArns?: readonly PolicyDescriptorType[]; readonly Policy?: string; readonly DurationSeconds?: number; readonly MinimumSessionTokenSize?: number };
  readonly AssumeRoleWithWebIdentity: { readonly RoleArn: string; readonly RoleSessionName: string; readonly WebIdentityToken: string; readonly ProviderId?: string; readonly PolicyArns?: readonly PolicyDescriptorType[]; readonly Policy?: string; readonly DurationSeconds?: number; readonly MinimumSessionTokenSize?: number };
  readonly AssumeRoot: { readonly TargetPrincipal: string; readonly TaskPolicyArn: PolicyDescriptorType; readonly DurationSeconds?: number; readonly MinimumSessionTokenSize?: number };
  readonly DecodeAuthorizationMessage: { readonly EncodedMessage: string };
  readonly GetAccessKeyInfo: { readonly AccessKeyId: string };
  readonly GetCallerIdentity: Readonly<Record<string, never>>;
  readonly GetDelegatedAccessToken: { readonly TradeInToken: string };
  readonly GetFederationToken: { readonly Name: string; readonly Policy?: string; readonly PolicyArns?: readonly PolicyDescriptorType[]; readonly DurationSeconds?: number; readonly Tags?: readonly Tag[]; readonly MinimumSessionTokenSize?: number };
  readonly GetScopedCredentials: Readonly<Record<string, never>>;
  readonly GetSessionToken: { readonly DurationSeconds?: number; readonly SerialNumber?: string; readonly TokenCode?: string; readonly MinimumSessionTokenSize?: number };
  readonly GetWebIdentityToken: { readonly Audience: readonly string[]; readonly DurationSeconds?: number; readonly SigningAlgorithm: string; readonly Tags?: readonly Tag[]; readonly Scope?: string; readonly SubjectMode?: string };
};
