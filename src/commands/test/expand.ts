import type { Path } from '../../lib/schema-diagnostics.ts';
import type { PolicyTestFile, TestRow } from './schema.ts';

/** A row with all that it takes over from its test and from the defaults, and where each of it was written. */
export interface ExpandedRow {
  readonly name: string;
  readonly values: TestRow;
  /** The path of the row. */
  readonly path: Path;
  /** The path of a member, where it was written last. */
  readonly pathOf: (member: keyof TestRow) => Path;
}

/** Members of which one replaces the others: a row that names several actions asks for no call. */
const ALTERNATIVES: readonly (readonly (keyof TestRow)[])[] = [
  ['principal', 'principals'],
  ['action', 'actions', 'call'],
  ['resource', 'resources'],
];

interface Layer {
  readonly values: TestRow;
  readonly path: Path;
}

/** The rows of a file, in its order: a row's own members count before its test's, and those before the defaults. */
export function expandRows({ defaults = {}, tests = [] }: PolicyTestFile): readonly ExpandedRow[] {
  const common: Layer = { values: defaults, path: ['defaults'] };
  return tests.flatMap(({ cases, ...test }, index) => {
    const own: Layer = { values: test, path: ['tests', index] };
    if (cases === undefined) return [merge([common, own], test.name)];
    return cases.map((values, row) => {
      const name = values.name === undefined ? test.name : `${test.name} › ${values.name}`;
      return merge([common, own, { values, path: ['tests', index, 'cases', row] }], name);
    });
  });
}

function merge(layers: readonly Layer[], name: string): ExpandedRow {
  const values = layers.reduce<TestRow>(
    (below, { values: above }) => ({
      ...without(below, above),
      ...above,
      ...((below.context || above.context) && { context: mergeContext(below.context, above.context) }),
    }),
    {},
  );
  const own = layers.at(-1)?.path ?? [];
  return {
    name,
    values,
    path: own,
    pathOf: (member) => {
      const layer = layers.findLast((each) => each.values[member] !== undefined);
      return layer ? [...layer.path, member] : own;
    },
  };
}

function without(below: TestRow, above: TestRow): TestRow {
  const replaced = ALTERNATIVES.filter((members) =>
    members.some((member) => above[member] !== undefined),
  ).flat();
  return Object.fromEntries(
    Object.entries(below).filter(([member]) => !replaced.some((name) => name === member)),
  );
}

/** Names of context keys ignore case. */
function mergeContext(below: TestRow['context'] = {}, above: TestRow['context'] = {}): TestRow['context'] {
  const given = new Set(Object.keys(above).map((key) => key.toLowerCase()));
  const kept = Object.entries(below).filter(([key]) => !given.has(key.toLowerCase()));
  return { ...Object.fromEntries(kept), ...above };
}
