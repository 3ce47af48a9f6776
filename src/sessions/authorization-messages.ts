import type { KeyObject } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { keyFor } from './session-key.ts';
import { seal, unseal } from './session-token.ts';

/**
 * The reasons of a denial, encoded so that only callers with permission for sts:DecodeAuthorizationMessage can read
 * them.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
export interface AuthorizationMessages {
  encode(document: object): Promise<string>;
  /** The document as JSON; `undefined` if the message was not issued with this session key. */
  decode(message: string): Promise<string | undefined>;
}

const PURPOSE = 'authorization message';

/** Messages are not stored: every process with the same session key can decode them. */
export function createAuthorizationMessages(sessionKey: () => KeyObject): AuthorizationMessages {
  return {
    // Compressed: STS accepts 10,240 characters, and a context has many keys.
    encode: (document) => seal(deflateRawSync(JSON.stringify(document)), keyFor(PURPOSE, sessionKey())),
    async decode(message) {
      const packed = await unseal(message, keyFor(PURPOSE, sessionKey()));
      return packed && inflateRawSync(packed).toString();
    },
  };
}
