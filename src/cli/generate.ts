import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import {
  generatePolicy,
  RESOURCE_SCOPES,
  type ResourceScope,
  readFolder,
  renderComparison,
  writeFiles,
} from '../index.ts';
import { addDecisions, recordedDecisions } from './decisions.ts';
import { CommandError, EXIT, faultLine } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { addSettings, readReportSettings } from './settings.ts';

interface GenerateOptions extends Readonly<Record<string, unknown>> {
  readonly as: string;
  readonly decisions: readonly string[];
  readonly resources: ResourceScope;
  readonly out?: string;
}

export function addGenerate(program: Command, io: Invocation): void {
  const command = program
    .command('generate')
    .description('make the least-privilege policy of recorded calls, and prove it')
    .requiredOption('--as <principal>', 'alice, user/alice, role/recommender or an ARN')
    .addOption(
      new Option('--resources <scope>', 'the ARNs that were called, what begins with their names, or *')
        .choices(RESOURCE_SCOPES)
        .default('exact'),
    )
    .option(
      '--out <file>',
      'write the document there; a shell would empty a file of policies/ before it is read',
    )
    .addHelpText(
      'after',
      `\nThe document is on standard output, the comparison with the present policies on standard error. Where the proof fails,\nnothing is printed, and the exit code is ${EXIT.failure}.`,
    );
  addSettings(addDecisions(command)).action((options: GenerateOptions) => runGenerate(options, io));
}

async function runGenerate(
  { as, decisions, resources, out, ...flags }: GenerateOptions,
  io: Invocation,
): Promise<void> {
  const config = readReportSettings(flags, io);
  const directory = await readFolder(config);
  const records = await recordedDecisions(decisions, config, io);
  const generated = generatePolicy({ directory, as, records, resources });
  if (!generated.ok) {
    const { reason, message } = generated.error;
    throw new CommandError(EXIT_CODES[reason], message);
  }
  const document = `${generated.value.text}\n`;
  if (out === undefined) io.stdout.write(document);
  else await writeDocument(resolve(out), document);
  io.stderr.write(`${renderComparison(directory, generated.value)}\n`);
}

const EXIT_CODES = {
  question: EXIT.usage,
  nothing: EXIT.expectation,
  proof: EXIT.failure,
} as const;

async function writeDocument(file: string, document: string): Promise<void> {
  const written = await writeFiles(new Map([[file, document]]), { overwrite: true });
  if (!written.ok) throw new CommandError(EXIT.failure, written.error.map(faultLine).join('\n'));
}
