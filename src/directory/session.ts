import type { AccessKeyId, AccountId } from '../lib/identifiers.ts';
/** The session of a set of temporary credentials. */
export interface Session {
  /** The access key ID that the token belongs to; the token is invalid with any other. */
  readonly accessKeyId: AccessKeyId;
  readonly kind: 'AssumedRole' | 'FederatedUser' | 'SessionToken';
  readonly accountId: AccountId;
  /** The role or user whose permissions the session has. */
  readonly holder: { readonly name: string; readonly id: string };
  /** For an assumed role and a federated user. */
  readonly sessionName?: string;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** When an MFA code was given; absent without MFA. */
  readonly mfaAt?: number;
  readonly sourceIdentity?: string;
  readonly policies?: SessionPolicySource;
  /** Tags that were passed, and transitive tags of earlier roles of the chain. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The tags that are passed on to the next role of a chain. */
  readonly transitiveTagKeys?: readonly string[];
  readonly federation?: Federation;
}

/** The session policies as they were passed: ARNs refer to the current policies. */
export interface SessionPolicySource {
  /** JSON. */
  readonly inline?: string;
  readonly arns: readonly string[];
}

/** The part of a web identity that its session keeps. */
export interface Federation {
  /** `aws:FederatedProvider` */
  readonly provider: string;
  /** `<provider>:aud`, `:sub`, `:amr`; keys in lower case. */
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
}

/** A verified web identity that requests a role. */
export interface WebIdentity {
  /** The part that the session keeps. */
  readonly federation: Federation;
  /** `<provider>:oaud` and `:email`: for the trust policy only. */
  readonly trustKeys: Readonly<Record<string, string | readonly string[]>>;
  readonly subject: string;
  readonly audience: string;
  /** Source identity that the provider requests for the session. */
  readonly sourceIdentity?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
}

/** Temporary credentials as named by STS and the SDKs. */
export interface TemporaryCredentials {
  /** `ASIA…`, 20 characters. */
  readonly accessKeyId: AccessKeyId;
  /** 40 characters. */
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Merges a session's tags into its principal's: for the same key, ignoring case, the session's tag wins. */
export function withSessionTags(
  own: Readonly<Record<string, string>>,
  passed: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const overridden = new Set(Object.keys(passed).map((key) => key.toLowerCase()));
  const kept = Object.entries(own).filter(([key]) => !overridden.has(key.toLowerCase()));
  return { ...Object.fromEntries(kept), ...passed };
}
