import { parsePolicy } from '../policy/parse.ts';
import { patchOf } from '../reports/patch.ts';
import { addStatements } from './add-statements.ts';
import { adviceToSend } from './advice-to-send.ts';
import { nameOfLayer, placeOf } from './evaluation-steps.ts';
import type { PlacedChange } from './simulation.ts';

/** Changes to policy files as a patch, and what remains to be done by hand. */
export interface PolicyPatch {
  /** A unified diff that `git apply` takes; empty where no file changes. */
  readonly patch: string;
  /** Sentences without their end. */
  readonly byHand: readonly string[];
}

/**
 * The patch that makes the changes which add statements, each to the policy that it names.
 * @param readFile the text of a policy file as people open it; `undefined` where it cannot be read
 */
export async function policyPatch(
  changes: readonly PlacedChange[],
  readFile: (file: string) => Promise<string | undefined>,
): Promise<PolicyPatch> {
  const added = new Map<string, Map<string, object>>();
  const byHand: string[] = [];
  for (const change of changes) {
    const file = 'target' in change ? change.target?.file : undefined;
    if (!('statement' in change) || file === undefined) {
      byHand.push(...sentencesOf(change));
      continue;
    }
    const statements = added.get(file) ?? new Map<string, object>();
    added.set(file, statements.set(JSON.stringify(change.statement), change.statement));
  }
  const patches: string[] = [];
  for (const [file, statements] of added) {
    const text = await readFile(file);
    const patched = text === undefined ? undefined : withStatements(file, text, [...statements.values()]);
    if (text !== undefined && patched !== undefined) patches.push(patchOf(file, text, patched));
    else byHand.push(...[...statements.keys()].map((statement) => `add to ${file}: ${statement}`));
  }
  return { patch: patches.join(''), byHand: [...new Set(byHand)] };
}

/** A policy file with more statements, in its own format; `undefined` unless the result is a policy. */
export function withStatements(
  file: string,
  text: string,
  statements: readonly object[],
): string | undefined {
  const format = /\.ya?ml$/.test(file) ? 'yaml' : 'json';
  const patched = addStatements(text, format, statements);
  return patched !== undefined && parsePolicy(patched, { format, file }).ok ? patched : undefined;
}

function sentencesOf(change: PlacedChange): readonly string[] {
  switch (change.kind) {
    case 'sendContext':
      return change.entries.map(adviceToSend);
    case 'impossible':
      return [`no policy can allow it: ${change.because}`];
    case 'removeDeny':
      return change.statements.map((each) => `remove or narrow the Deny in ${placeOf(each)}`);
    default:
      return [
        `add to the ${nameOfLayer(change)}, of which no policy has a file: ${JSON.stringify(change.statement)}`,
      ];
  }
}
