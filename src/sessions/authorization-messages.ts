import type { KeyObject } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { keyFor } from './session-key.ts';
import { seal, unseal } from './session-token.ts';

/**
 * Why a call was denied, for whoever may ask STS to decode it and for nobody else.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
export interface AuthorizationMessages {
  encode(document: object): Promise<string>;
  /** The document as JSON; `undefined` where the message is not one of ours. */
  decode(message: string): Promise<string | undefined>;
}

const PURPOSE = 'authorization message';

/** Nowhere kept: every process with the same session key decodes them. */
export function createAuthorizationMessages(sessionKey: () => KeyObject): AuthorizationMessages {
  return {
    // Packed: STS takes 10,240 characters, and a context has many keys.
    encode: (document) => seal(deflateRawSync(JSON.stringify(document)), keyFor(PURPOSE, sessionKey())),
    async decode(message) {
      const packed = await unseal(message, keyFor(PURPOSE, sessionKey()));
      return packed && inflateRawSync(packed).toString();
    },
  };
}
