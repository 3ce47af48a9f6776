import type { StatementRef } from '../../engine/decision.ts';
import type { Answer } from '../simulate/call-authorization.ts';
import type { Expected } from './policy-test.ts';

/** What came otherwise than it was wanted, a line each. */
export function judge(expected: Expected, answer: Answer): readonly string[] {
  const { decision, layer, determining, check } = answer;
  const isWanted = expected.decision === 'denied' ? decision !== 'allowed' : decision === expected.decision;
  if (!isWanted) return [`wanted ${expected.decision}, came ${decision}`];
  const failures: (string | false)[] = [
    expected.layer !== undefined &&
      expected.layer !== layer &&
      `wanted the layer ${expected.layer}, came ${layer}`,
    expected.statement !== undefined &&
      !determining.some((ref) => isNamed(ref, expected.statement ?? '')) &&
      `wanted the statement ${expected.statement}, came ${determining.map(nameOf).join(', ') || 'none'}`,
    expected.refused !== undefined &&
      expected.refused.toLowerCase() !== check.action.toLowerCase() &&
      `wanted ${expected.refused} to be refused, came ${check.action}`,
    expected.because !== undefined &&
      !check.message?.includes(expected.because) &&
      `wanted a message with "${expected.because}", came "${check.message}"`,
  ];
  return failures.filter((failure) => failure !== false);
}

/** `policy#Sid`, or `policy#0` for a statement without a Sid. */
export const nameOf = ({ policy, sid, statement }: StatementRef): string => `${policy}#${sid || statement}`;

const isNamed = (ref: StatementRef, wanted: string): boolean =>
  [ref.policy, nameOf(ref), `${ref.policy}#${ref.statement}`].includes(wanted);
