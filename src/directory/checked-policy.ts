import type { NamedPolicy } from '../engine/policy-set.ts';
import type { Diagnostic } from '../lib/errors.ts';
import type { Policy } from '../policy/ast.ts';
import { sketchPolicy } from '../policy/parse.ts';
import { type PolicyKind, validatePolicy } from '../policy/validate.ts';
import { FilePolicy, parsePlainSource, parseSource, withStatementsOnDemand } from './file-policy.ts';
import type { PolicySource } from './policy-files.ts';

export interface CheckOptions {
  /** What comes before the name in the ARN of a policy. */
  readonly customerArn: string;
  /** Warnings about a valid policy, e.g. an action that does not exist. */
  readonly advise: (policy: NamedPolicy) => readonly Diagnostic[];
}

type Subject = Pick<NamedPolicy, 'policy' | 'file'>;

const NONE: readonly Diagnostic[] = [];

/** The last source that was parsed without positions: its checks follow each other, and the parsed policy is not kept. */
let last: { readonly source: PolicySource; readonly policy: Policy | undefined } | undefined;

function parsedOnce(source: PolicySource): Policy | undefined {
  if (last?.source !== source) last = { source, policy: parsePlainSource(source) };
  return last.policy;
}

/**
 * One policy of the folder and what is wrong with it. A policy is first checked without positions; only if there is
 * something to report is it parsed with them. What is found is kept for as long as its source is.
 */
export class CheckedPolicy {
  /** `undefined` for a file with errors. */
  readonly policy: FilePolicy | undefined;
  /** The same as part of an identity. */
  readonly inline: FilePolicy | undefined;
  /** Errors, or warnings about a valid policy, whatever it is used for. */
  readonly diagnostics: readonly Diagnostic[];
  readonly #source: PolicySource;
  readonly #byKind: Partial<Record<PolicyKind, readonly Diagnostic[]>> = {};

  constructor(source: PolicySource, { customerArn, advise }: CheckOptions) {
    this.#source = source;
    const plain = parsedOnce(source);
    if (plain !== undefined && advise({ name: source.name, policy: plain }).length === 0) {
      const policy = withStatementsOnDemand(plain, source);
      this.policy = new FilePolicy(source, policy, customerArn + source.name);
      this.inline = new FilePolicy(source, policy);
      this.diagnostics = NONE;
      return;
    }
    const parsed = parseSource(source);
    const { policy } = parsed.ok ? parsed.value : { policy: undefined };
    this.policy = policy && new FilePolicy(source, policy, customerArn + source.name);
    this.inline = policy && new FilePolicy(source, policy);
    this.diagnostics = labelled(
      source,
      parsed.ok ? [...parsed.value.warnings, ...(this.policy ? advise(this.policy) : [])] : parsed.error,
    );
  }

  /** What is wrong with the policy for a kind of use. */
  diagnosticsAs(kind: PolicyKind): readonly Diagnostic[] {
    const known = this.#byKind[kind];
    if (known !== undefined) return known;
    const found = this.#validate(kind);
    this.#byKind[kind] = found;
    return found;
  }

  #validate(kind: PolicyKind): readonly Diagnostic[] {
    const source = this.#source;
    if (this.policy && this.diagnostics.length === 0) {
      const plain = parsedOnce(source);
      if (plain !== undefined && validatePolicy(plain, kind).length === 0) return NONE;
    }
    const subject = this.policy ?? sketchOf(source);
    return subject ? labelled(source, validatePolicy(subject.policy, kind, fileOf(subject))) : NONE;
  }
}

/** The parsable part of a file with errors, so that all errors are reported at once. */
function sketchOf(source: PolicySource): Subject | undefined {
  const policy = 'text' in source ? sketchPolicy(source.text, source) : undefined;
  return policy && 'text' in source ? { policy, file: source.file } : undefined;
}

const fileOf = ({ file }: Subject): { readonly file?: string } => (file === undefined ? {} : { file });

/** A policy without a file is identified by its name. */
export function labelled(
  source: Pick<PolicySource, 'name'>,
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  if ('file' in source || diagnostics.length === 0) return diagnostics;
  return diagnostics.map(({ severity, rule, message }) => ({
    severity,
    rule,
    message: `policy "${source.name}": ${message}`,
  }));
}
