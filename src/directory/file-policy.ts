import type { NamedPolicy } from '../engine/policy-set.ts';
import { type DocumentNode, fromValue } from '../lib/document.ts';
import type { Diagnostic } from '../lib/errors.ts';
import type { Result } from '../lib/result.ts';
import { readYaml } from '../lib/yaml-position.ts';
import type { Located, Policy, Statement } from '../policy/ast.ts';
import { type ParsedPolicy, parsePlainPolicy, parsePolicy, parsePolicyDocument } from '../policy/parse.ts';
import type { PolicySource } from './policy-files.ts';

/**
 * A policy of the folder. Of a file, only the text is kept: the statements, with their positions, are parsed when they
 * are first needed. Most policies of a large account are not needed between two edits.
 */
export class FilePolicy implements NamedPolicy {
  readonly name: string;
  readonly arn?: string;
  readonly file?: string;
  readonly policy: Policy;
  readonly #source: PolicySource;

  /** @param arn absent where the policy is part of an identity, which has no ARN in IAM */
  constructor(source: PolicySource, policy: Policy, arn?: string) {
    this.name = source.name;
    if (arn !== undefined) this.arn = arn;
    if ('file' in source) this.file = source.file;
    this.policy = policy;
    this.#source = source;
  }

  /** A JSON file unchanged; YAML and objects as JSON with the same elements and lists. */
  written(): string {
    const source = this.#source;
    if (!('text' in source)) return JSON.stringify(source.document, undefined, 2);
    const read = source.format === 'yaml' ? readYaml(source.text) : undefined;
    return read?.ok ? JSON.stringify(exactValue(read.value), undefined, 2) : source.text;
  }
}

/** A number that JSON would write differently stays a string: `012345678901` is an account. */
function exactValue(node: DocumentNode): unknown {
  if (node.kind === 'array') return node.items.map(exactValue);
  if (node.kind === 'object')
    return Object.fromEntries(node.entries.map(({ key, value }) => [key, exactValue(value)]));
  return typeof node.value === 'number' && String(node.value) !== node.text ? node.text : node.value;
}

/** Parses a source with its positions: every error and warning, or the policy. */
export const parseSource = (source: PolicySource): Result<ParsedPolicy, readonly Diagnostic[]> =>
  'text' in source ? parsePolicy(source.text, source) : parsePolicyDocument(fromValue(source.document));

/**
 * The policy of a source of which nothing is to be reported, with statements that are parsed when they are read;
 * `undefined` if there is something to report.
 */
export function parsePlainSource(source: PolicySource): Policy | undefined {
  if ('text' in source) return parsePlainPolicy(source.text, source.format);
  const parsed = parseSource(source);
  return parsed.ok && parsed.value.warnings.length === 0 ? parsed.value.policy : undefined;
}

/** The same policy without its statements, which are parsed again when they are read. */
export const withStatementsOnDemand = (policy: Policy, source: PolicySource): Policy =>
  'text' in source ? new TextPolicy(policy, source) : policy;

class TextPolicy implements Policy {
  readonly version: Policy['version'];
  readonly id?: Located;
  readonly size: number;
  readonly #source: PolicySource;
  #statements: readonly Statement[] | undefined;

  constructor({ version, id, size }: Policy, source: PolicySource) {
    this.version = version;
    if (id !== undefined) this.id = id;
    this.size = size;
    this.#source = source;
  }

  get statements(): readonly Statement[] {
    this.#statements ??= orThrow(parseSource(this.#source)).policy.statements;
    return this.#statements;
  }
}

/** The same text was parsed before, when it was read. */
function orThrow(parsed: Result<ParsedPolicy, readonly Diagnostic[]>): ParsedPolicy {
  if (parsed.ok) return parsed.value;
  throw new Error(`internal error: a valid policy is invalid: ${parsed.error[0]?.message}`);
}
