import { resolve } from 'node:path';
import type { Directory, DirectoryPolicy } from '../../directory/directory.ts';
import { readText } from '../../directory/source-file.ts';
import { decide } from '../../engine/decide.ts';
import type { NamedPolicy } from '../../engine/policy-set.ts';
import { memberOf } from '../../lib/document.ts';
import { readJson } from '../../lib/json-position.ts';
import { didYouMean } from '../../lib/nearest.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { readYaml } from '../../lib/yaml-position.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { recordedQuestions } from '../../recorded-calls/recorded-request.ts';
import type { DecisionRecord } from '../../records/decision-record.ts';
import { patchOf } from '../../reports/patch.ts';
import { isUsed, type PolicyCoverage } from '../coverage/coverage.ts';
import { measureCoverage } from '../coverage/measure.ts';
import { documentedChecks, type RecordedCheck, undocumentedChecks } from '../generate/recorded-calls.ts';
import { withoutPaths } from '../lint/fix.ts';
import { proveWithin } from '../prove/prove-claims.ts';
import { renderProofs } from '../prove/render-proofs.ts';
import { withPolicyReplaced } from './replaced-policy.ts';
import { type UnusedPart, unusedParts } from './unused-parts.ts';

export interface TightenOptions {
  readonly directory: Directory;
  /** Its name, as `principals.yaml` calls it, or its file. */
  readonly policy: string;
  readonly records: readonly DecisionRecord[];
}

/** A policy without what was never used. */
export interface Tightened {
  /** As people open it. */
  readonly file: string;
  /** The text of the file without the parts; the same text where everything was used. */
  readonly text: string;
  /** What was taken out. */
  readonly removed: readonly UnusedPart[];
  /** A unified diff; empty where everything was used. */
  readonly diff: string;
  /** Recorded checks that are allowed, and stay so. */
  readonly checks: number;
  /** Principals that have the policy and made no recorded call. */
  readonly unseen: readonly string[];
}

/** Why nothing was made; a proof that failed is a failure of this program, all else of what was asked. */
export interface NotTightened {
  readonly reason: 'question' | 'proof';
  readonly message: string;
}

/**
 * Takes out of a policy what no recorded call used, of any principal that it is attached to; formatting and comments stay. Every
 * recorded check that is allowed is then decided again with it, and must be allowed still; and it is proved that no request
 * is allowed that was not before.
 */
export async function tightenPolicy({
  directory,
  policy,
  records,
}: TightenOptions): Promise<Result<Tightened, NotTightened>> {
  const found = fileOf(directory, policy);
  if (!found.ok) return refused(found.error);
  const { file, name } = found.value;
  const text = await readText(resolve(file));
  if (!text.ok) return refused(`${file} ${text.error.message}`);
  const coverage = measureCoverage({ directory, records });
  const own = coverage.policies.find((each) => each.file === file);
  if (own === undefined) return refused(`${name} is not attached: there are no calls to measure it with`);
  if (!own.statements.some(isUsed))
    return refused(`no recorded call used anything of ${name}: detach it, or record more calls`);

  const format = /\.ya?ml$/.test(file) ? 'yaml' : 'json';
  const parts = unusedParts(own.statements, hasStatementList(text.value, format));
  const { fixed, removed, kept } = withoutPaths(
    text.value,
    format,
    parts.map(({ path }) => path),
  );
  if (removed < parts.length) {
    const unused = parts.map(
      ({ what, line }) => `  ${line === undefined ? file : `${file}:${line}`}: ${what}`,
    );
    return refused([`${file}: ${kept}. Never used:`, ...unused].join('\n'));
  }
  const parsed = parsePolicy(fixed, { format, file });
  if (!parsed.ok) return failed(`${file} would be no policy any more: ${parsed.error[0]?.message}`);
  const checks = allowedChecks(directory, records);
  const broken = firstRefused(withPolicyReplaced(directory, file, parsed.value.policy), checks);
  if (broken) {
    const { check, record } = broken;
    return failed(`${check.action} on ${check.resource} (decision ${record.id}) would be denied`);
  }
  const proof = proveWithin({ name, file, policy: parsed.value.policy }, [found.value.policy]);
  if (proof.verdict !== 'PASS') return failed(`it may grant something new\n${renderProofs([proof])}`);
  return ok({
    file,
    text: fixed,
    removed: parts,
    diff: patchOf(file, text.value, fixed),
    checks: checks.length,
    unseen: unseenHolders(own, directory, coverage.principals),
  });
}

const refused = (message: string) => err({ reason: 'question', message } as const);

const failed = (message: string) =>
  err({ reason: 'proof', message: `the proof failed: ${message}` } as const);

/** A file of the policies folder, by its name or its path. */
function fileOf(
  { policies }: Directory,
  wanted: string,
): Result<{ readonly file: string; readonly name: string; readonly policy: NamedPolicy }, string> {
  const isMeant = ({ policy: { name, arn, file } }: DirectoryPolicy): boolean =>
    name === wanted || arn === wanted || (file !== undefined && resolve(file) === resolve(wanted));
  const found = policies.find(isMeant);
  if (found === undefined) {
    const names = policies.filter(({ owner }) => owner === 'customer').map(({ policy }) => policy.name);
    return err(`there is no policy ${wanted}${didYouMean(wanted, names)}`);
  }
  const { name, file } = found.policy;
  if (file === undefined)
    return err(`${name} is AWS's own and cannot be edited: generate a policy in its place`);
  return ok({ file, name, policy: found.policy });
}

function hasStatementList(text: string, format: 'json' | 'yaml'): boolean {
  const read = format === 'json' ? readJson(text) : readYaml(text);
  return read.ok && memberOf(read.value, 'Statement')?.kind === 'array';
}

/** Recorded checks that the directory allows. */
const allowedChecks = (
  directory: Directory,
  records: readonly DecisionRecord[],
): readonly RecordedCheck[] => {
  const isAllowed = allows(directory);
  return [...documentedChecks(records), ...undocumentedChecks(records)].filter(isAllowed);
};

function firstRefused(directory: Directory, checks: readonly RecordedCheck[]): RecordedCheck | undefined {
  const isAllowed = allows(directory);
  return checks.find((recorded) => !isAllowed(recorded));
}

function allows(directory: Directory): (recorded: RecordedCheck) => boolean {
  const ask = recordedQuestions(directory);
  return ({ record, check }) => {
    const question = ask(record, check);
    return question.ok && decide(question.value.request, question.value.policies).decision === 'allowed';
  };
}

/** `user/alice`, who has the policy and made no recorded call: what they need of it is not known. */
function unseenHolders(
  { attachedTo }: PolicyCoverage,
  { users, roles }: Directory,
  principals: readonly { readonly principal: string; readonly checks: number }[],
): readonly string[] {
  const checksOf = new Map(principals.map(({ principal, checks }) => [principal, checks]));
  return [...users.values(), ...roles.values()]
    .filter((each) => {
      const groups = each.kind === 'user' ? each.groups : [];
      return [each, ...groups].some(({ arn }) => attachedTo.includes(arn));
    })
    .map(({ kind, name }) => `${kind}/${name}`)
    .filter((name) => (checksOf.get(name) ?? 0) === 0);
}
