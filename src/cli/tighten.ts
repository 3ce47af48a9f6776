import { resolve } from 'node:path';
import { readFolder } from '../app/proxy-options.ts';
import { type Tightened, tightenPolicy } from '../commands/tighten/tighten.ts';
import { writeFiles } from '../reports/write-files.ts';
import { recordedDecisions } from './decisions.ts';
import { CommandError, EXIT, faultLine } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { readReportSettings } from './settings.ts';

export interface TightenOptions extends Readonly<Record<string, unknown>> {
  readonly decisions: readonly string[];
  readonly write?: boolean;
}

/** Prints, or writes, a policy without what no recorded call used. */
export async function runTighten(
  policy: string,
  { decisions, write, ...flags }: TightenOptions,
  io: Invocation,
): Promise<void> {
  const config = readReportSettings(flags, io);
  const directory = await readFolder(config);
  const records = await recordedDecisions(decisions, config, io);
  const tightened = await tightenPolicy({ directory, policy, records });
  if (!tightened.ok) {
    const { reason, message } = tightened.error;
    throw new CommandError(reason === 'proof' ? EXIT.failure : EXIT.usage, message);
  }
  const { file, text, diff } = tightened.value;
  if (diff !== '') io.stdout.write(painted(diff, io));
  if (write && diff !== '') {
    const written = await writeFiles(new Map([[resolve(file), text]]), { overwrite: true });
    if (!written.ok) throw new CommandError(EXIT.failure, written.error.map(faultLine).join('\n'));
  }
  io.stderr.write(`${summary(tightened.value, write === true)}\n`);
}

function summary({ file, removed, checks, unseen }: Tightened, isWritten: boolean): string {
  const warnings = unseen.map(
    (name) => `No call of ${name} is recorded, who has this policy too: what they need of it is not known.`,
  );
  if (removed.length === 0) return [`Everything of ${file} was used.`, ...warnings].join('\n');
  return [
    `Never used: ${removed.length} ${removed.length === 1 ? 'part' : 'parts'} of ${file}.`,
    ...removed.map(({ what, line }) => `  ${line === undefined ? file : `${file}:${line}`}: ${what}`),
    `Proven: all ${checks} recorded checks that are allowed are allowed without ${removed.length === 1 ? 'it' : 'them'}.`,
    'Proven: it allows no request that it did not allow before.',
    ...warnings,
    isWritten ? `Wrote ${file}.` : '--write changes the file.',
  ].join('\n');
}

const painted = (diff: string, { styles }: Invocation): string =>
  diff
    .split('\n')
    .map((line) => {
      if (line.startsWith('---') || line.startsWith('+++')) return line;
      if (line.startsWith('-')) return styles.bad(line);
      return line.startsWith('+') ? styles.good(line) : line;
    })
    .join('\n');
