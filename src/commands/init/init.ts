import { appendFile, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Directory } from '../../directory/directory.ts';
import { displayPath } from '../../directory/source-file.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { DecisionRecord } from '../../records/decision-record.ts';
import { writeFiles } from '../../reports/write-files.ts';
import { recordedTests } from './recorded-tests.ts';
import { IGNORED, POLICY_TEST_SCHEMA, type StartAccount, startFiles } from './start-files.ts';

export interface InitTestsOptions {
  readonly records: readonly DecisionRecord[];
  readonly directory: Directory;
  readonly region: string;
  /** Where the tests go. */
  readonly file: string;
  readonly overwrite: boolean;
}

export interface InitializedTests {
  readonly file: string;
  readonly rows: number;
  readonly leftOut: ReadonlyMap<string, number>;
}

/** Writes a first policy test file from recorded calls; a diagnostic if there is nothing to write, or a file already. */
export async function initTests({
  file,
  overwrite,
  ...recorded
}: InitTestsOptions): Promise<Result<InitializedTests, readonly Diagnostic[]>> {
  const path = resolve(file);
  // An editor reads the path from where the file lies.
  const schema = relative(dirname(path), resolve(POLICY_TEST_SCHEMA));
  const { text, rows, leftOut } = recordedTests({ ...recorded, schema });
  if (rows === 0) return err([nothing(leftOut)]);
  const written = await writeFiles(new Map([[path, text]]), { overwrite });
  return written.ok ? ok({ file: displayPath(path), rows, leftOut }) : written;
}

/** Writes a first configuration into a folder, none of it where one of its files is there; the files, in order. */
export async function initConfig(
  folder: string,
  account: StartAccount,
  { overwrite }: { readonly overwrite: boolean },
): Promise<Result<readonly string[], readonly Diagnostic[]>> {
  const files = new Map([...startFiles(account)].map(([path, text]) => [join(resolve(folder), path), text]));
  const written = await writeFiles(files, { overwrite });
  if (!written.ok) return written;
  const ignoreFile = join(resolve(folder), '.gitignore');
  const isChanged = await ignore(ignoreFile);
  return ok([...files.keys(), ...(isChanged ? [ignoreFile] : [])].map(displayPath));
}

/** Adds what belongs into no repository to a .gitignore; whether it did not have all of it. */
async function ignore(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const missing = IGNORED.filter((pattern) => !text.split(/\r?\n/).includes(pattern));
  if (missing.length === 0) return false;
  const lead = text === '' || text.endsWith('\n') ? '' : '\n';
  await appendFile(file, `${lead}${missing.join('\n')}\n`);
  return true;
}

function nothing(leftOut: ReadonlyMap<string, number>): Diagnostic {
  const reasons = [...leftOut].map(([reason, count]) => `${count} ${reason}`);
  const next = leftOut.size === 0 ? ['record calls with run or serve first'] : [];
  const message = ['there is no recorded check to make a test of', ...reasons, ...next].join('; ');
  return { severity: 'error', rule: 'no-tests', message };
}
