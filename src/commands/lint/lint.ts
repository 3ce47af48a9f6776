import { readFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { type ReadDirectoryOptions, readDirectory } from '../../directory/read-directory.ts';
import { displayPath, unreadable } from '../../directory/source-file.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { byPlace } from '../../lib/schema-diagnostics.ts';
import { broadGrants } from './broad-grants.ts';
import { missingLists } from './console-lists.ts';
import { type Finding, fromDiagnostic } from './finding.ts';
import { fixFile } from './fix.ts';
import { openTrust } from './open-trust.ts';
import { otherOwners } from './other-owner.ts';
import { unreachable } from './reach.ts';
import { findPolicyFiles, type ReadSubject, readSubject } from './read-subjects.ts';
import { redundancies } from './redundancy.ts';
import { NO_SUPPRESSIONS, readSuppressions, type Suppressions } from './suppressions.ts';

export interface LintOptions {
  readonly folder: ReadDirectoryOptions;
  /** `proxy.yaml`; suppressions are next to it, in `lint.yaml`. */
  readonly configFile: string;
  /** Files and folders; default: the configured policies folder. */
  readonly paths: readonly string[];
}

export interface LintReport {
  /** In the order of the files and their text; including suppressed ones. */
  readonly findings: readonly Finding[];
  /** How many policies were looked at. */
  readonly policies: number;
  /** The configuration file, as people open it. */
  readonly configuration: string;
}

/** What is wrong with policies, and what they grant too much. Faults are those of the principals and of `lint.yaml`. */
export async function lint(options: LintOptions): Promise<Result<LintReport, readonly Diagnostic[]>> {
  const read = await readAll(options);
  if (!read.ok) return read;
  const { subjects, suppressions, unread } = read.value;
  const readable = subjects.flatMap(({ subject }) => subject ?? []);
  const ruled = [
    ...redundancies(readable),
    ...readable.flatMap((subject) => [
      ...broadGrants(subject),
      ...unreachable(subject),
      ...missingLists(subject),
      ...openTrust(subject),
      ...otherOwners(subject, options.folder),
    ]),
  ];
  const found = [...unread, ...subjects.flatMap(findingsOfValidation), ...ruled];
  const findings = suppressions.apply(found.toSorted(inOrder), options.paths.length === 0);
  return ok({
    findings: once(findings),
    policies: subjects.length,
    configuration: displayPath(options.configFile),
  });
}

/**
 * Takes out of the files what can go without a change of any decision; formatting and comments stay. What is suppressed
 * stays too.
 * @returns the files that were changed, and those whose form could not be kept
 */
export async function fixFindings({ findings }: LintReport): Promise<readonly FixedFile[]> {
  const byFile = Map.groupBy(
    findings.filter(({ remove, silenced, file }) => remove && silenced === undefined && file),
    ({ file = '' }) => file,
  );
  return Promise.all(
    [...byFile].map(([file, of]) =>
      fixFile(
        file,
        of.flatMap(({ remove }) => (remove ? [remove] : [])),
      ),
    ),
  );
}

export type FixedFile = Awaited<ReturnType<typeof fixFile>>;

interface Material {
  readonly subjects: readonly ReadSubject[];
  readonly suppressions: Suppressions;
  readonly unread: readonly Finding[];
}

async function readAll({
  folder,
  configFile,
  paths,
}: LintOptions): Promise<Result<Material, readonly Diagnostic[]>> {
  const policiesFolder = resolve(folder.policiesFolder);
  const [directory, suppressions, { sources, diagnostics: unread, refused: notThere }] = await Promise.all([
    readDirectory(folder),
    readSuppressionsOf(configFile),
    findPolicyFiles(paths.length > 0 ? paths : [policiesFolder], policiesFolder),
  ]);
  const ofDirectory = directory.ok ? directory.value.warnings : directory.error;
  const inFolder = ({ file }: Diagnostic): boolean =>
    file !== undefined && resolve(file).startsWith(policiesFolder + sep);
  const elsewhere = ofDirectory.filter(
    (diagnostic) => diagnostic.severity === 'error' && !inFolder(diagnostic),
  );
  const refused = [...notThere, ...elsewhere, ...(suppressions.ok ? [] : suppressions.error)];
  if (refused.length > 0 || !suppressions.ok) return err(refused);
  const subjects = sources.map((source) => {
    const read = readSubject(source, directory.ok ? directory.value : undefined);
    return {
      ...read,
      diagnostics: [...read.diagnostics, ...ofDirectory.filter(({ file }) => file === source.file)],
    };
  });
  return ok({ subjects, suppressions: suppressions.value, unread });
}

async function readSuppressionsOf(configFile: string): Promise<Result<Suppressions, readonly Diagnostic[]>> {
  const file = join(dirname(configFile), 'lint.yaml');
  try {
    return readSuppressions(await readFile(file, 'utf8'), displayPath(file));
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code !== 'ENOENT';
    return isThere ? err([unreadable(file, cause)]) : ok(NO_SUPPRESSIONS);
  }
}

function findingsOfValidation({ source, subject, diagnostics }: ReadSubject): readonly Finding[] {
  return diagnostics.map((diagnostic) => {
    // At load it is a warning, so that a template can be tried before it is deployed.
    const severity = diagnostic.rule === 'unresolved-template' ? 'error' : diagnostic.severity;
    const finding = fromDiagnostic({ ...diagnostic, severity }, source.name, subject?.policy);
    const remove = diagnostic.rule === 'retired-action' ? actionAt(subject, diagnostic) : undefined;
    return remove ? { ...finding, remove } : finding;
  });
}

/** The path of the action that a finding is about. */
function actionAt(subject: ReadSubject['subject'], diagnostic: Diagnostic): Finding['remove'] {
  for (const { index, action } of subject?.policy.statements ?? []) {
    const at = action.patterns.findIndex(
      ({ position }) => position?.line === diagnostic.line && position?.column === diagnostic.column,
    );
    if (at >= 0) return ['Statement', index, action.element, at];
  }
  return undefined;
}

const inOrder = (one: Finding, other: Finding): number =>
  (one.file ?? '').localeCompare(other.file ?? '', 'en') || byPlace(one, other);

/** The folder and the file itself can report the same finding: it is kept once. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, file, line, column, message }) => {
    const key = JSON.stringify([rule, file, line, column, message]);
    return !seen.has(key) && seen.add(key);
  });
}
