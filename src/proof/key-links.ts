import type { Condition, ConditionOperator } from '../policy/ast.ts';
import type { Formula } from './formula.ts';
import type { StatementFormulas } from './statement-formula.ts';

/** What AWS documents of several keys together: where one condition holds, another one does. */
export interface KeyLink {
  readonly sentence: string;
  readonly when: Condition;
  readonly must: Condition;
}

function condition(
  operator: ConditionOperator,
  key: string,
  values: readonly string[],
  qualifier?: Condition['qualifier'],
): Condition {
  return {
    operator,
    ifExists: false,
    key: { text: key },
    values: values.map((text) => ({ text })),
    ...(qualifier && { qualifier }),
  };
}

const present = (key: string): Condition => condition('Null', key, ['false']);
const absent = (key: string): Condition => condition('Null', key, ['true']);

const withVpce = (key: string): readonly KeyLink[] => {
  const sentence = `${key} is in a request exactly if aws:SourceVpce is`;
  return [
    { sentence, when: present(key), must: present('aws:SourceVpce') },
    { sentence, when: present('aws:SourceVpce'), must: present(key) },
  ];
};

const USERS_ARN = 'aws:username is the name at the end of aws:PrincipalArn, and only of a user';
const ACCOUNT = 'aws:PrincipalAccount is the account of aws:PrincipalArn';

/**
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const LINKS: readonly KeyLink[] = [
  {
    sentence: USERS_ARN,
    when: present('aws:username'),
    must: condition('StringLike', 'aws:PrincipalArn', [
      'arn:*:iam::*:user/${aws:username}',
      'arn:*:iam::*:user/*/${aws:username}',
    ]),
  },
  {
    sentence: USERS_ARN,
    when: condition('StringLike', 'aws:PrincipalArn', ['arn:*:iam::*:user/*']),
    must: present('aws:username'),
  },
  {
    sentence: 'aws:username is in requests of users only',
    when: present('aws:username'),
    must: condition('StringEquals', 'aws:PrincipalType', ['User']),
  },
  {
    sentence: ACCOUNT,
    when: present('aws:PrincipalAccount'),
    must: condition('ArnLike', 'aws:PrincipalArn', ['arn:*:*::${aws:PrincipalAccount}:*']),
  },
  { sentence: ACCOUNT, when: present('aws:PrincipalArn'), must: present('aws:PrincipalAccount') },
  {
    sentence: 'aws:MultiFactorAuthAge is only in requests with aws:MultiFactorAuthPresent true',
    when: present('aws:MultiFactorAuthAge'),
    must: condition('Bool', 'aws:MultiFactorAuthPresent', ['true']),
  },
  ...withVpce('aws:SourceVpc'),
  ...withVpce('aws:VpcSourceIp'),
  ...['aws:SourceVpce', 'aws:SourceVpc', 'aws:VpcSourceIp'].map((key) => ({
    sentence: `aws:SourceIp is not in requests with ${key}`,
    when: present(key),
    must: absent('aws:SourceIp'),
  })),
];

const REQUEST_TAG = /^aws:requesttag\/(.+)$/;
const TAG_KEYS = 'aws:tagkeys';

/** A tag of the request has its key among the keys of its tags; names of tags in condition keys ignore case. */
function tagLinks(key: string): readonly KeyLink[] {
  const name = REQUEST_TAG.exec(key)?.[1];
  if (name === undefined) return [];
  const sentence = `aws:RequestTag/${name} is in a request exactly if aws:TagKeys has ${name}`;
  const literal = name.replaceAll('$', '${$}');
  const listed = condition('StringEqualsIgnoreCase', 'aws:TagKeys', [literal], 'ForAnyValue');
  return [
    { sentence, when: present(key), must: listed },
    { sentence, when: listed, must: present(key) },
  ];
}

/** The links between some keys, in lower case; a link to a key that is not among them leaves these as free as they are. */
export function linksBetween(keys: ReadonlySet<string>): readonly KeyLink[] {
  const has = ({ key }: Condition): boolean => keys.has(key.text.toLowerCase());
  const tags = keys.has(TAG_KEYS) ? [...keys].flatMap(tagLinks) : [];
  return [...LINKS.filter(({ when, must }) => has(when) && has(must)), ...tags];
}

/** That requests keep links. */
export function linksFormula(links: readonly KeyLink[], statements: StatementFormulas): Formula {
  const { formulas } = statements;
  return formulas.and(
    links.map(({ when, must }) =>
      formulas.or([formulas.not(statements.condition(when)), statements.condition(must)]),
    ),
  );
}
