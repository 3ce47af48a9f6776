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
import { encodedName, isAfter } from './list-operations.ts';
import { findUpload } from './multipart-operations.ts';
import type { MultipartUpload } from './multipart-uploads.ts';

const MOST_ENTRIES = 1000;

const OWNER = xmlElement('ID', 'personalize-authz-proxy');

/** A number of entries to list; `undefined` for what is none. */
function limitOf(call: S3Call, name: string): number | undefined {
  const given = text(call, name);
  if (given === '') return MOST_ENTRIES;
  return /^\d{1,10}$/.test(given) ? Math.min(Number(given), MOST_ENTRIES) : undefined;
}

const notANumber = (name: string) =>
  refuse('InvalidArgument', `Provided ${name} not an integer or within integer range`, {
    ArgumentName: name,
  });

type Listed = readonly [id: string, upload: MultipartUpload];

/**
 * Uploads that are not finished, by key and then by their beginning. Those that share a prefix up to the delimiter are
 * one entry.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
 */
export const listMultipartUploads: S3Handler = async (call, { store, uploads }) => {
  const bucket = text(call, 'Bucket');
  const limit = limitOf(call, 'max-uploads');
  if (limit === undefined) return notANumber('max-uploads');
  const prefix = text(call, 'prefix');
  const ofBucket = [...uploads].filter(([, upload]) => upload.bucket === bucket);
  if (ofBucket.length === 0 && !(await store.hasBucket(bucket))) return noSuchBucket(call);
  const listed = ofBucket
    .filter(([, { key }]) => key.startsWith(prefix))
    .sort(([, one], [, other]) => order(one, other));
  const { entries, next } = pageOf(after(listed, call), call, limit);
  const root = xmlElement(
    'ListMultipartUploadsResult',
    [
      xmlElement('Bucket', bucket),
      encodedName(call, 'KeyMarker', text(call, 'key-marker')),
      xmlElement('UploadIdMarker', text(call, 'upload-id-marker')),
      ...(next
        ? [encodedName(call, 'NextKeyMarker', next.key), xmlElement('NextUploadIdMarker', next.id)]
        : []),
      encodedName(call, 'Prefix', prefix),
      ...(text(call, 'delimiter') === '' ? [] : [encodedName(call, 'Delimiter', text(call, 'delimiter'))]),
      ...(text(call, 'encoding-type') === 'url' ? [xmlElement('EncodingType', 'url')] : []),
      xmlElement('MaxUploads', String(limit)),
      xmlElement('IsTruncated', String(next !== undefined)),
      ...entries,
    ],
    S3_NAMESPACE,
  );
  return xmlResponse(call, root);
};

const order = (one: MultipartUpload, other: MultipartUpload): number =>
  Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)) || one.initiatedAt - other.initiatedAt;

/** What comes after the markers: of the same key, what follows the upload of that id. */
function after(listed: readonly Listed[], call: S3Call): readonly Listed[] {
  const key = text(call, 'key-marker');
  const id = text(call, 'upload-id-marker');
  if (key === '') return listed;
  const marked = id === '' ? -1 : listed.findIndex(([each, upload]) => each === id && upload.key === key);
  return listed.filter(
    ([, upload], index) => isAfter(upload.key, key) || (marked >= 0 && upload.key === key && index > marked),
  );
}

function pageOf(listed: readonly Listed[], call: S3Call, limit: number) {
  const [prefix, delimiter] = [text(call, 'prefix'), text(call, 'delimiter')];
  const entries: XmlLines[] = [];
  let last: { readonly key: string; readonly id: string } | undefined;
  let group: string | undefined;
  for (const [id, upload] of listed) {
    const cut = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length);
    const common = cut < 0 ? undefined : upload.key.slice(0, cut + delimiter.length);
    if (common === undefined || common !== group) {
      if (entries.length === limit) return { entries, ...(last && { next: last }) };
      entries.push(
        common === undefined
          ? uploadElement(call, id, upload)
          : xmlElement('CommonPrefixes', [encodedName(call, 'Prefix', common)]),
      );
    }
    group = common;
    last = { key: upload.key, id };
  }
  return { entries };
}

const uploadElement = (call: S3Call, id: string, { key, initiatedAt }: MultipartUpload): XmlLines =>
  xmlElement('Upload', [
    encodedName(call, 'Key', key),
    xmlElement('UploadId', id),
    xmlElement('Initiator', [OWNER]),
    xmlElement('Owner', [OWNER]),
    xmlElement('StorageClass', 'STANDARD'),
    xmlElement('Initiated', isoMillis(initiatedAt)),
  ]);

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export const listParts: S3Handler = async (call, deps) => {
  const upload = findUpload(call, deps);
  if (!upload.ok) return upload;
  const limit = limitOf(call, 'max-parts');
  if (limit === undefined) return notANumber('max-parts');
  const marker = Number(text(call, 'part-number-marker') || 0);
  if (!Number.isInteger(marker)) return notANumber('part-number-marker');
  const found = [...upload.value.parts].filter(([number]) => number > marker).sort(([a], [b]) => a - b);
  const shown = found.slice(0, limit);
  const root = xmlElement(
    'ListPartsResult',
    [
      xmlElement('Bucket', upload.value.bucket),
      xmlElement('Key', upload.value.key),
      xmlElement('UploadId', text(call, 'uploadId')),
      xmlElement('PartNumberMarker', String(marker)),
      xmlElement('NextPartNumberMarker', String(shown.at(-1)?.[0] ?? 0)),
      xmlElement('MaxParts', String(limit)),
      xmlElement('IsTruncated', String(found.length > shown.length)),
      ...shown.map(([number, { body, etag, modifiedAt }]) =>
        xmlElement('Part', [
          xmlElement('PartNumber', String(number)),
          xmlElement('LastModified', isoMillis(modifiedAt)),
          xmlElement('ETag', `"${etag}"`),
          xmlElement('Size', String(body.length)),
        ]),
      ),
      xmlElement('StorageClass', 'STANDARD'),
    ],
    S3_NAMESPACE,
  );
  return xmlResponse(call, root);
};
