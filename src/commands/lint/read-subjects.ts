import { stat } from 'node:fs/promises';
import { dirname, extname, relative, resolve, sep } from 'node:path';
import type { Directory } from '../../directory/directory.ts';
import { type PolicyFile, readPolicyFiles } from '../../directory/policy-files.ts';
import { POLICY_KINDS } from '../../directory/policy-library.ts';
import { displayPath, unreadable } from '../../directory/source-file.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { iamActions } from '../../model/iam-actions.ts';
import { advisePolicy } from '../../policy/advise.ts';
import type { Policy } from '../../policy/ast.ts';
import { parsePolicy } from '../../policy/parse.ts';
import type { PolicyKind } from '../../policy/policy-kind.ts';
import { validatePolicy } from '../../policy/validate.ts';
import { holdersOf, type Subject } from './subject.ts';

/** A file that is looked at: what it means, where it can be read, and what validation finds. */
export interface ReadSubject {
  readonly source: PolicyFile;
  readonly subject?: Subject;
  readonly diagnostics: readonly Diagnostic[];
}

export interface FoundPolicies {
  readonly sources: readonly PolicyFile[];
  /** What could not be read inside of the folders. */
  readonly diagnostics: readonly Diagnostic[];
  /** What is wrong with the paths themselves. */
  readonly refused: readonly Diagnostic[];
}

/** The policy files of folders, and files by themselves, each once; a policy of the configured folder has its name of there. */
export async function findPolicyFiles(
  paths: readonly string[],
  policiesFolder: string,
): Promise<FoundPolicies> {
  const found = await Promise.all(paths.map((path) => filesAt(resolve(path))));
  const sources = new Map(
    found.flatMap(({ sources }) => sources).map((source) => [source.absoluteFile, source]),
  );
  return {
    sources: [...sources.values()].map((source) => ({ ...source, name: nameIn(policiesFolder, source) })),
    diagnostics: found.flatMap(({ diagnostics }) => diagnostics),
    refused: found.flatMap(({ refused }) => refused),
  };
}

async function filesAt(path: string): Promise<FoundPolicies> {
  try {
    if ((await stat(path)).isDirectory()) return { ...(await readPolicyFiles(path)), refused: [] };
  } catch (cause) {
    return { sources: [], diagnostics: [], refused: [unreadable(path, cause)] };
  }
  const { sources, diagnostics } = await readPolicyFiles(dirname(path));
  const wanted = sources.filter(({ absoluteFile }) => absoluteFile === path);
  const own = diagnostics.filter(({ file }) => file !== undefined && resolve(file) === path);
  if (wanted.length > 0 || own.length > 0) return { sources: wanted, diagnostics: [], refused: own };
  const message = `is not a policy file: its name must end in .json, .yaml or .yml, not "${extname(path)}"`;
  const diagnostic: Diagnostic = { severity: 'error', rule: 'unreadable', message, file: displayPath(path) };
  return { sources: [], diagnostics: [], refused: [diagnostic] };
}

function nameIn(folder: string, { absoluteFile, name }: PolicyFile): string {
  if (!absoluteFile.startsWith(folder + sep)) return name;
  return relative(folder, absoluteFile).slice(0, -extname(absoluteFile).length).split(sep).join('/');
}

/**
 * A policy of a file. Where the directory knows it, it is the directory's own, with its uses and holders; otherwise its
 * type follows from its form.
 */
export function readSubject(source: PolicyFile, directory: Directory | undefined): ReadSubject {
  const { file, name } = source;
  const parsed = parsePolicy(source.text, source);
  if (!parsed.ok) return { source, diagnostics: parsed.error };
  const known = directory?.policies.find(({ policy }) => policy.file === file);
  const policy = known?.policy.policy ?? parsed.value.policy;
  const uses = new Set(known?.attachments.map(({ use }) => POLICY_KINDS[use]));
  const kinds = uses.size > 0 ? uses : new Set([kindByForm(policy)]);
  const diagnostics = [
    ...parsed.value.warnings,
    ...[...kinds].flatMap((kind) => validatePolicy(policy, kind, { file })),
    ...advisePolicy(policy, iamActions(), { file }),
  ];
  const holders = directory ? holdersOf(policy, directory) : [];
  return { source, subject: { name, file, policy, kinds, holders }, diagnostics };
}

/** Only a trust policy is about sts alone and names a principal. */
function kindByForm({ statements }: Policy): PolicyKind {
  if (!statements.some(({ principal }) => principal)) return 'managed';
  const isTrust = statements.every(({ action, resource }) =>
    action.patterns.every(({ text }) => /^sts:/i.test(text) && resource === undefined),
  );
  return isTrust ? 'trust' : 'resource';
}
