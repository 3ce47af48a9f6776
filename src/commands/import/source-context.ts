import { parseArn } from '../../lib/arn.ts';
import { fromValue } from '../../lib/document.ts';
import type { AccountBuilder, Owner } from './account.ts';
import { Fields } from './fields.ts';
import { policyIn } from './policy-text.ts';

/** What was said about a source from outside, whatever its format. */
export interface SourceContext {
  /** Where the source does not say it. */
  readonly owner: Owner;
  /** Resources, principals (`role/job`) and ARNs of policies that are left out. */
  readonly omitted: ReadonlySet<string>;
  /** Documents of managed policies that are defined elsewhere, by ARN. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

/** Adds managed policies that the source attaches and does not define. */
export function addElsewhere(builder: AccountBuilder, elsewhere: ReadonlyMap<string, string>): void {
  const { account } = builder.owner;
  for (const [text, document] of elsewhere) {
    const arn = parseArn(text);
    const [, path = '', name = ''] = /^policy(\/(?:.*\/)?)([^/]+)$/.exec(arn?.resource ?? '') ?? [];
    if (arn?.service !== 'iam' || name === '' || ![account, 'aws'].includes(arn.account)) {
      const message = `--policy ${text}: must be the ARN of a managed policy of account ${account} or of AWS`;
      builder.report.error('policy-arn', message, undefined);
      continue;
    }
    const fields = new Fields(fromValue({ document }), `--policy ${text}`, builder.report);
    const policy = policyIn(fields, 'document', 'managed');
    if (policy === undefined) continue;
    builder.addPolicy({
      arn: text,
      name: { text: name },
      path: arn.account === 'aws' ? '/aws/' : path,
      policy,
    });
  }
}
