import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  displayPath,
  PRESETS,
  type Preset,
  readFolder,
  renderLadder,
  renderPreset,
  type Simulation,
  simulateAs,
  simulatePreset,
} from '../index.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { addSettings, readReportSettings } from './settings.ts';

type Context = Readonly<Record<string, string | readonly string[]>>;

interface SimulateOptions extends Readonly<Record<string, unknown>> {
  readonly as: string;
  readonly action?: string;
  readonly resource: string;
  readonly preset?: Preset;
  readonly context: Context;
  readonly expect?: Simulation['decision'];
  readonly json?: boolean;
}

export function addSimulate(program: Command, io: Invocation): void {
  addSettings(
    program
      .command('simulate')
      .description('decide one question, and explain the answer')
      .requiredOption('--as <principal>', 'alice, user/alice, role/recommender or an ARN')
      .option('--action <action>', 'e.g. personalize:CreateCampaign')
      .option('--resource <arn>', 'the resource; * for an action that has none', '*')
      .addOption(
        new Option('--preset <name>', 'all permissions that the Personalize console needs, in place of one')
          .choices(PRESETS)
          .conflicts(['action', 'resource']),
      )
      .option(
        '--context <key=value>',
        'a context key, e.g. aws:SourceIp=10.0.0.1; the same key again makes a list',
        addContext,
        {},
      )
      .addOption(
        new Option(
          '--expect <decision>',
          `exit with ${EXIT.expectation} where the decision is another`,
        ).choices(['allowed', 'explicitDeny', 'implicitDeny']),
      )
      .option('--json', 'print the decision and its trace as JSON'),
  ).action((options: SimulateOptions) => runSimulate(options, io));
}

async function runSimulate(options: SimulateOptions, io: Invocation): Promise<void> {
  const { as, action, resource, preset, context, expect, json, ...flags } = options;
  if (action === undefined && preset === undefined)
    throw new CommandError(EXIT.usage, 'simulate needs --action <action>, or --preset console');
  if (preset !== undefined && expect !== undefined && expect !== 'allowed')
    throw new CommandError(EXIT.usage, '--expect: a preset can only be expected to be allowed');
  const config = readReportSettings(flags, io);
  const configuration = displayPath(config.file);
  const directory = await readFolder(config);
  const asked = { directory, as, context, region: config.region, now: Date.now() };
  if (preset !== undefined) {
    const report = found(simulatePreset(preset, asked));
    print(json ? { configuration, ...report } : renderPreset(report, io.styles), io);
    check(report.decision, expect, io);
  } else if (action !== undefined) {
    const simulation = found(simulateAs({ ...asked, action, resource }));
    print(json ? { configuration, ...simulation } : renderLadder(simulation, io.styles), io);
    check(simulation.decision, expect, io);
  }
}

function found<Value>(simulated: { ok: true; value: Value } | { ok: false; error: string }): Value {
  if (!simulated.ok) throw new CommandError(EXIT.usage, `--as: ${simulated.error}`);
  return simulated.value;
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

function addContext(pair: string, before: Context): Context {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('a context key is given as KEY=VALUE');
  const [key, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
  const earlier = before[key];
  return { ...before, [key]: earlier === undefined ? value : [earlier, value].flat() };
}
