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

type Context = Readonly<Record<string, string | readonly string[]>>;

export interface SimulateOptions extends Readonly<Record<string, unknown>> {
  readonly as: string;
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
  const {
    as,
    action,
    call,
    input,
    resource,
    preset,
    context,
    expect,
    allowUnknown = false,
    json,
    ...flags
  } = options;
  if ([action, call, preset].every((each) => each === undefined))
    throw new CommandError(
      EXIT.usage,
      'simulate needs --action <action>, --call <operation> or --preset console',
    );
  if (input !== undefined && call === undefined)
    throw new CommandError(EXIT.usage, '--input needs --call <operation>');
  if (preset !== undefined && expect !== undefined && expect !== 'allowed')
    throw new CommandError(EXIT.usage, '--expect: a preset can only be expected to be allowed');
  const config = readReportSettings(flags, io);
  const configuration = displayPath(config.file);
  const directory = await readFolder(config);
  const { region } = config;
  const asked = { directory, as, context, region, allowUnknown, now: Date.now() };
  if (preset !== undefined) {
    const report = found(simulatePreset(preset, asked));
    print(json ? { configuration, ...report } : renderPreset(report, io.styles), io);
    check(report.decision, expect, io);
  } else if (call !== undefined) {
    const answer = await simulateCall({ as, operation: call, input, context }, directory, config);
    print(json ? { configuration, ...answer } : answer.explanation, io);
    check(answer.decision, expect, io);
  } else if (action !== undefined) {
    const simulation = found(simulateAs({ ...asked, action, resource }));
    print(json ? { configuration, ...simulation } : renderSimulations([simulation], io.styles), io);
    check(simulation.decision, expect, io);
  }
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
    [...lines, ...(isName ? [] : ['--allow-unknown asks all the same'])].join('\n'),
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
