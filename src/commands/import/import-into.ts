import { join, resolve } from 'node:path';
import { readDirectoryInput } from '../../directory/read-directory.ts';
import { readText } from '../../directory/source-file.ts';
import { type DocumentNode, faultAt, memberOf, toValue } from '../../lib/document.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { readYaml } from '../../lib/yaml-position.ts';
import { writeFiles } from '../../reports/write-files.ts';
import type { Owner } from './account.ts';
import { isSamTemplate, translateSam } from './cloudformation/translate-sam.ts';
import { principalsText } from './principals-text.ts';
import { type Imported, type ImportSource, importDocument, readDocument } from './read-source.ts';

export interface ImportTarget {
  /** Gets `config/` and `policies/`. */
  readonly folder: string;
  /** Whether files that are there may be replaced. */
  readonly overwrite: boolean;
}

/** A file, or a text that came from elsewhere. */
export type ImportInput = Omit<ImportSource, 'text'> & {
  readonly text?: string;
  /** The folders in which the translator of SAM templates is looked for, as in the variable `PATH`. */
  readonly path: string;
};

export interface ImportResult extends Imported {
  /** Absolute, as they were written. */
  readonly files: readonly string[];
}

/**
 * Imports an infrastructure file: all of its principals and policies are written, or nothing is. What is written is
 * read as `serve` reads it first.
 */
export async function importInto(
  input: ImportInput,
  { folder, overwrite }: ImportTarget,
): Promise<Result<ImportResult, readonly Diagnostic[]>> {
  const text = input.text === undefined ? await readText(resolve(input.file)) : ok(input.text);
  if (!text.ok) return err([text.error]);
  const source = { ...input, text: text.value };
  const read = readDocument(source);
  if (!read.ok) return read;
  const document = await withoutSam(read.value, input);
  if (!document.ok) return document;
  const imported = importDocument(document.value, source);
  if (!imported.ok) return imported;
  const { principals, policies } = imported.value.folder;
  const { owner } = imported.value.account;
  const unfit = await diagnosticsOf(imported.value, input.file);
  if (unfit.length > 0) return err(unfit);
  const proxyFile = resolve(folder, 'config/proxy.yaml');
  const config = await proxyConfig(proxyFile, owner);
  if (!config.ok) return config;
  const files = new Map([
    ...config.value,
    [resolve(folder, 'config/principals.yaml'), principalsText(principals, input.file)],
    ...[...policies].map(
      ([name, text]) => [resolve(folder, join('policies', `${name}.json`)), text] as const,
    ),
  ]);
  const written = await writeFiles(files, { overwrite });
  return written.ok ? ok({ ...imported.value, files: [...files.keys()] }) : written;
}

/** Translates a SAM template; every other document stays as it is. */
async function withoutSam(
  document: DocumentNode,
  input: ImportInput,
): Promise<Result<DocumentNode, readonly Diagnostic[]>> {
  if (!isSamTemplate(document)) return ok(document);
  const translated = await translateSam(document, input);
  if (translated.ok) return translated;
  const position = memberOf(document, 'Transform')?.position;
  return err([faultAt('transform', translated.error, position, input.file)]);
}

/** What `serve` would refuse. */
async function diagnosticsOf(
  { folder: { principals, policies }, account: { owner } }: Imported,
  file: string,
): Promise<readonly Diagnostic[]> {
  const documents = [...policies].map(([name, text]) => [name, JSON.parse(text)]);
  const read = await readDirectoryInput({ principals, policies: Object.fromEntries(documents), ...owner });
  if (read.ok) return [];
  return read.error
    .filter(({ severity }) => severity === 'error')
    .map((diagnostic) => ({ file, ...diagnostic }));
}

/** `proxy.yaml` with the account that the ARNs are of; one that exists has to have the same. */
async function proxyConfig(
  file: string,
  { account, partition, region }: Owner,
): Promise<Result<readonly (readonly [string, string])[], readonly Diagnostic[]>> {
  const text = await readText(file);
  if (!text.ok) {
    const lines = [
      `account: "${account}"`,
      ...(partition === 'aws' ? [] : [`partition: ${partition}`]),
      ...(region === undefined || region === DEFAULT_REGION ? [] : [`region: ${region}`]),
    ];
    return ok([[file, `${lines.join('\n')}\n`]]);
  }
  const document = readYaml(text.value, file);
  const known = document.ok ? (toValue(document.value) as Partial<Owner> | null) : undefined;
  const expected = { account, ...(region !== undefined && { region }) };
  const current = {
    account: String(known?.account ?? '123456789012'),
    region: known?.region ?? DEFAULT_REGION,
  };
  const diagnostics = (Object.keys(expected) as (keyof typeof current)[])
    .filter((key) => current[key] !== expected[key])
    .map((key): Diagnostic => {
      const message = `has the ${key} ${current[key]}, but what is imported is of ${expected[key]}`;
      return { severity: 'error', rule: `other-${key}`, message, file };
    });
  return diagnostics.length > 0 ? err(diagnostics) : ok([]);
}

const DEFAULT_REGION = 'us-east-1';
