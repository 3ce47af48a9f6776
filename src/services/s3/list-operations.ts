import { type XmlLines, xmlElement } from '../../wire/xml.ts';
import {
  isoMillis,
  noSuchBucket,
  refuse,
  S3_NAMESPACE,
  type S3Call,
  type S3Handler,
  text,
  xmlResponse,
} from './call.ts';
import type { ObjectSummary } from './object-store.ts';

/** What is listed: objects, and what several keys have in common up to the delimiter. */
type Entry =
  | { readonly object: ObjectSummary; readonly name: string }
  | { readonly object?: never; readonly name: string };

interface Page {
  readonly entries: readonly Entry[];
  /** If there is more: the last name of this page. */
  readonly next?: string;
}

const MOST_KEYS = 1000;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const listObjectsV2: S3Handler = async (call, { store }) => {
  const token = text(call, 'continuation-token');
  const after = token === '' ? text(call, 'start-after') : Buffer.from(token, 'base64url').toString();
  const objects = await store.list(text(call, 'Bucket'));
  if (objects === undefined) return noSuchBucket(call);
  const limit = limitOf(call);
  if (limit === undefined)
    return refuse('InvalidArgument', 'Provided max-keys not an integer or within integer range');
  const page = pageOf(objects, call, after, limit);
  const { next } = page;
  return xmlResponse(
    call,
    result(
      call,
      page,
      [
        ...(text(call, 'start-after') === ''
          ? []
          : [encodedName(call, 'StartAfter', text(call, 'start-after'))]),
        ...(token === '' ? [] : [xmlElement('ContinuationToken', token)]),
        ...(next === undefined
          ? []
          : [xmlElement('NextContinuationToken', Buffer.from(next).toString('base64url'))]),
        xmlElement('KeyCount', String(page.entries.length)),
      ],
      limit,
    ),
  );
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export const listObjects: S3Handler = async (call, { store }) => {
  const objects = await store.list(text(call, 'Bucket'));
  if (objects === undefined) return noSuchBucket(call);
  const limit = limitOf(call);
  if (limit === undefined)
    return refuse('InvalidArgument', 'Provided max-keys not an integer or within integer range');
  const page = pageOf(objects, call, text(call, 'marker'), limit);
  const { next } = page;
  const isTold = next !== undefined && text(call, 'delimiter') !== '';
  return xmlResponse(
    call,
    result(
      call,
      page,
      [
        encodedName(call, 'Marker', text(call, 'marker')),
        ...(isTold ? [encodedName(call, 'NextMarker', next)] : []),
      ],
      limit,
    ),
  );
};

function limitOf(call: S3Call): number | undefined {
  const given = text(call, 'max-keys');
  if (given === '') return MOST_KEYS;
  return /^\d{1,10}$/.test(given) ? Math.min(Number(given), MOST_KEYS) : undefined;
}

function pageOf(objects: readonly ObjectSummary[], call: S3Call, after: string, limit: number): Page {
  const prefix = text(call, 'prefix');
  const delimiter = text(call, 'delimiter');
  const entries: Entry[] = [];
  for (const object of objects) {
    const { key } = object;
    if (!key.startsWith(prefix)) continue;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = cut < 0 ? key : key.slice(0, cut + delimiter.length);
    // A common prefix is listed once, however many keys have it.
    if (!isAfter(name, after) || (cut >= 0 && entries.at(-1)?.name === name)) continue;
    if (entries.length === limit)
      return limit === 0 ? { entries } : { entries, next: entries.at(-1)?.name ?? '' };
    entries.push(cut < 0 ? { object, name } : { name });
  }
  return { entries };
}

/** Whether a name comes after another in the order of their bytes; every name comes after none. */
export const isAfter = (name: string, after: string): boolean =>
  after === '' || Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0;

function result(call: S3Call, { entries, next }: Page, own: readonly XmlLines[], limit: number): XmlLines {
  const delimiter = text(call, 'delimiter');
  return xmlElement(
    'ListBucketResult',
    [
      xmlElement('Name', text(call, 'Bucket')),
      encodedName(call, 'Prefix', text(call, 'prefix')),
      ...own,
      xmlElement('MaxKeys', String(limit)),
      ...(delimiter === '' ? [] : [encodedName(call, 'Delimiter', delimiter)]),
      ...(text(call, 'encoding-type') === 'url' ? [xmlElement('EncodingType', 'url')] : []),
      xmlElement('IsTruncated', String(next !== undefined)),
      ...entries.map(({ object, name }) =>
        object
          ? xmlElement('Contents', [
              encodedName(call, 'Key', name),
              xmlElement('LastModified', isoMillis(object.modifiedAt)),
              xmlElement('ETag', `"${object.etag}"`),
              xmlElement('Size', String(object.size)),
              xmlElement('StorageClass', 'STANDARD'),
            ])
          : xmlElement('CommonPrefixes', [encodedName(call, 'Prefix', name)]),
      ),
    ],
    S3_NAMESPACE,
  );
}

/** Names of keys are escaped where the caller asks for it: XML cannot hold every one of them. */
export const encodedName = (call: S3Call, element: string, key: string): XmlLines =>
  xmlElement(
    element,
    text(call, 'encoding-type') === 'url' ? encodeURIComponent(key).replaceAll('%2F', '/') : key,
  );
