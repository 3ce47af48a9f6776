import { parseArn } from '../../../lib/arn.ts';
import { type DocumentNode, memberOf } from '../../../lib/document.ts';
import type { Report } from '../../../policy/report.ts';
import { AccountBuilder, type ImportedAccount, type Owner } from '../account.ts';
import { addElsewhere, type SourceContext } from '../source-context.ts';
import { DEFINITIONS, LAST, PARTS, reasonToLeaveOut } from './iam-resources.ts';
import { PlanValues } from './plan-values.ts';
import { resourcesIn, type TerraformResource, textOf } from './resources.ts';

export interface PlanInput extends SourceContext {
  /** What `terraform show -json` prints of a plan or a state. */
  readonly plan: DocumentNode;
  /** What is known after apply only, by `ADDRESS` or `ADDRESS.ATTRIBUTE`. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * The IAM resources and bucket policies of a Terraform plan or state. A value that is known after apply only is an error,
 * and nothing is imported then.
 */
export function readPlan(
  { plan, values, owner, omitted, elsewhere }: PlanInput,
  report: Report,
): ImportedAccount {
  const version = memberOf(plan, 'format_version');
  if (!/^[01]\./.test(textOf(version)))
    report.error('format-version', `format_version "${textOf(version)}" is not known; 1.x is`, plan.position);
  const all = resourcesIn(plan, report);
  const region = regionIn(plan) ?? owner.region;
  const account = { ...(ownerIn(all) ?? owner), ...(region !== undefined && { region }) };
  const builder = new AccountBuilder(account, report, omitted);
  addElsewhere(builder, elsewhere);
  const known = new PlanValues({ plan, values, resources: all, owner: account }, report);
  const resources = all.filter(({ address, type, values: { node } }) => {
    const reason = reasonToLeaveOut(type, node);
    const isRead = [DEFINITIONS, PARTS, LAST].some((table) => Object.hasOwn(table, type));
    if ((!isRead && reason === undefined) || builder.omits(address)) return false;
    if (reason !== undefined) builder.leaveOut(address, reason);
    return isRead;
  });
  for (const table of [DEFINITIONS, PARTS, LAST])
    for (const resource of resources) table[resource.type]?.(resource, builder, known);
  for (const { address } of resources) builder.count(address);
  return builder.build();
}

/** Of what is applied already. */
function ownerIn(resources: readonly TerraformResource[]): Owner | undefined {
  for (const { values } of resources) {
    const node = memberOf(values.node, 'arn');
    const arn = parseArn(textOf(node));
    if (arn && /^\d{12}$/.test(arn.account)) return { account: arn.account, partition: arn.partition };
  }
  return undefined;
}

/** The region of the AWS provider: a constant, or a variable of the plan. */
function regionIn(plan: DocumentNode): string | undefined {
  const provider = memberOf(memberOf(memberOf(plan, 'configuration'), 'provider_config'), 'aws');
  const region = memberOf(memberOf(provider, 'expressions'), 'region');
  const constant = textOf(memberOf(region, 'constant_value'));
  if (constant !== '') return constant;
  const references = memberOf(region, 'references');
  const [first] = references?.kind === 'array' ? references.items.map(textOf) : [];
  const variable = /^var\.([\w-]+)$/.exec(first ?? '')?.[1];
  const value = variable && memberOf(memberOf(memberOf(plan, 'variables'), variable), 'value');
  return value ? textOf(value) || undefined : undefined;
}
