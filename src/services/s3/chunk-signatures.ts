import { hash } from 'node:crypto';
import type { PresentedCredential } from '../../sigv4/credential.ts';
import { isSame } from '../../sigv4/is-same.ts';
import { signingKey } from '../../sigv4/signing-key.ts';
import type { Chunk, ChunkedBody } from './aws-chunked.ts';

const NOTHING = hash('sha256', '', 'hex');

/** Each chunk is signed over the signature before it; the first of them is the request's own. */
type IsNext = (presented: string | undefined, kind: string, hashes: readonly string[]) => boolean;

function chainOf({ scope, requestDate, signature }: PresentedCredential, secret: string): IsNext {
  const key = signingKey(secret, scope);
  const scopeText = `${scope.date}/${scope.region}/${scope.service}/${scope.terminator}`;
  let previous = signature;
  return (presented, kind, hashes) => {
    const text = [`AWS4-HMAC-SHA256-${kind}`, requestDate.text, scopeText, previous, ...hashes].join('\n');
    previous = key.sign(text);
    return presented !== undefined && isSame(presented, previous);
  };
}

/**
 * Whether every chunk, and what trails them where `signedTrailers`, was signed in this order by who signed the request.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function areChunksSigned(
  { chunks, trailers }: ChunkedBody,
  credential: PresentedCredential,
  secret: string,
  signedTrailers: boolean,
): boolean {
  const isNext = chainOf(credential, secret);
  const isNextChunk = ({ data, signature }: Chunk): boolean =>
    isNext(signature, 'PAYLOAD', [NOTHING, hash('sha256', data, 'hex')]);
  if (!chunks.every(isNextChunk)) return false;
  if (!signedTrailers) return true;
  const own = trailers.filter(([name]) => name !== TRAILER_SIGNATURE);
  const presented = trailers.find(([name]) => name === TRAILER_SIGNATURE)?.[1];
  const canonical = own.map(([name, value]) => `${name}:${value}\n`).join('');
  return isNext(presented, 'TRAILER', [hash('sha256', canonical, 'hex')]);
}

export const TRAILER_SIGNATURE = 'x-amz-trailer-signature';
