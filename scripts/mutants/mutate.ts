import { type Node, parseSync } from 'oxc-parser';

/** One change of one place: what was there and what is there instead. */
export interface Mutant {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  readonly from: string;
  readonly to: string;
}

/** Where the active mutant is asked for: `__mutant(7)` is true while mutant 7 is active, and notes that it was reached. */
export const SWITCH = '__mutant';

interface Place {
  readonly start: number;
  readonly end: number;
}

interface Change extends Place {
  readonly to: string;
}

const OPERATORS: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '&&': '||',
  '||': '&&',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
};

const METHODS: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  toLowerCase: 'toUpperCase',
};

type Rule = (node: Node, source: string) => Change | undefined;

/** One row for each kind of syntax that is changed. */
const RULES: Readonly<Record<string, Rule>> = {
  BinaryExpression: operatorOf,
  LogicalExpression: operatorOf,
  UnaryExpression: (node, source) =>
    node.type === 'UnaryExpression' && node.operator === '!'
      ? { ...placeOf(node), to: textOf(node.argument, source) }
      : undefined,
  ConditionalExpression: (node, source) =>
    node.type === 'ConditionalExpression'
      ? { ...placeOf(node), to: textOf(node.alternate, source) }
      : undefined,
  IfStatement: (node) => (node.type === 'IfStatement' ? { ...placeOf(node.test), to: 'false' } : undefined),
  Literal: (node) => {
    if (node.type !== 'Literal') return undefined;
    if (typeof node.value === 'boolean') return { ...placeOf(node), to: String(!node.value) };
    return typeof node.value === 'number' ? { ...placeOf(node), to: String(node.value + 1) } : undefined;
  },
  CallExpression: (node, source) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
    const { property } = node.callee;
    const other = property.type === 'Identifier' ? METHODS[property.name] : undefined;
    if (other === undefined || textOf(node.callee, source).includes('?.')) return undefined;
    const before = source.slice(node.start, property.start);
    return { ...placeOf(node), to: before + other + source.slice(property.end, node.end) };
  },
};

/** Where an expression cannot be replaced by another: types, keys, and what narrows a type is code all the same. */
const SKIPPED =
  /^(?:TS(?!AsExpression|NonNullExpression|SatisfiesExpression)|Import|Export(?:All|Specifier))/;

/** The changes of a source, in its order. */
export function changesOf(file: string, source: string): readonly Change[] {
  const changes: Change[] = [];
  walk(parseSync(file, source).program, (node) => {
    const change = RULES[node.type]?.(node, source);
    if (change !== undefined) changes.push(change);
  });
  return changes.toSorted((a, b) => a.start - b.start || b.end - a.end);
}

/**
 * The source with all its mutants: each changed expression becomes a choice between the mutant and what was there. Mutants
 * inside of the original stay reachable; those inside of a mutant are gone.
 */
export function instrument(
  file: string,
  source: string,
  firstId: number,
): { readonly code: string; readonly mutants: readonly Mutant[] } {
  const mutants: Mutant[] = [];
  const changes = changesOf(file, source);
  const render = (from: number, to: number, inside: readonly Change[]): string => {
    let code = '';
    let at = from;
    for (const [index, change] of inside.entries()) {
      if (change.start < at) continue;
      const { start, end, to: other } = change;
      const id = firstId + mutants.length;
      const line = source.slice(0, start).split('\n').length;
      mutants.push({ id, file, line, from: source.slice(start, end), to: other });
      const nested = inside.slice(index + 1).filter((each) => each.start >= start && each.end <= end);
      code += `${source.slice(at, start)}(${SWITCH}(${id}) ? (${other}) : (${render(start, end, nested)}))`;
      at = end;
    }
    return code + source.slice(at, to);
  };
  return { code: render(0, source.length, changes), mutants };
}

function operatorOf(node: Node, source: string): Change | undefined {
  if (node.type !== 'BinaryExpression' && node.type !== 'LogicalExpression') return undefined;
  const other = OPERATORS[node.operator];
  if (other === undefined) return undefined;
  // A `+` of strings has no counterpart.
  if (node.operator === '+' && /['"`]/.test(source.slice(node.start, node.end))) return undefined;
  const between = source.slice(node.left.end, node.right.start).replace(node.operator, other);
  return { ...placeOf(node), to: textOf(node.left, source) + between + textOf(node.right, source) };
}

const placeOf = ({ start, end }: Place): Place => ({ start, end });
const textOf = ({ start, end }: Place, source: string): string => source.slice(start, end);

function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) {
    for (const each of node) walk(each, visit);
  } else if (isNode(node) && !SKIPPED.test(node.type)) {
    visit(node);
    for (const [key, child] of Object.entries(node)) {
      // A name of a member is not an expression.
      const isName = key === 'key' && 'computed' in node && node.computed === false;
      if (key !== 'parent' && !isName) walk(child, visit);
    }
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
