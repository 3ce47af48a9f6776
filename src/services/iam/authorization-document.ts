import type { Directory } from '../../directory/directory.ts';
import type { StatementRef } from '../../engine/decision.ts';
import type { Statement } from '../../policy/ast.ts';
import type { CheckRecord, DecisionRecord } from '../../records/decision-record.ts';
import { contextOf } from '../../records/recorded-context.ts';

/** How AWS writes a list. */
interface Items<Item> {
  readonly items: readonly Item[];
}

interface Condition {
  readonly key: string;
  readonly values: Items<{ readonly value: string }>;
}

/**
 * Why a call was denied, as STS decodes it.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
export interface AuthorizationDocument {
  readonly allowed: false;
  readonly explicitDeny: boolean;
  readonly matchedStatements: Items<MatchedStatement>;
  readonly failures: Items<never>;
  readonly context: {
    readonly principal: { readonly id?: string; readonly name?: string; readonly arn: string };
    readonly action: string;
    readonly resource: string;
    readonly conditions: Items<Condition>;
  };
}

interface MatchedStatement {
  /** Its `Sid`; of one without, the policy and the place in it. */
  readonly statementId: string;
  readonly effect: 'DENY';
  readonly principals: Items<{ readonly value: string }>;
  readonly principalGroups: Items<never>;
  /** As the folder has the statement now; empty where it is gone. */
  readonly actions: Items<{ readonly value: string }>;
  readonly resources: Items<{ readonly value: string }>;
  readonly conditions: Items<Condition>;
}

/** Of the check that was answered; `undefined` where none was denied, or the caller is unknown. */
export function authorizationDocument(
  record: DecisionRecord,
  directory: Directory,
): AuthorizationDocument | undefined {
  const { principal } = record;
  const denied = [...record.checks, ...record.undocumented].find(({ decision }) => decision !== 'allowed');
  const isRefused = record.outcome === 'denied' || record.outcome === 'audited';
  if (principal === undefined || denied === undefined || !isRefused) return undefined;
  const context = contextOf(record, denied);
  const id = context['aws:userid'];
  return {
    allowed: false,
    explicitDeny: denied.decision === 'explicitDeny',
    matchedStatements: { items: matchedStatements(denied, String(id ?? ''), directory) },
    failures: { items: [] },
    context: {
      principal: {
        ...(id !== undefined && { id: String(id) }),
        ...(principal.userName !== undefined && { name: principal.userName }),
        arn: principal.arn,
      },
      action: denied.action,
      resource: denied.resource,
      conditions: { items: Object.entries(context).map(([key, value]) => condition(key, [value].flat())) },
    },
  };
}

/** An implicit deny has none. */
const matchedStatements = (
  { determining }: CheckRecord,
  principalId: string,
  directory: Directory,
): readonly MatchedStatement[] =>
  determining.map((ref) => {
    const { action, resource, conditions = [] }: Partial<Statement> = statementOf(ref, directory) ?? {};
    return {
      statementId: ref.sid ?? `${ref.policy}#${ref.statement}`,
      effect: 'DENY',
      principals: values([principalId]),
      principalGroups: { items: [] },
      actions: values(action?.patterns.map(({ text }) => text)),
      resources: values(resource?.patterns.map(({ text }) => text)),
      conditions: {
        items: conditions.map((each) =>
          condition(
            each.key.text,
            each.values.map(({ text }) => text),
          ),
        ),
      },
    };
  });

const statementOf = (ref: StatementRef, { policies }: Directory): Statement | undefined =>
  policies.find(({ policy }) => policy.name === ref.policy && policy.file === ref.file)?.policy.policy
    .statements[ref.statement];

const values = (texts: readonly string[] = []): Items<{ readonly value: string }> => ({
  items: texts.map((value) => ({ value })),
});

const condition = (key: string, texts: readonly string[]): Condition => ({ key, values: values(texts) });
