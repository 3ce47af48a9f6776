import type { Directory, Role, User } from '../directory/directory.ts';
import { findIdentity } from '../directory/find-caller.ts';
import type { Change } from '../engine/change.ts';
import type { ElementTrace, StatementElements } from '../engine/statement-elements.ts';
import { holderOf } from '../recorded-calls/recorded-principal.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { patchOf } from '../reports/patch.ts';
import { adviceToSend } from './advice-to-send.ts';
import { withStatements } from './policy-patch.ts';

/** Something to do about a denial; what keeps more of the policies' meaning comes first. */
export type Fix =
  /** The statement allows the request as soon as these hold. */
  | {
      readonly kind: 'meetConditions';
      readonly policy: string;
      readonly statement: number;
      readonly sid?: string;
      readonly conditions: readonly ElementTrace[];
    }
  | {
      readonly kind: 'addStatement';
      readonly statement: object;
      /** The policy whose file the patch is for; absent where the principal has no file of its own. */
      readonly policy?: string;
      readonly file?: string;
      /** A unified diff. */
      readonly patch?: string;
      /** The whole file with the patch applied. */
      readonly text?: string;
      /** Condition keys that existing statements ask for, and that the new statement does not. */
      readonly drops: readonly string[];
      /** How many other principals have the same policy. */
      readonly others: number;
    }
  /** Nothing but the request has to change. */
  | { readonly kind: 'sendContext'; readonly advice: readonly string[] }
  | { readonly kind: 'other'; readonly change: Change };

/** The text of a policy of the directory; `undefined` where it has no file. */
export type TextOfPolicy = (name: string) => string | undefined;

/** What would allow a denied decision. */
export function fixesFor(
  record: DecisionRecord,
  directory: Directory,
  changes: readonly Change[],
  statements: readonly StatementElements[],
  textOf: TextOfPolicy,
): readonly Fix[] {
  const near = statements.filter(isConditionMiss);
  const drops = [
    ...new Set(near.flatMap(({ elements }) => failed(elements).flatMap(({ key }) => key ?? []))),
  ];
  const found = findIdentity(directory, holderOf(record, directory));
  const identity = found.ok ? found.value : undefined;
  return [
    ...near.map(
      ({ policy, statement, sid, elements }): Fix => ({
        kind: 'meetConditions',
        policy,
        statement,
        ...(sid !== undefined && { sid }),
        conditions: failed(elements),
      }),
    ),
    ...changes.map((change): Fix => {
      if (change.kind === 'sendContext')
        return { kind: 'sendContext', advice: change.entries.map(adviceToSend) };
      if (change.kind !== 'addStatement' || change.layer !== 'identity') return { kind: 'other', change };
      const target = identity && targetOf(identity, near, directory, textOf);
      const patched = target && withStatements(target.file, target.text, [change.statement]);
      return {
        kind: 'addStatement',
        statement: change.statement,
        drops,
        others: target?.others ?? 0,
        ...(target &&
          patched !== undefined && {
            policy: target.policy,
            file: target.file,
            text: patched,
            patch: patchOf(target.file, target.text, patched),
          }),
      };
    }),
  ];
}

const failed = (elements: readonly ElementTrace[]): readonly ElementTrace[] =>
  elements.filter(({ matched }) => !matched);

/** An Allow that only its conditions keep from matching. */
const isConditionMiss = ({ effect, matched, layer, elements }: StatementElements): boolean =>
  effect === 'Allow' &&
  layer === 'identity' &&
  !matched &&
  failed(elements).every(({ element }) => element === 'Condition');

/** The policy of a near miss, else the first of the principal's own policies that has a file. */
function targetOf(
  identity: User | Role,
  near: readonly StatementElements[],
  directory: Directory,
  textOf: TextOfPolicy,
) {
  const groups = identity.kind === 'user' ? identity.groups : [];
  const own = [identity, ...groups].flatMap((holder) => [
    ...holder.managedPolicies,
    ...holder.inlinePolicies,
  ]);
  const named = near.flatMap(({ policy }) => own.find(({ name }) => name === policy) ?? []);
  for (const { name, file } of [...named, ...own]) {
    const text = file === undefined ? undefined : textOf(name);
    const entry = directory.policies.find(({ policy }) => policy.name === name);
    if (file !== undefined && text !== undefined && entry?.owner === 'customer')
      return { policy: name, file, text, others: entry.attachments.length - 1 };
  }
  return undefined;
}
