import { type DocumentEntry, type DocumentNode, memberOf, type ObjectNode } from '../../../lib/document.ts';
import type { Report } from '../../../policy/report.ts';
import { AccountBuilder, type ImportedAccount } from '../account.ts';
import { Fields } from '../fields.ts';
import { DEFINITIONS, LEFT_OUT, PARTS, type TemplateResource } from './iam-resources.ts';
import { Evaluator } from './intrinsics.ts';
import { unknownParameters } from './parameters.ts';
import { entriesOf, type TemplateInput } from './template.ts';

/**
 * The IAM resources of a CloudFormation template, as `cdk synth` writes it too. What they refer to is worked out; what
 * only a deployment knows is told, and nothing is imported then.
 */
export function readTemplate(input: TemplateInput, report: Report): ImportedAccount {
  const builder = new AccountBuilder(input, report);
  const evaluator = new Evaluator(input, report);
  for (const message of unknownParameters(input)) report.error('unknown-parameter', message, undefined);
  refuseTransforms(input.template, report);
  const resources = entriesOf(memberOf(input.template, 'Resources')).flatMap(
    (entry) => resourceOf(entry, evaluator, report) ?? [],
  );
  // What is attached needs what it is attached to.
  for (const table of [DEFINITIONS, PARTS])
    for (const resource of resources) table[resource.type]?.(resource, builder, evaluator);
  for (const { type } of resources) if (LEFT_OUT[type]) builder.remark(LEFT_OUT[type]);
  return builder.build();
}

/** A transform adds and changes resources when the template is deployed. */
function refuseTransforms(template: DocumentNode, report: Report): void {
  const transform = memberOf(template, 'Transform');
  if (transform === undefined) return;
  const message =
    'Transform changes the template at deployment: import the processed one (aws cloudformation get-template --template-stage Processed)';
  report.error('transform', message, transform.position);
}

/** A resource of IAM that is made, its properties worked out; `undefined` for all others. */
function resourceOf(
  entry: DocumentEntry,
  evaluator: Evaluator,
  report: Report,
): TemplateResource | undefined {
  const { key: id, value, keyPosition } = entry;
  const type = textOf(memberOf(value, 'Type'));
  if (!Object.hasOwn(DEFINITIONS, type) && !Object.hasOwn(PARTS, type) && !Object.hasOwn(LEFT_OUT, type))
    return undefined;
  const condition = memberOf(value, 'Condition');
  if (condition && evaluator.conditions.holds(textOf(condition), condition.position) !== true)
    return undefined;
  const properties = memberOf(value, 'Properties');
  const empty: ObjectNode = { kind: 'object', entries: [], ...(keyPosition && { position: keyPosition }) };
  const evaluated = properties && !Object.hasOwn(LEFT_OUT, type) ? evaluator.evaluate(properties) : empty;
  if (evaluated === undefined) return undefined;
  return {
    id,
    type,
    fields: new Fields(evaluated, id, report),
    ...(keyPosition && { position: keyPosition }),
  };
}

const textOf = (node: DocumentNode | undefined): string => (node?.kind === 'scalar' ? node.text : '');
