import { resolve } from 'node:path';
import { readFolder } from '../app/proxy-options.ts';
import { renderComparison } from '../commands/generate/compare.ts';
import { generatePolicy } from '../commands/generate/generate.ts';
import type { ResourceScope } from '../commands/generate/resource-scope.ts';
import { writeFiles } from '../reports/write-files.ts';
import { recordedDecisions } from './decisions.ts';
import { CommandError, EXIT, faultLine } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { readReportSettings } from './settings.ts';

export interface GenerateOptions extends Readonly<Record<string, unknown>> {
  readonly as: string;
  readonly decisions: readonly string[];
  readonly resources: ResourceScope;
  readonly out?: string;
}

/** Prints or writes the least-privilege policy of a principal. */
export async function runGenerate(
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
