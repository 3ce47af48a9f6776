import type { AwsError } from '../lib/errors.ts';
import type { HttpResponse } from '../lib/http-message.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Shape, StructureShape } from '../model/shape.ts';
import { CBOR_SCALARS, malformed, shapedInput } from './decode-json.ts';
import { emptyObject, type InputValue, isEmptyMade } from './input-value.ts';

let codec: typeof import('cbor2') | undefined;

/** Loads the CBOR codec on first use, so that starting does not pay for it. It must be loaded before CBOR is read or written. */
export function loadCodec(protocol: string | undefined): Promise<void> | undefined {
  if (protocol !== 'rpcV2Cbor' || codec !== undefined) return undefined;
  return import('cbor2').then((loaded) => {
    codec = loaded;
  });
}

function loaded(): typeof import('cbor2') {
  if (codec === undefined) throw new Error('the codec of CBOR is not loaded');
  return codec;
}

/** Far deeper than any input of the models. */
const MOST_DEPTH = 64;

/** One of several readings of CBOR, or one that is not JSON-like data. */
class Ambiguous extends Error {}

/** The one tag that a call has: seconds since the epoch. */
const TIMESTAMP_TAG = 1;

/**
 * Reads a CBOR body by its shape: maps with text keys, each given once, and the types of the model. Every tag but that of
 * a timestamp, other keys, bytes after the end and depths that no input has are refused: the upstream might read
 * something else (docs/security.md).
 * @see https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export function decodeCbor(body: Uint8Array, shape: StructureShape): Result<InputValue, AwsError> {
  if (body.length === 0) return ok(emptyObject());
  let value: unknown;
  try {
    value = plain(parse(body));
  } catch {
    return err(malformed(''));
  }
  return shapedInput(value, shape, CBOR_SCALARS);
}

const parse = (body: Uint8Array): unknown =>
  loaded().decode(body, {
    maxDepth: MOST_DEPTH,
    ignoreGlobalTags: true,
    tags: new Map([[TIMESTAMP_TAG, ({ contents }) => timestamp(contents)]]),
    rejectSimple: true,
    rejectUndefined: true,
    createObject: (entries) => textMap(entries),
  });

function timestamp(seconds: unknown): Date {
  if (typeof seconds !== 'number') throw new Ambiguous();
  return new Date(Math.round(seconds * 1000));
}

function textMap(entries: readonly (readonly [key: unknown, value: unknown, ...rest: unknown[]])[]): object {
  const map = emptyObject();
  for (const [key, value] of entries) {
    if (typeof key !== 'string' || Object.hasOwn(map, key)) throw new Ambiguous();
    map[key] = plain(value);
  }
  return map;
}

/** A map is one of ours, and was looked at when it was made; what has another prototype is a tag, or of no type of JSON. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  const isObject = typeof value === 'object' && value !== null;
  const isKnown = value instanceof Date || value instanceof Uint8Array;
  if (isObject && !isKnown && !isEmptyMade(value)) throw new Ambiguous();
  return value;
}

/** An answer in CBOR; `value` holds timestamps as `Date`. */
export const cborResponse = (status: number, value: unknown, requestId: string): HttpResponse => ({
  status,
  headers: {
    'content-type': 'application/cbor',
    'smithy-protocol': 'rpc-v2-cbor',
    'x-amzn-requestid': requestId,
  },
  body: loaded().encode(value),
});

/** An output value as its shape has it in CBOR. */
export function cborValue(value: unknown, shape: Shape): unknown {
  switch (shape.type) {
    case 'structure': {
      const fields = value as Readonly<Record<string, unknown>>;
      const members = [...shape.members].filter(([name]) => (fields[name] ?? undefined) !== undefined);
      return Object.fromEntries(
        members.map(([name, { shape: member }]) => [name, cborValue(fields[name], member)]),
      );
    }
    case 'list':
      return (value as readonly unknown[]).map((item) => cborValue(item, shape.member.shape));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [key, cborValue(item, shape.value.shape)]),
      );
    default:
      return value;
  }
}
