import { stringify } from 'yaml';
import { diffOf, remarksOf } from '../commands/generate/compare.ts';
import type { Generated } from '../commands/generate/generate.ts';
import type { Directory } from '../directory/directory.ts';
import type { Steps } from '../lib/steps.ts';
import { matchesPattern, parsePattern } from '../lib/wildcard.ts';
import { patchOf } from '../reports/patch.ts';
import { finishInSlices } from './in-slices.ts';
import { digestOf, formatOf, textOf } from './policy-source.ts';

/** A line of a generated policy, and the calls that need it. */
export interface GeneratedLine {
  /** 1-based. */
  readonly line: number;
  readonly count: number;
  /** IDs of decisions, the newest last. */
  readonly decisions: readonly string[];
}

/** A policy file of the principal that the generated policy can replace. */
export interface GenerateTarget {
  readonly policy: string;
  readonly file: string;
  /** Of the file as it is now: `ifDigest` of the PUT that replaces it. */
  readonly digest: string;
  /** The generated policy in the format of the file. */
  readonly text: string;
  /** A unified diff. */
  readonly patch: string;
  /** How many other principals have the policy. */
  readonly others: number;
}

/** A generated policy with what a page shows beside it. */
export interface GeneratedView {
  readonly text: string;
  /** How many recorded checks pass under it. */
  readonly checks: number;
  readonly elements: number;
  /** Names of the current policies. */
  readonly replaces: readonly string[];
  /** From all current policies to the generated one. */
  readonly patch: string;
  readonly notes: readonly string[];
  readonly lines: readonly GeneratedLine[];
  /** How many calls were denied, which it does not grant. */
  readonly denied: number;
  readonly targets: readonly GenerateTarget[];
}

export async function generatedView(generated: Generated, directory: Directory): Promise<GeneratedView> {
  const { text, checks, elements, policy, calls } = generated;
  const { identity: current } = directory.policySetOf(calls.identity);
  const statements = current.flatMap((each) => each.policy.statements);
  return {
    text: `${text}\n`,
    checks,
    elements,
    replaces: current.map(({ name }) => name),
    patch: diffOf(statements, policy.statements),
    notes: remarksOf(generated, statements),
    lines: await finishInSlices(linesOf(generated)),
    denied: calls.denied.length,
    targets: await targetsOf(generated, directory),
  };
}

const MOST_DECISIONS = 20;

/** The actions and resources of the document by the lines that name them, with the calls that needed each. */
function* linesOf({ text, calls: { passed, audited } }: Generated): Steps<readonly GeneratedLine[]> {
  const records = [...passed, ...audited];
  const lines: GeneratedLine[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const [, value] = /"([^":]*:[^"]*)"[,\s]*$/.exec(line) ?? [];
    if (value === undefined) continue;
    const isArn = value.startsWith('arn:');
    const pattern = parsePattern(isArn ? value : value.toLowerCase());
    const decisions: string[] = [];
    for (const { id, checks, undocumented } of records) {
      yield;
      const isNeeded = [...checks, ...undocumented].some(({ action, resource }) =>
        matchesPattern(pattern, isArn ? resource : action.toLowerCase()),
      );
      if (isNeeded) decisions.push(id);
    }
    if (decisions.length === 0) continue;
    lines.push({
      line: index + 1,
      count: decisions.length,
      decisions: decisions.slice(-MOST_DECISIONS),
    });
  }
  return lines;
}

/** By the rules of YAML 1.1, which other programs read by: the version of the policy language is a text, not a date. */
const yamlOf = (json: string): string => stringify(JSON.parse(json), { version: '1.1', lineWidth: 0 });

/** The principal's own policies in files; those of its groups are not its own. */
async function targetsOf(
  { text, calls: { identity } }: Generated,
  directory: Directory,
): Promise<readonly GenerateTarget[]> {
  const names = new Set([...identity.managedPolicies, ...identity.inlinePolicies].map(({ name }) => name));
  const targets: GenerateTarget[] = [];
  for (const { policy, owner, attachments } of directory.policies) {
    const { name, file } = policy;
    if (owner !== 'customer' || file === undefined || !names.has(name)) continue;
    const current = await textOf(policy);
    if (!current.ok) continue;
    const generated = formatOf(policy) === 'yaml' ? yamlOf(text) : `${text}\n`;
    targets.push({
      policy: name,
      file,
      digest: digestOf(current.value),
      text: generated,
      patch: patchOf(file, current.value, generated),
      others: attachments.filter(({ to }) => to !== identity.arn).length,
    });
  }
  return targets;
}
