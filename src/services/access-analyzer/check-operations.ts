import type { NamedPolicy } from '../../engine/policy-set.ts';
import { ok } from '../../lib/result.ts';
import { iamActions } from '../../model/iam-actions.ts';
import { actionDiagnostic } from '../../policy/action-pattern.ts';
import { anyAccess, newAccess, publicAccess } from '../../proof/document-claims.ts';
import { actionStatement } from '../../proof/never-granted.ts';
import { type Answer, prove, type Situation } from '../../proof/prove.ts';
import { documentIn, type Input, invalidField, invalidParameter, type Output, textsIn } from './call.ts';
import { type CheckedType, readDocument, withEveryProvider } from './read-document.ts';
import { servicesOf } from './resource-types.ts';

/** About a second on a small machine, for the verdict and again for its reasons; real policies need a tenth of it. */
const STEPS = 200_000;

/** The checks ignore which resource types an action supports. @see docs/conformance.md */
const UNIVERSE = 'services';

/** What is asked about a document: the situations of it, and of a part of it. */
interface Question {
  readonly policy: NamedPolicy;
  readonly situations: (policy: NamedPolicy) => readonly Situation[];
  /** Patterns of the actions that count; all, if there are none. */
  readonly actions: readonly string[];
}

/** AWS's sentences about a check. */
interface Sentences {
  readonly PASS: string;
  readonly FAIL: string;
  /** Of the reasons, up to the statement. */
  readonly reason: string;
}

/** @see https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html */
export function checkNoNewAccess(input: Input): Output {
  const type = typeIn(input);
  const next = documentOf(input, 'newPolicyDocument', type);
  if (!next.ok) return next;
  const existing = documentOf(input, 'existingPolicyDocument', type);
  if (!existing.ok) return existing;
  const [after = next.value, before = existing.value] = withEveryProvider([next.value, existing.value]);
  return resultOf(
    { policy: after, situations: (policy) => newAccess(policy, [before], UNIVERSE), actions: [] },
    {
      PASS: 'The modified permissions do not grant new access compared to your existing policy.',
      FAIL: 'The modified permissions grant new access compared to your existing policy.',
      reason: 'New access in the statement',
    },
  );
}

const LISTED: Readonly<Record<'actions' | 'resources' | 'both', readonly [what: string, reason: string]>> = {
  actions: ['perform one or more of the listed actions', 'listed actions'],
  resources: ['one or more of the listed resources', 'listed resources'],
  both: ['one or more listed resources to perform one or more listed actions', 'listed actions or resources'],
};

/** @see https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckAccessNotGranted.html */
export function checkAccessNotGranted(input: Input): Output {
  const [access]: readonly Input[] = Array.isArray(input.access) ? input.access : [];
  const { actions, resources } = { actions: textsIn(access?.actions), resources: textsIn(access?.resources) };
  if (actions.length + resources.length === 0)
    return invalidField('access', 'Specify at least one action or resource.');
  if (resources.some((text) => !isCheckable(text))) return invalidField('access', 'Invalid ARN');
  const action = actions.find((text) => actionDiagnostic(text) !== undefined);
  if (action !== undefined) return invalidField('access', `Invalid action ${action}`);
  const document = documentOf(input, 'policyDocument', typeIn(input));
  if (!document.ok) return document;
  const [policy = document.value] = withEveryProvider([document.value]);
  const asked = resources.length === 0 ? 'actions' : actions.length === 0 ? 'resources' : 'both';
  const [what, reason] = LISTED[asked];
  return resultOf(
    { policy, situations: (part) => anyAccess(part, { resources }, UNIVERSE), actions },
    {
      PASS: `The policy document does not grant access to ${what}.`,
      FAIL: `The policy document grants access to ${what}.`,
      reason: `One or more of the ${reason} in the statement`,
    },
  );
}

/** An ARN with wildcards in its last part only, as AWS documents for `resources`; or `*`. */
function isCheckable(text: string): boolean {
  const [arn, ...parts] = text.split(':');
  return text === '*' || (arn === 'arn' && parts.length >= 5 && !/[*?]/.test(parts.slice(0, 4).join(':')));
}

/** @see https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html */
export function checkNoPublicAccess(input: Input): Output {
  const document = documentOf(input, 'policyDocument', 'RESOURCE_POLICY');
  if (!document.ok) return document;
  const [policy = document.value] = withEveryProvider([document.value]);
  const actions = servicesOf(String(input.resourceType)).map((service) => `${service}:*`);
  return resultOf(
    { policy, situations: publicAccess, actions },
    {
      PASS: 'The resource policy does not grant public access for the given resource type.',
      FAIL: 'The resource policy grants public access for the given resource type.',
      reason: 'Public access granted in the following statement',
    },
  );
}

const typeIn = ({ policyType }: Input): CheckedType =>
  policyType === 'RESOURCE_POLICY' ? policyType : 'IDENTITY_POLICY';

function documentOf(input: Input, member: string, type: CheckedType) {
  const text = documentIn(input, member);
  return text.ok ? readDocument(text.value, member, type) : text;
}

/**
 * The response of a check. AWS has no third result: what is not decided is an error that SDKs do not send again, as they do
 * with UnprocessableEntityException.
 */
function resultOf(question: Question, { PASS, FAIL, reason }: Sentences): Output {
  const verdict = proved(question, question.policy, STEPS);
  if (verdict.kind === 'pass') return ok({ result: 'PASS', message: PASS });
  if (verdict.kind === 'unknown')
    return invalidParameter(`The check was not decided, so the policy did not pass: ${verdict.reason}.`);
  return ok({ result: 'FAIL', message: FAIL, reasons: reasonsOf(question, reason) });
}

function proved({ situations, actions }: Question, policy: NamedPolicy, steps: number): Answer {
  const within = actions.length > 0 ? { within: [actionStatement(actions)] } : {};
  return prove(situations(policy), { reference: iamActions(), steps, ...within });
}

/** Each statement that gives the access by itself, with all that the policy denies. */
function reasonsOf(question: Question, sentence: string): readonly Input[] {
  const { policy } = question.policy;
  const allows = policy.statements.filter(({ effect }) => effect === 'Allow');
  const denies = policy.statements.filter(({ effect }) => effect === 'Deny');
  const guilty = allows.filter((statement) => {
    const part = { ...question.policy, policy: { ...policy, statements: [statement, ...denies] } };
    return proved(question, part, Math.ceil(STEPS / allows.length)).kind !== 'pass';
  });
  return guilty.map(({ index, sid }) => {
    const named = sid !== undefined && sid.text !== '';
    return {
      description: `${sentence} with ${named ? `sid: ${sid.text}` : `index: ${index}`}.`,
      statementIndex: index,
      ...(named && { statementId: sid.text }),
    };
  });
}
