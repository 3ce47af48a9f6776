import { type Parameter, splitParameters } from '../../wire/query-parameters.ts';
import type { S3Call } from './call.ts';
import { checksumOf, isChecksum } from './checksums.ts';
import type { ObjectSummary } from './object-store.ts';

/** What goes in with an object and comes out with it. */
const KEPT =
  /^(?:content-type|cache-control|content-disposition|content-language|expires|x-amz-tagging|x-amz-meta-.*)$/;

type Headers = Readonly<Record<string, string>>;

/** Of a request that puts an object: the headers to keep with it, a checksum that trailed it among them. */
export async function headersToKeep(call: S3Call): Promise<Headers> {
  const { input, content } = call;
  const given = Object.entries(input).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const kept = given.filter(([name]) => KEPT.test(name) || isChecksum(name));
  const trailer = typeof input['x-amz-trailer'] === 'string' ? input['x-amz-trailer'] : '';
  const trailing = trailer.split(',').map((name) => name.trim().toLowerCase());
  const checksums = trailing
    .filter(isChecksum)
    .map(async (name) => [name, (await checksumOf(name, content)) ?? ''] as const);
  return Object.fromEntries([...kept, ...(await Promise.all(checksums)), ...encodingOf(given)]);
}

/** `aws-chunked` is how the body was sent, and nothing of the object. */
function encodingOf(given: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const encoding = given.find(([name]) => name === 'content-encoding')?.[1] ?? '';
  const own = encoding
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== 'aws-chunked' && name !== '');
  return own.length > 0 ? [['content-encoding', own.join(',')]] : [];
}

export const checksumsIn = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => isChecksum(name)));

/** The tags that came with an object. */
export const tagsIn = (headers: Headers): readonly Parameter[] => [
  ...splitParameters(headers['x-amz-tagging'] ?? ''),
];

/** A copy takes the tags that its own request brings. */
export function withoutTags(headers: Headers): Headers {
  const { 'x-amz-tagging': _, ...others } = headers;
  return others;
}

/** Of a response that describes an object. Checksums are returned where the request asks for them. */
export function headersToShow({ etag, modifiedAt, headers }: ObjectSummary, { input }: S3Call): Headers {
  const tags = tagsIn(headers).length;
  const shown = Object.entries(withoutTags(headers)).filter(
    ([name]) => !isChecksum(name) || input['x-amz-checksum-mode'] === 'ENABLED',
  );
  const overridden = Object.entries(input)
    .filter(
      (entry): entry is [string, string] => entry[0].startsWith('response-') && typeof entry[1] === 'string',
    )
    .map(([name, value]) => [name.slice('response-'.length), value]);
  return {
    ...Object.fromEntries(shown),
    ...Object.fromEntries(overridden),
    ...(tags > 0 && { 'x-amz-tagging-count': String(tags) }),
    etag: `"${etag}"`,
    'last-modified': new Date(modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
    'x-amz-server-side-encryption': 'AES256',
  };
}
