import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { type Node, parseTree } from 'jsonc-parser';
import type { DirectoryPolicy } from '../directory/directory.ts';
import { readText } from '../directory/source-file.ts';
import type { NamedPolicy } from '../engine/policy-set.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { ok, type Result } from '../lib/result.ts';
import { parsePolicy } from '../policy/parse.ts';
import { printPolicy } from '../policy/print.ts';

/** Lines of a source, 1-based, the last one included. */
export interface LineRange {
  readonly line: number;
  readonly endLine: number;
}

export interface PolicySourceView {
  readonly name: string;
  readonly owner: DirectoryPolicy['owner'];
  readonly format: 'json' | 'yaml';
  readonly text: string;
  /** SHA-256 of the text. */
  readonly digest: string;
  /** Absolute; absent for policies without a file. */
  readonly path?: string;
  /** Relative to the working folder where it is inside. */
  readonly file?: string;
  readonly writable: boolean;
  readonly attachments: DirectoryPolicy['attachments'];
  readonly statements: readonly ({ readonly index: number; readonly sid?: string } & LineRange)[];
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export const formatOf = ({ file }: NamedPolicy): 'json' | 'yaml' =>
  file !== undefined && /\.ya?ml$/.test(file) ? 'yaml' : 'json';

/** The text of a policy as it is now: of its file, or as JSON where it has none. */
export async function textOf(policy: NamedPolicy): Promise<Result<string, Diagnostic>> {
  if (policy.file !== undefined) return readText(resolve(policy.file));
  return ok(policy.written?.() ?? printPolicy(policy.policy));
}

/** A policy with its text, and where its statements are in it. */
export function sourceView(
  { policy: named, owner, attachments }: DirectoryPolicy,
  text: string,
  writable: boolean,
): PolicySourceView {
  const format = formatOf(named);
  const parsed = parsePolicy(text, { format });
  const statements = parsed.ok ? parsed.value.policy.statements : [];
  const ranges = format === 'json' ? jsonRanges(text) : [];
  const lines = text.trimEnd().split('\n').length;
  return {
    name: named.name,
    owner,
    format,
    text,
    digest: digestOf(text),
    ...(named.file !== undefined && { file: named.file, path: resolve(named.file) }),
    writable,
    attachments,
    statements: statements.map(({ index, sid, position }) => ({
      index,
      ...(sid && { sid: sid.text }),
      ...(ranges[index] ?? {
        line: position?.line ?? 1,
        endLine: (statements[index + 1]?.position?.line ?? lines + 1) - 1,
      }),
    })),
  };
}

function jsonRanges(text: string): readonly LineRange[] {
  const root = parseTree(text);
  const statement = root?.children?.find(({ children }) => children?.[0]?.value === 'Statement')
    ?.children?.[1];
  const nodes: readonly Node[] =
    statement?.type === 'array' ? (statement.children ?? []) : statement ? [statement] : [];
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  const lineAt = (offset: number): number => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
  return nodes.map(({ offset, length }) => ({
    line: lineAt(offset),
    endLine: lineAt(offset + length - 1),
  }));
}
