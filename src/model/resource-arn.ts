import type { Check, IamEntityType, MemberPath, NamePart, ResourceSource } from './check.ts';

type Input = Readonly<Record<string, unknown>>;

/** Where a new resource would live, and who knows the ARNs of IAM entities. */
export interface ArnScope {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** The ARN, with its path, of an entity; without a name of the user who asks. `undefined` where there is none. */
  iamEntityArn?(type: IamEntityType, name: string | undefined): string | undefined;
  accessKeyOwnerArn?(accessKeyId: string): string | undefined;
}

/** Whether a request asks for the check: its `when` is given, and is no empty list. */
export function isAsked({ when }: Pick<Check, 'when'>, input: Input): boolean {
  if (when === undefined) return true;
  return valuesAt(input, when).some((value) => !Array.isArray(value) || value.length > 0);
}

/**
 * The resources that a request means, `*` for none. Empty where the request does not tell: the caller must refuse it,
 * not pass it.
 */
export function resourceArns(source: ResourceSource, input: Input, scope: ArnScope): readonly string[] {
  switch (source.from) {
    case 'any':
      return ['*'];
    case 'member':
      return textsAt(input, source.path).map((arn) => arn + (source.suffix ?? ''));
    case 'oneMember': {
      const arns = source.paths.flatMap((path) => textsAt(input, path));
      return arns.length === 1 ? arns : [];
    }
    case 'new':
      return present(newArn(source.template, source.name, input, scope));
    case 'iamEntity': {
      const [name] = textsAt(input, source.path);
      return name === undefined && !source.orCaller ? [] : present(scope.iamEntityArn?.(source.type, name));
    }
    case 'accessKeyOwner': {
      const [id] = textsAt(input, source.path);
      return present(id === undefined ? undefined : scope.accessKeyOwnerArn?.(id));
    }
  }
}

function newArn(
  template: string,
  name: readonly NamePart[],
  input: Input,
  { partition, region, account }: ArnScope,
): string | undefined {
  const parts = name.map((part) => namePart(part, input));
  if (parts.includes(undefined)) return undefined;
  const values: Readonly<Record<string, string>> = { Partition: partition, Region: region, Account: account };
  return template.replace(/\$\{(\w+)\}/g, (_, placeholder: string) => values[placeholder] ?? parts.join('/'));
}

function namePart(part: NamePart, input: Input): string | undefined {
  if ('text' in part) return part.text;
  const [value] = textsAt(input, ['member' in part ? part.member : part.lastPartOf]);
  if (value === undefined) return undefined;
  if ('member' in part) return part.upperCase ? value.toUpperCase() : value;
  return value.includes('/') ? value.slice(value.lastIndexOf('/') + 1) || undefined : undefined;
}

function textsAt(input: Input, path: MemberPath): readonly string[] {
  return valuesAt(input, path).filter((value): value is string => typeof value === 'string');
}

function valuesAt(value: unknown, [name, ...rest]: MemberPath): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (name === undefined) return [value];
  if (name === '*') return Array.isArray(value) ? value.flatMap((item) => valuesAt(item, rest)) : [];
  return typeof value === 'object' && Object.hasOwn(value, name)
    ? valuesAt((value as Input)[name], rest)
    : [];
}

const present = (arn: string | undefined): readonly string[] => (arn === undefined ? [] : [arn]);
