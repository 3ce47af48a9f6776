import { resolve } from 'node:path';
import type { Notice } from '../app/proxy-options.ts';
import type { RunningProxy } from '../app/running-proxy.ts';
import { startProxy } from '../app/start.ts';
import { sdkEnvironment } from '../commands/env/sdk-environment.ts';
import { runChild } from '../commands/run/child-command.ts';
import { type RunFormat, writeRunReports } from '../commands/run/run-files.ts';
import { type RunReport, runReport } from '../commands/run/run-report.ts';
import { renderRun } from '../commands/run/run-text.ts';
import { RunTally } from '../commands/run/tally.ts';
import { version } from '../config/version.ts';
import type { Directory } from '../directory/directory.ts';
import { displayPath } from '../directory/source-file.ts';
import { policyPatch } from '../explanation/policy-patch.ts';
import { writeFiles } from '../reports/write-files.ts';
import { CommandError, EXIT, faultLine } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { textOfFile } from './policy-file.ts';
import { readReportSettings, readSettings } from './settings.ts';

/** What `--fail-on` names. A rejected call was denied as well, if not by a policy: it did not pass. */
const FAILURES = {
  denied: ({ denied, rejected }) => denied.length + rejected.length > 0,
  rejected: ({ rejected }) => rejected.length > 0,
  undocumented: ({ undocumented }) => undocumented.length > 0,
  unused: ({ unused }) => unused.length > 0,
  'no-calls': ({ calls }) => calls.total === 0,
} as const satisfies Readonly<Record<string, (report: RunReport) => boolean>>;

/** What `--fail-on` can name. */
export type FailOn = keyof typeof FAILURES;

export interface RunOptions extends Readonly<Record<string, unknown>> {
  readonly as: string;
  readonly mfa?: boolean;
  readonly failOn: readonly FailOn[];
  readonly report: readonly RunFormat[];
  readonly out?: string;
  readonly quiet?: boolean;
  readonly patch?: string;
  readonly console?: boolean;
}

/** Runs a command behind a proxy and reports its denials. */
export async function runCommand(
  command: readonly string[],
  options: RunOptions,
  io: Invocation,
): Promise<void> {
  const {
    as,
    mfa,
    console: isHeld = false,
    failOn: _,
    report: formats,
    out,
    quiet,
    patch: __,
    ...flags
  } = options;
  if (formats.length > 0 && out === undefined)
    throw new CommandError(EXIT.usage, '--report: say with --out which folder the reports go to');
  const configuration = displayPath((quiet ? readSettings : readReportSettings)(flags, io).file);
  const served = { as, mfa: mfa === true, configuration, flags, io };
  await serveTo(command, served, async (ended) => {
    await reportRun(ended, options, io);
    if (isHeld) await untilStopped(ended.url, io);
  });
}

/** Prints and writes the report, and sets the exit code. */
async function reportRun(
  { code, report, directory, url }: EndedRun,
  { quiet, patch, report: formats, out, failOn, console: isHeld = false }: RunOptions,
  io: Invocation,
): Promise<void> {
  if (!quiet || report.denied.length + report.rejected.length > 0) {
    const text = renderRun(report, { styles: io.styles, ...(isHeld && { url }) });
    io.stderr.write(`\n${text}\n`);
  }
  if (patch !== undefined) await writePatch(patch, report, io);
  const written = await writeRunReports(report, formats, { folder: out ?? '.', version, directory });
  io.exitCode = code;
  if (!written.ok) {
    const diagnostics = written.error.map(faultLine).join('\n');
    // The command's own failure is the one to look at first.
    if (code === EXIT.ok) throw new CommandError(EXIT.failure, diagnostics);
    return void io.stderr.write(`${diagnostics}\n`);
  }
  const met = failOn.filter((what) => FAILURES[what](report));
  if (code !== EXIT.ok || met.length === 0) return;
  io.stderr.write(`\nFailed on ${met.join(' and ')} (--fail-on).\n`);
  io.exitCode = EXIT.expectation;
}

/** The decisions are in the memory of this process: their pages are there as long as it is. */
async function untilStopped(url: string, { stderr, signals }: Invocation): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) signals.on(signal, resolve);
  stderr.write(`\nThe console is at ${url}/_authz/ until you press Ctrl+C.\n`);
  await promise;
}

/** What the denied calls need, as a patch of the policy files. */
async function writePatch(file: string, { denied }: RunReport, io: Invocation): Promise<void> {
  const changes = denied.flatMap(({ explanation }) => explanation?.changes ?? []);
  const { patch, byHand } = await policyPatch(changes, textOfFile);
  const written = await writeFiles(new Map([[resolve(file), patch]]), { overwrite: true });
  if (!written.ok) throw new CommandError(EXIT.failure, written.error.map(faultLine).join('\n'));
  const lines = byHand.map((sentence) => `By hand: ${sentence}.`);
  io.stderr.write(
    `${[`Wrote ${file}${patch === '' ? ' (empty: no policy file changes)' : ''}.`, ...lines].join('\n')}\n`,
  );
}

interface Served {
  readonly configuration: string;
  readonly as: string;
  readonly mfa: boolean;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly io: Invocation;
}

interface EndedRun {
  readonly code: number;
  readonly report: RunReport;
  readonly directory: Directory;
  /** Of the proxy, which still runs. */
  readonly url: string;
}

/** Runs the command while a proxy of its own serves it. */
async function serveTo(
  command: readonly string[],
  { as, mfa, configuration, flags, io }: Served,
  onEnd: (ended: EndedRun) => Promise<void>,
): Promise<void> {
  const tally = new RunTally();
  const onNotice = (notice: Notice): void => {
    if (notice.kind === 'decision') tally.add(notice.record);
    else printNotice(notice, io);
  };
  // Ports that the configuration names may be in use by a proxy that serves.
  const own = { ...flags, port: flags.port ?? 0, tlsPort: flags.tlsPort ?? 0 };
  await using proxy: RunningProxy = await startProxy({ flags: own, env: io.env, onNotice });
  const environment = sdkEnvironment(await targetFor(proxy, as, mfa), io.env);
  const ended = await runChild(command, environment, io);
  if (!ended.ok) throw new CommandError(ended.error.exitCode, ended.error.message);
  const code = ended.value;
  const { directory, url } = proxy;
  const report = runReport(tally, directory, { configuration, command, principal: as, exitCode: code });
  await onEnd({ code, directory, url, report });
}

/** What lies in the environment is not renewed: it is good for as long as AWS gives any session. */
const DURATION_SECONDS = 43_200;

async function targetFor(proxy: RunningProxy, as: string, mfa: boolean) {
  try {
    const durationSeconds = DURATION_SECONDS;
    const { endpoint, region, credentials } = mfa
      ? proxy.clientConfig(as, { mfa, durationSeconds })
      : proxy.clientConfig(as);
    if (typeof credentials !== 'function') return { endpoint, region, credentials };
    const session = mfa ? credentials : proxy.clientConfig(as, { durationSeconds }).credentials;
    return { endpoint, region, credentials: await session() };
  } catch (cause) {
    throw new CommandError(EXIT.usage, `--as: ${(cause as Error).message}`);
  }
}

function printNotice(notice: Exclude<Notice, { kind: 'decision' }>, io: Invocation): void {
  if (notice.kind === 'problems') io.stderr.write(`${notice.diagnostics.map(faultLine).join('\n')}\n`);
  if (notice.kind === 'advice') io.stderr.write(`${notice.message}\n`);
  if (notice.kind === 'failure') io.stderr.write(`Failure: ${notice.message}\n`);
}
