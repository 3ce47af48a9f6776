import { type AwsError, awsError } from '../lib/errors.ts';
import { parseJson } from '../lib/parse-json.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Shape, StructureShape } from '../model/shape.ts';
import { emptyObject, type InputValue } from './input-value.ts';
import { hasDuplicateKey, hasLoneSurrogate, miscasedMember } from './json-readings.ts';

/** The value is not of the shape's type; the message is AWS's. */
class WrongType extends Error {}

/**
 * Reads a JSON body by its shape. Wordings of the wrong types as an awsJson1.1 service answers them; a body that is not
 * a JSON object is refused without a message. Refused too is what two parsers read differently (docs/security.md): a key
 * given twice, half of a surrogate pair, a member of a structure in another case.
 */
export function decodeJson(body: Uint8Array, shape: StructureShape): Result<InputValue, AwsError> {
  const value = parseObject(body);
  return value === undefined ? err(malformed('')) : shapedInput(value, shape, JSON_SCALARS);
}

/** A value that was parsed already, by its shape; `scalars` are those of the format that it was parsed from. */
export function shapedInput(
  value: unknown,
  shape: StructureShape,
  scalars: ScalarReaders,
): Result<InputValue, AwsError> {
  try {
    return ok((decode(value, shape, scalars) ?? emptyObject()) as InputValue);
  } catch (cause) {
    if (cause instanceof WrongType) return err(malformed(cause.message));
    throw cause;
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `undefined` where the body is not JSON in UTF-8, is not an object, or could be read differently. */
function parseObject(body: Uint8Array): object | undefined {
  try {
    const text = UTF_8.decode(body);
    const value = parseJson(text);
    if (typeof value !== 'object' || value === null) return undefined;
    return hasDuplicateKey(text, value) || hasLoneSurrogate(text, value) ? undefined : value;
  } catch {
    return undefined;
  }
}

export const malformed = (message: string): AwsError => awsError('SerializationException', message);

/** `undefined` if the value is treated as absent. */
function decode(value: unknown, shape: Shape, scalars: ScalarReaders): unknown {
  if (value === null || value === undefined) return undefined;
  switch (shape.type) {
    case 'structure': {
      const given = asObject(value);
      const miscased = miscasedMember(Object.keys(given), shape);
      if (miscased !== undefined) throw new WrongType(miscased);
      const structure = emptyObject();
      for (const [name, { shape: member, wireName, inQuery }] of shape.members) {
        if (inQuery) continue;
        const decoded = Object.hasOwn(given, wireName) ? decode(given[wireName], member, scalars) : undefined;
        if (decoded !== undefined) structure[name] = decoded;
      }
      return structure;
    }
    case 'map': {
      const map = emptyObject();
      for (const [key, item] of Object.entries(asObject(value))) {
        const decoded = decode(item, shape.value.shape, scalars);
        if (decoded !== undefined) map[key] = decoded;
      }
      return map;
    }
    case 'list':
      return asList(value)
        .map((item) => decode(item, shape.member.shape, scalars))
        .filter((item) => item !== undefined);
    default:
      return decodeScalar(value, shape, scalars);
  }
}

type ScalarShape = Exclude<Shape, { readonly type: 'structure' | 'list' | 'map' }>;

/** The value in its own type, or `undefined` where it does not have that type. */
export type ScalarReaders = Readonly<Record<ScalarShape['type'], (value: unknown) => unknown>>;

function decodeScalar(value: unknown, { type }: ScalarShape, scalars: ScalarReaders): unknown {
  if (Array.isArray(value)) throw new WrongType('Start of list found where not expected');
  const decoded = scalars[type](value);
  if (decoded !== undefined) return decoded;
  if (typeof value === 'object') throw new WrongType('Start of structure or map found where not expected.');
  throw new WrongType(`${tokenOf(value)} can not be converted to ${NOUNS[type]}`);
}

/** Timestamps are epoch seconds, blobs base64, and numbers that JSON does not have are strings. */
const JSON_SCALARS: ScalarReaders = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  integer: wholeNumber,
  long: wholeNumber,
  float: floatingPoint,
  double: floatingPoint,
  timestamp: (value) =>
    typeof value === 'number' ? validDate(new Date(Math.round(value * 1000))) : undefined,
  blob: (value) => (typeof value === 'string' ? decodeBase64(value) : undefined),
};

const ownNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** CBOR has a type of its own for each; a timestamp is one by its tag. */
export const CBOR_SCALARS: ScalarReaders = {
  ...JSON_SCALARS,
  float: ownNumber,
  double: ownNumber,
  timestamp: (value) => (value instanceof Date ? validDate(value) : undefined),
  blob: (value) => (value instanceof Uint8Array ? value : undefined),
};

const NOUNS: Readonly<Record<ScalarShape['type'], string>> = {
  string: 'a String',
  boolean: 'a Boolean',
  integer: 'an Integer',
  long: 'a Long',
  float: 'a Float',
  double: 'a Double',
  timestamp: 'milliseconds since epoch',
  blob: 'a ByteBuffer',
};

const NON_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** AWS cuts off the fraction. */
function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? Math.trunc(value) : undefined;
}

function floatingPoint(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && Object.hasOwn(NON_FINITE, value) ? NON_FINITE[value] : undefined;
}

export function validDate(date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function decodeBase64(text: string): Uint8Array | undefined {
  return BASE64.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : undefined;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (Array.isArray(value)) throw new WrongType('Start of list found where not expected');
  if (typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array)
    throw new WrongType('Expected null');
  return value as Readonly<Record<string, unknown>>;
}

function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'object') throw new WrongType('Start of structure or map found where not expected.');
  throw new WrongType('Expected list or null');
}

function tokenOf(value: unknown): string {
  return typeof value === 'boolean'
    ? `${String(value).toUpperCase()}_VALUE`
    : `${(typeof value).toUpperCase()}_VALUE`;
}
