import { type AwsError, awsError } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { ListShape, MapShape, Shape, StructureShape } from '../model/shape.ts';
import { decodeBase64, validDate } from './decode-json.ts';
import { emptyObject, type InputValue } from './input-value.ts';

/** A parameter name is a path: `Tags.member.1.Key` is `Key` under `1` under `member` under `Tags`. */
interface Node {
  value?: string;
  readonly children: Map<string, Node>;
}

/** Deeper than any shape: what is deeper still is no member, and costs nothing. */
const MAX_DEPTH = 32;

class MalformedInput extends Error {}

/**
 * Reads the input of AWS's query protocol by its shape.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function decodeQuery(
  parameters: ReadonlyMap<string, string>,
  shape: StructureShape,
): Result<InputValue, AwsError> {
  try {
    return ok(decodeStructure(treeOf(parameters), shape));
  } catch (cause) {
    if (cause instanceof MalformedInput) return err(awsError('SerializationException', ''));
    throw cause;
  }
}

function treeOf(parameters: ReadonlyMap<string, string>): Node {
  const root: Node = { children: new Map() };
  for (const [name, value] of parameters) {
    let node = root;
    const parts = name.split('.', MAX_DEPTH + 1);
    if (parts.length > MAX_DEPTH) continue;
    for (const part of parts) {
      const next: Node = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, next);
      node = next;
    }
    node.value ??= value;
  }
  return root;
}

function decode(node: Node | undefined, shape: Shape): unknown {
  if (node === undefined) return undefined;
  switch (shape.type) {
    case 'structure':
      return node.children.size > 0 ? decodeStructure(node, shape) : undefined;
    case 'list':
      return decodeList(node, shape);
    case 'map':
      return decodeMap(node, shape);
    default:
      return node.value === undefined ? undefined : decodeScalar(node.value, shape.type);
  }
}

function decodeStructure(node: Node, shape: StructureShape): InputValue {
  const structure = emptyObject();
  for (const [name, { shape: member, wireName }] of shape.members) {
    const decoded = decode(node.children.get(wireName), member);
    if (decoded !== undefined) structure[name] = decoded;
  }
  return structure;
}

/** `Names.member.1=a`, flattened `Names.1=a`; `Names=` is the empty list. */
function decodeList(node: Node, { member, flattened }: ListShape): unknown[] | undefined {
  const items = flattened ? node : node.children.get(member.wireName);
  if (items === undefined) return node.value === '' ? [] : undefined;
  return numbered(items)
    .map((item) => decode(item, member.shape))
    .filter((item) => item !== undefined);
}

/** `Tags.entry.1.key=a&Tags.entry.1.value=b`, flattened `Tags.1.key=a`. */
function decodeMap(node: Node, { key, value, flattened }: MapShape): InputValue | undefined {
  const entries = flattened ? node : node.children.get('entry');
  if (entries === undefined) return node.value === '' ? emptyObject() : undefined;
  const map = emptyObject();
  for (const entry of numbered(entries)) {
    const name = entry.children.get(key.wireName)?.value;
    const decoded = decode(entry.children.get(value.wireName), value.shape);
    if (name !== undefined && decoded !== undefined && !Object.hasOwn(map, name)) map[name] = decoded;
  }
  return map;
}

const POSITION = /^[1-9]\d{0,8}$/;

/** The children in the order of their numbers; gaps do not matter. */
function numbered({ children }: Node): readonly Node[] {
  return [...children]
    .filter(([position]) => POSITION.test(position))
    .sort(([one], [other]) => Number(one) - Number(other))
    .map(([, node]) => node);
}

type ScalarType = Exclude<Shape['type'], 'structure' | 'list' | 'map'>;

/** `undefined` where the text is not one of the type. */
const SCALARS: Readonly<Record<ScalarType, (text: string) => unknown>> = {
  string: (text) => text,
  boolean: (text) => (/^(?:true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined),
  integer: wholeNumber,
  long: wholeNumber,
  float: floatingPoint,
  double: floatingPoint,
  timestamp: (text) =>
    validDate(new Date(/^\d+(?:\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : text)),
  blob: decodeBase64,
};

function decodeScalar(text: string, type: ScalarType): unknown {
  const decoded = SCALARS[type](text);
  if (decoded === undefined) throw new MalformedInput();
  return decoded;
}

function wholeNumber(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

function floatingPoint(text: string): number | undefined {
  return /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN|-?Infinity)$/.test(text)
    ? Number(text)
    : undefined;
}
