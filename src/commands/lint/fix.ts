import { readFile } from 'node:fs/promises';
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { type Document, isSeq, parseDocument } from 'yaml';
import { writeFiles } from '../../reports/write-files.ts';
import { cutYaml } from './cut-yaml.ts';
import type { DocumentPath } from './finding.ts';

/** What `--fix` did to a file. */
export interface Fixed {
  readonly file: string;
  /** How many findings are fixed. */
  readonly removed: number;
  /** Why some are not. */
  readonly kept?: string;
}

/** Takes elements of lists out of a policy file; the last one of a list stays, because AWS rejects empty lists. */
export async function fixFile(file: string, paths: readonly DocumentPath[]): Promise<Fixed> {
  const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  const { fixed, removed, kept } = withoutPaths(text, /\.ya?ml$/.test(file) ? 'yaml' : 'json', paths);
  if (removed > 0) {
    const written = await writeFiles(new Map([[file, fixed]]), { overwrite: true });
    if (!written.ok) throw new Error(written.error.map(({ message }) => `${file} ${message}`).join('\n'));
  }
  return { file, removed, ...(kept !== undefined && { kept }) };
}

/** The same of a text. */
export function withoutPaths(
  text: string,
  format: 'json' | 'yaml',
  paths: readonly DocumentPath[],
): { readonly fixed: string; readonly removed: number; readonly kept?: string } {
  const document = parseDocument(text);
  const wanted = outermost(isSeq(document.get('Statement')) ? paths : paths.map(ofOnlyStatement));
  const removable = wanted.filter((path) => isOneOfSeveral(document, path, wanted));
  const note = removable.length < wanted.length ? { kept: 'the last element of a list is kept' } : {};
  if (removable.length === 0) return { fixed: text, removed: 0, ...note };
  const fixed = format === 'json' ? cutJson(text, removable) : cutYaml(text, removable);
  if (fixed === undefined)
    return { fixed: text, removed: 0, kept: 'it cannot be removed automatically: remove it by hand' };
  return { fixed, removed: removable.length, ...note };
}

/** A statement that is not in a list has no number; itself it is the last of its list. */
const ofOnlyStatement = ([statement = '', _, ...inside]: DocumentPath): DocumentPath => [
  statement,
  ...inside,
];

/** Each path once, without those inside of what another one takes out. */
function outermost(paths: readonly DocumentPath[]): readonly DocumentPath[] {
  const once = [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
  return once.filter((path) => !once.some((outer) => outer.length < path.length && startsWith(path, outer)));
}

const startsWith = (path: DocumentPath, start: DocumentPath): boolean =>
  start.every((step, depth) => path[depth] === step);

const indexIn = (path: DocumentPath): number => Number(path.at(-1));

/** Whether its list keeps something, when all of the paths are taken out. */
function isOneOfSeveral(document: Document, path: DocumentPath, all: readonly DocumentPath[]): boolean {
  const list = path.slice(0, -1);
  const items = document.getIn(list);
  const gone = all.filter((other) => other.length === path.length && startsWith(other, list));
  return isSeq(items) && gone.length < items.items.length;
}

/** Cuts each element with the comma and the space that part it from its neighbour; the rest stays to the letter. */
function cutJson(text: string, paths: readonly DocumentPath[]): string {
  const root = parseTree(text);
  const cuts = paths.flatMap((path) => {
    const list = root && findNodeAtLocation(root, path.slice(0, -1))?.children;
    const gone = new Set(
      paths
        .filter((other) => other.length === path.length && startsWith(other, path.slice(0, -1)))
        .map(indexIn),
    );
    return list ? [cutOf(list, indexIn(path), gone)] : [];
  });
  return cuts
    .toSorted((one, other) => other.from - one.from)
    .reduce((rest, { from, to }) => rest.slice(0, from) + rest.slice(to), text);
}

/** From the end of the element before; from its own start, where all before it go too. */
function cutOf(list: readonly Node[], index: number, gone: ReadonlySet<number>) {
  const [before, own, after] = [list[index - 1], list[index], list[index + 1]];
  const isFirst = list.slice(0, index).every((_, earlier) => gone.has(earlier));
  const end = (node: Node | undefined): number => (node ? node.offset + node.length : 0);
  return isFirst
    ? { from: own?.offset ?? 0, to: after?.offset ?? end(own) }
    : { from: end(before), to: end(own) };
}
