import { type DocumentNode, faultAt, toValue } from '../../lib/document.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { didYouMean } from '../../lib/nearest.ts';
import type { Shape } from '../../model/shape.ts';

/** A value as a request would carry it in JSON, and what a person mistyped. */
interface SeedInput {
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What a person wrote as the input of a call, by its shape. Two things are easier to write than in a request: a text that
 * holds JSON (a schema, `properties`) may be a mapping, and a time may be ISO 8601. A member that the shape does not know
 * is a diagnostic here: in a file the author cannot see that AWS would ignore it.
 */
export function seedInput(node: DocumentNode, shape: Shape, file: string): SeedInput {
  if (node.kind === 'scalar') return { value: scalar(node.value, shape), diagnostics: [] };
  if (shape.type === 'string') return { value: JSON.stringify(toValue(node)), diagnostics: [] };
  if (node.kind === 'array') {
    const items = node.items.map((item) => seedInput(item, itemShape(shape), file));
    return {
      value: items.map(({ value }) => value),
      diagnostics: items.flatMap(({ diagnostics }) => diagnostics),
    };
  }
  const members = node.entries.map(({ key, keyPosition, value }) => {
    const member = memberShape(shape, key);
    if (member !== undefined) return { key, ...seedInput(value, member, file) };
    const known = shape.type === 'structure' ? [...shape.members.keys()] : [];
    const message = `unknown member "${key}"${didYouMean(key, known)}`;
    return { key, value: undefined, diagnostics: [faultAt('unknown-member', message, keyPosition, file)] };
  });
  return {
    value: Object.fromEntries(members.map(({ key, value }) => [key, value])),
    diagnostics: members.flatMap(({ diagnostics }) => diagnostics),
  };
}

function scalar(value: unknown, { type }: Shape): unknown {
  if (type !== 'timestamp' || typeof value !== 'string') return value;
  const millis = Date.parse(value);
  return Number.isNaN(millis) ? value : millis / 1000;
}

/** A list in the place of another shape is reported when the whole input is decoded. */
const itemShape = (shape: Shape): Shape => (shape.type === 'list' ? shape.member.shape : shape);

function memberShape(shape: Shape, key: string): Shape | undefined {
  if (shape.type === 'map') return shape.value.shape;
  if (shape.type === 'structure') return shape.members.get(key)?.shape;
  return shape;
}
