import type { PlacedStatement } from './placed-statement.ts';
import type { Principal } from './principal.ts';
import { type Naming, namingOf } from './principal-element.ts';

/** What a resource-based policy grants: the Allow statements that match the caller, by the strongest match kind. */
export interface Grant {
  readonly naming: Naming;
  readonly statements: readonly PlacedStatement[];
}

const STRENGTH: readonly Naming[] = ['direct', 'role', 'account'];

/** `undefined` if no statement grants. `NotPrincipal` can only deny: an Allow with it grants nothing. */
export function grantOf(allows: readonly PlacedStatement[], principal: Principal): Grant | undefined {
  if (allows.length === 0) return undefined;
  for (const naming of STRENGTH) {
    const statements = allows.filter(
      ({ statement }) => namingOf(statement.source.principal, principal) === naming,
    );
    if (statements.length > 0) return { naming, statements };
  }
  return undefined;
}
