import { createTwoFilesPatch } from 'diff';
import type { Directory } from '../../directory/directory.ts';
import type { NamedPolicy } from '../../engine/policy-set.ts';
import type { Policy, Statement } from '../../policy/ast.ts';
import { policyDocument } from '../../policy/print.ts';
import { validatePolicy } from '../../policy/validate.ts';
import { proveWithin } from '../prove/prove-claims.ts';
import type { Generated } from './generate.ts';

/** What a person wants to know beside the document: what it comes from, what it replaces, what was proved. */
export function renderComparison(directory: Directory, generated: Generated): string {
  const { calls, policy, checks, elements } = generated;
  const { identity, passed, audited, denied } = calls;
  const { identity: present } = directory.policySetOf(identity);
  const names = present.map(({ name }) => name).join(', ') || 'none';
  const statements = present.flatMap((each) => each.policy.statements);
  const actions = policy.statements.flatMap(({ action }) => action.patterns).length;
  return [
    `Generated for ${identity.kind}/${identity.name} from ${plural(passed.length + audited.length, 'recorded call')}: ${plural(policy.statements.length, 'statement')}, ${plural(actions, 'action')}, ${policy.size} characters.`,
    `Proven: all ${plural(checks, 'recorded check')} pass under it, and without any of its ${plural(elements, 'element')} one of them fails.`,
    beyondPresent(policy, present),
    ...remarksOf(generated, statements),
    ...(denied.length > 0
      ? [`Not granted: ${plural(denied.length, 'recorded call')} that the policies denied.`]
      : []),
    '',
    `In place of the present policies (${names}):`,
    diffOf(statements, policy.statements),
  ].join('\n');
}

/** Whether the generated policy allows a request that the current ones do not, proved over all requests. */
function beyondPresent(policy: Policy, present: readonly NamedPolicy[]): string {
  const { verdict, reason, counterexample } = proveWithin({ name: 'generated', policy }, present);
  if (verdict === 'PASS') return 'Proven: it allows no request that the current policies do not allow.';
  if (counterexample === undefined)
    return `Whether it allows more than the current policies is not known: ${reason}.`;
  const { action, resource, context } = counterexample;
  const keys = Object.entries(context).map(([key, value]) => `${key} = ${[value].flat().join(', ')}`);
  const where = keys.length > 0 ? ` with ${keys.join('; ')}` : '';
  return `It allows more than the current policies: ${action} on ${resource}${where}.`;
}

/** The change from the statements of the current policies to the generated ones, as a unified diff. */
export function diffOf(present: readonly Statement[], generated: readonly Statement[]): string {
  const text = (statements: readonly Statement[]): string =>
    `${JSON.stringify(policyDocument({ version: '2012-10-17', statements, size: 0 }), null, 2)}\n`;
  return createTwoFilesPatch('present', 'generated', text(present), text(generated), '', '', { context: 2 })
    .split('\n')
    .slice(1)
    .join('\n')
    .trimEnd();
}

/** What a person should know about a generated policy before using it, in sentences. */
export function remarksOf(generated: Generated, present: readonly Statement[]): readonly string[] {
  const { calls, policy, beyond, undocumentedStatements, generatedNames } = generated;
  const denies = present.filter(({ effect }) => effect === 'Deny').length;
  const keysOf = (statements: readonly Statement[]): Set<string> =>
    new Set(statements.flatMap(({ conditions }) => conditions.map(({ key }) => key.text)));
  const keys = keysOf(present).difference(keysOf(policy.statements));
  const diagnostics = validatePolicy(policy, 'managed').filter(({ rule }) => rule === 'policy-size');
  return [
    ...(calls.audited.length > 0
      ? [
          `${plural(calls.audited.length, 'call')} of audit mode among them: the present policies deny what it allows.`,
        ]
      : []),
    ...generatedNames.map(
      ({ resource, pattern }) =>
        `The name in ${resource} looks generated: calls with the next one would be denied. With --names it is ${pattern}.`,
    ),
    ...beyond.map(
      ({ check, record }) =>
        `Left out: ${check.action} on ${check.resource} (decision ${record.id}): no identity-based policy can allow it.`,
    ),
    ...(undocumentedStatements > 0
      ? ['The statements Undocumented are for checks that AWS may make and does not document.']
      : []),
    ...(denies > 0
      ? [
          `The ${plural(denies, 'Deny statement')} of the present policies is not in it: keep what guards more than these calls.`,
        ]
      : []),
    ...(keys.size > 0
      ? [`Conditions of the present policies are not carried over: ${[...keys].join(', ')}.`]
      : []),
    ...diagnostics.map(({ message }) => `${message}: generate it with --resources prefix.`),
  ];
}

const plural = (count: number, resourceType: string): string =>
  `${count} ${resourceType}${count === 1 ? '' : 's'}`;
