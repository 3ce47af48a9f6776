import { readFileSync } from 'node:fs';

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
 * The AWS managed policies. The file has 1,485 lines and 3 MB: it is read on first use, and only the requested lines
 * are parsed.
 */
export function openAwsManagedPolicies(read: () => Buffer = () => readFileSync(FILE)): AwsManagedPolicies {
  let lines: ReadonlyMap<string, Buffer> | undefined;
  const parsed = new Map<string, AwsManagedPolicy>();
  const linesByName = (): ReadonlyMap<string, Buffer> => {
    lines ??= new Map(splitLines(read()).map((line) => [nameOf(line), line]));
    return lines;
  };
  const byName = (name: string): AwsManagedPolicy | undefined => {
    const line = parsed.has(name) ? undefined : linesByName().get(name);
    if (line) parsed.set(name, parseLine(line.toString()));
    return parsed.get(name);
  };
  return {
    find(nameOrArn) {
      const [, path, name = nameOrArn] = ARN.exec(nameOrArn) ?? [];
      const policy = byName(name);
      return path === undefined || policy?.path === path ? policy : undefined;
    },
    names: () => [...linesByName().keys()],
    list: () => [...linesByName().values()].map(parseHead),
  };
}

/** The policies in the package, loaded once per process. */
export const awsManagedPolicies = openAwsManagedPolicies();

/** The lines as views of the buffer, not copies. */
function splitLines(content: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < content.length; ) {
    const newline = content.indexOf('\n', start);
    const end = newline < 0 ? content.length : newline;
    if (end > start) lines.push(content.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

/** Reads the name from a line without parsing it. */
const nameOf = (line: Buffer): string =>
  line.toString('latin1', LINE_START.length, line.indexOf('"', LINE_START.length));

/** The document is the last member of its line. */
const DOCUMENT = ',"Document":';

const parseHead = (line: Buffer): AwsManagedPolicyHead =>
  headOf(JSON.parse(`${line.toString('utf8', 0, line.indexOf(DOCUMENT))}}`));

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
