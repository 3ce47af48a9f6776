import type { Principal } from '../engine/principal.ts';
import type { ContextValue } from '../engine/request.ts';
import { type ArnParts, formatArn, parseArn } from '../lib/arn.ts';
import { type Arn, accountId, arnOf } from '../lib/identifiers.ts';

/** Web identity providers with a well-known name instead of an ARN. */
const WELL_KNOWN_PROVIDERS: ReadonlySet<string> = new Set([
  'cognito-identity.amazonaws.com',
  'www.amazon.com',
  'graph.facebook.com',
  'accounts.google.com',
]);

const SERVICE = /^[a-z0-9][a-z0-9.-]*\.amazonaws\.com(?:\.cn)?$/;
const ACCOUNT = /^\d{12}$/;

interface Form {
  readonly service: 'iam' | 'sts';
  /** Matches the part after the fifth colon; `read` gets its groups. */
  readonly resource: RegExp;
  readonly read: (arn: Arn, parts: ArnParts, groups: readonly string[]) => Principal;
}

const inAccount = (arn: Arn, { account }: ArnParts) => ({ arn, accountId: accountId(account) });

const FORMS: readonly Form[] = [
  {
    service: 'iam',
    resource: /^root$/,
    read: (arn, parts) => ({ type: 'Root', ...inAccount(arn, parts) }),
  },
  {
    service: 'iam',
    resource: /^user\/(?:.+\/)?([^/]+)$/,
    read: (arn, parts, [userName = '']) => ({ type: 'User', ...inAccount(arn, parts), userName }),
  },
  {
    service: 'iam',
    resource: /^role\/.*[^/]$/,
    read: (arn, parts) => ({ type: 'AssumedRole', ...inAccount(arn, parts), roleArn: arn, sessionName: '' }),
  },
  {
    service: 'sts',
    resource: /^assumed-role\/([^/]+)\/([^/]+)$/,
    read: (arn, parts, [role = '', sessionName = '']) => ({
      type: 'AssumedRole',
      ...inAccount(arn, parts),
      roleArn: formatArn({ ...parts, service: 'iam', resource: `role/${role}` }),
      sessionName,
    }),
  },
  {
    service: 'sts',
    resource: /^federated-user\/[^/]+$/,
    read: (arn, parts) => ({ type: 'FederatedUser', ...inAccount(arn, parts) }),
  },
  {
    service: 'iam',
    resource: /^(?:oidc|saml)-provider\/.+$/,
    read: (arn) => ({ type: 'WebIdentity', provider: arn }),
  },
];

/**
 * The principal of an ARN: a user, a role (as a session without a name), a role session, a federated user, the root
 * user, an identity provider. A service (`personalize.amazonaws.com`), a well-known identity provider and `anonymous`
 * are used as they are. `undefined` for all others.
 *
 * A session's ARN does not contain the path of its role. The path is taken from `principalArn`, the value of
 * `aws:PrincipalArn`, if that is a role with the session's account and role name, and is `/` otherwise.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function parsePrincipalArn(text: string, principalArn?: ContextValue): Principal | undefined {
  if (text === 'anonymous') return { type: 'Anonymous' };
  if (WELL_KNOWN_PROVIDERS.has(text)) return { type: 'WebIdentity', provider: text };
  if (SERVICE.test(text)) return { type: 'Service', service: text };
  const parts = parseArn(text);
  if (parts === undefined || parts.region !== '' || !ACCOUNT.test(parts.account)) return undefined;
  for (const { service, resource, read } of FORMS) {
    const match = parts.service === service ? resource.exec(parts.resource) : null;
    if (match !== null) return withRolePath(read(arnOf(text), parts, match.slice(1)), principalArn);
  }
  return undefined;
}

function withRolePath(principal: Principal, principalArn: ContextValue | undefined): Principal {
  if (principal.type !== 'AssumedRole' || principal.sessionName === '' || typeof principalArn !== 'string')
    return principal;
  const nameStart = principal.roleArn.lastIndexOf('/') + 1;
  const [start, name] = [principal.roleArn.slice(0, nameStart), principal.roleArn.slice(nameStart)];
  const isItsRole =
    principalArn.startsWith(start) && `/${principalArn.slice(start.length)}`.endsWith(`/${name}`);
  return isItsRole ? { ...principal, roleArn: arnOf(principalArn) } : principal;
}
