/** What a set of temporary credentials stands for, and all that is known of how it came to be. */
export interface Session {
  /** The key that the token belongs to: with another key it is foreign. */
  readonly accessKeyId: string;
  readonly kind: 'AssumedRole' | 'FederatedUser' | 'SessionToken';
  readonly accountId: string;
  /** The role or user whose permissions the session has. */
  readonly holder: { readonly name: string; readonly id: string };
  /** Of an assumed role and of a federated user. */
  readonly sessionName?: string;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** When a one-time code was given; absent without a second factor. */
  readonly mfaAt?: number;
  readonly sourceIdentity?: string;
  readonly policies?: SessionPolicySource;
  /** Tags passed, and those that earlier roles of a chain handed on. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Which of the tags go on to the next role of a chain. */
  readonly transitiveTagKeys?: readonly string[];
  readonly federation?: Federation;
}

/** The policies passed when a session is made, as they were passed: ARNs mean what stands there now. */
export interface SessionPolicySource {
  /** JSON. */
  readonly inline?: string;
  readonly arns: readonly string[];
}

/** What stays of a web identity in the session that it was given. */
export interface Federation {
  /** `aws:FederatedProvider` */
  readonly provider: string;
  /** `<provider>:aud`, `:sub`, `:amr`, by key in lower case. */
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
}

/** A web identity that was proved, as it asks for a role. */
export interface WebIdentity {
  /** What of it stays in the session. */
  readonly federation: Federation;
  /** `<provider>:oaud` and `:email`: for the trust policy only. */
  readonly trustKeys: Readonly<Record<string, string | readonly string[]>>;
  readonly subject: string;
  readonly audience: string;
  /** That the provider asks to be set on the session. */
  readonly sourceIdentity?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
}

/** AWS's answer to credentials, as STS and SDKs name them. */
export interface TemporaryCredentials {
  /** `ASIA…`, 20 characters. */
  readonly accessKeyId: string;
  /** 40 characters. */
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A session's tags beside its holder's: of the same key, whatever its case, the session's counts. */
export function withSessionTags(
  own: Readonly<Record<string, string>>,
  passed: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const overridden = new Set(Object.keys(passed).map((key) => key.toLowerCase()));
  const kept = Object.entries(own).filter(([key]) => !overridden.has(key.toLowerCase()));
  return { ...Object.fromEntries(kept), ...passed };
}
