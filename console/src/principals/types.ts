interface Group {
  readonly kind: 'user' | 'group' | 'role';
  readonly name: string;
  readonly arn: string;
  readonly managedPolicies: readonly string[];
  readonly inlinePolicies: readonly string[];
}

interface Identity extends Group {
  readonly permissionsBoundary?: string;
  readonly tags: Readonly<Record<string, string>>;
}

interface User extends Identity {
  readonly groups: readonly string[];
  readonly accessKeys: readonly { readonly id: string; readonly status: string }[];
  readonly mfa: boolean;
}

interface Role extends Identity {
  readonly trustPolicy: string;
}

/** Any of them: what only one kind has is optional. */
export type Principal = Group & Partial<User & Role>;

export interface Principals {
  readonly account: string;
  readonly users: readonly User[];
  readonly groups: readonly Group[];
  readonly roles: readonly Role[];
  readonly organization?: {
    readonly id: string;
    readonly serviceControlPolicies?: readonly (readonly string[])[];
    readonly resourceControlPolicies?: readonly (readonly string[])[];
  };
}

export const nameOf = ({ kind, name }: Pick<Principal, 'kind' | 'name'>): string => `${kind}/${name}`;
