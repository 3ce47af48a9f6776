export interface Principal {
  readonly kind: 'user' | 'group' | 'role';
  readonly name: string;
  readonly arn: string;
  readonly managedPolicies: readonly string[];
  readonly inlinePolicies: readonly string[];
  readonly permissionsBoundary?: string;
  readonly groups?: readonly string[];
  readonly trustPolicy?: string;
  readonly maxSessionDuration?: number;
  readonly accessKeys?: readonly { readonly id: string; readonly status: string }[];
  readonly mfa?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Principals {
  readonly account: string;
  readonly users: readonly Principal[];
  readonly groups: readonly Principal[];
  readonly roles: readonly Principal[];
  readonly organization?: {
    readonly id: string;
    readonly serviceControlPolicies?: readonly (readonly string[])[];
    readonly resourceControlPolicies?: readonly (readonly string[])[];
  };
}

export const nameOf = ({ kind, name }: Pick<Principal, 'kind' | 'name'>): string => `${kind}/${name}`;
