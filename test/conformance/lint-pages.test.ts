import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LINT_RULES } from '../../src/commands/lint/rules.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { validatePolicy } from '../../src/policy/validate.ts';
import { ROOT } from '../architecture/source-graph.ts';
import { rulesOf } from '../unit/lint/folder.ts';

const PAGES = join(ROOT, 'docs/lint');
const EXAMPLE = /^```json (?<part>finds|better) (?<use>\w+)\n(?<policy>.*?)^```$/gms;

/** Rules that an example cannot show: a file's name, its length, suppressions. */
const WITHOUT_EXAMPLE = [
  'unreadable',
  'policy-name',
  'policy-size',
  'silence-without-reason',
  'unused-silence',
];

const pageOf = (rule: string): string => readFileSync(join(PAGES, `${rule}.md`), 'utf8');

const examples = Object.keys(LINT_RULES).flatMap((rule) =>
  [...pageOf(rule).matchAll(EXAMPLE)].map(({ groups }) => ({
    rule,
    part: groups?.part ?? '',
    use: groups?.use ?? '',
    policy: groups?.policy ?? '',
  })),
);

/** A session policy is not in a folder. */
async function found(policy: string, use: string): Promise<readonly string[]> {
  if (use !== 'session') return rulesOf(policy, use);
  const parsed = parsePolicy(policy, { format: 'json' });
  const diagnostics = parsed.ok ? validatePolicy(parsed.value.policy, 'session') : parsed.error;
  return diagnostics.map(({ rule }) => rule);
}

const SEVERITIES = { error: '**Error**', warning: '**Warning**', info: '**Information**' } as const;

describe('the pages of the lint rules', () => {
  it('exist for each rule, and for no other', () => {
    expect(readdirSync(PAGES).sort()).toEqual(
      Object.keys(LINT_RULES)
        .map((rule) => `${rule}.md`)
        .sort(),
    );
  });

  it.each(Object.entries(LINT_RULES))(
    'of %s start with a description',
    (rule, { summary, severity, fixable }) => {
      const [title, , says = ''] = pageOf(rule).split('\n');
      expect(title).toBe(`# ${rule}`);
      expect(says.startsWith(summary)).toBe(true);
      expect(says).toContain(SEVERITIES[severity]);
      expect(says.includes('--fix')).toBe(fixable === true);
    },
  );

  it.each(Object.keys(LINT_RULES))('are in the table of docs/lint.md: %s', (rule) => {
    expect(readFileSync(join(ROOT, 'docs/lint.md'), 'utf8')).toContain(`[${rule}](lint/${rule}.md)`);
  });

  it('show what each rule reports, and the fix', () => {
    const shown = new Set(examples.map(({ rule, part }) => `${rule} ${part}`));
    const expected = Object.keys(LINT_RULES)
      .filter((rule) => !WITHOUT_EXAMPLE.includes(rule))
      .flatMap((rule) => [`${rule} finds`, `${rule} better`]);
    expect([...shown].sort()).toEqual(expected.sort());
  });

  it.each(examples)('of $rule have a correct example: $part', async ({ rule, part, use, policy }) => {
    const rules = await found(policy, use);
    expect(part === 'finds' ? rules.includes(rule) : rules).toEqual(part === 'finds' ? true : []);
  });
});
