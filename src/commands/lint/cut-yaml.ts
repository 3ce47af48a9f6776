import { isDeepStrictEqual } from 'node:util';
import { isAlias, isMap, isSeq, type Node, parseDocument, type YAMLSeq } from 'yaml';
import type { DocumentPath } from './finding.ts';

interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts elements of lists out of a text of YAML; everything else stays to the letter, comments and line ends too. A comment
 * on the lines above an element goes with it, but for the first of a list, where it may speak of the list.
 * @returns `undefined` where the result would not be the document without the elements (an anchor that is used elsewhere)
 */
export function cutYaml(text: string, paths: readonly DocumentPath[]): string | undefined {
  const document = parseDocument(text);
  const lists = Map.groupBy(paths, (path) => JSON.stringify(path.slice(0, -1)));
  const cuts: Range[] = [];
  for (const [list, own] of lists) {
    const node = document.getIn(JSON.parse(list) as DocumentPath);
    if (!isSeq(node)) return undefined;
    const gone = new Set(own.map((path) => Number(path.at(-1))));
    const ranges = [...gone].map((index) =>
      node.flow ? flowRange(node, index, gone) : blockRange(node, index, text),
    );
    for (const range of ranges) {
      if (range === undefined) return undefined;
      cuts.push(range);
    }
  }
  const fixed = cuts
    .toSorted((one, other) => other.from - one.from)
    .reduce((rest, { from, to }) => rest.slice(0, from) + rest.slice(to), text);
  return isWithout(fixed, text, paths) ? fixed : undefined;
}

/** From the end of the element before; from its own start, where all before it go too. */
function flowRange({ items }: YAMLSeq, index: number, gone: ReadonlySet<number>): Range | undefined {
  const [before, own, after] = [items[index - 1], items[index], items[index + 1]].map((item) => spanOf(item));
  if (own === undefined) return undefined;
  const isFirst = items.slice(0, index).every((_, earlier) => gone.has(earlier));
  if (isFirst) return { from: own.from, to: after?.from ?? own.to };
  return before && { from: before.to, to: own.to };
}

/** The lines of an element. */
function blockRange({ items }: YAMLSeq, index: number, text: string): Range | undefined {
  const span = spanOf(items[index]);
  if (span === undefined) return undefined;
  const line = text.lastIndexOf('\n', span.from - 1) + 1;
  // `- - x` and `key: - x` have no line of their own.
  const [dash, indent] = /^([ \t]*)-\s/.exec(text.slice(line, span.from + 1)) ?? [];
  if (dash === undefined) return undefined;
  const next = text.indexOf('\n', span.to);
  const to = text[span.to - 1] === '\n' ? span.to : next < 0 ? text.length : next + 1;
  return { from: index === 0 ? line : commentStart(text, line, indent ?? ''), to };
}

/** The first of the comment lines right above a line. */
function commentStart(text: string, line: number, indent: string): number {
  let start = line;
  while (start > 0) {
    const before = text.lastIndexOf('\n', start - 2) + 1;
    if (!text.slice(before, start).startsWith(`${indent}#`)) break;
    start = before;
  }
  return start;
}

/** Where a node begins, with its anchor or tag left out, and where its last value ends. */
function spanOf(item: unknown): Range | undefined {
  const { range } = (item ?? {}) as Node;
  return range ? { from: range[0], to: endOf(item as Node) } : undefined;
}

/** Comments after the last value belong to what follows. */
function endOf(node: Node): number {
  const end = node.range?.[1] ?? 0;
  if (isMap(node) && !node.flow) {
    const last = node.items.at(-1);
    return last ? endOf((last.value ?? last.key) as Node) : end;
  }
  if (isSeq(node) && !node.flow) {
    const last = node.items.at(-1);
    return last ? endOf(last as Node) : end;
  }
  return isAlias(node) ? (node.range?.[1] ?? 0) : end;
}

/** Whether a text is the same document but for the elements. */
function isWithout(fixed: string, text: string, paths: readonly DocumentPath[]): boolean {
  // The later ones first, so that the numbers of the earlier ones stay true.
  const lastFirst = paths.toSorted(
    (one, other) => other.length - one.length || Number(other.at(-1)) - Number(one.at(-1)),
  );
  const wanted = contentOf(text);
  for (const path of lastFirst) {
    const list = path.slice(0, -1).reduce<unknown>((value, key) => Reflect.get(Object(value), key), wanted);
    if (!Array.isArray(list)) return false;
    list.splice(Number(path.at(-1)), 1);
  }
  const content = contentOf(fixed);
  return content !== undefined && isDeepStrictEqual(content, wanted);
}

/** The value with aliases resolved; `undefined` if it is not a document or an alias has lost its anchor. */
function contentOf(text: string): unknown {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  try {
    return JSON.parse(JSON.stringify(document.toJS()));
  } catch {
    return undefined;
  }
}
