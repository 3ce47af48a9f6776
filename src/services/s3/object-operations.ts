import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import { xmlElement } from '../../wire/xml.ts';
import {
  noSuchBucket,
  refuse,
  respondWith,
  S3_NAMESPACE,
  type S3Call,
  type S3Handler,
  type S3Response,
  text,
  xmlResponse,
} from './call.ts';
import type { BodyMembers } from './input.ts';
import { checksumsIn, headersToKeep, headersToShow, tagsIn } from './object-headers.ts';
import { KeyTooLong, type ObjectDraft, type ObjectStore, type ObjectSummary } from './object-store.ts';
import { checkRead, checkWrite } from './preconditions.ts';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export const getObject: S3Handler = async (call, { store }) => {
  const object = await store.read(text(call, 'Bucket'), text(call, 'Key'));
  if (object === undefined) return missing(call, store);
  const condition = checkRead(call, object);
  if (!condition.ok) return condition;
  const headers = headersToShow(object, call);
  const range = rangeOf(text(call, 'range'), object.size);
  if (range === 'unsatisfiable')
    return refuse('InvalidRange', 'The requested range is not satisfiable', {
      ActualObjectSize: String(object.size),
      RangeRequested: text(call, 'range'),
    });
  if (range === undefined) return respondWith(call, 200, headers, object.body);
  const [start, end] = range;
  const part = object.body.subarray(start, end + 1);
  const shown = Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-checksum-'));
  return respondWith(
    call,
    206,
    { ...Object.fromEntries(shown), 'content-range': `bytes ${start}-${end}/${object.size}` },
    part,
  );
};

/** Why there is no object: its bucket is not there, or it is not. */
export async function missing(call: S3Call, store: ObjectStore): Promise<S3Response> {
  if (!(await store.hasBucket(text(call, 'Bucket')))) return noSuchBucket(call);
  return refuse('NoSuchKey', 'The specified key does not exist.', { Key: text(call, 'Key') });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export const getObjectTagging: S3Handler = async (call, { store }) => {
  const object = await store.describe(text(call, 'Bucket'), text(call, 'Key'));
  if (object === undefined) return missing(call, store);
  const tags = tagsIn(object.headers).map(([key, value]) =>
    xmlElement('Tag', [xmlElement('Key', key), xmlElement('Value', value)]),
  );
  return xmlResponse(call, xmlElement('Tagging', [xmlElement('TagSet', tags)], S3_NAMESPACE));
};

/** One range of bytes, first and last; `undefined` for all of it, and for what HTTP lets a server pass over. */
function rangeOf(header: string, size: number): readonly [number, number] | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (start >= size || (from === '' && to === '0')) return 'unsatisfiable';
  return start <= end ? [start, end] : undefined;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const putObject: S3Handler = async (call, { store }) => {
  const draft = { body: call.content, headers: await headersToKeep(call) };
  const written = await write(call, store, draft);
  if (!written.ok) return written;
  const { etag, headers } = written.value;
  const encryption = { 'x-amz-server-side-encryption': 'AES256' };
  return respondWith(call, 200, { etag: `"${etag}"`, ...encryption, ...checksumsIn(headers) });
};

/** Writes where the request's conditions hold. */
export async function write(
  call: S3Call,
  store: ObjectStore,
  draft: ObjectDraft,
): Promise<Result<ObjectSummary, AwsError>> {
  const [bucket, key] = [text(call, 'Bucket'), text(call, 'Key')];
  const condition = checkWrite(call, await store.describe(bucket, key));
  if (!condition.ok) return condition;
  try {
    return ok(await store.write(bucket, key, draft));
  } catch (cause) {
    if (!(cause instanceof KeyTooLong)) throw cause;
    return refuse('KeyTooLongError', 'Your key is too long');
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export const deleteObject: S3Handler = async (call, { store }) => {
  await store.remove(text(call, 'Bucket'), text(call, 'Key'));
  return respondWith(call, 204);
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const deleteObjects: S3Handler<BodyMembers['DeleteObjects']> = async (call, { store }) => {
  const { keys, quiet } = call.input;
  for (const key of keys) await store.remove(text(call, 'Bucket'), key);
  const deleted = (quiet ? [] : keys).map((key) => xmlElement('Deleted', [xmlElement('Key', key)]));
  return xmlResponse(call, xmlElement('DeleteResult', deleted, S3_NAMESPACE));
};
