import { describe, expect, it } from 'vitest';
import { Evaluator } from '../../../src/commands/import/cloudformation/intrinsics.ts';
import { SHORT_FORMS } from '../../../src/commands/import/cloudformation/template.ts';
import { toValue } from '../../../src/lib/document.ts';
import { readYaml } from '../../../src/lib/yaml-position.ts';
import { Report } from '../../../src/policy/report.ts';

const TEMPLATE = `
Parameters:
  Name: { Type: String, Default: shop }
  Size: { Type: String, AllowedValues: [small, big], Default: small }
  Many: { Type: CommaDelimitedList, Default: "a, b" }
  FromSsm: { Type: "AWS::SSM::Parameter::Value<String>", Default: /path/of/it }
Mappings:
  Sizes: { small: { users: 3 } }
Conditions:
  IsShop: !Equals [!Ref Name, shop]
  IsNot: !Not [{ Condition: IsShop }]
  Both: !And [{ Condition: IsShop }, { Condition: IsNot }]
  Either: !Or [{ Condition: IsShop }, { Condition: IsNot }]
  Circle: !Not [{ Condition: Circle }]
Resources:
  Named: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub "\${Name}-data" } }
  Unnamed: { Type: AWS::S3::Bucket }
  Group: { Type: AWS::Personalize::DatasetGroup, Properties: { Name: g } }
  Policy: { Type: AWS::IAM::ManagedPolicy, Properties: { ManagedPolicyName: p, Path: /a/ } }
  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: q } }
  Other: { Type: AWS::Other::Thing }
  Self: { Type: AWS::S3::Bucket, Properties: { BucketName: !Ref Self } }
  Absent: { Type: AWS::S3::Bucket, Condition: IsNot, Properties: { BucketName: x } }
`;

interface Given {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, string>>;
  readonly logicalNames?: boolean;
}

/** What an expression of YAML gives in the template, and what was told. */
function evaluate(expression: string, { parameters = {}, values = {}, logicalNames = false }: Given = {}) {
  const read = (text: string) => {
    const document = readYaml(text, 't.yaml', { longForms: SHORT_FORMS });
    if (!document.ok) throw new Error(JSON.stringify(document.error));
    return document.value;
  };
  const report = new Report('t.yaml');
  const evaluator = new Evaluator(
    {
      template: read(TEMPLATE),
      parameters: new Map(Object.entries(parameters)),
      values: new Map(Object.entries(values)),
      logicalNames,
      account: '123456789012',
      partition: 'aws',
      region: 'eu-west-1',
    },
    report,
  );
  const value = evaluator.evaluate(read(expression));
  return { value: value && toValue(value), told: report.errors.map(({ message }) => message) };
}

describe('a template', () => {
  it.each([
    ['a parameter', '!Ref Name', 'shop'],
    ['a list of a parameter', '!Ref Many', ['a', 'b']],
    ['a pseudo parameter', '!Ref AWS::Region', 'eu-west-1'],
    ['a property that has no value', '{ a: !Ref AWS::NoValue, b: 1 }', { b: 1 }],
    ['an item that has no value', '[!Ref AWS::NoValue, 1]', [1]],
    ['the name of a resource', '!Ref Named', 'shop-data'],
    ['the ARN of a resource', '!GetAtt Named.Arn', 'arn:aws:s3:::shop-data'],
    ['the ARN of a list form', '!GetAtt [Named, Arn]', 'arn:aws:s3:::shop-data'],
    ['the ARN that Ref gives', '!Ref Group', 'arn:aws:personalize:eu-west-1:123456789012:dataset-group/g'],
    ['the ARN with a path', '!Ref Policy', 'arn:aws:iam::123456789012:policy/a/p'],
    ['the ARN of a queue', '!GetAtt Queue.Arn', 'arn:aws:sqs:eu-west-1:123456789012:q'],
    ['a text with variables', '!Sub "${Named.Arn}/${Name}/*"', 'arn:aws:s3:::shop-data/shop/*'],
    ['a text with its own variables', '!Sub ["${a}-${Name}", { a: !Ref Named }]', 'shop-data-shop'],
    ['a text with a policy variable', '!Sub "${!aws:username}"', '${aws:username}'],
    ['a policy variable outside of Sub', '"${aws:username}"', '${aws:username}'],
    ['a joined text', '!Join [":", [a, !Ref Name, !Ref Named]]', 'a:shop:shop-data'],
    ['an item of a split text', '!Select [1, !Split ["-", !Ref Named]]', 'data'],
    ['a value of a mapping', '!FindInMap [Sizes, small, users]', 3],
    ['a choice', '!If [IsShop, !Ref Name, other]', 'shop'],
    ['the other choice', '!If [IsNot, !Ref Other, other]', 'other'],
    ['conditions that all must hold', '!If [Both, 1, 2]', 2],
    ['conditions of which one must hold', '!If [Either, 1, 2]', 1],
    [
      'a Condition of a policy statement',
      '{ Effect: Allow, Condition: { Bool: {} } }',
      { Effect: 'Allow', Condition: { Bool: {} } },
    ],
  ])('tells %s', (_, expression, value) => {
    expect(evaluate(expression)).toEqual({ value, told: [] });
  });

  it('takes what is given from outside', () => {
    expect(evaluate('!Ref Name', { parameters: { Name: 'other' } }).value).toBe('other');
    expect(evaluate('!Ref Unnamed', { values: { Unnamed: 'b' } }).value).toBe('b');
    expect(evaluate('!GetAtt Unnamed.Arn', { values: { Unnamed: 'b' } }).value).toBe('arn:aws:s3:::b');
    expect(evaluate('!GetAtt Other.Url', { values: { 'Other.Url': 'u' } }).value).toBe('u');
    expect(evaluate('!ImportValue shared', { values: { shared: 's' } }).value).toBe('s');
    expect(evaluate('!Ref AWS::StackName', { parameters: { 'AWS::StackName': 'st' } }).value).toBe('st');
    expect(evaluate('!GetAtt Unnamed.Arn', { logicalNames: true }).value).toBe('arn:aws:s3:::unnamed');
  });

  it.each([
    [
      'a parameter without value',
      '!Ref FromSsm',
      'FromSsm has no value here: give it with --parameter FromSsm=VALUE',
    ],
    ['the name of the stack', '!Ref AWS::StackName', 'AWS::StackName has no value here'],
    ['a name that is made up at deployment', '!Ref Unnamed', 'Unnamed has no BucketName'],
    [
      'an attribute',
      '!GetAtt Other.Url',
      'Url of AWS::Other::Thing is not known here: give it with --value Other.Url=VALUE',
    ],
    ['the Ref of an unknown type', '!Ref Other', 'what AWS::Other::Thing gives is not known here'],
    ['the address of a queue', '!Ref Queue', 'what AWS::SQS::Queue gives is not known here'],
    [
      'an export of another stack',
      '!ImportValue shared',
      'what another stack exports as shared is not in this template',
    ],
    ['a function that asks AWS', '!GetAZs ""', 'Fn::GetAZs cannot be worked out without a deployment'],
    [
      'a dynamic reference',
      '"{{resolve:ssm:/a}}"',
      'the dynamic reference {{resolve:ssm:/a}} is known to a deployment only',
    ],
    ['what is not there', '!Sub "${Nothing}"', 'there is no parameter and no resource "Nothing"'],
    ['a name that refers to itself', '!Ref Self', 'the name of Self refers to itself'],
    ['a condition that refers to itself', '!If [Circle, 1, 2]', 'the condition "Circle" refers to itself'],
    ['a resource that is not made', '!Ref Absent', 'Absent is not made: its condition IsNot does not hold'],
    ['a key that a mapping has not', '!FindInMap [Sizes, big, users]', 'there is no Sizes.big.users'],
    ['an item that a list has not', '!Select [7, [a]]', 'the list has no item 7'],
    ['a part of a whole', '{ a: [!Join ["", [x, !Ref Other]]] }', 'AWS::Other::Thing'],
  ])('does not make up %s', (_, expression, sentence) => {
    const { value, told } = evaluate(expression);
    expect(value).toBeUndefined();
    expect(told.join('\n')).toContain(sentence);
  });

  it('reports a reference once, wherever else it occurs', () => {
    expect(evaluate('[!Ref Unnamed, !Ref Unnamed, !GetAtt Unnamed.Arn]').told).toHaveLength(1);
  });

  it('refuses a value that a parameter does not allow', () => {
    expect(evaluate('!Ref Size', { parameters: { Size: 'huge' } })).toEqual({
      value: undefined,
      told: ['the parameter Size must be small or big, not "huge"'],
    });
  });
});
