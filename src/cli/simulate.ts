import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { readFolder, renderLadder, type Simulation, simulateAs } from '../index.ts';
import { CommandError, EXIT } from './exit.ts';
import { addSettings, readSettings } from './settings.ts';

type Context = Readonly<Record<string, string | readonly string[]>>;

interface SimulateOptions extends Readonly<Record<string, unknown>> {
  readonly as: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
  readonly expect?: Simulation['decision'];
  readonly json?: boolean;
}

export function addSimulate(program: Command): void {
  addSettings(
    program
      .command('simulate')
      .description('decide one question, and explain the answer')
      .requiredOption('--as <principal>', 'alice, user/alice, role/recommender or an ARN')
      .requiredOption('--action <action>', 'e.g. personalize:CreateCampaign')
      .option('--resource <arn>', 'the resource; * for an action that has none', '*')
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
  ).action(runSimulate);
}

async function runSimulate(options: SimulateOptions): Promise<void> {
  const { as, action, resource, context, expect, json, ...flags } = options;
  const config = readSettings(flags);
  const directory = await readFolder(config);
  const simulated = simulateAs({
    directory,
    as,
    action,
    resource,
    context,
    region: config.region,
    now: Date.now(),
  });
  if (!simulated.ok) throw new CommandError(EXIT.usage, `--as: ${simulated.error}`);
  const paint = { good: pc.green, bad: pc.red, faint: pc.dim };
  const text = json ? JSON.stringify(simulated.value, null, 2) : renderLadder(simulated.value, paint);
  process.stdout.write(`${text}\n`);
  if (expect !== undefined && simulated.value.decision !== expect) {
    process.stderr.write(`Expected ${expect}, but it is ${simulated.value.decision}.\n`);
    process.exitCode = EXIT.expectation;
  }
}

function addContext(pair: string, before: Context): Context {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('a context key is given as KEY=VALUE');
  const [key, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
  const earlier = before[key];
  return { ...before, [key]: earlier === undefined ? value : [earlier, value].flat() };
}
