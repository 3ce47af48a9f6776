import { readFolder } from '../app/proxy-options.ts';
import { renderPreset } from '../commands/simulate/render-preset.ts';
import { simulateAs } from '../commands/simulate/simulate-as.ts';
import { type Preset, simulatePreset } from '../commands/simulate/simulate-preset.ts';
import { displayPath } from '../directory/source-file.ts';
import { renderSimulations } from '../explanation/render-check.ts';
import type { Simulation } from '../explanation/simulation.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { readReportSettings } from './settings.ts';
import { simulateCall } from './simulate-call.ts';
import { renderSimulatedDecision, simulateDecision } from './simulate-decision.ts';

type Context = Readonly<Record<string, string | readonly string[]>>;

export interface SimulateOptions extends Readonly<Record<string, unknown>> {
  readonly as?: string;
  /** ID of a recorded call. */
  readonly decision?: string;
  readonly decisions: readonly string[];
  readonly url?: string;
  readonly action?: string;
  readonly call?: string;
  readonly input?: string;
  readonly resource: string;
  readonly preset?: Preset;
  readonly context: Context;
  readonly expect?: Simulation['decision'];
  readonly allowUnknown?: boolean;
  readonly json?: boolean;
}

/** Prints the decision for one request. */
export async function runSimulate(options: SimulateOptions, io: Invocation): Promise<void> {
  const { as, decision, decisions, url, action, call, input, ...rest } = options;
  const { resource, preset, context, expect, allowUnknown = false, json, ...flags } = rest;
  checkOptions(options);
  const config = readReportSettings(flags, io);
  const configuration = displayPath(config.file);
  const directory = await readFolder(config);
  const { region } = config;
  const asked = { directory, as: as ?? '', context, region, allowUnknown, now: Date.now() };
  if (decision !== undefined) {
    const repeated = { directory, context, allowUnknown, ...(as !== undefined && { as }) };
    const answer = await simulateDecision(decision, { decisions, url }, repeated, { config, io });
    print(json ? { configuration, ...answer } : renderSimulatedDecision(answer, io), io);
    check(answer.decision, expect, io);
  } else if (preset !== undefined) {
    const report = found(simulatePreset(preset, asked));
    print(json ? { configuration, ...report } : renderPreset(report, io.styles), io);
    check(report.decision, expect, io);
  } else if (call !== undefined) {
    const answer = await simulateCall({ as: asked.as, operation: call, input, context }, directory, config);
    print(json ? { configuration, ...answer } : answer.explanation, io);
    check(answer.decision, expect, io);
  } else if (action !== undefined) {
    const simulation = found(simulateAs({ ...asked, action, resource }));
    print(json ? { configuration, ...simulation } : renderSimulations([simulation], io.styles), io);
    check(simulation.decision, expect, io);
  }
}

/** @throws CommandError for options that do not go together */
function checkOptions(options: SimulateOptions): void {
  const { as, decision, decisions, url, action, call, input, preset, expect } = options;
  const refuse = (message: string): never => {
    throw new CommandError(EXIT.usage, message);
  };
  if ([decision, action, call, preset].every((each) => each === undefined))
    refuse('simulate needs --action <action>, --call <operation>, --decision <id> or --preset console');
  if (decision === undefined && as === undefined) refuse('simulate needs --as <principal>');
  if (decision === undefined && (url !== undefined || decisions.length > 0))
    refuse('--url and --decisions say where the decision of --decision <id> is');
  if (input !== undefined && call === undefined) refuse('--input needs --call <operation>');
  if (preset !== undefined && expect !== undefined && expect !== 'allowed')
    refuse('--expect: a preset can only be expected to be allowed');
}

const OPTIONS = {
  principal: '--as',
  action: '--action',
  resource: '--resource',
  context: '--context',
} as const;

interface Asked<Value> {
  readonly ok: true;
  readonly value: Value;
}

interface Wrong {
  readonly ok: false;
  readonly error: readonly { readonly part: keyof typeof OPTIONS; readonly message: string }[];
}

function found<Value>(simulated: Asked<Value> | Wrong): Value {
  if (simulated.ok) return simulated.value;
  const lines = simulated.error.map(({ part, message }) => `${OPTIONS[part]}: ${message}`);
  const isName = simulated.error.every(({ part }) => part === 'principal');
  throw new CommandError(
    EXIT.usage,
    [...lines, ...(isName ? [] : ['pass --allow-unknown to decide it nevertheless'])].join('\n'),
  );
}

/** A text as it is, anything else as JSON. */
function print(result: unknown, io: Invocation): void {
  io.stdout.write(`${typeof result === 'string' ? result : JSON.stringify(result, null, 2)}\n`);
}

function check(decision: string, expected: string | undefined, io: Invocation): void {
  if (expected === undefined || decision === expected) return;
  io.stderr.write(`Expected ${expected}, but it is ${decision}.\n`);
  io.exitCode = EXIT.expectation;
}
