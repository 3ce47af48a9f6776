import catalog from './catalog.json' with { type: 'json' };
import type { Location } from './locate.ts';

/** A finding as ValidatePolicy returns it. */
export interface Finding {
  readonly findingType: string;
  readonly issueCode: string;
  readonly findingDetails: string;
  readonly learnMoreLink: string;
  readonly locations: readonly Location[];
}

/** A code of AWS's policy checks that this project finds. */
export type IssueCode = {
  readonly [Type in keyof typeof catalog]: keyof (typeof catalog)[Type];
}[keyof typeof catalog];

const PAGE =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks';

const SECTIONS: Readonly<Record<keyof typeof catalog, string>> = {
  ERROR: 'error',
  SECURITY_WARNING: 'security-warning',
  WARNING: 'general-warning',
  SUGGESTION: 'suggestion',
};

const TEXTS: ReadonlyMap<string, readonly [findingType: keyof typeof catalog, text: string]> = new Map(
  (['ERROR', 'SECURITY_WARNING', 'WARNING', 'SUGGESTION'] as const).flatMap((type) =>
    Object.entries(catalog[type]).map(([code, text]) => [code, [type, text] as const] as const),
  ),
);

/** What takes the place of `{name}` in AWS's sentences. */
export type Values = Readonly<Record<string, string | number>>;

/**
 * A finding: type, sentence and link are those that AWS has for the code.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
 */
export function finding(issueCode: IssueCode, locations: readonly Location[], values: Values = {}): Finding {
  const [findingType = 'ERROR', text = ''] = TEXTS.get(issueCode) ?? [];
  return {
    findingType,
    issueCode,
    findingDetails: text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '')),
    learnMoreLink: `${PAGE}-${SECTIONS[findingType]}-${issueCode.toLowerCase().replaceAll('_', '-')}`,
    locations,
  };
}
