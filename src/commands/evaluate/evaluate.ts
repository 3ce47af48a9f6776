import { readPolicies } from '../../directory/policy-documents.ts';
import { type CompiledPolicies, compile } from '../../engine/compile.ts';
import { decide } from '../../engine/decide.ts';
import type { Decision, StatementRef } from '../../engine/decision.ts';
import { denialMessage } from '../../engine/denial-message.ts';
import { isRoleAssumption } from '../../engine/ownership.ts';
import type { AuthorizationRequest } from '../../engine/request.ts';
import { type DocumentNode, duplicateKeys, memberOf } from '../../lib/document.ts';
import { readJson } from '../../lib/json-position.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { readQuestion } from './evaluate-input.ts';

/** What a line of `evaluate` gives. `message` is AWS's sentence, for denials only. */
export interface Evaluation {
  readonly decision: Decision['decision'];
  readonly layer: Decision['layer'];
  readonly determining: readonly Pick<StatementRef, 'policy' | 'statement' | 'sid'>[];
  readonly message?: string;
}

/**
 * Why a line was not evaluated: `InvalidInput` for one that is not of the contract, `MalformedPolicyDocument` for a
 * policy that AWS would refuse.
 */
export interface EvaluationError {
  readonly code: 'InvalidInput' | 'MalformedPolicyDocument' | 'InternalFailure';
  readonly message: string;
}

/**
 * Evaluates one line: a JSON object with `principal`, `action`, `resource`, `context` and the `policies` by layer. The
 * answer is one line as well, a decision or `{"error":{"code","message"}}`. Nothing is filled into the context. A blank
 * line is an error like any other that is not JSON, so that line N answers line N.
 */
export const evaluateLine = (line: string): string => createEvaluator()(line);

/** `evaluateLine` for many lines: each answer as soon as its line is there. */
export async function* evaluateStream(
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void, undefined> {
  const evaluate = createEvaluator();
  for await (const line of lines) yield evaluate(line);
}

/** How many different sets of policies an evaluator keeps compiled, for lines that repeat them. */
const REMEMBERED = 256;

/** An `evaluateLine` that compiles policies that it has just seen only once. */
export function createEvaluator(): (line: string) => string {
  const policiesOf = rememberPolicies();
  return (line) => {
    const evaluated = evaluate(line, policiesOf);
    return JSON.stringify(evaluated.ok ? evaluated.value : { error: evaluated.error });
  };
}

type PoliciesOf = (
  node: DocumentNode | undefined,
  trust: boolean,
) => Result<CompiledPolicies, EvaluationError>;

function evaluate(line: string, policiesOf: PoliciesOf): Result<Evaluation, EvaluationError> {
  try {
    const read = readJson(line);
    if (!read.ok) return invalid(read.error.map(({ message, column }) => `${message} (column ${column})`));
    const question = readQuestion(read.value);
    if (!question.ok) return invalid([question.error]);
    const { action, resource } = question.value;
    const policies = policiesOf(memberOf(read.value, 'policies'), isRoleAssumption(action, resource));
    if (!policies.ok) return policies;
    const twice = duplicateKeys(read.value);
    if (twice.length > 0) return invalid(twice.map(({ message }) => message));
    return ok(answer(question.value, decide(question.value, policies.value)));
  } catch (thrown) {
    return err({
      code: 'InternalFailure',
      message: thrown instanceof Error ? thrown.message : String(thrown),
    });
  }
}

const invalid = (messages: readonly string[]): Result<never, EvaluationError> =>
  err({ code: 'InvalidInput', message: messages.join('; ') });

/** The decision as the contract has it. */
function answer(request: AuthorizationRequest, decision: Decision): Evaluation {
  return {
    decision: decision.decision,
    layer: decision.layer,
    determining: decision.determining.map(({ policy, statement, sid }) => ({
      policy,
      statement,
      ...(sid !== undefined && { sid }),
    })),
    ...(decision.decision !== 'allowed' && { message: denialMessage(request, decision) }),
  };
}

function rememberPolicies(): PoliciesOf {
  const known = new Map<string, CompiledPolicies>();
  return (node, trust) => {
    const key = `${trust}${JSON.stringify(node, withoutPositions)}`;
    const found = known.get(key);
    if (found !== undefined) return ok(found);
    const policies = readPolicies(node, { trust });
    if (!policies.ok) return err({ code: 'MalformedPolicyDocument', message: policies.error.join('; ') });
    const compiled = compile(policies.value);
    const [oldest] = known.size < REMEMBERED ? [] : known.keys();
    if (oldest !== undefined) known.delete(oldest);
    known.set(key, compiled);
    return ok(compiled);
  };
}

/** Documents are the same when they are spelled the same: `1.0` and `1` are two texts to a String operator. */
const withoutPositions = (name: string, value: unknown): unknown =>
  name === 'position' || name === 'keyPosition' ? undefined : value;
