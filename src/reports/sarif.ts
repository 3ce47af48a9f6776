import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** One thing that was found, and where. */
export interface SarifResult {
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly message: string;
  /** As people open it, relative to the working folder or absolute. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  readonly column?: number;
  /** Why it does not count. */
  readonly suppressed?: string;
}

export interface SarifRule {
  readonly id: string;
  /** One sentence. */
  readonly summary: string;
  readonly level: SarifResult['level'];
  /** If there is more to read. */
  readonly page?: string;
}

const REPOSITORY = 'https://github.com/personalize-authz-proxy/personalize-authz-proxy';
const CONFIG_FILE = 'config/proxy.yaml';

/** What GitHub shows beside a result. @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning */
function helpOf(summary: string, page: string | undefined) {
  if (page === undefined) return { help: { text: summary, markdown: summary } };
  const helpUri = `${REPOSITORY}/blob/main/${page}`;
  const text = `${summary} See ${page} in the package, or ${helpUri}.`;
  return { helpUri, help: { text, markdown: `${summary} [More](${helpUri}).` } };
}

/**
 * A log of one run in SARIF 2.1.0, as code scanning services take it.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(
  version: string,
  rules: readonly SarifRule[],
  results: readonly SarifResult[],
  properties: Readonly<Record<string, string>> = {},
): Readonly<Record<string, unknown>> {
  const driver = {
    name: 'personalize-authz-proxy',
    semanticVersion: version,
    informationUri: REPOSITORY,
    rules: rules.map(({ id, summary, level, page }) => ({
      id,
      shortDescription: { text: summary },
      fullDescription: { text: summary },
      ...helpOf(summary, page),
      defaultConfiguration: { level },
    })),
  };
  // GitHub shows no result without a place.
  const fallback = properties.configuration ?? CONFIG_FILE;
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        columnKind: 'utf16CodeUnits',
        results: results.map((result) =>
          sarifResult({ file: fallback, ...result }, indexOf.get(result.rule)),
        ),
        ...(Object.keys(properties).length > 0 && { properties }),
      },
    ],
  };
}

function sarifResult(
  { rule, level, message, file, line, column, suppressed }: SarifResult,
  ruleIndex: number | undefined,
) {
  const region = { startLine: line ?? 1, ...(column !== undefined && { startColumn: column }) };
  return {
    ruleId: rule,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level,
    message: { text: message },
    ...(file !== undefined && {
      locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } }],
    }),
    ...(suppressed !== undefined && {
      suppressions: [{ kind: 'external', justification: suppressed }],
    }),
  };
}

/** Relative to the root of the repository, where the command runs there. */
const uriOf = (file: string): string =>
  isAbsolute(file) ? pathToFileURL(file).href : file.split(sep).map(encodeURIComponent).join('/');
