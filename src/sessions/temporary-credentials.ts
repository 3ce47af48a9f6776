import { createHmac, type KeyObject, randomBytes } from 'node:crypto';
import type { Session, TemporaryCredentials } from '../directory/session.ts';
import { type AccessKeyId, accessKeyId } from '../lib/identifiers.ts';
import type { MaybePromise } from '../lib/maybe-promise.ts';
import { Recent } from '../lib/recent.ts';
import { keyFor } from './session-key.ts';
import { seal, unseal } from './session-token.ts';

/**
 * Temporary credentials without a store: every process with the same session key accepts them. The key ID is random,
 * the secret is derived from it, and the token contains the session.
 */
export interface CredentialIssuer {
  issue(session: Omit<Session, 'accessKeyId'>): Promise<TemporaryCredentials>;
  /**
   * The session of a key ID and its token, even if expired; `undefined` if the token was not issued with this session key, or
   * not for this key ID. A token that was opened before is not waited for.
   */
  open(id: AccessKeyId, token: string): MaybePromise<Session | undefined>;
  /** The secret of a temporary key ID. It proves nothing without the token. */
  secretOf(id: AccessKeyId): string;
}

export interface IssuerOptions {
  /** 32 bytes; requested when the first credentials are issued or presented. */
  readonly sessionKey: () => KeyObject;
  readonly random?: (bytes: number) => Uint8Array;
}

const PURPOSE = 'session token';
const MOST_REMEMBERED = 1000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const KEY_ID_CHARACTERS = 16;
const SECRET_BYTES = 30;

export const isTemporaryKey = (id: AccessKeyId): boolean => id.startsWith('ASIA');

export function createCredentialIssuer({
  sessionKey,
  random = randomBytes,
}: IssuerOptions): CredentialIssuer {
  /**
   * Cache of opened tokens by key ID: decryption costs forty times as much as a lookup, and a long text is compared faster than
   * it is hashed. Callers check the expiration.
   */
  const remembered = new Recent<string, { readonly token: string; readonly session: Session }>(
    MOST_REMEMBERED,
  );
  let tokenKey: KeyObject | undefined;
  /** Not the key of the secrets: a secret reveals nothing about the tokens. */
  const encryptionKey = (): KeyObject => {
    tokenKey ??= keyFor(PURPOSE, sessionKey());
    return tokenKey;
  };
  const secrets = new Recent<string, string>(MOST_REMEMBERED);
  const secretOf = (id: string): string => {
    const known = secrets.get(id);
    if (known !== undefined) return known;
    const bytes = createHmac('sha256', sessionKey()).update(id).digest().subarray(0, SECRET_BYTES);
    const secret = bytes.toString('base64');
    secrets.set(id, secret);
    return secret;
  };
  const decrypt = async (id: AccessKeyId, token: string): Promise<Session | undefined> => {
    const content = await unseal(token, encryptionKey());
    if (content === undefined) return undefined;
    const session = JSON.parse(Buffer.from(content).toString()) as Session;
    if (session.accessKeyId !== id) return undefined;
    remembered.set(session.accessKeyId, { token, session });
    return session;
  };

  return {
    secretOf,
    async issue(content) {
      const id = accessKeyId(`ASIA${characters(random(KEY_ID_CHARACTERS))}`);
      const session: Session = { ...content, accessKeyId: id };
      return {
        accessKeyId: id,
        secretAccessKey: secretOf(id),
        sessionToken: await seal(Buffer.from(JSON.stringify(session)), encryptionKey()),
        expiration: new Date(session.expiresAt),
      };
    },
    open(id, token) {
      const known = remembered.get(id);
      return known?.token === token ? known.session : decrypt(id, token);
    },
  };
}

const characters = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
