import { SortedLines } from './sorted-lines.ts';

/** An AWS managed policy, as stored in the generated file. */
export interface AwsManagedPolicy {
  readonly name: string;
  /** In the partition `aws`, e.g. `arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess`. */
  readonly arn: string;
  readonly path: string;
  readonly defaultVersionId: string;
  /** ISO 8601. */
  readonly createDate: string;
  readonly updateDate: string;
  /** The policy document, as parsed JSON. */
  readonly document: unknown;
}

export interface AwsManagedPolicies {
  /** By name, or by ARN of any partition; `undefined` if there is no such policy. */
  find(nameOrArn: string): AwsManagedPolicy | undefined;
  /** All names, for suggestions. */
  names(): readonly string[];
  /** All policies without their documents, which are not parsed. */
  list(): readonly AwsManagedPolicyHead[];
}

export type AwsManagedPolicyHead = Omit<AwsManagedPolicy, 'document'>;

const FILE = new URL('./generated/aws-managed-policies.jsonl', import.meta.url);
const ARN = /^arn:aws[\w-]*:iam::aws:policy(\/(?:.*\/)?)([^/]+)$/;
const LINE_START = '{"PolicyName":"';

/**
 * The AWS managed policies. The file has 1,485 lines and 3 MB, sorted by name: a policy is searched for in the file, and
 * only what was found is kept.
 */
export function openAwsManagedPolicies(file: SortedLines = new SortedLines(FILE)): AwsManagedPolicies {
  const parsed = new Map<string, AwsManagedPolicy>();
  let searches = 0;
  let names: ReadonlySet<string> | undefined;
  const mayBe = (name: string): boolean => {
    if (!NAME.test(name)) return false;
    searches += 1;
    if (searches > MOST_SEARCHES) names ??= new Set(file.all().map((line) => ownText(nameOf(line))));
    return names?.has(name) ?? true;
  };
  const byName = (name: string): AwsManagedPolicy | undefined => {
    const line = parsed.has(name) || !mayBe(name) ? undefined : file.find(name, nameOf);
    if (line) parsed.set(name, parseLine(line));
    return parsed.get(name);
  };
  return {
    find(nameOrArn) {
      if (!nameOrArn.startsWith('arn:')) return byName(nameOrArn);
      const [, path, name = nameOrArn] = ARN.exec(nameOrArn) ?? [];
      const policy = byName(name);
      return policy?.path === path ? policy : undefined;
    },
    names: () => file.all().map(nameOf),
    list: () => file.all().map(parseHead),
  };
}

/** A search reads the file a dozen times. An account with thousands of customer managed policies looks up the name of each. */
const MOST_SEARCHES = 32;

/** Files in folders have a slash in their names. */
const NAME = /^[\w+=,.@-]{1,128}$/;

/** A copy: a part of a string keeps the whole of it in memory. */
const ownText = (text: string): string => Buffer.from(text).toString();

/** The policies in the package. */
export const awsManagedPolicies = openAwsManagedPolicies();

/** Reads the name from a line without parsing it. */
const nameOf = (line: string): string => line.slice(LINE_START.length, line.indexOf('"', LINE_START.length));

/** The document is the last member of its line. */
const DOCUMENT = ',"Document":';

const parseHead = (line: string): AwsManagedPolicyHead =>
  headOf(JSON.parse(`${line.slice(0, line.indexOf(DOCUMENT))}}`));

function parseLine(line: string): AwsManagedPolicy {
  const parsed = JSON.parse(line);
  return { ...headOf(parsed), document: parsed.Document };
}

const headOf = ({
  PolicyName = '',
  Arn = '',
  Path = '',
  DefaultVersionId = '',
  CreateDate = '',
  UpdateDate = '',
}: Readonly<Record<string, string>>): AwsManagedPolicyHead => ({
  name: PolicyName,
  arn: Arn,
  path: Path,
  defaultVersionId: DefaultVersionId,
  createDate: CreateDate,
  updateDate: UpdateDate,
});
