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
  readonly logicalNames?: boolean;
  readonly force?: boolean;
}

/** Writes the configuration that an import gives. */
export async function runImport(file: string, options: ImportOptions, io: Invocation): Promise<void> {
  const { out, format, parameter, value, logicalNames = false, force = false, ...flags } = options;
  const { account, partition, region } = readSettingsOrShipped(flags, io);
  const imported = await importInto(
    {
      file: file === '-' ? 'standard input' : file,
      ...(file === '-' && { text: await text(io.stdin) }),
      ...(format && { format }),
      parameters: parameter,
      values: value,
      logicalNames,
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

function summary({ account, files }: ImportResult, out: string): string {
  const count = (kind: string): string => {
    const number = account.identities.filter((each) => each.kind === kind).length;
    return `${number} ${kind}${number === 1 ? '' : 's'}`;
  };
  const policies = files.filter((file) => file.endsWith('.json')).length;
  const withoutKeys = account.identities.some(({ kind }) => kind === 'user');
  return [
    `Imported ${count('user')}, ${count('group')}, ${count('role')} and ${policies} policy files of account ${account.owner.account}.`,
    ...account.remarks,
    ...(withoutKeys
      ? [`Access keys are in no such file: ${out}/config/principals.yaml says how to give a user one.`]
      : []),
    `Next: personalize-authz-proxy serve --config ${out}/config/proxy.yaml`,
  ].join('\n');
}
