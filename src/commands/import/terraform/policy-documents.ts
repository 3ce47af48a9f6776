import { type DocumentNode, fromValue, itemsOf, memberOf, toValue } from '../../../lib/document.ts';
import type { Policy } from '../../../policy/ast.ts';
import type { PolicyKind } from '../../../policy/validate.ts';
import type { AccountBuilder } from '../account.ts';
import { Fields } from '../fields.ts';
import { policyIn } from '../policy-text.ts';
import type { PlanValues } from './plan-values.ts';
import type { Place, Target } from './references.ts';
import type { TerraformResource } from './resources.ts';

interface Context {
  readonly known: PlanValues;
  readonly builder: AccountBuilder;
}

/**
 * The policy document of an attribute: as planned, as given with `--value ADDRESS.ATTRIBUTE=@FILE`, or rebuilt from the
 * `aws_iam_policy_document` that it refers to.
 * @param fields the object that holds the attribute: the resource's values, or a block inside of them
 */
export function documentOf(
  resource: TerraformResource,
  { fields, key, kind }: { readonly fields: Fields; readonly key: string; readonly kind: PolicyKind },
  context: Context,
): Policy | undefined {
  const { known } = context;
  if (fields.get(key) !== undefined) return policyIn(fields, key, kind);
  const name = `${fields.label}.${key}`;
  const given = known.given(name);
  if (given !== undefined) return policyIn(ofText(given, key, fields), key, kind);
  const expression = known.configuration.expression(resource, key);
  const [target, ...more] = known.configuration.targetsOf(expression, resource) ?? [];
  const rebuilt =
    target?.type === 'aws_iam_policy_document' && more.length === 0
      ? rebuild(target, resource, context)
      : undefined;
  if (typeof rebuilt === 'object')
    return policyIn(new Fields(fromValue({ [key]: rebuilt }), fields.label, fields.report), key, kind);
  const because = rebuilt === undefined ? '' : ` (${rebuilt})`;
  return known.refuse(
    `${name} is known after apply only${because}: give it with --value '${name}=@FILE', or apply first and import the state (terraform show -json)`,
    resource,
  );
}

const ofText = (text: string, key: string, { label, report }: Fields): Fields =>
  new Fields(fromValue({ [key]: text }), label, report);

type Rebuilt = Readonly<Record<string, unknown>> | string;

/** A data source whose planned values are known in part; or why it cannot be rebuilt. */
function rebuild(target: Target, from: TerraformResource, { known, builder }: Context): Rebuilt {
  const key =
    target.key === undefined ? '' : /^\d+$/.test(target.key) ? `[${target.key}]` : `["${target.key}"]`;
  const module =
    from.modules.join('.') === target.modules.join('.')
      ? from.moduleAddress
      : target.modules.map((each) => `module.${each}.`).join('');
  const address = `${module}data.${target.type}.${target.name}${key}`;
  const { after, unknown } = known.change(address);
  if (after === undefined) return `${address} is not in the plan`;
  for (const attribute of MERGED)
    if (itemsOf(memberOf(after, attribute)).length > 0 || isTrue(memberOf(unknown, attribute)))
      return `${address} merges other documents`;
  const place: DocumentPlace = { ...target, moduleAddress: module, address };
  const blocks = itemsOf(known.configuration.expression(place, 'statement'));
  const planned = itemsOf(memberOf(after, 'statement'));
  const flags = itemsOf(memberOf(unknown, 'statement'));
  if (planned.length === 0 || isTrue(memberOf(unknown, 'statement')))
    return `the statements of ${address} are not known`;
  const statements = planned.map((statement, index) => {
    const label = `statement ${index + 1} of ${address}`;
    const block = blocks.length === planned.length ? blocks[index] : undefined;
    const unknownParts = flags[index];
    return rebuildStatement(
      { statement, label, place, ...(block && { block }), ...(unknownParts && { unknown: unknownParts }) },
      { known, builder },
    );
  });
  const failure = statements.find((each) => typeof each === 'string');
  if (failure !== undefined) return failure;
  const version = toValue(memberOf(after, 'version') ?? fromValue(null));
  return { Version: version ?? '2012-10-17', Statement: statements };
}

type DocumentPlace = Place & { readonly moduleAddress: string; readonly address: string };

const MERGED = ['source_policy_documents', 'override_policy_documents', 'source_json', 'override_json'];

interface PlannedStatement {
  readonly statement: DocumentNode;
  readonly label: string;
  readonly place: DocumentPlace;
  /** The block of the configuration. */
  readonly block?: DocumentNode;
  readonly unknown?: DocumentNode;
}

/** Text of actions that S3 checks on objects, or may. */
const OF_OBJECTS = /^s3:.*(?:object|multipart|\*)|^\*$/i;

function rebuildStatement(planned: PlannedStatement, { known, builder }: Context): Rebuilt {
  const { statement, label, place, block, unknown } = planned;
  const problems: string[] = [];
  const effect = textIn(statement, 'effect') ?? 'Allow';
  const sid = textIn(statement, 'sid');
  const list = (
    [node, flags, expression]: Triple,
    key: string,
    mayFollow: boolean,
  ): readonly string[] | undefined => {
    const items = itemsOf(memberOf(node, key));
    const flag = memberOf(flags, key);
    const isUnknown = flag !== undefined && JSON.stringify(toValue(flag)).includes('true');
    const texts = items.flatMap((item) =>
      toValue(item) === null ? [] : [String(toValue(item)).replaceAll('&{', '${')],
    );
    if (!isUnknown) return texts.length > 0 ? texts : undefined;
    const found = mayFollow
      ? known.targetValues(memberOf(expression, key), place, {
          wanted: 'arn',
          count: items.length - texts.length,
        })
      : undefined;
    if (found === undefined || found.length === 0) {
      problems.push(`${key} of ${label} cannot be rebuilt from the plan`);
      return texts;
    }
    builder.remark(
      `${label}: ${key} is taken to be ${found.join(' and ')}; a plan does not record text before or after a reference.`,
    );
    return [...texts, ...found];
  };
  const whole: Triple = [statement, unknown, block];
  const isAllow = effect === 'Allow';
  const actions = list(whole, 'actions', false);
  const ofObjects = actions === undefined || actions.some((each) => OF_OBJECTS.test(each));
  const before = problems.length;
  const resources = list(whole, 'resources', isAllow);
  if (
    problems.length === before &&
    ofObjects &&
    memberOf(unknown, 'resources') &&
    (resources ?? []).some((each) => /:s3:::[^/]+$/.test(each))
  )
    problems.push(
      `${label} allows actions on objects, and the part of the ARN after the bucket is not in the plan`,
    );
  const principals = (key: string) =>
    principalsOf(
      triples(whole, key).map((each) => ({
        type: textIn(each[0], 'type') ?? '',
        identifiers: list(each, 'identifiers', true) ?? [],
      })),
    );
  const conditions = triples(whole, 'condition').map((each) => {
    const test = textIn(each[0], 'test') ?? '';
    return {
      test,
      variable: textIn(each[0], 'variable') ?? '',
      values: list(each, 'values', isAllow && /^(?:\w+:)?(?:String|Arn)(?:Equals|Like)/.test(test)) ?? [],
    };
  });
  const result = {
    ...(sid && { Sid: sid }),
    Effect: effect,
    ...named('Principal', principals('principals')),
    ...named('NotPrincipal', principals('not_principals')),
    ...named('Action', actions),
    ...named('NotAction', list(whole, 'not_actions', false)),
    ...named('Resource', resources),
    ...named('NotResource', list(whole, 'not_resources', false)),
    ...named('Condition', conditionsOf(conditions)),
  };
  return problems[0] ?? result;
}

/** A planned value, where it is unknown, and its expression. */
type Triple = readonly [DocumentNode, DocumentNode | undefined, DocumentNode | undefined];

function triples([node, flags, expression]: Triple, key: string): readonly Triple[] {
  const items = itemsOf(memberOf(node, key));
  const blocks = itemsOf(memberOf(expression, key));
  return items.map((item, index) => [
    item,
    itemsOf(memberOf(flags, key))[index],
    blocks.length === items.length ? blocks[index] : undefined,
  ]);
}

const named = (key: string, value: unknown) => (value === undefined ? {} : { [key]: value });

function principalsOf(
  entries: readonly { readonly type: string; readonly identifiers: readonly string[] }[],
) {
  if (entries.length === 0) return undefined;
  if (entries.some(({ type }) => type === '*')) return '*';
  const types = Map.groupBy(entries, ({ type }) => type);
  return Object.fromEntries(
    [...types].map(([type, each]) => [type, each.flatMap(({ identifiers }) => identifiers)]),
  );
}

function conditionsOf(
  conditions: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly string[];
  }[],
) {
  if (conditions.length === 0) return undefined;
  const tests = Map.groupBy(conditions, ({ test }) => test);
  return Object.fromEntries(
    [...tests].map(([test, each]) => [
      test,
      Object.fromEntries(each.map(({ variable, values }) => [variable, values])),
    ]),
  );
}

function textIn(node: DocumentNode, key: string): string | undefined {
  const found = memberOf(node, key);
  return found?.kind === 'scalar' && found.value !== null ? found.text : undefined;
}

const isTrue = (node: DocumentNode | undefined): boolean => node !== undefined && toValue(node) === true;
