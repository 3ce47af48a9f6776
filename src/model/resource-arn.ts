import { type AccountId, type Arn, arnOf, arnsOf, type ResourceArn } from '../lib/identifiers.ts';
import { memoizeText } from '../lib/memoize.ts';
import type { Check, IamEntityType, MemberPath, NamePart, ResourceSource } from './check.ts';

type Input = Readonly<Record<string, unknown>>;

/** Where a new resource would live, and who knows the ARNs of IAM entities. */
export interface ArnScope {
  readonly partition: string;
  readonly region: string;
  readonly account: AccountId;
  /** The ARN, with its path, of an entity; without a name of the user who asks. `undefined` if there is none. */
  iamEntityArn?(type: IamEntityType, name: string | undefined): Arn | undefined;
  accessKeyOwnerArn?(accessKeyId: string): Arn | undefined;
}

/** Whether a request asks for the check: its `when` is given, and is no empty list. */
export function isAsked({ when }: Pick<Check, 'when'>, input: Input): boolean {
  if (when === undefined) return true;
  return valuesAt(input, when).some((value) => !Array.isArray(value) || value.length > 0);
}

/**
 * The resources that a request means, `*` for none. Empty where the request does not report: the caller must refuse it,
 * not pass it.
 */
export function resourceArns(source: ResourceSource, input: Input, scope: ArnScope): readonly ResourceArn[] {
  switch (source.from) {
    case 'any':
      return ['*'];
    case 'fixed':
      return [inScope(source.template, scope)];
    case 'pathPrefix':
      return [arnOf(inScope(source.template, scope) + (textsAt(input, source.path)[0] ?? '/'))];
    case 'memberOrAny': {
      const arns = arnsOf(textsAt(input, source.path));
      return arns.length > 0 ? arns : ['*'];
    }
    case 'member':
      return withSuffix(arnsOf(textsAt(input, source.path)), source.suffix);
    case 'oneMember': {
      const arns = source.paths.flatMap((path) => arnsOf(textsAt(input, path)));
      return arns.length === 1 ? arns : [];
    }
    case 'new':
      return present(newArn(source.template, source.name, input, scope));
    case 'iamEntity': {
      const [name] = textsAt(input, source.path);
      if (name === undefined && source.unnamed === 'any') return ['*'];
      if (name === undefined && source.unnamed === 'nothing') return [];
      return present(scope.iamEntityArn?.(source.type, name));
    }
    case 'caller':
      return present(scope.iamEntityArn?.('user', undefined));
    case 'accessKeyOwner': {
      const [id] = textsAt(input, source.path);
      return present(id === undefined ? undefined : scope.accessKeyOwnerArn?.(id));
    }
  }
}

const withSuffix = (arns: readonly Arn[], suffix: string | undefined): readonly Arn[] =>
  suffix === undefined ? arns : arns.map((arn) => arnOf(arn + suffix));

function newArn(template: string, name: readonly NamePart[], input: Input, scope: ArnScope): Arn | undefined {
  let text: string | undefined;
  for (const part of name) {
    const own = namePart(part, input);
    if (own === undefined) return undefined;
    text = text === undefined ? own : `${text}/${own}`;
  }
  return inScope(template, scope, text);
}

/** The template with partition, region and account; any other placeholder becomes `name`. */
function inScope(template: string, { partition, region, account }: ArnScope, name = ''): Arn {
  let arn = '';
  for (const part of partsOf(template)) {
    if (part === '${Partition}') arn += partition;
    else if (part === '${Region}') arn += region;
    else if (part === '${Account}') arn += account;
    else arn += part.startsWith('${') ? name : part;
  }
  return arnOf(arn);
}

/** Placeholders, and what is between them. */
const partsOf = memoizeText((template): readonly string[] => template.split(/(\$\{\w+\})/));

function namePart(part: NamePart, input: Input): string | undefined {
  const [value] = textsAt(input, ['member' in part ? part.member : part.lastPartOf]);
  if (value === undefined) return undefined;
  if ('member' in part) {
    const name = part.take ? part.take.exec(value)?.[1] : value;
    const [path = '/'] = part.below === undefined ? [] : textsAt(input, [part.below]);
    return name && path.slice(1) + (part.upperCase ? name.toUpperCase() : name);
  }
  return value.includes('/') ? value.slice(value.lastIndexOf('/') + 1) || undefined : undefined;
}

function textsAt(input: Input, path: MemberPath): readonly string[] {
  const [only] = path;
  // As most paths are: one member.
  if (path.length === 1 && only !== undefined && only !== '*') {
    const value = Object.hasOwn(input, only) ? input[only] : undefined;
    return typeof value === 'string' ? [value] : NONE;
  }
  return valuesAt(input, path).filter((value): value is string => typeof value === 'string');
}

const NONE: readonly string[] = [];

function valuesAt(value: unknown, [name, ...rest]: MemberPath): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (name === undefined) return [value];
  if (name === '*') return Array.isArray(value) ? value.flatMap((item) => valuesAt(item, rest)) : [];
  return typeof value === 'object' && Object.hasOwn(value, name)
    ? valuesAt((value as Input)[name], rest)
    : [];
}

const present = (arn: Arn | undefined): readonly Arn[] => (arn === undefined ? [] : [arn]);
