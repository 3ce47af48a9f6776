import { encode } from 'cbor2';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StructureShape } from '../../../src/model/shape.ts';
import { cloudwatchModel } from '../../../src/services/cloudwatch/model.ts';
import { decodeCbor, loadCodec } from '../../../src/wire/cbor.ts';

beforeAll(() => loadCodec('rpcV2Cbor'));

function shapeOf(name: string): StructureShape {
  const input = cloudwatchModel().operations.get(name)?.input;
  if (input === undefined) throw new Error(`${name} has no input`);
  return input;
}

const PUT = shapeOf('PutMetricData');
const GET = shapeOf('GetMetricData');

/** `a1 61 61 01`: bytes as RFC 8949 prints them. */
const read = (hex: string, shape = PUT) => decodeCbor(Buffer.from(hex.replaceAll(' ', ''), 'hex'), shape);

const hexOf = (value: unknown): string => Buffer.from(encode(value)).toString('hex');
const NAMESPACE = hexOf('Namespace');
const REFUSED = { ok: false, error: { code: 'SerializationException', message: '' } };

describe('a CBOR body', () => {
  it('is read by the shape, with timestamps by their tag', () => {
    const StartTime = new Date(1_700_000_000_500);
    const body = encode({
      MetricDataQueries: [{ Id: 'a', ReturnData: true, Period: 60 }],
      StartTime,
      MaxDatapoints: 5,
    });
    expect(decodeCbor(body, GET)).toEqual({
      ok: true,
      value: { MetricDataQueries: [{ Id: 'a', ReturnData: true, Period: 60 }], StartTime, MaxDatapoints: 5 },
    });
  });

  it.each([
    ['maps', `bf ${NAMESPACE} ${hexOf('Shop')} ff`],
    ['strings', `a1 ${NAMESPACE} 7f 62 5368 62 6f70 ff`],
    ['keys', `a1 7f 64 4e616d65 65 7370616365 ff ${hexOf('Shop')}`],
  ])('is read where its %s are of indefinite length', (_, hex) => {
    expect(read(hex)).toEqual({ ok: true, value: { Namespace: 'Shop' } });
  });

  it.each([
    ['a key of bytes', `a1 49 ${NAMESPACE.slice(2)} ${hexOf('Shop')}`],
    ['a key of bytes beside the same of text', `a2 ${NAMESPACE} 61 61 49 ${NAMESPACE.slice(2)} 61 62`],
    ['a number as a key', `a2 ${NAMESPACE} 61 61 01 61 62`],
    ['a key in a deeper map that is a number', `a1 61 78 81 a1 01 02`],
    ['a key twice', `a2 ${NAMESPACE} 61 61 ${NAMESPACE} 61 62`],
    ['a key twice, once in pieces', `a2 ${NAMESPACE} 61 61 7f 64 4e616d65 65 7370616365 ff 61 62`],
    ['a tagged key', `a1 d818 ${NAMESPACE} 61 61`],
    ['the tag of self-described CBOR', `d9d9f7 a1 ${NAMESPACE} 61 61`],
    ['a bignum', `a1 61 78 c2 41 01`],
    ['a set', `a1 61 78 d90102 81 01`],
    ['a tag in a list', `a1 61 78 81 d818 41 00`],
    ['a tag of a date as text', `a1 61 78 c0 74 ${Buffer.from('2020-01-01T00:00:00Z').toString('hex')}`],
    ['a timestamp of text', 'a1 61 78 c1 61 31'],
    ['undefined', `a1 ${NAMESPACE} f7`],
    ['a simple value', `a1 ${NAMESPACE} f0`],
    ['text that is not UTF-8', `a1 ${NAMESPACE} 61 ff`],
    ['half a character in a piece of text', `a1 ${NAMESPACE} 7f 61 c3 61 a9 ff`],
    ['bytes behind its end', `a1 ${NAMESPACE} 61 61 00`],
    ['less than it says', `a1 ${NAMESPACE} 62 61`],
    ['65 levels', `a1 61 78 ${'81'.repeat(65)} 00`],
  ])('is refused with %s', (_, hex) => {
    expect(read(hex)).toEqual(REFUSED);
  });

  it.each([
    ['a timestamp for text', 'PutMetricData', { Namespace: new Date(0) }],
    ['a timestamp for a structure', 'PutMetricData', { MetricData: [new Date(0)] }],
    ['bytes for text', 'PutMetricData', { Namespace: new Uint8Array([97]) }],
    ['bytes for a list', 'PutMetricData', { MetricData: new Uint8Array([97]) }],
    ['a number for a timestamp', 'GetMetricData', { StartTime: 1_700_000_000 }],
    ['text for a number', 'PutMetricData', { MetricData: [{ Value: 'NaN' }] }],
    ['a member in another case', 'PutMetricData', { namespace: 'Shop' }],
    ['a list', 'PutMetricData', ['Namespace']],
  ])('is refused with %s', (_, operation, input) => {
    expect(decodeCbor(encode(input), shapeOf(operation))).toMatchObject({
      ok: false,
      error: { code: 'SerializationException' },
    });
  });

  it('keeps keys that JavaScript knows as plain keys', () => {
    const decoded = decodeCbor(encode(JSON.parse('{"__proto__":{"Namespace":"x"},"Namespace":"y"}')), PUT);
    expect(decoded).toEqual({ ok: true, value: { Namespace: 'y' } });
  });

  it('looks for keys given twice in time that grows with the body', () => {
    const key = (index: number): Buffer => Buffer.from(`\x65${String(index).padStart(5, '0')}\x00`);
    const many = Buffer.concat([
      Buffer.from('b9c350', 'hex'),
      ...Array.from({ length: 50_000 }, (_, index) => key(index)),
    ]);
    expect(decodeCbor(many, PUT)).toEqual({ ok: true, value: {} });
  });
});
