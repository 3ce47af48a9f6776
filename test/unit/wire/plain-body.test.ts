import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MAX_UNSIGNED_BYTES, plainBody, plainForm } from '../../../src/wire/plain-body.ts';
import { request } from './requests.ts';

const SIGNED = ['authorization', 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/x'] as const;
const TEXT = Buffer.from('Action=PutMetricData');
const GZIPPED = gzipSync(TEXT);

const coded = (body: Uint8Array, ...codings: readonly string[]) =>
  request({
    headers: [SIGNED, ...codings.map((coding) => ['Content-Encoding', coding] as const)],
    body,
  });

const read = (body: Uint8Array, ...codings: readonly string[]): string | undefined => {
  const plain = plainBody(coded(body, ...codings));
  return plain && Buffer.from(plain).toString();
};

/** A member of gzip with what its header says of it. */
function member(flags: number, fields: Buffer, { plain = TEXT, method = 8 } = {}): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(plain));
  trailer.writeUInt32LE(plain.length, 4);
  const head = Buffer.from([0x1f, 0x8b, method, flags, 0, 0, 0, 0, 0, 255]);
  return Buffer.concat([head, fields, deflateRawSync(plain), trailer]);
}

describe('a compressed body', () => {
  it.each(['gzip', 'GZIP', ' gzip '])('is read as it was before: %j', (coding) => {
    expect(read(GZIPPED, coding)).toBe(TEXT.toString());
    expect(read(member(0, Buffer.alloc(0)), coding)).toBe(TEXT.toString());
  });

  it.each(['identity', 'Identity', '', 'amz-1.0'])('is not decoded if its coding is %j', (coding) => {
    expect(read(GZIPPED, coding)).toBe(GZIPPED.toString());
  });

  it.each([
    ['deflate', ['deflate']],
    ['br', ['br']],
    ['x-gzip', ['x-gzip']],
    ['aws-chunked', ['aws-chunked']],
    ['gzip twice', ['gzip, gzip']],
    ['gzip and none', ['gzip, identity']],
    ['two headers', ['gzip', 'gzip']],
    ['two headers, one of them none', ['identity', 'gzip']],
  ])('is refused in the coding %s', (_, codings) => {
    expect(read(GZIPPED, ...codings)).toBeUndefined();
  });

  it.each([
    ['is not compressed', TEXT],
    ['is empty', Buffer.alloc(0)],
    ['is cut off', GZIPPED.subarray(0, -1)],
    ['ends before its checksum', GZIPPED.subarray(0, -8)],
    ['has a byte behind its end', Buffer.concat([GZIPPED, Buffer.from([0])])],
    ['has two members', Buffer.concat([GZIPPED, GZIPPED])],
    ['has a wrong checksum', Buffer.concat([GZIPPED.subarray(0, -8), Buffer.alloc(4), GZIPPED.subarray(-4)])],
    ['has a wrong length', Buffer.concat([GZIPPED.subarray(0, -4), Buffer.alloc(4)])],
    ['has a file name that is a form', member(8, Buffer.from('&Action=DescribeAlarms&\0'))],
    ['has a comment', member(16, Buffer.from('a\0'))],
    ['has extra fields', member(4, Buffer.from([1, 0, 65]))],
    ['says that it is text', member(1, Buffer.alloc(0))],
    ['is of another method', member(0, Buffer.alloc(0), { method: 7 })],
  ])('is refused where it %s', (_, body) => {
    expect(read(body, 'gzip')).toBeUndefined();
  });

  it('of a form is not inflated to more than 100 times its size: its signature is not yet verified', () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    expect(plainForm(coded(bomb, 'gzip'))).toBeUndefined();
    expect(plainForm(coded(GZIPPED, 'gzip'))).toBe(TEXT.toString());
  });

  it('of other calls, whose signature is verified, may repeat itself: SDKs compress metrics 200 times', () => {
    expect(plainBody(coded(gzipSync(Buffer.alloc(5_000_000)), 'gzip'))).toHaveLength(5_000_000);
    expect(plainBody(coded(gzipSync(Buffer.alloc(10_000_001)), 'gzip'))).toBeUndefined();
  });

  it('of a request that claims no signature is not inflated beyond 64,000 bytes', () => {
    const text = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `a${i}=`).join('&'));
    const headers = [['content-encoding', 'gzip']] as const;
    expect(text.length).toBeGreaterThan(MAX_UNSIGNED_BYTES);
    expect(plainBody(request({ headers, body: gzipSync(text) }))).toBeUndefined();
    expect(plainBody(coded(gzipSync(text), 'gzip'))).toHaveLength(text.length);
  });
});
