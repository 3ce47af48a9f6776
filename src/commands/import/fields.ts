import { type DocumentNode, memberOf, type ObjectNode } from '../../lib/document.ts';
import type { Located } from '../../policy/ast.ts';
import type { Report } from '../../policy/report.ts';

/** Reads the members of an object that came from elsewhere; what is malformed is reported with its position. */
export class Fields {
  readonly node: DocumentNode;
  /** What people call the object: `UserDetailList[0]`, `aws_iam_role.job`. */
  readonly label: string;
  readonly report: Report;

  constructor(node: DocumentNode, label: string, report: Report) {
    this.node = node;
    this.label = label;
    this.report = report;
    if (node.kind !== 'object') report.error('wrong-type', `${label}: must be an object`, node.position);
  }

  /** A member that is there and not null. */
  get(key: string): DocumentNode | undefined {
    const found = memberOf(this.node, key);
    return found === undefined || isNull(found) ? undefined : found;
  }

  /** A string; reported if it is missing. */
  text(key: string): Located | undefined {
    const found = this.optionalText(key);
    if (found === undefined && this.get(key) === undefined)
      this.report.error('missing-key', `${this.label}.${key}: is missing`, this.node.position);
    return found;
  }

  optionalText(key: string): Located | undefined {
    const found = this.get(key);
    return found && locatedText(found, `${this.label}.${key}`, this.report);
  }

  /** The items of a list; none where it is not there. */
  list(key: string): readonly DocumentNode[] {
    const found = this.get(key);
    if (found === undefined) return [];
    if (found.kind === 'array') return found.items;
    this.report.error('wrong-type', `${this.label}.${key}: must be a list`, found.position);
    return [];
  }

  /** The objects of a list. */
  objects(key: string): readonly Fields[] {
    return this.list(key).map(
      (item, index) => new Fields(item, `${this.label}.${key}[${index}]`, this.report),
    );
  }

  /** The texts of a list. */
  texts(key: string): readonly Located[] {
    return this.list(key).flatMap(
      (item, index) => locatedText(item, `${this.label}.${key}[${index}]`, this.report) ?? [],
    );
  }

  number(key: string): number | undefined {
    const found = this.get(key);
    if (found === undefined) return undefined;
    const value = found.kind === 'scalar' && found.text !== '' ? Number(found.text) : Number.NaN;
    if (!Number.isNaN(value)) return value;
    this.report.error('wrong-type', `${this.label}.${key}: must be a number`, found.position);
    return undefined;
  }
}

export function locatedText(node: DocumentNode, label: string, report: Report): Located | undefined {
  if (node.kind === 'scalar' && !isNull(node)) return located(node.text, node);
  report.error('wrong-type', `${label}: must be text`, node.position);
  return undefined;
}

export const located = (text: string, { position }: Pick<ObjectNode, 'position'>): Located => ({
  text,
  ...(position && { position }),
});

const isNull = (node: DocumentNode): boolean => node.kind === 'scalar' && node.value === null;
