import { readFolder } from '../app/proxy-options.ts';
import type { Config } from '../config/read-config.ts';
import { type Explanation, explainDecision, lastDenial } from '../explanation/explanation.ts';
import { policyPatch } from '../explanation/policy-patch.ts';
import { renderExplanation } from '../explanation/render-explanation.ts';
import { configuredUrl, originOf } from './address.ts';
import { hasDecisions, recordedDecisions } from './decisions.ts';
import { CommandError, EXIT } from './exit.ts';
import { findDecision } from './find-decision.ts';
import type { Invocation } from './invocation.ts';
import { textOfFile } from './policy-file.ts';
import { fetchAdmin } from './proxy-client.ts';
import { readSettingsOrShipped, requireConfiguration } from './settings.ts';

export interface ExplainOptions extends Readonly<Record<string, unknown>> {
  readonly decisions: readonly string[];
  readonly url?: string;
  readonly json?: boolean;
  readonly patch?: boolean;
}

/** Prints the explanation of a decision. */
export async function runExplain(
  id: string | undefined,
  options: ExplainOptions,
  io: Invocation,
): Promise<void> {
  const { decisions, url, json, patch, ...flags } = options;
  if (url !== undefined && decisions.length > 0)
    throw new CommandError(EXIT.usage, 'say either --url or --decisions');
  const config = readSettingsOrShipped(flags, io);
  const fromLog = url === undefined && hasDecisions(decisions, config);
  if (fromLog) requireConfiguration(config);
  const explanation = fromLog
    ? await explainRecorded(id, decisions, config, io)
    : await askProxy(id, url === undefined ? configuredUrl(config) : originOf(url));
  if (patch) return printPatch(explanation, io);
  const { columns } = io.stdout;
  const text = json
    ? JSON.stringify(explanation, null, 2)
    : renderExplanation(explanation, { styles: io.styles, ...(columns && { width: columns }) });
  io.stdout.write(`${text}\n`);
}

/** The patch on standard output; what it does not do on standard error. */
async function printPatch({ changes }: Explanation, io: Invocation): Promise<void> {
  const { patch, byHand } = await policyPatch(changes, textOfFile);
  io.stdout.write(patch);
  for (const sentence of byHand) io.stderr.write(`By hand: ${sentence}.\n`);
  if (patch !== '') return;
  io.stderr.write('No policy file changes.\n');
  io.exitCode = EXIT.expectation;
}

async function explainRecorded(
  id: string | undefined,
  files: readonly string[],
  config: Config,
  io: Invocation,
): Promise<Explanation> {
  const records = await recordedDecisions(files, config, io);
  const record = id === undefined ? lastDenial(records) : findDecision(records, id);
  if (record === undefined) {
    const count = `${records.length} recorded ${records.length === 1 ? 'decision' : 'decisions'}`;
    throw new CommandError(
      EXIT.usage,
      records.length === 0
        ? 'the decision log has no decisions yet'
        : `no denials among ${count}; pass a decision ID to explain another decision`,
    );
  }
  return explainDecision(record, await readFolder(config));
}

const askProxy = (id: string | undefined, base: string): Promise<Explanation> =>
  fetchAdmin(base, `/_authz/decisions/${encodeURIComponent(id ?? 'last')}/explain`);
