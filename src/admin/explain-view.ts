import type { Directory } from '../directory/directory.ts';
import { type StatementElements, traceElements } from '../engine/statement-elements.ts';
import { type CheckExplanation, type Explanation, explainDecision } from '../explanation/explanation.ts';
import { type Fix, fixesFor } from '../explanation/fixes.ts';
import { recordedQuestions } from '../recorded-calls/recorded-request.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { digestOf, textOf } from './policy-source.ts';

/** An explanation with what a page shows beside it: every element of every statement, and patches. */
export interface ExplanationView extends Omit<Explanation, 'checks'> {
  readonly checks: readonly (CheckExplanation & { readonly statements: readonly StatementElements[] })[];
  readonly fixes: readonly FixView[];
}

/** A fix; of one that changes a file, the digest of the text that the patch is for: `ifDigest` of the PUT that applies it. */
export type FixView = Fix & { readonly digest?: string };

export async function explainView(record: DecisionRecord, directory: Directory): Promise<ExplanationView> {
  const explanation = explainDecision(record, directory);
  const ask = recordedQuestions(directory);
  const statements = [...record.checks, ...record.undocumented].flatMap((check) => {
    const question = ask(record, check);
    return question.ok ? [traceElements(question.value.request, question.value.policies)] : [];
  });
  const denied = statements.filter((_, index) => explanation.checks[index]?.decision !== 'allowed');
  const texts = await textsOf(statements.flat(), directory);
  return {
    ...explanation,
    checks: explanation.checks.map((check, index) => ({
      ...check,
      statements: statements[index] ?? [],
      missingKeys: [...new Set([...check.missingKeys, ...missing(statements[index] ?? [])])],
    })),
    fixes:
      explanation.changes.length === 0
        ? []
        : fixesFor(record, directory, explanation.changes, denied.flat(), (name) => texts.get(name)).map(
            (fix) => withDigest(fix, texts),
          ),
  };
}

function withDigest(fix: Fix, texts: ReadonlyMap<string, string>): FixView {
  const text = fix.kind === 'addStatement' ? texts.get(fix.policy ?? '') : undefined;
  return text === undefined ? fix : { ...fix, digest: digestOf(text) };
}

/** Condition keys that statements about the action ask for and the request does not have, after a mismatch too. */
const missing = (statements: readonly StatementElements[]): readonly string[] =>
  statements.flatMap(({ elements }) =>
    elements.flatMap(({ key, found, operator }) =>
      key !== undefined && found === undefined && operator !== 'Null' ? [key] : [],
    ),
  );

/** The files that a fix can be made in, read now. */
async function textsOf(
  statements: readonly StatementElements[],
  directory: Directory,
): Promise<ReadonlyMap<string, string>> {
  const named = new Set(statements.map(({ policy }) => policy));
  const own = directory.policies.filter(
    ({ policy, owner, attachments }) =>
      owner === 'customer' &&
      policy.file !== undefined &&
      (named.has(policy.name) || attachments.some(({ use }) => use === 'managed' || use === 'inline')),
  );
  const read = await Promise.all(own.map(async ({ policy }) => [policy.name, await textOf(policy)] as const));
  return new Map(read.flatMap(([name, text]) => (text.ok ? [[name, text.value] as const] : [])));
}
