import { dirname, resolve } from 'node:path';
import type { Directory } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import { type DocumentNode, positionOf } from '../../lib/document.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { pathDiagnostic, placesIn } from '../../lib/schema-diagnostics.ts';
import type { Access } from '../../proof/never-granted.ts';
import { accessDiagnostic } from '../prove/access-diagnostic.ts';
import type { Claim } from '../prove/proof-result.ts';
import type { ProofRow } from './schema.ts';

/** A claim about all requests of one principal or document, and what is to come out. */
export interface ProofTest {
  readonly name: string;
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  readonly column?: number;
  readonly subject: { readonly principal: string } | { readonly policy: string };
  readonly asked: AskedClaim;
  readonly expected: 'PASS' | 'FAIL' | 'UNKNOWN';
}

/** What is claimed; files and folders as absolute paths. */
export type AskedClaim =
  | { readonly claim: 'no-new-access' | 'equivalent'; readonly existing: string }
  | { readonly claim: 'not-granted'; readonly access: Access }
  | { readonly claim: 'no-public-access' };

const CLAIMS: readonly Claim[] = ['no-new-access', 'equivalent', 'not-granted', 'no-public-access'];

interface ReadProofs {
  readonly tests: readonly ProofTest[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The proofs of a file: one for each principal, or for the document. */
export function readProofs(
  rows: readonly ProofRow[],
  document: DocumentNode,
  file: string,
  directory: Directory,
): ReadProofs {
  const diagnostics: Diagnostic[] = [];
  const tests = rows.flatMap((row, index) => {
    const path = ['prove', index];
    const problem: Problem = (member, rule, message) => {
      const at = member === undefined || row[member] === undefined ? path : [...path, member];
      diagnostics.push(pathDiagnostic(at, rule, message, placesIn(document, file)));
    };
    const asked = claimOf(row, file, problem);
    const subjects = subjectsOf(row, file, directory, problem);
    if (asked === undefined) return [];
    const { name, expect: expected = 'PASS' } = row;
    const base = { name, file, ...positionOf(document, path), asked, expected };
    return subjects.map((subject) => ({ ...base, subject }));
  });
  return { tests, diagnostics };
}

type Problem = (member: keyof ProofRow | undefined, rule: string, message: string) => void;

function claimOf(row: ProofRow, file: string, problem: Problem): AskedClaim | undefined {
  const [claim, ...more] = CLAIMS.filter((each) => row[each] !== undefined);
  if (claim === undefined || more.length > 0) {
    const how = claim === undefined ? 'nothing is claimed' : 'several things are claimed';
    problem(more[0], 'invalid-value', `${how}: give one of ${CLAIMS.join(', ')}`);
    return undefined;
  }
  if (claim === 'no-public-access') {
    if (row.policy === undefined)
      problem(claim, 'invalid-value', 'only a document can be public: name its file as policy');
    return { claim };
  }
  if (claim === 'not-granted') {
    const { actions = [], resources = [] } = row[claim] ?? {};
    if (actions.length + resources.length === 0)
      problem(claim, 'invalid-value', 'needs actions, resources, or both');
    const diagnostic = accessDiagnostic({ actions, resources });
    if (diagnostic !== undefined) problem(claim, 'invalid-value', diagnostic);
    return { claim, access: { actions, resources } };
  }
  return { claim, existing: resolve(dirname(file), row[claim]?.existing ?? '') };
}

function subjectsOf(
  { principal, principals, policy }: ProofRow,
  file: string,
  directory: Directory,
  problem: Problem,
): readonly ProofTest['subject'][] {
  const named = [...(principal === undefined ? [] : [principal]), ...(principals ?? [])];
  if (policy !== undefined) {
    if (named.length > 0)
      problem('policy', 'invalid-value', 'a document is judged on its own: give principals, or a policy');
    return [{ policy: resolve(dirname(file), policy) }];
  }
  const all = [
    ...[...directory.users.values()].map(({ name }) => `user/${name}`),
    ...[...directory.roles.values()].map(({ name }) => `role/${name}`),
  ];
  return (named.length > 0 ? named : all).map((each) => {
    const caller = findCaller(directory, each);
    if (!caller.ok) problem(principals ? 'principals' : 'principal', 'unknown-principal', caller.error);
    return { principal: each };
  });
}
