import { z } from 'zod';
import { type DocumentNode, duplicateKeys, faultAt, positionOf, toValue } from '../../lib/document.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { didYouMean } from '../../lib/nearest.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { checkSchema, placesIn } from '../../lib/schema-diagnostics.ts';
import { matchesPattern, parsePattern } from '../../lib/wildcard.ts';
import { readYaml } from '../../lib/yaml-position.ts';
import type { Finding } from './finding.ts';
import { LINT_RULES } from './rules.ts';

/** `lint.yaml`, next to `proxy.yaml`: suppressions, because JSON has no comments. */
export const LINT_SCHEMA = z.strictObject({
  silence: z
    .array(
      z.strictObject({
        rule: z.string().refine((id) => Object.hasOwn(LINT_RULES, id), {
          error: ({ input }) =>
            `there is no rule "${input}"${didYouMean(String(input), Object.keys(LINT_RULES))}`,
          params: { rule: 'unknown-rule' },
        }),
        policy: z.string().min(1, { error: 'is empty' }),
        statement: z
          .union([z.string(), z.int()], { error: 'must be a Sid, or the number of a statement' })
          .optional(),
        reason: z.string().optional(),
      }),
    )
    .default([]),
});

type Entry = z.output<typeof LINT_SCHEMA>['silence'][number];

/** The suppressions of a configuration. */
export interface Suppressions {
  /**
   * Marks the findings that are suppressed, and adds diagnostics of the suppressions themselves. Errors are never
   * suppressed.
   * @param all whether every policy was checked, so that a suppression without a finding is unused
   */
  apply(findings: readonly Finding[], all: boolean): readonly Finding[];
}

/** Reads the text of `lint.yaml`; an empty file has no suppressions. Reports all diagnostics together. */
export function readSuppressions(text: string, file: string): Result<Suppressions, readonly Diagnostic[]> {
  const document = readYaml(text, file);
  if (!document.ok) return document;
  const twice = duplicateKeys(document.value, file);
  if (twice.length > 0) return err(twice);
  const checked = checkSchema(LINT_SCHEMA, toValue(document.value) ?? {}, placesIn(document.value, file));
  return checked.ok ? ok(suppressionsOf(checked.value.silence, document.value, file)) : checked;
}

export const NO_SUPPRESSIONS: Suppressions = { apply: (findings) => findings };

function suppressionsOf(entries: readonly Entry[], document: DocumentNode, file: string): Suppressions {
  const about = (index: number, rule: string, message: string): Finding =>
    faultAt(
      rule,
      message,
      positionOf(document, ['silence', index]),
      file,
      LINT_RULES[rule]?.severity ?? 'warning',
    );
  return {
    apply(findings, all) {
      const used = new Set<Entry>();
      const marked = findings.map((finding) => {
        const entry = entries.find((each) => isMeant(each, finding));
        if (entry === undefined || finding.severity === 'error') return finding;
        used.add(entry);
        return { ...finding, silenced: entry.reason ?? '' };
      });
      const own = entries.flatMap((entry, index) => {
        if (!entry.reason?.trim())
          return [
            about(
              index,
              'silence-without-reason',
              `give the reason why ${entry.rule} of ${entry.policy} is suppressed`,
            ),
          ];
        if (!all || used.has(entry)) return [];
        const isError = LINT_RULES[entry.rule]?.severity === 'error';
        const message = isError
          ? `${entry.rule} is an error, which cannot be suppressed`
          : `${entry.policy} has no finding of ${entry.rule}${entry.statement === undefined ? '' : ` in statement ${entry.statement}`}`;
        return [about(index, 'unused-silence', message)];
      });
      return [...marked, ...own];
    },
  };
}

/** `policy` may contain wildcards; without a `statement` the entry covers the whole policy. */
const isMeant = ({ rule, policy, statement }: Entry, finding: Finding): boolean =>
  finding.rule === rule &&
  finding.policy !== undefined &&
  matchesPattern(parsePattern(policy), finding.policy) &&
  (statement === undefined || statement === finding.sid || statement === finding.statement);
