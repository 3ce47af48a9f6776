import { decisionLine, matchesCaller } from '../commands/logs/decision-line.ts';
import { eachDecision, type ReadRecords, readLog } from '../commands/logs/follow.ts';
import { StartError } from '../lib/start-error.ts';
import type { DecisionRecord, Outcome } from '../records/decision-record.ts';
import { configuredUrl, originOf } from './address.ts';
import { hasDecisions } from './decisions.ts';
import { CommandError, EXIT, faultLine } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { fetchAdmin } from './proxy-client.ts';
import { readSettingsOrShipped } from './settings.ts';

export interface LogsOptions extends Readonly<Record<string, unknown>> {
  readonly decisions: readonly string[];
  readonly follow?: boolean;
  readonly principal?: string;
  readonly outcome?: Outcome;
  readonly url?: string;
  readonly json?: boolean;
}

/** Prints decisions, a line each, from a log or a running proxy; with `--follow` until a signal ends it. */
export async function printLogs(options: LogsOptions, io: Invocation): Promise<void> {
  const { follow, principal, outcome, json } = options;
  const stopped = new AbortController();
  if (follow) for (const name of ['SIGINT', 'SIGTERM'] as const) io.signals.on(name, () => stopped.abort());
  let [read, printed] = [0, 0];
  const give = (record: DecisionRecord): void => {
    read += 1;
    if (outcome !== undefined && record.outcome !== outcome) return;
    if (principal !== undefined && !matchesCaller(record, principal)) return;
    printed += 1;
    io.stdout.write(`${json ? JSON.stringify(record) : decisionLine(record, io.styles)}\n`);
  };
  const diagnostics = await eachDecision(sourceOf(options, io), give, follow ? stopped.signal : undefined);
  if (diagnostics.length > 0) throw new StartError('configuration', diagnostics);
  if (printed === 0 && !follow)
    io.stderr.write(read === 0 ? 'No decisions are recorded yet.\n' : `None of ${read} decisions matches.\n`);
}

function sourceOf(options: LogsOptions, io: Invocation): ReadRecords {
  const { decisions, url, follow: _, principal: __, outcome: ___, json: ____, ...flags } = options;
  if (url !== undefined && decisions.length > 0)
    throw new CommandError(EXIT.usage, 'name either --url or --decisions');
  const [file, ...more] = decisions;
  if (more.length > 0)
    throw new CommandError(EXIT.usage, 'logs reads one decision log: name --decisions once');
  const onWarning = (warning: Parameters<typeof faultLine>[0]) =>
    void io.stderr.write(`${faultLine(warning)}\n`);
  if (file !== undefined) return readLog(file, onWarning);
  const config = readSettingsOrShipped(flags, io);
  if (url === undefined && config.decisions.file !== null && hasDecisions([], config))
    return readLog(config.decisions.file, onWarning);
  return readProxy(url === undefined ? configuredUrl(config) : originOf(url));
}

/** The decisions in the memory of a running proxy. */
function readProxy(base: string): ReadRecords {
  return async (since) => {
    const query = since === undefined ? '' : `?since=${encodeURIComponent(since)}`;
    const { decisions } = await fetchAdmin<{ decisions: readonly DecisionRecord[] }>(
      base,
      `/_authz/decisions${query}`,
    );
    return { ok: true, value: decisions };
  };
}
