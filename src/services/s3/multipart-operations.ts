import { type AwsError, awsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { xmlElement } from '../../wire/xml.ts';
import {
  refuse,
  respondWith,
  S3_NAMESPACE,
  type S3Call,
  type S3Dependencies,
  type S3Handler,
  text,
  xmlResponse,
} from './call.ts';
import { checksumOf, isChecksum } from './checksums.ts';
import type { BodyMembers } from './input.ts';
import { etagOf, type MultipartUpload, type Part, partOf } from './multipart-uploads.ts';
import { checksumsIn, headersToKeep } from './object-headers.ts';
import { write } from './object-operations.ts';
import type { ListedPart } from './read-xml.ts';

/** Of every part but the last. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const LEAST_PART_BYTES = 5 * 1024 * 1024;
const MOST_PARTS = 10_000;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export const createMultipartUpload: S3Handler = async (call, { uploads, newId, clock }) => {
  const [bucket, key] = [text(call, 'Bucket'), text(call, 'Key')];
  const id = newId();
  const algorithm = text(call, 'x-amz-checksum-algorithm');
  uploads.set(id, {
    bucket,
    key,
    headers: await headersToKeep(call),
    parts: new Map(),
    initiatedAt: clock(),
    ...(algorithm !== '' && { checksum: `x-amz-checksum-${algorithm.toLowerCase()}` }),
  });
  const elements = [xmlElement('Bucket', bucket), xmlElement('Key', key), xmlElement('UploadId', id)];
  const headers = algorithm === '' ? {} : { 'x-amz-checksum-algorithm': algorithm };
  return xmlResponse(call, xmlElement('InitiateMultipartUploadResult', elements, S3_NAMESPACE), headers);
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export const uploadPart: S3Handler = async (call, deps) => {
  const upload = findUpload(call, deps);
  if (!upload.ok) return upload;
  const number = partNumberOf(call);
  if (!number.ok) return number;
  const checksums = checksumsIn(await headersToKeep(call));
  const [given] = Object.keys(checksums);
  const { checksum: expected, parts } = upload.value;
  if (given !== undefined && expected !== undefined && given !== expected)
    return refuse(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithmOf(expected)}, actual checksum Type: ${algorithmOf(given)}`,
    );
  const part = partOf(call.content, deps.clock());
  parts.set(number.value, part);
  return respondWith(call, 200, { etag: `"${part.etag}"`, ...checksums });
};

const algorithmOf = (header: string): string => header.slice('x-amz-checksum-'.length);

/** The number of the part that a request uploads. */
export function partNumberOf(call: S3Call): Result<number, AwsError> {
  const given = text(call, 'partNumber');
  const number = /^\d{1,5}$/.test(given) ? Number(given) : 0;
  if (number >= 1 && number <= MOST_PARTS) return ok(number);
  return refuse('InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`, {
    ArgumentName: 'partNumber',
    ArgumentValue: given,
  });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export const completeMultipartUpload: S3Handler<BodyMembers['CompleteMultipartUpload']> = async (
  call,
  deps,
) => {
  const upload = findUpload(call, deps);
  if (!upload.ok) return upload;
  const parts = await partsListed(call.input.parts, upload.value);
  if (!parts.ok) return parts;
  const body = Buffer.concat(parts.value.map((part) => part.body));
  const size = text(call, 'x-amz-mp-object-size');
  if (size !== '' && size !== String(body.length))
    return refuse(
      'InvalidRequest',
      `The provided 'x-amz-mp-object-size' header value ${size} does not match what was computed: ${body.length}`,
    );
  const wrong = await wrongChecksum(call, parts.value, body);
  if (wrong) return err(wrong);
  const etag = etagOf(parts.value);
  const written = await write(call, deps.store, { body, headers: upload.value.headers, etag });
  if (!written.ok) return written;
  deps.uploads.delete(text(call, 'uploadId'));
  const { bucket, key } = upload.value;
  const elements = [
    xmlElement('Location', `/${bucket}/${key}`),
    xmlElement('Bucket', bucket),
    xmlElement('Key', key),
    xmlElement('ETag', `"${etag}"`),
  ];
  return xmlResponse(call, xmlElement('CompleteMultipartUploadResult', elements, S3_NAMESPACE));
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export const abortMultipartUpload: S3Handler = async (call, deps) => {
  const upload = findUpload(call, deps);
  if (!upload.ok) return upload;
  deps.uploads.delete(text(call, 'uploadId'));
  return respondWith(call, 204);
};

/** An upload is known by its id, and only for its own object: leave for another gives no leave for it. */
export function findUpload(call: S3Call, { uploads }: S3Dependencies): Result<MultipartUpload, AwsError> {
  const id = text(call, 'uploadId');
  const upload = uploads.get(id);
  if (upload && upload.bucket === text(call, 'Bucket') && upload.key === text(call, 'Key')) return ok(upload);
  return refuse(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: id },
  );
}

async function partsListed(
  listed: readonly ListedPart[],
  upload: MultipartUpload,
): Promise<Result<readonly Part[], AwsError>> {
  const isOrdered = listed.every(({ number }, index) => number > (listed[index - 1]?.number ?? 0));
  if (!isOrdered)
    return refuse(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  const parts: Part[] = [];
  for (const { number, etag, checksums } of listed) {
    const part = upload.parts.get(number);
    if (part?.etag !== etag || !(await haveChecksums(part.body, checksums)))
      return refuse(
        'InvalidPart',
        'One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part’s entity tag.',
        { PartNumber: String(number), ETag: etag },
      );
    parts.push(part);
  }
  const small = parts.slice(0, -1).find(({ body }) => body.length < LEAST_PART_BYTES);
  return small
    ? refuse('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
        ProposedSize: String(small.body.length),
        MinSizeAllowed: String(LEAST_PART_BYTES),
      })
    : ok(parts);
}

async function haveChecksums(body: Uint8Array, checksums: ListedPart['checksums']): Promise<boolean> {
  for (const [name, value] of Object.entries(checksums))
    if ((await checksumOf(name, body)) !== value) return false;
  return true;
}

/** A checksum of the whole object, or of its parts' checksums with how many they are behind it. */
async function wrongChecksum(
  { input }: S3Call,
  parts: readonly Part[],
  whole: Uint8Array,
): Promise<AwsError | undefined> {
  for (const [name, given] of Object.entries(input)) {
    if (!isChecksum(name) || typeof given !== 'string') continue;
    const digests = await Promise.all(parts.map(async ({ body }) => (await checksumOf(name, body)) ?? ''));
    const joined = Buffer.concat(digests.map((digest) => Buffer.from(digest, 'base64')));
    const composite = `${await checksumOf(name, joined)}-${parts.length}`;
    const type = input['x-amz-checksum-type'];
    if (type !== 'FULL_OBJECT' && given === composite) continue;
    if (type !== 'COMPOSITE' && given === (await checksumOf(name, whole))) continue;
    const algorithm = name.slice('x-amz-checksum-'.length).toUpperCase();
    return awsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return undefined;
}
