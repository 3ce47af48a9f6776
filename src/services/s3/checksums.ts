import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type AwsError, awsError } from '../../lib/errors.ts';

function fourBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

async function digestOf(
  checksum: { update(data: Uint8Array): void; digest(): Promise<Uint8Array> },
  data: Uint8Array,
) {
  checksum.update(data);
  return Buffer.from(await checksum.digest());
}

// These two bring half a megabyte of sources along, and are seldom asked for: read when they are.

async function crc32c(data: Uint8Array): Promise<Buffer> {
  const { AwsCrc32c } = await import('@aws-crypto/crc32c');
  return digestOf(new AwsCrc32c(), data);
}

async function crc64nvme(data: Uint8Array): Promise<Buffer> {
  const { Crc64Nvme } = await import('@aws-sdk/crc64-nvme');
  return digestOf(new Crc64Nvme(), data);
}

interface Algorithm {
  /** Of a digest. */
  readonly bytes: number;
  readonly digest: (data: Uint8Array) => Buffer | Promise<Buffer>;
}

function hashed(name: string, bytes: number): Algorithm {
  return { bytes, digest: (data) => hash(name, data, 'buffer') };
}

/**
 * The algorithms by which S3 checks an object, without the XXHASH ones, which are refused.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
const CHECKSUMS: ReadonlyMap<string, Algorithm> = new Map(
  Object.entries({
    'x-amz-checksum-crc32': { bytes: 4, digest: (data: Uint8Array) => fourBytes(crc32(data)) },
    'x-amz-checksum-crc32c': { bytes: 4, digest: crc32c },
    'x-amz-checksum-crc64nvme': { bytes: 8, digest: crc64nvme },
    'x-amz-checksum-md5': hashed('md5', 16),
    'x-amz-checksum-sha1': hashed('sha1', 20),
    'x-amz-checksum-sha256': hashed('sha256', 32),
    'x-amz-checksum-sha512': hashed('sha512', 64),
  }),
);

/** Headers about checksums that are not checksums. */
const ABOUT_CHECKSUMS = new Set(['x-amz-checksum-algorithm', 'x-amz-checksum-mode', 'x-amz-checksum-type']);

/** Whether a header, by lower-case name, is the checksum of a body. */
export const isChecksum = (name: string): boolean =>
  name.startsWith('x-amz-checksum-') && !ABOUT_CHECKSUMS.has(name);

/** Whether a header, by lower-case name, is a checksum of an algorithm that is implemented here. */
export const isKnownChecksum = (name: string): boolean => CHECKSUMS.has(name);

/** Whether a value can be the checksum of its name: its bytes in canonical base64. */
export function isChecksumForm(name: string, value: string): boolean {
  const decoded = Buffer.from(value, 'base64');
  return decoded.length === CHECKSUMS.get(name)?.bytes && decoded.toString('base64') === value;
}

/** The checksum of a name in base64; `undefined` where it is none that is known. */
export const checksumOf = async (name: string, data: Uint8Array): Promise<string | undefined> =>
  (await CHECKSUMS.get(name)?.digest(data))?.toString('base64');

/** Whether a body matches its checksums; an unknown algorithm proves nothing, and is refused. */
export async function checkChecksums(
  given: readonly (readonly [name: string, value: string])[],
  content: Uint8Array,
): Promise<AwsError | undefined> {
  for (const [name, value] of given) {
    const wanted = await checksumOf(name, content);
    const algorithm = name.slice('x-amz-checksum-'.length).toUpperCase();
    if (wanted === undefined)
      return awsError('NotImplemented', `The checksum algorithm ${algorithm} is not implemented.`);
    if (wanted !== value)
      return awsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return undefined;
}

const BASE64_OF_16_BYTES = /^[A-Za-z0-9+/]{22}==$/;

/** Whether a body matches `Content-MD5`. */
export function checkMd5(given: string, content: Uint8Array): AwsError | undefined {
  if (!BASE64_OF_16_BYTES.test(given))
    return awsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  return hash('md5', content, 'base64') === given
    ? undefined
    : awsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
}
