import {
  type AccessKeyPair,
  accessKeyOf,
  type CredentialSource,
  isRole,
  type SessionOptions,
  sessionFor,
} from '../commands/env/credentials-for.ts';
import type { TemporaryCredentials } from '../directory/session.ts';
import type { Result } from '../lib/result.ts';

/** What an AWS SDK for JavaScript v3 client takes. */
export interface ClientConfig<Credentials = AccessKeyPair> {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/** Makes a session when a client needs one, and another when that is over. */
export type SessionProvider = () => Promise<TemporaryCredentials>;

type RoleName = `role/${string}` | `arn:${string}:iam::${string}:role/${string}`;

/** A user has an access key, a role sessions only; of a name that is not known before it runs, it can be either. */
export type CredentialsOf<Name extends string> = string extends Name
  ? AccessKeyPair | SessionProvider
  : Name extends RoleName
    ? SessionProvider
    : AccessKeyPair;

/** A static key if there is one and no session is asked for. */
export function credentialsOf(
  source: () => CredentialSource,
  name: string,
  session?: SessionOptions,
): AccessKeyPair | SessionProvider {
  const { directory } = source();
  if (session === undefined && !isRole(directory, name)) return orThrow(accessKeyOf(directory, name));
  return async () => orThrow(await sessionFor(source(), name, session));
}

/** A failure of what a test or a program asked for is thrown there. */
export function orThrow<Value>(result: Result<Value, string>): Value {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}
