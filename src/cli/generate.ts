import { resolve } from 'node:path';
import { readFolder } from '../app/proxy-options.ts';
import { renderComparison } from '../commands/generate/compare.ts';
import { generatePolicy } from '../commands/generate/generate.ts';
import { callersIn } from '../commands/generate/recorded-calls.ts';
import type { ResourceScope } from '../commands/generate/resource-scope.ts';
import { writeFiles } from '../reports/write-files.ts';
import { CommandError, EXIT, faultLine } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { recordedCalls } from './recorded-calls.ts';
import { readReportSettings } from './settings.ts';

export interface GenerateOptions extends Readonly<Record<string, unknown>> {
  readonly as?: string;
  readonly all?: boolean;
  readonly decisions: readonly string[];
  readonly cloudtrail: readonly string[];
  readonly resources: ResourceScope;
  readonly names?: boolean;
  readonly out?: string;
}

/** Prints or writes the least-privilege policy of a principal. */
export async function runGenerate(
  { as, all, decisions, cloudtrail, resources, names = false, out, ...flags }: GenerateOptions,
  io: Invocation,
): Promise<void> {
  if ((as === undefined) !== (all === true))
    throw new CommandError(EXIT.usage, 'generate needs either --as <principal> or --all');
  if (all && out === undefined)
    throw new CommandError(EXIT.usage, '--all: name the folder of the policies with --out');
  const config = readReportSettings(flags, io);
  const directory = await readFolder(config);
  const records = await recordedCalls({ decisions, cloudtrail }, { config, directory, io });
  const callers = as === undefined ? callersIn(directory, records) : [as];
  const files = new Map<string, string>();
  for (const caller of callers) {
    const generated = generatePolicy({ directory, as: caller, records, resources, names });
    if (!generated.ok) {
      const { reason, message } = generated.error;
      if (all && reason === 'nothing') {
        io.stderr.write(`${caller}: ${message}\n`);
        continue;
      }
      throw new CommandError(EXIT_CODES[reason], all ? `${caller}: ${message}` : message);
    }
    const document = `${generated.value.text}\n`;
    if (out === undefined) io.stdout.write(document);
    else files.set(all ? resolve(out, `${caller.replace('/', '-')}.json`) : resolve(out), document);
    io.stderr.write(`${renderComparison(directory, generated.value)}\n`);
  }
  if (all && files.size === 0)
    throw new CommandError(EXIT.expectation, 'no recorded call of a user or role of the folder has passed');
  const written = await writeFiles(files, { overwrite: true });
  if (!written.ok) throw new CommandError(EXIT.failure, written.error.map(faultLine).join('\n'));
  if (all) for (const file of files.keys()) io.stdout.write(`${file}\n`);
}

const EXIT_CODES = {
  question: EXIT.usage,
  nothing: EXIT.expectation,
  proof: EXIT.failure,
} as const;
