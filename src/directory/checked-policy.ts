import type { NamedPolicy } from '../engine/policy-set.ts';
import type { Diagnostic } from '../lib/errors.ts';
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

/** The kinds of use that nearly all policies have: with a Principal, and without. */
const USUAL_KINDS = { withPrincipal: ['trust'], withoutPrincipal: ['managed', 'inline'] } as const;

/**
 * One policy of the folder and what is wrong with it. A policy is first checked without positions; only if there is
 * something to report is it parsed with them. What is found is kept for as long as its source is.
 */
export class CheckedPolicy {
  /** `undefined` for a file with errors. */
  readonly policy: FilePolicy | undefined;
  /** Errors, or warnings about a valid policy, whatever it is used for. */
  readonly diagnostics: readonly Diagnostic[];
  readonly #source: PolicySource;
  readonly #byKind: Partial<Record<PolicyKind, readonly Diagnostic[]>> = {};
  #inline: FilePolicy | undefined;

  constructor(source: PolicySource, { customerArn, advise }: CheckOptions) {
    this.#source = source;
    const plain = parsePlainSource(source);
    if (plain !== undefined && advise({ name: source.name, policy: plain }).length === 0) {
      this.policy = new FilePolicy(source, withStatementsOnDemand(plain, source), customerArn + source.name);
      this.diagnostics = NONE;
      // The parsed statements are not kept. Checked here, most policies are parsed only once.
      const hasPrincipal = plain.statements.some(({ principal }) => principal !== undefined);
      for (const kind of USUAL_KINDS[hasPrincipal ? 'withPrincipal' : 'withoutPrincipal'])
        if (validatePolicy(plain, kind).length === 0) this.#byKind[kind] = NONE;
      return;
    }
    const parsed = parseSource(source);
    const { policy } = parsed.ok ? parsed.value : { policy: undefined };
    this.policy = policy && new FilePolicy(source, policy, customerArn + source.name);
    this.diagnostics = labelled(
      source,
      parsed.ok ? [...parsed.value.warnings, ...(this.policy ? advise(this.policy) : [])] : parsed.error,
    );
  }

  /** The same policy as part of an identity. */
  get inline(): FilePolicy | undefined {
    this.#inline ??= this.policy && new FilePolicy(this.#source, this.policy.policy);
    return this.#inline;
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
      const plain = parsePlainSource(source);
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
