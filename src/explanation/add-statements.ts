import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { isMap, isSeq, parseDocument, stringify, type YAMLSeq } from 'yaml';

/**
 * A policy document with more statements, the rest to the letter; `undefined` where it has no list to add them to.
 * @param format of the text
 */
export function addStatements(
  text: string,
  format: 'json' | 'yaml',
  statements: readonly object[],
): string | undefined {
  return format === 'json' ? addToJson(text, statements) : addToYaml(text, statements);
}

function addToJson(text: string, statements: readonly object[]): string | undefined {
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, ['Statement']);
  if (node === undefined) return undefined;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  if (node.type === 'object') {
    // One statement that is not in a list becomes a list.
    const own = text.slice(node.offset, node.offset + node.length);
    const list = [own, ...statements.map((each) => JSON.stringify(each))].join(', ');
    return `${text.slice(0, node.offset)}[${list}]${text.slice(node.offset + node.length)}`;
  }
  const last = node.children?.at(-1);
  if (last === undefined) return undefined;
  const at = last.offset + last.length;
  const line = text.slice(text.lastIndexOf('\n', last.offset - 1) + 1, last.offset);
  const isOnOwnLine = /^\s*$/.test(line);
  const unit = /\n(\t| +)"/.exec(text)?.[1] ?? '  ';
  const added = statements.map((each) =>
    isOnOwnLine
      ? `,${eol}${JSON.stringify(each, null, unit)
          .split('\n')
          .map((part) => line + part)
          .join(eol)}`
      : `, ${JSON.stringify(each)}`,
  );
  return text.slice(0, at) + added.join('') + text.slice(at);
}

function addToYaml(text: string, statements: readonly object[]): string | undefined {
  const document = parseDocument(text);
  const list = document.get('Statement');
  if (!isMap(document.contents) || !isSeq(list) || list.items.length === 0) return undefined;
  const last = list.items.at(-1) as { readonly range?: readonly number[] };
  const [, end] = last.range ?? [];
  if (end === undefined) return undefined;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  if (list.flow) {
    const added = statements.map((statement) => `, ${JSON.stringify(statement)}`).join('');
    return text.slice(0, end) + added + text.slice(end);
  }
  const indent = indentOf(list, text);
  if (indent === undefined) return undefined;
  const lines = statements.flatMap((statement) => stringify([statement]).trimEnd().split('\n'));
  const block = lines.map((line) => `${indent}${line}${eol}`).join('');
  const at = lineEnd(text, end);
  const isOpen = !text.slice(0, at).endsWith('\n');
  return text.slice(0, at) + (isOpen ? eol : '') + block + text.slice(at);
}

/** What is before the dashes of a list. */
function indentOf({ items }: YAMLSeq, text: string): string | undefined {
  const [start] = (items[0] as { readonly range?: readonly number[] }).range ?? [];
  if (start === undefined) return undefined;
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return /^( *)-/.exec(line)?.[1];
}

/** After the line in which a value ends, and the comment beside it. */
function lineEnd(text: string, end: number): number {
  if (text[end - 1] === '\n') return end;
  const next = text.indexOf('\n', end);
  return next < 0 ? text.length : next + 1;
}
