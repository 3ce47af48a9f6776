/**
 * `principals.yaml` as an object, for tests and programs that start the proxy themselves; members with a default are
 * optional.
 */
export interface PrincipalsInput {
  readonly users?: Readonly<Record<string, UserInput>>;
  readonly groups?: Readonly<Record<string, AttachedInput>>;
  readonly roles?: Readonly<Record<string, RoleInput>>;
  readonly oidcProviders?: readonly OidcProviderInput[];
  readonly organization?: OrganizationInput;
}

export interface AttachedInput {
  /** Starts and ends with `/`; defaults to `/`. */
  readonly path?: string;
  /** AWS managed policies by name or ARN; other names are policies in the folder. */
  readonly managedPolicies?: readonly string[];
  readonly inlinePolicies?: readonly string[];
}

interface TaggedInput extends AttachedInput {
  readonly permissionsBoundary?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * The endpoint that the calls come through; absent for calls from the internet. The account defaults to this
   * account.
   */
  readonly vpcEndpoint?: { readonly id: string; readonly vpc: string; readonly account?: string };
}

export interface UserInput extends TaggedInput {
  readonly accessKeys?: readonly {
    readonly id: string;
    readonly secret: string;
    readonly status?: 'Active' | 'Inactive';
  }[];
  readonly groups?: readonly string[];
  /** A virtual MFA device; the secret is base32. */
  readonly mfa?: { readonly secret: string };
}

export interface RoleInput extends TaggedInput {
  readonly trustPolicy: string;
  /** In seconds, 3600 to 43200; defaults to 3600. */
  readonly maxSessionDuration?: number;
}

export interface OidcProviderInput {
  readonly url: string;
  readonly clientIds?: readonly string[];
  /** A file, a URL, or the JSON Web Key Set itself. */
  readonly jwks: string | { readonly keys: readonly Readonly<Record<string, unknown>>[] };
}

export interface OrganizationInput {
  readonly id: string;
  /** The account's place in it: `o-exampleorgid/r-ab12/ou-ab12-11111111/`. */
  readonly path?: string;
  /** Root first; a level that is `null` has FullAWSAccess. */
  readonly serviceControlPolicies?: readonly (readonly string[] | null)[];
  readonly resourceControlPolicies?: readonly (readonly string[] | null)[];
}
