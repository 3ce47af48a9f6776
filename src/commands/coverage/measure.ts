import type { Directory, DirectoryPolicy, PolicyUse, Role, User } from '../../directory/directory.ts';
import { findIdentity } from '../../directory/find-caller.ts';
import { weigh } from '../../engine/decide.ts';
import { ok, type Result } from '../../lib/result.ts';
import { holderOf } from '../../recorded-calls/recorded-principal.ts';
import { recordedQuestions } from '../../recorded-calls/recorded-request.ts';
import type { CheckRecord, DecisionRecord } from '../../records/decision-record.ts';
import {
  type Coverage,
  isUsed,
  type PolicyCoverage,
  type PrincipalCoverage,
  type Share,
  shareOf,
  shareOfCounts,
  type UnusedGrant,
} from './coverage.ts';
import { Tally, type Use } from './tally.ts';

export interface CoverageOptions {
  /** The policies that are measured, as they are now. */
  readonly directory: Directory;
  /** Of one log or several. */
  readonly records: readonly DecisionRecord[];
  /** `user/alice`, `role/recommender`: only the calls and the policies of these principals. */
  readonly only?: readonly string[];
}

/**
 * Asks every recorded check again and counts which statements, actions and resources of the attached policies it used:
 * identity-based policies, permissions boundaries, service control and resource control policies. A trust policy is not
 * among them: sessions for tests are made without asking it.
 */
export function measureCoverage({ records, ...options }: CoverageOptions): Coverage {
  const run = new CoverageRun(options);
  for (const record of records) run.add(record);
  return run.result();
}

/** Measures coverage one record after the other. */
export class CoverageRun {
  readonly #directory: Directory;
  readonly #only: readonly string[] | undefined;
  readonly #ask: ReturnType<typeof recordedQuestions>;
  readonly #overall = new Tally();
  readonly #own = new Map<string, { readonly tally: Tally; checks: number }>();
  readonly #unasked = new Set<string>();
  #decisions = 0;
  #checks = 0;

  constructor({ directory, only }: Omit<CoverageOptions, 'records'>) {
    this.#directory = directory;
    this.#only = only;
    this.#ask = recordedQuestions(directory);
  }

  add(record: DecisionRecord): void {
    const name = holderOf(record, this.#directory);
    if (this.#only?.includes(name) === false) return;
    this.#decisions += 1;
    for (const check of record.checks) this.#use(name, record, check, true);
    for (const check of record.undocumented) this.#use(name, record, check, false);
  }

  result(): Coverage {
    const directory = this.#directory;
    const identities = identitiesOf(directory).filter(({ name }) => this.#only?.includes(name) ?? true);
    const policies = coveredPolicies(directory, identities, this.#only !== undefined)
      .map((policy) => policyCoverage(policy, this.#overall))
      .sort((a, b) => a.percent - b.percent || b.elements - a.elements || a.policy.localeCompare(b.policy));
    return {
      ...sum(policies),
      policies,
      principals: identities.map(({ name, identity }) => {
        const { tally, checks } = this.#own.get(name) ?? { tally: new Tally(), checks: 0 };
        return principalCoverage(name, checks, unusedGrants(identity, directory, tally));
      }),
      decisions: this.#decisions,
      checks: this.#checks,
      unasked: [...this.#unasked],
    };
  }

  #use(name: string, record: DecisionRecord, check: CheckRecord, isDocumented: boolean): void {
    const question = this.#ask(record, check);
    if (!question.ok) return void this.#unasked.add(question.error);
    const { request, policies } = question.value;
    const { decision, evidence } = weigh(request, policies);
    const mine = this.#own.get(name) ?? { tally: new Tally(), checks: 0 };
    this.#own.set(name, mine);
    mine.checks += 1;
    this.#checks += 1;
    const count = (statements: (typeof evidence)[number]['allows'], as: Use): void => {
      for (const placed of statements)
        for (const tally of [this.#overall, mine.tally])
          tally.add(placed, request, isDocumented ? as : 'undocumented');
    };
    for (const { allows, denies } of evidence) {
      if (decision.decision === 'allowed') count(allows, 'allowed');
      count(denies, 'denied');
    }
  }
}

/** The principals that people name, as coverage names them. @returns what is wrong with a name that no principal has */
export function coveragePrincipals(
  directory: Directory,
  names: readonly string[],
): Result<readonly string[], string> {
  const chosen: string[] = [];
  for (const name of names) {
    const found = findIdentity(directory, name);
    if (!found.ok) return found;
    chosen.push(`${found.value.kind}/${found.value.name}`);
  }
  return ok(chosen);
}

interface NamedIdentity {
  /** `user/alice` */
  readonly name: string;
  readonly identity: User | Role;
}

const identitiesOf = ({ users, roles }: Directory): readonly NamedIdentity[] =>
  [...users.values(), ...roles.values()].map((identity) => ({
    name: `${identity.kind}/${identity.name}`,
    identity,
  }));

const COVERED_USES: ReadonlySet<PolicyUse> = new Set([
  'managed',
  'inline',
  'permissionsBoundary',
  'serviceControl',
  'resourceControl',
]);

/** All attached policies; for selected principals, only those that apply to them. */
function coveredPolicies(
  { policies }: Directory,
  identities: readonly NamedIdentity[],
  isChosen: boolean,
): readonly DirectoryPolicy[] {
  const holders = new Set<string>(
    identities.flatMap(({ identity }) => [
      identity.arn,
      ...(identity.kind === 'user' ? identity.groups.map(({ arn }) => arn) : []),
    ]),
  );
  return policies.filter(({ attachments }) =>
    attachments.some(({ use, to }) => COVERED_USES.has(use) && (!isChosen || holders.has(to))),
  );
}

function policyCoverage({ policy: named, attachments }: DirectoryPolicy, tally: Tally): PolicyCoverage {
  const statements = named.policy.statements.map((statement) => tally.coverageOf(statement));
  return {
    policy: named.name,
    ...(named.file !== undefined && { file: named.file }),
    attachedTo: [...new Set(attachments.filter(({ use }) => COVERED_USES.has(use)).map(({ to }) => to))],
    ...shareOf(statements),
    statements,
  };
}

function sum(policies: readonly PolicyCoverage[]): Share {
  const total = (of: 'elements' | 'used') => policies.reduce((sum, each) => sum + each[of], 0);
  return shareOfCounts(total('elements'), total('used'));
}

const principalCoverage = (
  principal: string,
  checks: number,
  unused: readonly UnusedGrant[],
): PrincipalCoverage => ({ principal, checks, unused });

function unusedGrants(identity: User | Role, directory: Directory, tally: Tally): readonly UnusedGrant[] {
  return directory.policySetOf(identity).identity.flatMap(({ name, file, policy }) =>
    policy.statements
      .filter(({ effect }) => effect === 'Allow')
      .flatMap((source): readonly UnusedGrant[] => {
        const { statement, sid, line, patterns, ...uses } = tally.coverageOf(source);
        const unused = patterns.filter((pattern) => !isUsed(pattern));
        if (isUsed(uses) && unused.length === 0) return [];
        const texts = (element: 'Action' | 'Resource') =>
          unused.filter((each) => each.element === element).map(({ pattern }) => pattern);
        return [
          {
            policy: name,
            statement,
            ...(sid !== undefined && { sid }),
            ...(file !== undefined && { file }),
            ...(line !== undefined && { line }),
            whole: !isUsed(uses),
            actions: texts('Action'),
            resources: texts('Resource'),
          },
        ];
      }),
  );
}
