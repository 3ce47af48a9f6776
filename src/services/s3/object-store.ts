/** What is known of an object without its content. */
export interface ObjectSummary {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** MD5 in hexadecimal, or of a multipart upload the MD5 of its parts' MD5 and their number: `…-2`. Without quotes. */
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** Headers that came with it and go out with it, by lower-case name: `content-type`, `x-amz-meta-…`, checksums. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface StoredObject extends ObjectSummary {
  readonly body: Buffer;
}

/** What an object is made of. */
export interface ObjectDraft {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** MD5 of the content unless it is given. */
  readonly etag?: string;
}

/** Buckets and their objects. */
export interface ObjectStore extends AsyncDisposable {
  /** The object; `undefined` if there is none, or no such bucket. */
  read(bucket: string, key: string): Promise<StoredObject | undefined>;
  /** The same without its content. */
  describe(bucket: string, key: string): Promise<ObjectSummary | undefined>;
  /** Every object of a bucket in the order of their keys' bytes, as S3 lists them; `undefined` if there is no such bucket. */
  list(bucket: string): Promise<readonly ObjectSummary[] | undefined>;
  /** Puts an object in the place of another, if there is one, and makes the bucket where it is missing. */
  write(bucket: string, key: string, draft: ObjectDraft): Promise<ObjectSummary>;
  /** Nothing happens if there is no such object. */
  remove(bucket: string, key: string): Promise<void>;
  buckets(): Promise<readonly Bucket[]>;
  hasBucket(bucket: string): Promise<boolean>;
  createBucket(bucket: string): Promise<void>;
  /** Only an empty one; whether it is gone. */
  removeBucket(bucket: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface Bucket {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** The key is longer than the storage allows. */
export class KeyTooLong extends Error {}
