import type { Directory } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import type { NamedPolicy } from '../../engine/policy-set.ts';
import { ok, type Result } from '../../lib/result.ts';
import { iamActions } from '../../model/iam-actions.ts';
import { assumptionsOf } from '../../proof/assumptions.ts';
import { anyAccess, isResourcePolicy, newAccess, publicAccess } from '../../proof/document-claims.ts';
import { type Access, actionStatement, againstNothing } from '../../proof/never-granted.ts';
import { writtenName } from '../../proof/principals.ts';
import { type Answer, type ProofOptions, prove, type Situation, type Witness } from '../../proof/prove.ts';
import { counterexample } from '../../proof/witness.ts';
import type { Claim, ProofCounterexample, ProofResult } from './proof-result.ts';
import { callerSituations, knownOf } from './prove-principal.ts';

/** Ten seconds at most on a small machine; real policies need a hundredth of it. */
const STEPS = 2_000_000;
/** Who a counterexample of documents is about. */
const ANYONE = 'PRINCIPAL';
const EXAMPLE_ACCOUNT = '123456789012';

/** What is common to the results about one subject. */
interface Subject {
  readonly name: string;
  readonly claim: Claim;
  readonly account: string;
  /** Who the counterexample is about, as `--as` takes it. */
  readonly principalOf: (witness: Witness) => string;
  /** The context of a counterexample without what is known anyway. */
  readonly contextOf: (found: ProofCounterexample['context']) => ProofCounterexample['context'];
}

/** Whether a principal may do nothing under the new directory that it may not do under the existing one. */
export function proveNoNewAccess(
  as: string,
  next: Directory,
  existing: Directory,
): Result<ProofResult, string> {
  const situations = callerSituations(as, next, existing);
  return situations.ok ? ok(run(callerSubject(as, 'no-new-access', next), situations.value)) : situations;
}

/** Whether two directories let a principal do the same. */
export function proveEquivalent(
  as: string,
  next: Directory,
  existing: Directory,
): Result<ProofResult, string> {
  const more = callerSituations(as, next, existing);
  if (!more.ok) return more;
  const less = callerSituations(as, existing, next);
  if (!less.ok) return less;
  return ok(
    both(
      run(callerSubject(as, 'equivalent', next), more.value),
      run(callerSubject(as, 'equivalent', next), less.value),
    ),
  );
}

/** Whether a principal may do none of some actions on none of some resources. */
export function proveNotGranted(
  as: string,
  access: Access,
  directory: Directory,
): Result<ProofResult, string> {
  const situations = callerSituations(as, directory, directory);
  if (!situations.ok) return situations;
  return ok(run(callerSubject(as, 'not-granted', directory), denied(situations.value, access), access));
}

/** The same for documents, without principals. */
export function proveDocuments(
  claim: 'no-new-access' | 'equivalent',
  next: NamedPolicy,
  existing: NamedPolicy,
): ProofResult {
  const more = run(documentSubject(next, claim), newAccess(next, [existing]));
  return claim === 'equivalent'
    ? both(more, run(documentSubject(next, claim), newAccess(existing, [next])))
    : more;
}

/** Whether a document allows nothing that several others together do not allow. */
export const proveWithin = (next: NamedPolicy, existing: readonly NamedPolicy[]): ProofResult =>
  run(documentSubject(next, 'no-new-access'), newAccess(next, existing));

/** Whether a document grants none of some actions on none of some resources. */
export const proveDocumentNotGranted = (policy: NamedPolicy, access: Access): ProofResult =>
  run(documentSubject(policy, 'not-granted'), anyAccess(policy, access), access);

/** Whether a resource-based policy grants nothing to strangers. */
export const proveNoPublicAccess = (policy: NamedPolicy): ProofResult =>
  run(documentSubject(policy, 'no-public-access'), publicAccess(policy));

function* denied(situations: Iterable<Situation>, { resources }: Access): Iterable<Situation> {
  for (const situation of situations) yield againstNothing(situation, resources);
}

function callerSubject(name: string, claim: Claim, directory: Directory): Subject {
  const caller = findCaller(directory, name);
  const known = caller.ok ? knownOf(caller.value, directory) : undefined;
  return {
    name,
    claim,
    account: directory.account,
    principalOf: () => name,
    contextOf: (found) =>
      Object.fromEntries(
        Object.entries(found).filter(([key, value]) => {
          const lower = key.toLowerCase();
          return lower === 'aws:resourceaccount' || String(known?.get(lower)) !== String(value);
        }),
      ),
  };
}

const documentSubject = (policy: NamedPolicy, claim: Claim): Subject => ({
  name: policy.file ?? policy.name,
  claim,
  account: EXAMPLE_ACCOUNT,
  principalOf: ({ request }) => (isResourcePolicy(policy) ? writtenName(request.principal) : ANYONE),
  contextOf: (found) => found,
});

function run(subject: Subject, situations: Iterable<Situation>, access?: Access): ProofResult {
  const asked = [...situations];
  const options: ProofOptions = {
    reference: iamActions(),
    steps: STEPS,
    ...(access && access.actions.length > 0 && { within: [actionStatement(access.actions)] }),
  };
  return resultOf(subject, prove(asked, options), assumptionsOf(asked));
}

function resultOf(subject: Subject, answer: Answer, assumptions: readonly string[]): ProofResult {
  const base = { subject: subject.name, claim: subject.claim, assumptions };
  if (answer.kind === 'pass') return { ...base, verdict: 'PASS' };
  if (answer.kind === 'unknown') return { ...base, verdict: 'UNKNOWN', reason: answer.reason };
  return { ...base, verdict: 'FAIL', counterexample: exampleOf(subject, answer.witness) };
}

function exampleOf({ account, contextOf, principalOf }: Subject, witness: Witness): ProofCounterexample {
  const found = counterexample(witness, account);
  return { ...found, principal: principalOf(witness), context: contextOf(found.context) };
}

/** A difference in either direction is one. */
function both(more: ProofResult, less: ProofResult): ProofResult {
  const failed = more.verdict === 'FAIL' ? more : less;
  const worst = failed.verdict === 'FAIL' ? failed : more.verdict === 'UNKNOWN' ? more : less;
  if (worst.counterexample === undefined) return worst;
  return {
    ...worst,
    counterexample: { ...worst.counterexample, allowedBy: worst === more ? 'new' : 'existing' },
  };
}
