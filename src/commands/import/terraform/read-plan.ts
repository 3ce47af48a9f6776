import { parseArn } from '../../../lib/arn.ts';
import { type DocumentNode, memberOf } from '../../../lib/document.ts';
import type { Report } from '../../../policy/report.ts';
import { AccountBuilder, type ImportedAccount, type Owner } from '../account.ts';
import { DEFINITIONS, LEFT_OUT, PARTS } from './iam-resources.ts';
import { PlanValues } from './plan-values.ts';
import { resourcesIn, type TerraformResource, textOf } from './resources.ts';

export interface PlanInput {
  /** What `terraform show -json` prints of a plan or a state. */
  readonly plan: DocumentNode;
  /** Names and ARNs that are known after apply only, by `ADDRESS` or `ADDRESS.ATTRIBUTE`. */
  readonly values: ReadonlyMap<string, string>;
  /** Where no ARN of the plan tells the account. */
  readonly owner: Owner;
}

/** The IAM resources of a Terraform plan or state. What is known after apply only is told, and nothing is imported then. */
export function readPlan({ plan, values, owner }: PlanInput, report: Report): ImportedAccount {
  const version = memberOf(plan, 'format_version');
  if (!/^[01]\./.test(textOf(version)))
    report.error('format-version', `format_version "${textOf(version)}" is not known; 1.x is`, plan.position);
  const resources = resourcesIn(plan, report).filter(({ type }) => type.startsWith('aws_iam_'));
  const builder = new AccountBuilder(ownerIn(resources) ?? owner, report);
  const known = new PlanValues({ plan, values, resources, owner: builder.owner }, report);
  for (const table of [DEFINITIONS, PARTS])
    for (const resource of resources) table[resource.type]?.(resource, builder, known);
  for (const { type } of resources) if (LEFT_OUT[type]) builder.remark(LEFT_OUT[type]);
  return builder.build();
}

/** Of what is applied already. */
function ownerIn(resources: readonly TerraformResource[]): Owner | undefined {
  for (const { values } of resources) {
    const arn = parseArn(textOf(values.get('arn')));
    if (arn && /^\d{12}$/.test(arn.account)) return { account: arn.account, partition: arn.partition };
  }
  return undefined;
}
