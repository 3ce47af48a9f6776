import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import type { Output } from './call.ts';

/**
 * The position of a statement in its document, as IAM counts: lines and columns from 1, the start right behind what is
 * before the statement (the bracket, or the statement before), the end right behind its closing brace. The start of a
 * Statement that is no list is behind its opening brace.
 */
export function statementPosition(text: string, index: number): Output {
  const tree = parseTree(text);
  const element = tree && findNodeAtLocation(tree, ['Statement']);
  const statement = element?.type === 'array' ? element.children?.[index] : element;
  if (!element || !statement) return {};
  const before = index > 0 ? element.children?.[index - 1] : undefined;
  return {
    StartPosition: placeAt(text, before ? endOf(before) : element.offset + 1),
    EndPosition: placeAt(text, endOf(statement)),
  };
}

const endOf = ({ offset, length }: Node): number => offset + length;

function placeAt(text: string, offset: number): Output {
  const lines = text.slice(0, offset).split('\n');
  return { Line: lines.length, Column: (lines.at(-1)?.length ?? 0) + 1 };
}
