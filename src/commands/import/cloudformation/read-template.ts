import { type DocumentEntry, type DocumentNode, memberOf, type ObjectNode } from '../../../lib/document.ts';
import type { Report } from '../../../policy/report.ts';
import { AccountBuilder, type ImportedAccount } from '../account.ts';
import { Fields } from '../fields.ts';
import { addElsewhere, type SourceContext } from '../source-context.ts';
import { DEFINITIONS, PARTS, reasonToLeaveOut, type TemplateResource } from './iam-resources.ts';
import { Evaluator } from './intrinsics.ts';
import { unknownParameters } from './parameters.ts';
import { entriesOf, type TemplateInput } from './template.ts';

const PROCESSED =
  'changes the template at deployment: import the processed one (aws cloudformation get-template --template-stage Processed)';

/**
 * The IAM resources and bucket policies of a CloudFormation template, as `cdk synth` writes it too. References are
 * resolved; a value that only a deployment knows is an error, and nothing is imported then.
 */
export function readTemplate(
  input: TemplateInput,
  { owner, omitted, elsewhere }: SourceContext,
  report: Report,
): ImportedAccount {
  const builder = new AccountBuilder(owner, report, omitted);
  addElsewhere(builder, elsewhere);
  const evaluator = new Evaluator(input, report);
  for (const message of unknownParameters(input)) report.error('unknown-parameter', message, undefined);
  refuseTransforms(input.template, report);
  const resources = entriesOf(memberOf(input.template, 'Resources')).flatMap(
    (entry) => resourceOf(entry, evaluator, builder) ?? [],
  );
  // What is attached needs what it is attached to.
  for (const table of [DEFINITIONS, PARTS])
    for (const resource of resources) table[resource.type]?.(resource, builder, evaluator);
  for (const { id } of resources) builder.count(id);
  return builder.build();
}

/**
 * A transform adds and changes resources when the template is deployed. `AWS::Include` may also stand among the resources.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-aws-include.html
 */
function refuseTransforms(template: DocumentNode, report: Report): void {
  for (const { key, keyPosition } of entriesOf(memberOf(template, 'Resources')))
    if (/^Fn::(?:Transform$|ForEach::)/.test(key))
      report.error('transform', `${key} ${PROCESSED}`, keyPosition);
  const transform = memberOf(template, 'Transform');
  if (transform === undefined) return;
  report.error('transform', `Transform ${PROCESSED}`, transform.position);
}

/** A resource of IAM that is created, its properties evaluated; `undefined` for all others, which are listed if they concern IAM. */
function resourceOf(
  entry: DocumentEntry,
  evaluator: Evaluator,
  builder: AccountBuilder,
): TemplateResource | undefined {
  const { key: id, value, keyPosition } = entry;
  const type = textOf(memberOf(value, 'Type'));
  const properties = memberOf(value, 'Properties');
  const reason = reasonToLeaveOut(type, properties);
  const concernsIam = reason !== undefined || Object.hasOwn(DEFINITIONS, type) || Object.hasOwn(PARTS, type);
  if (!concernsIam || builder.omits(id)) return undefined;
  const condition = memberOf(value, 'Condition');
  const holds = condition ? evaluator.conditions.holds(textOf(condition), condition.position) : true;
  if (holds === false) builder.leaveOut(id, `its condition ${condition && textOf(condition)} is false`);
  else if (reason !== undefined) builder.leaveOut(id, reason);
  if (holds !== true || reason !== undefined) return undefined;
  const position = keyPosition && { position: keyPosition };
  const empty: ObjectNode = { kind: 'object', entries: [], ...position };
  const evaluated = evaluator.evaluate(withKnownTags(id, properties ?? empty, { evaluator, builder }));
  if (evaluated === undefined) return undefined;
  return { id, type, fields: new Fields(evaluated, id, builder.report), ...position };
}

/** A tag whose value only a deployment knows is left out; conditions on it do not match then. */
function withKnownTags(
  id: string,
  properties: DocumentNode,
  { evaluator, builder }: { readonly evaluator: Evaluator; readonly builder: AccountBuilder },
): DocumentNode {
  const tags = memberOf(properties, 'Tags');
  if (properties.kind !== 'object' || tags?.kind !== 'array') return properties;
  const items = tags.items.filter((item, index) => {
    const reason = evaluator.whyUnknown(item);
    if (reason !== undefined) builder.leaveOut(`${id}.Tags[${index}]`, reason);
    return reason === undefined;
  });
  const entries = properties.entries.map((entry) =>
    entry.key === 'Tags' ? { ...entry, value: { ...tags, items } } : entry,
  );
  return { ...properties, entries };
}

const textOf = (node: DocumentNode | undefined): string => (node?.kind === 'scalar' ? node.text : '');
