import { readFileSync } from 'node:fs';

/** A managed policy of AWS's, as the generated file holds it. */
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
  /** By name, or by ARN of any partition; `undefined` where AWS has no such policy. */
  find(nameOrArn: string): AwsManagedPolicy | undefined;
  /** All names: for suggestions, since it reads every line. */
  names(): readonly string[];
}

const FILE = new URL('./generated/aws-managed-policies.jsonl', import.meta.url);
const ARN = /^arn:aws[\w-]*:iam::aws:policy(\/(?:.*\/)?)([^/]+)$/;
const LINE_START = '{"PolicyName":"';
const NAME = /^[\w+=,.@-]+$/;

/**
 * AWS's managed policies. The file has 1,485 lines and 3 MB: it is read when the first policy is named, and of it only
 * the line that is asked for is parsed.
 */
export function openAwsManagedPolicies(read: () => Buffer = () => readFileSync(FILE)): AwsManagedPolicies {
  let file: Buffer | undefined;
  const content = (): Buffer => {
    file ??= read();
    return file;
  };
  return {
    find(nameOrArn) {
      const [, path, name = nameOrArn] = ARN.exec(nameOrArn) ?? [];
      if (!NAME.test(name)) return undefined;
      const line = lineOf(content(), name);
      const policy = line === undefined ? undefined : parseLine(line);
      return path === undefined || policy?.path === path ? policy : undefined;
    },
    names: () =>
      content()
        .toString()
        .split('\n')
        .filter((line) => line.startsWith(LINE_START))
        .map((line) => line.slice(LINE_START.length, line.indexOf('"', LINE_START.length))),
  };
}

function lineOf(content: Buffer, name: string): string | undefined {
  const start = content.indexOf(`${LINE_START}${name}",`);
  if (start < 0) return undefined;
  const end = content.indexOf('\n', start);
  return content.toString('utf8', start, end < 0 ? content.length : end);
}

function parseLine(line: string): AwsManagedPolicy {
  const { PolicyName, Arn, Path, DefaultVersionId, CreateDate, UpdateDate, Document } = JSON.parse(line);
  return {
    name: PolicyName,
    arn: Arn,
    path: Path,
    defaultVersionId: DefaultVersionId,
    createDate: CreateDate,
    updateDate: UpdateDate,
    document: Document,
  };
}
