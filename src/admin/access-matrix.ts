import type { Directory } from '../directory/directory.ts';
import { matchesPattern, parsePattern } from '../lib/wildcard.ts';
import { holderOf } from '../recorded-calls/recorded-principal.ts';
import type { DecisionRecord } from '../records/decision-record.ts';

/** What one principal did with one action. */
export interface AccessCell {
  /** `user/alice`, `role/recommender` */
  readonly principal: string;
  /** `personalize:CreateCampaign` */
  readonly action: string;
  readonly allowed: number;
  readonly denied: number;
  /** Whether an identity-based policy of the principal names the action, or a pattern that covers it. */
  readonly granted: boolean;
  /** IDs of decisions, the newest last. */
  readonly decisions: readonly string[];
}

interface Counted {
  readonly principal: string;
  readonly action: string;
  allowed: number;
  denied: number;
  decisions: string[];
}

const MOST_DECISIONS = 20;

/**
 * Principals by actions: what was allowed and denied, and what is granted and was not used. The actions are those that
 * were called, and those that a statement names without a wildcard.
 */
export class AccessMatrix {
  readonly #directory: Directory;
  readonly #only: string | undefined;
  readonly #cells = new Map<string, Counted>();

  constructor(directory: Directory, only?: string) {
    this.#directory = directory;
    this.#only = only;
  }

  add(record: DecisionRecord): void {
    const principal = holderOf(record, this.#directory);
    if (principal === '' || (this.#only !== undefined && principal !== this.#only)) return;
    for (const { action, decision } of record.checks) {
      const cell = this.#cell(principal, action);
      if (decision === 'allowed') cell.allowed += 1;
      else cell.denied += 1;
      cell.decisions.push(record.id);
      if (cell.decisions.length > MOST_DECISIONS) cell.decisions.shift();
    }
  }

  cells(): readonly AccessCell[] {
    const { users, roles } = this.#directory;
    const granted = new Map<string, readonly ReturnType<typeof parsePattern>[]>();
    for (const identity of [...users.values(), ...roles.values()]) {
      const name = `${identity.kind}/${identity.name}`;
      if (this.#only !== undefined && name !== this.#only) continue;
      const patterns = this.#directory
        .policySetOf(identity)
        .identity.flatMap(({ policy }) => policy.statements)
        .filter(({ effect, action }) => effect === 'Allow' && action.element === 'Action')
        .flatMap(({ action }) => action.patterns.map(({ text }) => text));
      const lower = new Set(patterns.map((text) => text.toLowerCase()));
      granted.set(name, [...lower].map(parsePattern));
      for (const text of patterns) if (!/[*?]/.test(text)) this.#cell(name, text);
    }
    return [...this.#cells.values()]
      .map((cell) => ({
        ...cell,
        granted:
          granted
            .get(cell.principal)
            ?.some((pattern) => matchesPattern(pattern, cell.action.toLowerCase())) ?? false,
      }))
      .sort((a, b) => a.principal.localeCompare(b.principal) || a.action.localeCompare(b.action));
  }

  #cell(principal: string, action: string): Counted {
    const key = `${principal}\n${action.toLowerCase()}`;
    const known = this.#cells.get(key);
    if (known) return known;
    const made = { principal, action, allowed: 0, denied: 0, decisions: [] };
    this.#cells.set(key, made);
    return made;
  }
}
