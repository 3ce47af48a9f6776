import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import { xmlElement } from '../../wire/xml.ts';
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
import type { CopyMembers } from './input.ts';
import { findUpload, partNumberOf } from './multipart-operations.ts';
import { partOf } from './multipart-uploads.ts';
import { headersToKeep, withoutTags } from './object-headers.ts';
import { write } from './object-operations.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { checkSource } from './preconditions.ts';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const copyObject: S3Handler<CopyMembers> = async (call, { store }) => {
  const source = await readSource(call, store);
  if (!source.ok) return source;
  const replaced = text(call, 'x-amz-metadata-directive') === 'REPLACE';
  const tagging = text(call, 'x-amz-tagging');
  const headers = {
    ...(replaced ? await headersToKeep(call) : withoutTags(source.value.headers)),
    ...(tagging !== '' && { 'x-amz-tagging': tagging }),
  };
  const written = await write(call, store, { body: source.value.body, headers });
  if (!written.ok) return written;
  const { modifiedAt, etag } = written.value;
  return xmlResponse(call, copyResult('CopyObjectResult', modifiedAt, etag));
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export const uploadPartCopy: S3Handler<CopyMembers> = async (call, deps) => {
  const upload = findUpload(call, deps);
  if (!upload.ok) return upload;
  const number = partNumberOf(call);
  if (!number.ok) return number;
  const source = await readSource(call, deps.store);
  if (!source.ok) return source;
  const body = rangeOf(call, source.value.body);
  if (!body.ok) return body;
  const part = partOf(body.value, deps.clock());
  upload.value.parts.set(number.value, part);
  return xmlResponse(call, copyResult('CopyPartResult', part.modifiedAt, part.etag));
};

const copyResult = (name: string, modifiedAt: number, etag: string) =>
  xmlElement(
    name,
    [xmlElement('LastModified', isoMillis(modifiedAt)), xmlElement('ETag', `"${etag}"`)],
    S3_NAMESPACE,
  );

async function readSource(
  call: S3Call<CopyMembers>,
  store: ObjectStore,
): Promise<Result<StoredObject, AwsError>> {
  const [bucket, key] = call.input.Source;
  const source = await store.read(bucket, key);
  if (source === undefined)
    return (await store.hasBucket(bucket))
      ? refuse('NoSuchKey', 'The specified key does not exist.', { Key: key })
      : noSuchBucket(call, bucket);
  const condition = checkSource(call, source);
  return condition.ok ? ok(source) : condition;
}

/** The bytes that `x-amz-copy-source-range` names; all of them where it is not given. */
function rangeOf(call: S3Call, body: Buffer): Result<Buffer, AwsError> {
  const given = text(call, 'x-amz-copy-source-range');
  if (given === '') return ok(body);
  const [, first, last] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(given) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last))
    return refuse(
      'InvalidArgument',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: given },
    );
  if (Number(last) >= body.length)
    return refuse(
      'InvalidArgument',
      `Range specified is not valid for source object of size: ${body.length}`,
      {
        ArgumentName: 'x-amz-copy-source-range',
        ArgumentValue: given,
      },
    );
  return ok(body.subarray(Number(first), Number(last) + 1));
}
