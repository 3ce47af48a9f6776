import { iamActions } from '../../model/iam-actions.ts';

/** One permission that a preset asks for. */
export interface Permission {
  readonly action: string;
  /** With `*` where any resource of the type may stand: only a policy that means all of them grants it. */
  readonly resource: string;
}

/**
 * Lists, and views of what is listed: AWS names no more than "list and view details about the Amazon Personalize
 * resources". The metrics of a solution version are a view that is called otherwise.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/security_iam_id-based-policy-examples.html
 */
const LISTS_AND_VIEWS = /^(?:List|Describe)|^GetSolutionMetrics$/;

/** Actions on a solution that are asked for one of its versions. */
const ON_A_VERSION: ReadonlySet<string> = new Set(['DescribeSolutionVersion', 'GetSolutionMetrics']);

/** What a principal must be allowed to use the console of Personalize, in the order of the actions' names. */
export function consolePermissions(where: {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}): readonly Permission[] {
  const reference = iamActions();
  const names = [...(reference.actionsOf('personalize') ?? [])].filter((name) => LISTS_AND_VIEWS.test(name));
  return names.sort().flatMap((name): readonly Permission[] => {
    const { resourceTypes = [], optionalResourceTypes = [] } = reference.describe('personalize', name) ?? {};
    const action = `personalize:${name}`;
    const types = [...resourceTypes, ...optionalResourceTypes];
    if (types.length === 0) return [{ action, resource: '*' }];
    return types.map((type) => ({
      action,
      resource: anyOf(reference.resourceArn('personalize', type) ?? '', ON_A_VERSION.has(name), where),
    }));
  });
}

/** Names of datasets and of solution versions have two parts. */
function anyOf(
  template: string,
  isVersion: boolean,
  { partition, region, account }: Parameters<typeof consolePermissions>[0],
): string {
  const id = isVersion || template.includes(':dataset/') ? '*/*' : '*';
  const values: Readonly<Record<string, string>> = { Partition: partition, Region: region, Account: account };
  return template.replace(/\$\{(\w+)\}/g, (_, placeholder: string) => values[placeholder] ?? id);
}
