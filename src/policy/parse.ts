import { type DocumentNode, duplicateKeys, type ObjectNode, toValue } from '../lib/document.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { readJson } from '../lib/json-position.ts';
import { readPlainJson } from '../lib/plain-json.ts';
import { readPlainDocument } from '../lib/plain-yaml.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { readYaml } from '../lib/yaml-position.ts';
import type { Policy, Statement } from './ast.ts';
import type { PolicyReader, ValueRules } from './condition-value.ts';
import { Elements, kindOf, placeOf, readText } from './elements.ts';
import { parseStatement } from './parse-statement.ts';
import { Report } from './report.ts';

export interface ParsedPolicy {
  readonly policy: Policy;
  /** AWS accepts these, but they do not have the intended effect. */
  readonly warnings: readonly Diagnostic[];
}

const ELEMENTS = ['Version', 'Id', 'Statement'] as const;
const VERSIONS = ['2012-10-17', '2008-10-17'] as const;

interface DocumentOptions {
  readonly file?: string;
  /** Which API validates the document; `stored` unless it is a session policy. */
  readonly reader?: PolicyReader;
}

interface TextOptions extends DocumentOptions {
  readonly format: 'json' | 'yaml';
}

/**
 * Parses a policy document, or returns all its errors at once, each with line and column: the syntax, and what AWS
 * rejects in any policy. `validatePolicy` checks the rules that depend on the policy type (Principal, length);
 * `advisePolicy` checks whether the names exist.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(
  text: string,
  { format, file, reader = 'stored' }: TextOptions,
): Result<ParsedPolicy, readonly Diagnostic[]> {
  const read = format === 'json' ? readJson(text, file) : readYaml(text, file);
  if (!read.ok) return read;
  return parse(read.value, { file, reader }, jsonOf(text, format, read.value));
}

const jsonOf = (text: string, format: 'json' | 'yaml', node: DocumentNode): string =>
  format === 'json' ? text : JSON.stringify(toValue(node));

/**
 * The parsable part of a document that `parsePolicy` rejects: the statements that are sufficiently complete, in order
 * to report further errors in them. `undefined` if the syntax is invalid. Must never be evaluated.
 */
export function sketchPolicy(text: string, { format, file }: TextOptions): Policy | undefined {
  const read = format === 'json' ? readJson(text, file) : readYaml(text, file);
  if (!read.ok || read.value.kind !== 'object') return undefined;
  return readDocument(read.value, jsonOf(text, format, read.value), 'stored', new Report(file));
}

/**
 * A document and everything that is wrong with it, for those who read what IAM does not store. `policy` is absent where the
 * document is no object; it holds only the statements that have an action, and must not be judged before the errors are.
 */
export function readLenientPolicy(node: DocumentNode): {
  readonly policy?: Policy;
  readonly errors: readonly Diagnostic[];
} {
  const report = new Report(undefined);
  if (node.kind !== 'object') return { errors: [] };
  return {
    policy: readDocument(node, JSON.stringify(toValue(node)), 'session', report),
    errors: report.errors,
  };
}

/**
 * The policy without positions, in half the time; `undefined` if there is anything to report of it, which `parsePolicy`
 * then does.
 */
export function parsePlainPolicy(text: string, format: TextOptions['format']): Policy | undefined {
  const node = format === 'json' ? readPlainJson(text) : readPlainDocument(text);
  if (node === undefined) return undefined;
  const parsed = parse(node, { file: undefined, reader: 'stored' }, jsonOf(text, format, node));
  return parsed.ok && parsed.value.warnings.length === 0 ? parsed.value.policy : undefined;
}

/** Same as `parsePolicy`, for a document inside another document. */
export function parsePolicyDocument(
  node: DocumentNode,
  { file, reader = 'stored' }: DocumentOptions = {},
): Result<ParsedPolicy, readonly Diagnostic[]> {
  return parse(node, { file, reader }, JSON.stringify(toValue(node)));
}

function parse(
  node: DocumentNode,
  { file, reader }: { readonly file: string | undefined; readonly reader: PolicyReader },
  json: string,
): Result<ParsedPolicy, readonly Diagnostic[]> {
  const report = new Report(file);
  if (node.kind !== 'object') {
    report.error('element-type', `a policy must be an object, not ${kindOf(node)}`, node.position);
    return err(report.errors);
  }
  report.errors.push(...duplicateKeys(node, file));
  const policy = readDocument(node, json, reader, report);
  return report.errors.length > 0 ? err(report.all()) : ok({ policy, warnings: report.all() });
}

function readDocument(node: ObjectNode, json: string, reader: PolicyReader, report: Report): Policy {
  const elements = new Elements(node, ELEMENTS, report);
  const version = parseVersion(elements, report);
  const idEntry = elements.get('Id');
  const id = idEntry && readText('Id', idEntry, report);
  const statements = parseStatements(elements, { version, reader }, report);
  reportSameSids(statements, report);
  return { version, ...(id && { id }), statements, size: sizeOf(json) };
}

/** White space of `\s`, of which documents nearly always have spaces and line ends only. */
function sizeOf(json: string): number {
  let size = 0;
  for (let offset = 0; offset < json.length; offset += 1) {
    const code = json.charCodeAt(offset);
    if (code > 0x7f) return json.replace(/\s/g, '').length;
    if (code !== 0x20 && (code < 0x09 || code > 0x0d)) size += 1;
  }
  return size;
}

function parseVersion(elements: Elements, report: Report): Policy['version'] {
  const entry = elements.get('Version');
  if (entry === undefined) return '2008-10-17';
  const { value } = entry;
  const version = VERSIONS.find((known) => value.kind === 'scalar' && value.text === known);
  if (version === undefined)
    report.error(
      'invalid-version',
      `Version must be "2012-10-17" (or "2008-10-17"), not ${kindOf(value)}; it is the version of the policy language, not the date of the policy`,
      placeOf(entry),
    );
  return version ?? '2012-10-17';
}

function parseStatements(elements: Elements, rules: ValueRules, report: Report): readonly Statement[] {
  const entry = elements.get('Statement');
  if (entry === undefined) {
    report.error('missing-statement', 'the policy has no Statement', elements.position);
    return [];
  }
  const nodes = entry.value.kind === 'array' ? entry.value.items : [entry.value];
  if (nodes.length === 0) report.error('empty-list', 'Statement is an empty list', placeOf(entry));
  return nodes.flatMap((node, index) => parseStatement(node, index, rules, report) ?? []);
}

/** An empty Sid counts as absent: many documents have several. */
function reportSameSids(statements: readonly Statement[], report: Report): void {
  const seen = new Set<string>();
  for (const { sid } of statements) {
    if (sid === undefined || sid.text === '') continue;
    if (seen.has(sid.text))
      report.error('duplicate-sid', `another statement has the Sid "${sid.text}"`, sid.position);
    seen.add(sid.text);
  }
}
