import type { Caller } from '../../directory/caller.ts';
import type { Directory } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import type { TemporaryCredentials } from '../../directory/session.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { checkSessionPolicies } from '../../sessions/session-policies.ts';
import type { CredentialIssuer } from '../../sessions/temporary-credentials.ts';

/** A long-term access key, as SDKs take it. */
export interface AccessKeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** How a session is to be; it is made without asking a trust policy, because its caller can read the folder's secrets. */
export interface SessionOptions {
  /** `personalize-authz-proxy` unless given; a user's session has none. */
  readonly sessionName?: string;
  /** One policy document that narrows what the role or user may do. */
  readonly sessionPolicy?: object;
  readonly tags?: Readonly<Record<string, string>>;
  /** As if a one-time code had been given. */
  readonly mfa?: boolean;
  /** An hour unless given. */
  readonly durationSeconds?: number;
}

/** Where credentials come from. */
export interface CredentialSource {
  readonly directory: Directory;
  readonly credentials: CredentialIssuer;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const DEFAULT_SECONDS = 3600;
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

/** A key pair, or that of a session with its token. */
export interface AnyCredentials extends AccessKeyPair {
  readonly sessionToken?: string;
}

/** The access key of a user where nothing of a session is asked for; a new session otherwise. */
export async function credentialsFor(
  source: CredentialSource,
  name: string,
  options: SessionOptions = {},
): Promise<Result<AnyCredentials, string>> {
  const isAsked = Object.values(options).some((value) => value !== undefined && value !== false);
  if (!isAsked && !isRole(source.directory, name)) return accessKeyOf(source.directory, name);
  return sessionFor(source, name, options);
}

/** The first active key of a user, `alice` or `user/alice`; an error message if there is none. */
export function accessKeyOf(directory: Directory, name: string): Result<AccessKeyPair, string> {
  const caller = findCaller(directory, name);
  if (!caller.ok) return caller;
  const user = userOf(directory, caller.value);
  const key = user?.accessKeys.find(({ status }) => status === 'Active');
  if (key) return ok({ accessKeyId: key.id, secretAccessKey: key.secret });
  return err(
    user
      ? `${name} has no active access key: give them one in principals.yaml (accessKeys)`
      : `${name} is a role: it has no access key, only sessions`,
  );
}

/** Whether a principal is called through sessions only. */
export function isRole(directory: Directory, name: string): boolean {
  const caller = findCaller(directory, name);
  return caller.ok && caller.value.principal.type === 'AssumedRole';
}

/** Credentials of a new session of a role or user; a sentence where it cannot be made. */
export async function sessionFor(
  { directory, credentials, now }: CredentialSource,
  name: string,
  options: SessionOptions = {},
): Promise<Result<TemporaryCredentials, string>> {
  const caller = findCaller(directory, name);
  if (!caller.ok) return caller;
  const { sessionName, sessionPolicy, tags = {}, mfa = false, durationSeconds = DEFAULT_SECONDS } = options;
  if (sessionName !== undefined && !SESSION_NAME.test(sessionName))
    return err(`the session name ${sessionName} is not 2 to 64 letters, digits or characters of _+=,.@-`);
  const inline = sessionPolicy && JSON.stringify(sessionPolicy);
  const checked = checkSessionPolicies(directory, inline, [], tags);
  if (!checked.ok) return err(checked.error.message);
  const issuedAt = Math.floor(now / 1000) * 1000;
  return ok(
    await credentials.issue({
      ...holderOf(directory, caller.value, options),
      accountId: directory.account,
      issuedAt,
      expiresAt: issuedAt + durationSeconds * 1000,
      ...(mfa && { mfaAt: issuedAt }),
      ...(checked.value.policies && { policies: checked.value.policies }),
      ...(Object.keys(tags).length > 0 && { tags }),
    }),
  );
}

function holderOf(directory: Directory, caller: Caller, { sessionName }: SessionOptions) {
  const { principal } = caller;
  if (principal.type === 'AssumedRole') {
    const role = directory.roleByArn(principal.roleArn);
    if (role) {
      const name = sessionName ?? principal.sessionName;
      return { kind: 'AssumedRole', holder: { name: role.name, id: role.id }, sessionName: name } as const;
    }
  }
  const user = userOf(directory, caller);
  if (user) return { kind: 'SessionToken', holder: { name: user.name, id: user.id } } as const;
  throw new Error('a principal that was found is neither a user nor a role');
}

const userOf = ({ users }: Directory, { principal }: Caller) =>
  principal.type === 'User' ? users.get(principal.userName) : undefined;
