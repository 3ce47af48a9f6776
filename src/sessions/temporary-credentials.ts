import { createHmac, type KeyObject, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Session, TemporaryCredentials } from '../directory/session.ts';
import { keyFor } from './session-key.ts';
import { seal, unseal } from './session-token.ts';

/**
 * Temporary credentials without a store: every process that has the same session key honours them. The key id is
 * random, the secret follows from it, and the token holds the session.
 */
export interface CredentialIssuer {
  issue(session: Omit<Session, 'accessKeyId'>): Promise<TemporaryCredentials>;
  /** The session of a token, however old; `undefined` where the token is not one of ours. */
  open(token: string): Promise<Session | undefined>;
  /** The secret of a temporary key id. It proves nothing without the token. */
  secretOf(accessKeyId: string): string;
}

export interface IssuerOptions {
  /** 32 bytes; asked for when the first credentials are made or shown. */
  readonly sessionKey: () => KeyObject;
  readonly random?: (bytes: number) => Uint8Array;
}

const PURPOSE = 'session token';
const MOST_REMEMBERED = 1000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const KEY_ID_CHARACTERS = 16;
const SECRET_BYTES = 30;

export const isTemporaryKey = (accessKeyId: string): boolean => accessKeyId.startsWith('ASIA');

export function createCredentialIssuer({
  sessionKey,
  random = randomBytes,
}: IssuerOptions): CredentialIssuer {
  /** Opened tokens: decrypting costs forty times what looking does. Who asks judges their age. */
  const remembered = new LRUCache<string, Session>({ max: MOST_REMEMBERED });
  let tokenKey: KeyObject | undefined;
  /** Not the key of the secrets: no one of them tells anything of the tokens. */
  const encryptionKey = (): KeyObject => {
    tokenKey ??= keyFor(PURPOSE, sessionKey());
    return tokenKey;
  };
  const secretOf = (id: string): string =>
    createHmac('sha256', sessionKey()).update(id).digest().subarray(0, SECRET_BYTES).toString('base64');

  return {
    secretOf,
    async issue(content) {
      const accessKeyId = `ASIA${keyId(random(KEY_ID_CHARACTERS))}`;
      const session: Session = { ...content, accessKeyId };
      return {
        accessKeyId,
        secretAccessKey: secretOf(accessKeyId),
        sessionToken: await seal(Buffer.from(JSON.stringify(session)), encryptionKey()),
        expiration: new Date(session.expiresAt),
      };
    },
    async open(token) {
      const known = remembered.get(token);
      if (known !== undefined) return known;
      const content = await unseal(token, encryptionKey());
      if (content === undefined) return undefined;
      const session = JSON.parse(Buffer.from(content).toString()) as Session;
      remembered.set(token, session);
      return session;
    },
  };
}

const keyId = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
