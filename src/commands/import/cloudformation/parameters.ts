import { createHash } from 'node:crypto';
import type { DocumentNode } from '../../../lib/document.ts';
import { itemsOf, memberOf } from '../../../lib/document.ts';
import { didYouMean } from '../../../lib/nearest.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { entriesOf, entryIn, type TemplateInput, textNode } from './template.ts';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html */
const PSEUDO: Readonly<Record<string, (input: TemplateInput) => string | undefined>> = {
  'AWS::AccountId': ({ account }) => account,
  'AWS::Partition': ({ partition }) => partition,
  'AWS::Region': ({ region }) => region,
  'AWS::URLSuffix': ({ partition }) => (partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'),
  'AWS::StackName': () => undefined,
  // Templates take parts of it to make names unique: the last part is derived from the stack's name.
  'AWS::StackId': ({ account, partition, region, parameters }) => {
    const stack = parameters.get('AWS::StackName');
    return stack && `arn:${partition}:cloudformation:${region}:${account}:stack/${stack}/${idOf(stack)}`;
  },
  'AWS::NotificationARNs': () => undefined,
};

/** The value of a parameter; `undefined` if the template has no such parameter, an error message if it has no value. */
export function parameterValue(name: string, input: TemplateInput): Result<DocumentNode, string> | undefined {
  const given = input.parameters.get(name);
  const entry = entryIn(input.template, 'Parameters', name);
  if (entry === undefined) {
    if (!Object.hasOwn(PSEUDO, name)) return undefined;
    const value = given ?? PSEUDO[name]?.(input);
    const needed = name === 'AWS::StackId' ? 'AWS::StackName' : name;
    return value === undefined ? missing(needed) : ok(textNode(value, undefined));
  }
  const type = textOf(memberOf(entry.value, 'Type')) ?? 'String';
  const fromSsm = type.startsWith('AWS::SSM::Parameter::Value');
  const value = given ?? (fromSsm ? undefined : textOf(memberOf(entry.value, 'Default')));
  if (value === undefined) return missing(name);
  const allowed = itemsOf(memberOf(entry.value, 'AllowedValues')).flatMap((item) => textOf(item) ?? []);
  if (allowed.length > 0 && !allowed.includes(value))
    return err(`the parameter ${name} must be ${allowed.join(' or ')}, not "${value}"`);
  const { position } = entry.value;
  if (!/List/.test(type)) return ok(textNode(value, position));
  return ok({ kind: 'array', items: value.split(',').map((item) => textNode(item.trim(), position)) });
}

/** Parameters that are given and that the template does not have. */
export function unknownParameters({ template, parameters }: TemplateInput): readonly string[] {
  const known = entriesOf(memberOf(template, 'Parameters')).map(({ key }) => key);
  return [...parameters.keys()]
    .filter((name) => !known.includes(name) && !Object.hasOwn(PSEUDO, name))
    .map((name) => `--parameter ${name}: the template has no such parameter${didYouMean(name, known)}`);
}

const idOf = (name: string): string =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

const missing = (name: string) => err(`${name} has no value here: give it with --parameter ${name}=VALUE`);

const textOf = (node: DocumentNode | undefined): string | undefined =>
  node?.kind === 'scalar' && node.value !== null ? node.text : undefined;
