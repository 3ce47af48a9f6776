import { PLAIN, placeOf, type Styles } from '../../explanation/evaluation-steps.ts';
import { policyTest, simulateCommand } from './counterexample-commands.ts';
import type { Claim, ProofCounterexample, ProofResult } from './proof-result.ts';

/** What each verdict says of a claim. */
const SENTENCES: Readonly<Record<Claim, Readonly<Record<'PASS' | 'FAIL', string>>>> = {
  'no-new-access': {
    PASS: 'the new policies allow nothing that the existing ones do not allow',
    FAIL: 'the new policies allow a request that the existing ones do not allow',
  },
  equivalent: {
    PASS: 'both allow the same requests',
    FAIL: 'one of them allows a request that the other does not',
  },
  'not-granted': {
    PASS: 'nothing of it is granted',
    FAIL: 'a request of it is allowed',
  },
  'no-public-access': {
    PASS: 'it grants nothing to the public',
    FAIL: 'it grants access to the public',
  },
};

/** Results for people. */
export const renderProofs = (results: readonly ProofResult[], styles: Styles = PLAIN): string =>
  results.map((result) => renderProof(result, styles).join('\n')).join('\n\n');

/** One sentence about a result. */
export const sentenceOf = ({ claim, verdict, reason }: ProofResult): string =>
  verdict === 'UNKNOWN' ? `it could not be decided: ${reason}` : SENTENCES[claim][verdict];

function renderProof(result: ProofResult, { good, bad, faint }: Styles): readonly string[] {
  const { subject, verdict, counterexample, assumptions } = result;
  const mark = verdict === 'PASS' ? good(verdict) : bad(verdict);
  return [
    `${mark} ${subject}: ${sentenceOf(result)}`,
    ...(counterexample ? renderCounterexample(counterexample) : []),
    ...(assumptions.length > 0 ? [faint(`  Assumed: ${assumptions.join('; ')}`)] : []),
  ];
}

/** The request, the statements that make the difference, and how to ask for it again. */
function renderCounterexample(found: ProofCounterexample): readonly string[] {
  const { action, listed, resource, context, allowedBy, granting, goneDenies } = found;
  return [
    `  ${action} on ${resource}${listed ? '' : ' (an action that AWS could add: the reference does not list it)'}`,
    ...Object.entries(context).map(
      ([key, value]) =>
        `    ${key} = ${typeof value === 'string' ? shown(value) : `[${value.map(shown).join(', ')}]`}`,
    ),
    ...granting.map(
      (ref) =>
        `  allowed by ${placeOf(ref)}${allowedBy === undefined ? '' : `, in the ${allowedBy} policies`}`,
    ),
    ...goneDenies.map((ref) => `  no longer denied by ${placeOf(ref)}`),
    '',
    `  ${simulateCommand(found)}`,
    '',
    ...policyTest(found)
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
  ];
}

/** In quotes where its end would not be visible. */
const shown = (text: string): string => (/^[^\s,"[\]]+$/.test(text) ? text : JSON.stringify(text));
