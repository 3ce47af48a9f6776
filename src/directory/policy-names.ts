import type { Diagnostic } from '../lib/errors.ts';
import type { PolicySource } from './policy-files.ts';

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const NAME_WITH_PATH = /^(?:[!-.0-~]+\/)*[\w+=,.@-]{1,128}$/;
const MOST_CHARACTERS = 512;

export interface CheckedNames {
  readonly sources: readonly PolicySource[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reports invalid names, and duplicate names of two files.
 *
 * @param before the last check; its diagnostics are returned if the names are the same
 */
export function checkNames(sources: readonly PolicySource[], before?: CheckedNames): CheckedNames {
  const isSame = before !== undefined && haveSameNames(sources, before.sources);
  return { sources, diagnostics: isSame ? before.diagnostics : diagnosticsOf(sources) };
}

const haveSameNames = (one: readonly PolicySource[], other: readonly PolicySource[]): boolean =>
  one.length === other.length &&
  one.every((source, index) => {
    const known = other[index];
    return known !== undefined && source.name === known.name && fileOf(source) === fileOf(known);
  });

function diagnosticsOf(sources: readonly PolicySource[]): readonly Diagnostic[] {
  const first = new Map<string, PolicySource>();
  return sources.flatMap((source) => {
    const { name } = source;
    const other = first.get(name.toLowerCase());
    first.set(name.toLowerCase(), other ?? source);
    const diagnostics: Diagnostic[] = [];
    if (other) {
      const where = fileOf(other) ?? other.name;
      diagnostics.push(
        nameDiagnostic(
          source,
          `"${where}" already defines the policy "${name}"; policy names are case-insensitive`,
        ),
      );
    }
    if (!NAME_WITH_PATH.test(name) || name.length > MOST_CHARACTERS) {
      const form = 'use at most 128 letters, digits or characters of _+=,.@- after the last "/"';
      diagnostics.push(nameDiagnostic(source, `"${name}" is not a valid policy name: ${form}`));
    }
    return diagnostics;
  });
}

const fileOf = (source: PolicySource): string | undefined => ('file' in source ? source.file : undefined);

const nameDiagnostic = (source: PolicySource, message: string): Diagnostic => ({
  severity: 'error',
  rule: 'policy-name',
  message,
  ...('file' in source && { file: source.file }),
});
