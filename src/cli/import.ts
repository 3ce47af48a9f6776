import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { type ImportResult, importInto } from '../commands/import/import-into.ts';
import type { ImportFormat } from '../commands/import/read-source.ts';
import { CommandError, EXIT, faultLine } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { readSettingsOrShipped } from './settings.ts';

type Pairs = ReadonlyMap<string, string>;

export interface ImportOptions extends Readonly<Record<string, unknown>> {
  readonly out: string;
  readonly format?: ImportFormat;
  readonly parameter: Pairs;
  readonly value: Pairs;
  readonly policy: Pairs;
  readonly omit: readonly string[];
  readonly logicalNames?: boolean;
  readonly force?: boolean;
}

/** Writes the configuration that an import gives. */
export async function runImport(file: string, options: ImportOptions, io: Invocation): Promise<void> {
  const {
    out,
    format,
    parameter,
    value,
    policy,
    omit,
    logicalNames = false,
    force = false,
    ...flags
  } = options;
  const { account, partition, region } = readSettingsOrShipped(flags, io);
  const imported = await importInto(
    {
      file: file === '-' ? 'standard input' : file,
      ...(file === '-' && { text: await text(io.stdin) }),
      ...(format && { format }),
      parameters: parameter,
      values: await mapValues(value, (each) => (each.startsWith('@') ? textOf(each.slice(1)) : each)),
      elsewhere: await mapValues(policy, textOf),
      omitted: new Set(omit),
      logicalNames,
      path: io.env.PATH ?? '',
      account,
      partition,
      region,
    },
    { folder: out, overwrite: force },
  );
  if (!imported.ok) {
    const lines = imported.error.map(faultLine);
    throw new CommandError(EXIT.usage, `nothing was imported\n${lines.join('\n')}`);
  }
  for (const written of imported.value.files) io.stdout.write(`${written}\n`);
  io.stderr.write(`${summary(imported.value, out)}\n`);
}

/** The text of a file that an option names. */
async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new CommandError(EXIT.usage, `${file}: cannot be read: ${(cause as Error).message}`);
  }
}

const mapValues = async (pairs: Pairs, change: (value: string) => string | Promise<string>): Promise<Pairs> =>
  new Map(await Promise.all([...pairs].map(async ([key, value]) => [key, await change(value)] as const)));

function summary({ account, files }: ImportResult, out: string): string {
  const counted = (number: number, resourceType: string): string =>
    `${number} ${resourceType}${number === 1 ? '' : 's'}`;
  const count = (kind: string): string =>
    counted(account.identities.filter((each) => each.kind === kind).length, kind);
  const { bucketPolicies, imported, leftOut, remarks, owner } = account;
  const policies = files.filter((file) => file.endsWith('.json')).length;
  const withoutKeys = account.identities.some(({ kind }) => kind === 'user');
  return [
    `Imported ${count('user')}, ${count('group')}, ${count('role')} and ${counted(policies, 'policy file')} of account ${owner.account}${bucketPolicies.length > 0 ? ` (${bucketPolicies.length} of buckets)` : ''}.`,
    ...remarks,
    `${counted(imported, 'resource')} imported, ${leftOut.length} left out${leftOut.length > 0 ? ':' : '.'}`,
    ...leftOut.map(({ resource, reason }) => `  ${resource}: ${reason}`),
    ...(withoutKeys
      ? [`The source contains no access keys: ${out}/config/principals.yaml shows how to add one for a user.`]
      : []),
    `Next: personalize-authz-proxy serve --config ${out}/config/proxy.yaml`,
  ].join('\n');
}
