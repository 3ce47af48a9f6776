import { fromValue } from '../../lib/document.ts';
import type { Policy } from '../../policy/ast.ts';
import { parsePolicyDocument } from '../../policy/parse.ts';

/** A statement of a policy that is being made. */
export interface DraftStatement {
  readonly sid?: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Key -> values, compared with StringEquals. */
  readonly conditions: Readonly<Record<string, readonly string[]>>;
}

export type Draft = readonly DraftStatement[];

const oneOrMore = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 ? (values[0] ?? '') : values;

export const documentOf = (draft: Draft) => ({
  Version: '2012-10-17',
  Statement: draft.map(({ sid, actions, resources, conditions }) => ({
    ...(sid !== undefined && { Sid: sid }),
    Effect: 'Allow',
    Action: oneOrMore(actions),
    Resource: oneOrMore(resources),
    ...(Object.keys(conditions).length > 0 && {
      Condition: {
        StringEquals: Object.fromEntries(
          Object.entries(conditions).map(([key, values]) => [key, oneOrMore(values)]),
        ),
      },
    }),
  })),
});

/** A draft, compiled. @throws if it is not a valid policy, which would be a bug */
export function policyOf(draft: Draft): Policy {
  if (draft.length === 0) return { version: '2012-10-17', statements: [], size: 0 };
  const parsed = parsePolicyDocument(fromValue(documentOf(draft)));
  if (!parsed.ok) throw new Error(`the generated policy is none: ${parsed.error[0]?.message}`);
  return parsed.value.policy;
}

/** An element of a draft, and the draft without it. */
export interface Removal {
  /** `the action personalize:X of statement 2` */
  readonly what: string;
  readonly without: Draft;
}

/** Every statement, action and resource that could be taken out. */
export const removals = (draft: Draft): readonly Removal[] =>
  draft.flatMap((statement, index) => {
    const where = `statement ${statement.sid ?? index + 1}`;
    const replaced = (changed: Partial<DraftStatement>): Draft =>
      draft.with(index, { ...statement, ...changed });
    const each = (kind: 'actions' | 'resources', name: string): readonly Removal[] =>
      statement[kind].length < 2
        ? []
        : statement[kind].map((value, at) => ({
            what: `the ${name} ${value} of ${where}`,
            without: replaced({ [kind]: statement[kind].toSpliced(at, 1) }),
          }));
    return [
      { what: where, without: draft.toSpliced(index, 1) },
      ...each('actions', 'action'),
      ...each('resources', 'resource'),
    ];
  });
