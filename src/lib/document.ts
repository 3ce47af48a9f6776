/** A position in a source; both numbers are 1-based. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * An error at a position of a source. Same as `Fault` of `errors.ts`, which has the same rank and is therefore not
 * imported.
 */
export interface TextDiagnostic extends Partial<TextPosition> {
  readonly severity: 'error' | 'warning' | 'info';
  /** Stable kebab-case ID of the rule, e.g. `duplicate-key`. */
  readonly rule: string;
  readonly message: string;
  readonly file?: string;
}

/** A JSON or YAML document with the position of each value (absent if it was not parsed from a source). */
export type DocumentNode = ObjectNode | ArrayNode | ScalarNode;

export interface ObjectNode {
  readonly kind: 'object';
  /** In source order; a duplicate key has several entries. */
  readonly entries: readonly DocumentEntry[];
  readonly position?: TextPosition;
}

export interface DocumentEntry {
  readonly key: string;
  readonly keyPosition?: TextPosition;
  readonly value: DocumentNode;
}

interface ArrayNode {
  readonly kind: 'array';
  readonly items: readonly DocumentNode[];
  readonly position?: TextPosition;
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** A string's value; any other scalar as spelled in the source, so that `1.0` and `012345678901` are preserved. */
  readonly text: string;
  readonly position?: TextPosition;
}

/** Far more than any real document needs, and far from a stack overflow. */
export const MAX_DEPTH = 100;

/** The optional `position` of a node, for object spread. */
export const at = (position: TextPosition | undefined): { readonly position?: TextPosition } =>
  position === undefined ? {} : { position };

/** Converts a value of `JSON.parse` to a document without positions: for documents inside other JSON. */
export function fromValue(value: unknown): DocumentNode {
  if (Array.isArray(value)) return { kind: 'array', items: value.map(fromValue) };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, child]) => ({ key, value: fromValue(child) }));
    return { kind: 'object', entries };
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return { kind: 'scalar', value, text: String(value) };
  return { kind: 'scalar', value: null, text: 'null' };
}

/** The plain value of a document; the last of duplicate keys wins, as in `JSON.parse`. */
export function toValue(node: DocumentNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map(toValue);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, toValue(value)]));
}

/** The value of a key of an object; the last of duplicate keys, as in `JSON.parse`. */
export function memberOf(node: DocumentNode | undefined, key: string): DocumentNode | undefined {
  return node?.kind === 'object' ? node.entries.findLast((entry) => entry.key === key)?.value : undefined;
}

/** The items of a list; empty for other types. */
export const itemsOf = (node: DocumentNode | undefined): readonly DocumentNode[] =>
  node?.kind === 'array' ? node.items : [];

/**
 * The position of the value at a path (`['users', 'alice', 'groups', 0]`), or of its nearest existing parent. With
 * `'key'`, the position of the last key of the path instead of its value.
 */
export function positionOf(
  node: DocumentNode,
  path: readonly PropertyKey[],
  of: 'key' | 'value' = 'value',
): TextPosition | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return node.position;
  if (node.kind === 'array') {
    const item = node.items[Number(step)];
    return (item && positionOf(item, rest, of)) ?? node.position;
  }
  const entry = node.kind === 'object' ? node.entries.find(({ key }) => key === String(step)) : undefined;
  if (entry === undefined) return node.position;
  if (rest.length === 0 && of === 'key') return entry.keyPosition ?? node.position;
  return positionOf(entry.value, rest, of) ?? entry.keyPosition ?? node.position;
}

/** An error for each duplicate key, at the later position. */
export function duplicateKeys(node: DocumentNode, file?: string): readonly TextDiagnostic[] {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'array') return node.items.flatMap((item) => duplicateKeys(item, file));
  const seen = new Set<string>();
  return node.entries.flatMap(({ key, keyPosition, value }) => {
    const inside = duplicateKeys(value, file);
    if (!seen.has(key)) {
      seen.add(key);
      return inside;
    }
    return [faultAt('duplicate-key', `duplicate key "${key}"`, keyPosition, file), ...inside];
  });
}

/** An error (or a warning) at a position in a file. */
export function faultAt(
  rule: string,
  message: string,
  position: TextPosition | undefined,
  file?: string,
  severity: TextDiagnostic['severity'] = 'error',
): TextDiagnostic {
  return {
    severity,
    rule,
    message,
    ...(file !== undefined && { file }),
    ...(position && { line: position.line, column: position.column }),
  };
}
