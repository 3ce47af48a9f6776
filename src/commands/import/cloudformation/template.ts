import { type DocumentEntry, type DocumentNode, memberOf, type TextPosition } from '../../../lib/document.ts';

/** A template and the values provided for it. */
export interface TemplateInput {
  readonly template: DocumentNode;
  /** Values of parameters, pseudo parameters too. */
  readonly parameters: ReadonlyMap<string, string>;
  /** What only a deployment knows, by `LogicalId`, `LogicalId.Attribute` or the name of an export. */
  readonly values: ReadonlyMap<string, string>;
  /** Whether a resource without a name has its logical id for one. */
  readonly logicalNames: boolean;
  readonly account: string;
  readonly partition: string;
  readonly region: string;
}

/** The short forms of YAML. @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
export const SHORT_FORMS: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...[
    'And',
    'Base64',
    'Cidr',
    'Equals',
    'FindInMap',
    'GetAtt',
    'GetAZs',
    'If',
    'ImportValue',
    'Join',
    'Length',
    'Not',
    'Or',
    'Select',
    'Split',
    'Sub',
    'ToJsonString',
    'Transform',
  ].map((name) => [`!${name}`, `Fn::${name}`] as const),
]);

/** The entry of a section: of `Resources`, the resource with this logical id. */
export const entryIn = (template: DocumentNode, section: string, name: string): DocumentEntry | undefined =>
  entriesOf(memberOf(template, section)).find(({ key }) => key === name);

export const entriesOf = (node: DocumentNode | undefined): readonly DocumentEntry[] =>
  node?.kind === 'object' ? node.entries : [];

export const textNode = (text: string, position: TextPosition | undefined): DocumentNode => ({
  kind: 'scalar',
  value: text,
  text,
  ...(position && { position }),
});
