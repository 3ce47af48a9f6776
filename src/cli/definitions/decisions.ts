import { Option } from 'commander';
import type { Preset } from '../../commands/simulate/simulate-preset.ts';
import type { Outcome } from '../../records/decision-record.ts';
import type { CoverageFlags } from '../coverage.ts';
import { EXIT } from '../exit.ts';
import type { ExplainOptions } from '../explain.ts';
import type { LogsOptions } from '../logs.ts';
import type { ReplayFlags } from '../replay.ts';
import type { SimulateOptions } from '../simulate.ts';
import { addContext } from './context-option.ts';
import {
  addCloudTrail,
  addDecisions,
  addRepeatable,
  addWithDefault,
  type CommandDefinition,
  FOLDER_SETTINGS,
  PRINCIPAL_FORMS,
  percentage,
  wordsOf,
} from './definition.ts';
import { PROVE } from './proofs.ts';

const PRESETS = wordsOf<Preset>({ console: true });
const DECISIONS = wordsOf<NonNullable<SimulateOptions['expect']>>({
  allowed: true,
  explicitDeny: true,
  implicitDeny: true,
});
const OUTCOMES = wordsOf<Outcome>({
  forwarded: true,
  answered: true,
  denied: true,
  rejected: true,
  audited: true,
});
const COVERAGE_FORMATS = wordsOf<CoverageFlags['format']>({ text: true, json: true, html: true, lcov: true });

/** Commands that decide, or explain and measure what was decided. */
export const DECIDING: readonly CommandDefinition[] = [
  {
    usage: 'simulate',
    summary: 'Decide one request and explain the decision',
    settings: FOLDER_SETTINGS,
    define: (command, io) => {
      const context = new Option(
        '--context <key=value>',
        'context key, for example aws:SourceIp=10.0.0.1; repeat a key for a list',
      );
      addWithDefault(command, context.argParser(addContext), {});
      command
        .option('--as <principal>', PRINCIPAL_FORMS)
        .option('--action <action>', 'for example personalize:CreateCampaign')
        .option('--resource <arn>', 'the resource; * for an action without one', '*')
        .addOption(
          new Option(
            '--call <operation>',
            'a whole call, for example CreateCampaign: all its checks',
          ).conflicts(['action', 'preset']),
        )
        .option('--input <json|file>', 'input of the call')
        .addOption(
          new Option(
            '--decision <id>',
            'a recorded call again, from the input in its record; --as makes another principal call',
          ).conflicts(['action', 'call', 'preset', 'resource']),
        )
        .option(
          '--url <url>',
          'running proxy that has the decision (default without a log: the configured address)',
        )
        .addOption(
          new Option('--preset <name>', 'check all permissions that the Personalize console needs instead')
            .choices(PRESETS)
            .conflicts(['action', 'resource']),
        )
        .addOption(
          new Option('--expect <decision>', `exit with ${EXIT.expectation} on another decision`).choices(
            DECISIONS,
          ),
        )
        .option('--allow-unknown', 'accept actions, resources and context keys that no request has')
        .option('--json', 'print the decision and its trace as JSON');
      addDecisions(command).action(async (options: SimulateOptions) =>
        (await import('../simulate.ts')).runSimulate(options, io),
      );
    },
  },
  {
    usage: 'explain',
    summary: 'Explain a recorded decision, and show the smallest change that allows it',
    settings: FOLDER_SETTINGS,
    define: (command, io) =>
      addDecisions(
        command
          .argument('[id]', 'decision ID (x-authz-decision) or its beginning (default: the last denial)')
          .option('--url <url>', 'ask a running proxy (default without a log: the configured address)')
          .option('--json', 'print the explanation as JSON')
          .option('--patch', 'print the change to the policy files as a diff for git apply'),
      ).action(async (id: string | undefined, options: ExplainOptions) =>
        (await import('../explain.ts')).runExplain(id, options, io),
      ),
  },
  {
    usage: 'logs',
    summary: 'Print decisions, one per line, from a running proxy or a decision log',
    settings: [],
    define: (command, io) =>
      addDecisions(
        command
          .option('--follow', 'print new decisions as they happen')
          .option('--principal <name>', `only this caller: ${PRINCIPAL_FORMS}`)
          .addOption(new Option('--outcome <outcome>', 'only this outcome').choices(OUTCOMES))
          .option('--url <url>', 'address of a running proxy (default without a log: the configured one)')
          .option('--json', 'print the records as JSON lines'),
      ).action(async (options: LogsOptions) => (await import('../logs.ts')).printLogs(options, io)),
  },
  {
    usage: 'evaluate',
    summary: 'Read authorization requests from standard input, write decisions: one JSON object per line',
    settings: 'none',
    define: (command, io) =>
      command
        .option('--config <file>', 'accepted and ignored; each line brings its own policies')
        .action(async () => (await import('../evaluate.ts')).runEvaluate(io)),
  },
  {
    usage: 'coverage',
    summary: 'Show which statements, actions and resources of the policies recorded calls used',
    settings: FOLDER_SETTINGS,
    define: (command, io) => {
      addRepeatable(command, '--as <principal>', `only this principal: ${PRINCIPAL_FORMS}; repeatable`);
      command
        .addOption(new Option('--format <format>').choices(COVERAGE_FORMATS).default('text'))
        .option('--min <percent>', `exit with ${EXIT.expectation} if less is covered`, percentage);
      addCloudTrail(command);
      addDecisions(command).action(async (options: CoverageFlags) =>
        (await import('../coverage.ts')).runCoverage(options, io),
      );
    },
  },
  {
    usage: 'replay',
    summary: `Re-evaluate recorded calls against edited policies (--policies); exits with ${EXIT.expectation} if a decision changes`,
    settings: FOLDER_SETTINGS,
    define: (command, io) => {
      addRepeatable(command, '--log <file>', 'the same as --decisions');
      addCloudTrail(command);
      addDecisions(command.option('--json', 'print the changes as JSON')).action(
        async (options: ReplayFlags) => (await import('../replay.ts')).runReplay(options, io),
      );
    },
  },
  PROVE,
];
