import { hash } from 'node:crypto';

/** An object that comes in parts. They are stored in memory until it is complete. */
export interface MultipartUpload {
  readonly bucket: string;
  readonly key: string;
  /** To keep with the object. */
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, Part>;
  /** Milliseconds since the epoch. */
  readonly initiatedAt: number;
  /** The header of the checksum that every part must have, if it has one: `x-amz-checksum-crc32`. */
  readonly checksum?: string;
}

export interface Part {
  readonly body: Uint8Array;
  /** MD5 in hexadecimal. */
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

export type MultipartUploads = Map<string, MultipartUpload>;

export const partOf = (body: Uint8Array, modifiedAt: number): Part => ({
  body,
  etag: hash('md5', body, 'hex'),
  modifiedAt,
});

/** The MD5 of the parts' MD5s, and how many they are. */
export function etagOf(parts: readonly Part[]): string {
  const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex')));
  return `${hash('md5', digests, 'hex')}-${parts.length}`;
}
