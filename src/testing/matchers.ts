import type { RunningProxy } from '../app/running-proxy.ts';
import { coveragePrincipals, measureCoverage } from '../commands/coverage/measure.ts';
import { renderCoverage } from '../commands/coverage/render-text.ts';
import type {
  AuthorizeOptions,
  CallAuthorization,
  CallToAuthorize,
} from '../commands/simulate/authorize-call.ts';

/** What a proxy must have to be asked. */
type AskedProxy = Pick<RunningProxy, 'authorize' | 'directory' | 'decisions'>;

export interface DenyOptions extends AuthorizeOptions {
  /** A part of the message that AWS answers the denial with. */
  readonly because?: string | RegExp;
}

/** An assertion to be awaited, which may say why first. */
export interface DenialAssertion<R> extends Promise<R> {
  /** Holds the message of the denial: `await expect(proxy).toDeny('bob', command).because('no identity-based policy')`. */
  because(reason: string | RegExp): Promise<R>;
}

export interface CoverageOptions {
  /** `role/recommender`, `alice`: only the calls and the policies of these principals. */
  readonly as?: string | readonly string[];
}

/** The matchers as `expect(proxy)` has them. */
export interface ProxyMatchers<R = void> {
  /** Whether a principal may make a call: a command of the AWS SDK v3. The call is not made. */
  toAllow(principal: string, call: CallToAuthorize, options?: AuthorizeOptions): Promise<R>;
  /** Whether a principal may not make a call. */
  toDeny(principal: string, call: CallToAuthorize, options?: DenyOptions): DenialAssertion<R>;
  /** Whether the calls that were made used so many percent of the policies' statements, actions and resources. */
  toHaveCoverage(percent: number, options?: CoverageOptions): R;
}

/** What a matcher of vitest or jest resolves to. */
interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * For `expect.extend` of vitest and of jest, which both take a matcher that resolves later. Failures print AWS's message
 * and the evaluation steps of the decision.
 */
export const proxyMatchers = {
  async toAllow(
    proxy: unknown,
    principal: string,
    call: CallToAuthorize,
    options?: AuthorizeOptions,
  ): Promise<MatcherResult> {
    const answer = await ask(proxy, principal, call, options);
    const pass = answer.decision === 'allowed';
    return { pass, message: () => storyOf(answer, pass ? 'not to be allowed' : 'to be allowed') };
  },

  toDeny(
    proxy: unknown,
    principal: string,
    call: CallToAuthorize,
    { because, ...options }: DenyOptions = {},
  ): Promise<MatcherResult> {
    const asked = ask(proxy, principal, call, options);
    return Verdict.of(because, (reason) => asked.then((answer) => judgeDenial(answer, reason)));
  },

  toHaveCoverage(proxy: unknown, percent: number, { as = [] }: CoverageOptions = {}): MatcherResult {
    const { directory, decisions: records } = proxyOf(proxy);
    const only = coveragePrincipals(directory, [as].flat());
    if (!only.ok) throw new TypeError(only.error);
    const coverage = measureCoverage({
      directory,
      records,
      ...(only.value.length > 0 && { only: only.value }),
    });
    const pass = coverage.percent >= percent;
    const wanted = pass ? `less than ${percent}%` : `at least ${percent}%`;
    return { pass, message: () => `expected ${wanted} to be covered\n${renderCoverage(coverage)}` };
  },
};

function judgeDenial(answer: CallAuthorization, reason: Reason | undefined): MatcherResult {
  const isDenied = answer.decision !== 'allowed';
  const pass = isDenied && isSaid(answer.message ?? '', reason);
  const wanted = reason === undefined ? 'to be denied' : `to be denied because ${reason}`;
  return { pass, message: () => storyOf(answer, pass ? `not ${wanted}` : wanted) };
}

function isSaid(message: string, reason: Reason | undefined): boolean {
  if (reason === undefined) return true;
  return typeof reason === 'string' ? message.includes(reason) : reason.test(message);
}

type Reason = string | RegExp;

/**
 * A pending result that accepts a reason. Frameworks chain promises of their own to a matcher's, and give the last one
 * to the test: each of the chain passes the reason on to the first, which waits until the test has had its say.
 */
class Verdict<Value> extends Promise<Value> {
  #told: { reason?: Reason | undefined } = {};

  static of<Value>(
    reason: Reason | undefined,
    judge: (reason: Reason | undefined) => Promise<Value>,
  ): Verdict<Value> {
    const told = { reason };
    const verdict = new Verdict<Value>((resolve, reject) =>
      queueMicrotask(() => judge(told.reason).then(resolve, reject)),
    );
    verdict.#told = told;
    return verdict;
  }

  because(reason: Reason): this {
    this.#told.reason = reason;
    return this;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  override then<Next = Value, Caught = never>(
    onResult?: ((value: Value) => Next | PromiseLike<Next>) | null,
    onFailure?: ((cause: unknown) => Caught | PromiseLike<Caught>) | null,
  ): Verdict<Next | Caught> {
    const next = super.then(onResult, onFailure) as Verdict<Next | Caught>;
    next.#told = this.#told;
    return next;
  }
}

async function ask(
  proxy: unknown,
  principal: string,
  call: CallToAuthorize,
  options: AuthorizeOptions = {},
): Promise<CallAuthorization> {
  return proxyOf(proxy).authorize(principal, call, options);
}

function proxyOf(value: unknown): AskedProxy {
  if (!isProxy(value)) throw new TypeError('expect(proxy): pass the proxy that startProxy returned');
  return value;
}

const isProxy = (value: unknown): value is AskedProxy =>
  typeof value === 'object' &&
  value !== null &&
  'authorize' in value &&
  typeof value.authorize === 'function';

/** What was wanted, what came, and why. */
function storyOf(answer: CallAuthorization, wanted: string): string {
  const { operation, principal, message, explanation } = answer;
  return [
    `expected ${operation} of ${principal} ${wanted}`,
    ...(message === undefined ? [] : [message]),
    '',
    explanation,
  ].join('\n');
}
