import { type DocumentNode, duplicateKeys, faultAt, memberOf } from '../../lib/document.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { readJson } from '../../lib/json-position.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { readYaml } from '../../lib/yaml-position.ts';
import { Report } from '../../policy/report.ts';
import type { ImportedAccount } from './account.ts';
import { readAccountDetails } from './account-details.ts';
import { readTemplate } from './cloudformation/read-template.ts';
import { SHORT_FORMS } from './cloudformation/template.ts';
import { type ImportedFolder, toFolder } from './folder.ts';
import { GivenValues } from './given-values.ts';
import type { SourceContext } from './source-context.ts';
import { readPlan } from './terraform/read-plan.ts';

export const IMPORT_FORMATS = ['account-details', 'cloudformation', 'terraform'] as const;

export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportSource {
  /** As people open it. */
  readonly file: string;
  readonly text: string;
  /** Detected from the document where it is left out. */
  readonly format?: ImportFormat;
  /** Of a template. */
  readonly parameters: ReadonlyMap<string, string>;
  /** What only a deployment knows. */
  readonly values: ReadonlyMap<string, string>;
  /** Resources, principals (`role/job`) and ARNs of policies to leave out. */
  readonly omitted?: ReadonlySet<string>;
  /** Documents of managed policies that are defined elsewhere, by ARN. */
  readonly elsewhere?: ReadonlyMap<string, string>;
  /** Whether a resource of a template that has no name has its logical id for one. */
  readonly logicalNames: boolean;
  readonly account: string;
  readonly partition: string;
  readonly region: string;
}

export interface Imported {
  readonly format: ImportFormat;
  readonly account: ImportedAccount;
  readonly folder: ImportedFolder;
}

/** What an infrastructure file says of principals and policies, as the proxy reads it; or every diagnostic with its place. */
export function importDocument(
  document: DocumentNode,
  source: ImportSource,
): Result<Imported, readonly Diagnostic[]> {
  const format = source.format ?? formatOf(document);
  if (format === undefined) {
    const message =
      'this is neither an answer of get-account-authorization-details, nor a CloudFormation template, nor what terraform show -json prints';
    return err([faultAt('unknown-format', message, document.position, source.file)]);
  }
  const report = new Report(source.file);
  const { omitted = new Set<string>(), elsewhere = new Map<string, string>() } = source;
  const { account: id, partition, region } = source;
  const context = { owner: { account: id, partition, region }, omitted, elsewhere };
  const values = new GivenValues(source.values);
  const account = readers[format](document, { source: { ...source, values }, context }, report);
  for (const message of values.unknownNames(source.text)) report.error('unknown-value', message, undefined);
  const folder = toFolder(account, { report, omitted });
  if (account.imported === 0 && account.leftOut.length === 0 && report.errors.length === 0)
    report.error('nothing-to-import', NOTHING, document.position);
  return report.errors.length > 0 ? err(report.all()) : ok({ format, account, folder });
}

/** An empty folder denies everything, and would look like a successful import. */
const NOTHING = 'there are no users, groups, roles or policies in it; name the file that defines them';

interface ReaderInput {
  readonly source: ImportSource;
  readonly context: SourceContext;
}

const readers: Readonly<
  Record<ImportFormat, (document: DocumentNode, input: ReaderInput, report: Report) => ImportedAccount>
> = {
  'account-details': (document, { context }, report) => readAccountDetails(document, context, report),
  cloudformation: (template, { source, context }, report) =>
    readTemplate({ ...source, template }, context, report),
  terraform: (plan, { source: { values }, context }, report) =>
    readPlan({ plan, values, ...context }, report),
};

/** JSON where it begins as JSON does; YAML is for templates. */
export function readDocument({
  text,
  file,
}: Pick<ImportSource, 'text' | 'file'>): Result<DocumentNode, readonly Diagnostic[]> {
  const isJson = /^\uFEFF?\s*[[{]/.test(text);
  const read = isJson ? readJson(text, file) : readYaml(text, file, { longForms: SHORT_FORMS });
  if (!read.ok) return read;
  const twice = duplicateKeys(read.value, file);
  return twice.length > 0 ? err(twice) : read;
}

function formatOf(document: DocumentNode): ImportFormat | undefined {
  const has = (key: string): boolean => memberOf(document, key) !== undefined;
  if (['UserDetailList', 'GroupDetailList', 'RoleDetailList'].some(has)) return 'account-details';
  if (has('terraform_version') || has('planned_values')) return 'terraform';
  return has('Resources') ? 'cloudformation' : undefined;
}
