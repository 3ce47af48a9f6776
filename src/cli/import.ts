import { text } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { IMPORT_FORMATS, type ImportFormat, type ImportResult, importInto } from '../index.ts';
import { CommandError, EXIT, faultLine } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { addSettings, readSettingsOrShipped } from './settings.ts';

type Pairs = ReadonlyMap<string, string>;

interface ImportOptions extends Readonly<Record<string, unknown>> {
  readonly out: string;
  readonly format?: ImportFormat;
  readonly parameter: Pairs;
  readonly value: Pairs;
  readonly logicalNames?: boolean;
  readonly force?: boolean;
}

export function addImport(program: Command, io: Invocation): void {
  addSettings(
    program
      .command('import')
      .description('make principals and policies of what an account, a template or a Terraform plan says')
      .argument(
        '<file>',
        'get-account-authorization-details (JSON), a CloudFormation or CDK template, or terraform show -json; - is standard input',
      )
      .requiredOption('--out <folder>', 'gets config/principals.yaml, config/proxy.yaml and policies/')
      .addOption(
        new Option('--format <format>', 'told by the file where it is left out').choices(IMPORT_FORMATS),
      )
      .option('--parameter <name=value>', 'a parameter of the template; repeatable', addPair, new Map())
      .option(
        '--value <name=value>',
        'what only a deployment knows: LOGICALID, LOGICALID.ATTRIBUTE, an export, a Terraform ADDRESS; repeatable',
        addPair,
        new Map(),
      )
      .option('--logical-names', 'take the logical id of a resource that the template gives no name')
      .option('--force', 'replace files that are there'),
  ).action((file: string, options: ImportOptions) => runImport(file, options, io));
}

async function runImport(file: string, options: ImportOptions, io: Invocation): Promise<void> {
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

function addPair(pair: string, before: Pairs): Pairs {
  // Addresses of Terraform have "=" in none of their parts but keys in quotes, values may have any.
  const equals = pair.indexOf('=', pair.lastIndexOf('"]') + 1);
  if (equals < 1) throw new InvalidArgumentError('it is given as NAME=VALUE');
  return new Map([...before, [pair.slice(0, equals), pair.slice(equals + 1)]]);
}
