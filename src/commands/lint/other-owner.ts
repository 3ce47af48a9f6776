import { parseArn } from '../../lib/arn.ts';
import type { Located, Statement } from '../../policy/ast.ts';
import { type Finding, warn } from './finding.ts';
import type { Subject } from './subject.ts';

/** The configured account. */
export interface Owner {
  readonly account: string;
  readonly partition: string;
}

/** Resources of another account or partition than the configured ones: right where they are meant, and easily a mistake. */
export function otherOwners(subject: Subject, owner: Owner): readonly Finding[] {
  return subject.policy.statements.flatMap((statement) =>
    (statement.resource?.patterns ?? []).flatMap((pattern) => findings(subject, statement, pattern, owner)),
  );
}

function findings(
  subject: Subject,
  statement: Statement,
  { text, position }: Located,
  { account, partition }: Owner,
): readonly Finding[] {
  const arn = parseArn(text);
  if (arn === undefined) return [];
  const messages = [
    ...(/^\d{12}$/.test(arn.account) && arn.account !== account
      ? [
          [
            'other-account',
            `"${text}" belongs to account ${arn.account}; the configured account is ${account}`,
          ] as const,
        ]
      : []),
    ...(/^[a-z-]+$/.test(arn.partition) && arn.partition !== partition
      ? [
          [
            'other-partition',
            `"${text}" belongs to partition ${arn.partition}; the configured partition is ${partition}`,
          ] as const,
        ]
      : []),
  ];
  return messages.map(([rule, message]) => ({
    ...warn(subject, statement, rule, message, { position }),
    severity: 'info',
  }));
}
