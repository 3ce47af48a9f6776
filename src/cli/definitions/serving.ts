import { Option } from 'commander';
import type { RunFormat } from '../../commands/run/run-files.ts';
import type { EnvOptions } from '../env.ts';
import { EXIT } from '../exit.ts';
import type { HealthcheckOptions } from '../healthcheck.ts';
import type { FailOn, RunOptions } from '../run.ts';
import type { ServeOptions } from '../serve.ts';
import {
  addWithDefault,
  type CommandDefinition,
  FOLDER_SETTINGS,
  listOf,
  PRINCIPAL_FORMS,
  wordsOf,
} from './definition.ts';

const FAILURES = wordsOf<FailOn>({
  denied: true,
  rejected: true,
  undocumented: true,
  unused: true,
  'no-calls': true,
});
const RUN_FORMATS = wordsOf<RunFormat>({ json: true, junit: true, sarif: true, html: true, lcov: true });

/** Commands that run a proxy, or make calls through one. */
export const SERVING: readonly CommandDefinition[] = [
  {
    usage: 'serve',
    summary: 'Run the proxy, with the Personalize stub behind it',
    settings: ['host', 'port', 'workers', 'mode', ...FOLDER_SETTINGS, 'upstream', 'decisions-file'],
    define: (command, io) =>
      command
        .option('--stub-only', 'run the Personalize stub alone, without authentication')
        .option('--exit-with-parent', 'stop when standard input, a pipe from the parent process, closes')
        .action(async (options: ServeOptions) => (await import('../serve.ts')).serve(options, io)),
  },
  {
    usage: 'run <command...>',
    summary: 'Run a command as a principal and report what was denied; exits with its exit code',
    settings: ['mode', ...FOLDER_SETTINGS, 'upstream', 'decisions-file'],
    define: (command, io) => {
      command.requiredOption('--as <principal>', PRINCIPAL_FORMS);
      command.option('--mfa', 'as if signed in with MFA');
      const failOn = new Option(
        '--fail-on <what>',
        `exit with ${EXIT.expectation} if there is any: ${FAILURES.join(', ')}`,
      );
      addWithDefault(command, failOn.argParser(listOf(FAILURES)), []);
      const report = new Option('--report <formats>', `write reports: ${RUN_FORMATS.join(', ')}`);
      addWithDefault(command, report.argParser(listOf(RUN_FORMATS)), []);
      command
        .option('--out <folder>', 'folder for the reports')
        .option('--quiet', 'print the report only if a call was denied or rejected')
        .option('--console', 'keep the proxy and its console running after the command, until Ctrl+C')
        .option('--patch <file>', 'write what the denied calls need as a diff for git apply')
        .addHelpText('after', '\nExample:\n  personalize-authz-proxy run --as role/recommender -- npm test')
        // Options after the command are the command's own, with -- or without.
        .passThroughOptions()
        .action(async (words: readonly string[], options: RunOptions) =>
          (await import('../run.ts')).runCommand(words, options, io),
        );
    },
  },
  {
    usage: 'env',
    summary: 'Print shell lines that set up credentials of a principal: eval "$(… env --as alice)"',
    settings: FOLDER_SETTINGS,
    define: (command, io) =>
      command
        .requiredOption('--as <principal>', PRINCIPAL_FORMS)
        .option('--mfa', 'as if signed in with MFA')
        .option('--session-name <name>', 'name of the role session')
        .option('--url <url>', 'address of the proxy (default: the configured host and port)')
        .action(async (options: EnvOptions) => (await import('../env.ts')).printEnvironment(options, io)),
  },
  {
    usage: 'mfa-code',
    summary: "Print the current code of a user's virtual MFA device; each code is valid once",
    settings: FOLDER_SETTINGS,
    define: (command, io) =>
      command
        .argument('<user>', 'alice, user/alice or an ARN')
        .action(async (user: string, flags: Readonly<Record<string, unknown>>) =>
          (await import('../mfa-code.ts')).printMfaCode(user, flags, io),
        ),
  },
  {
    usage: 'healthcheck',
    summary: 'Exit with 0 if a running proxy is ready; for containers',
    settings: 'none',
    define: (command, io) =>
      command
        .option('--url <url>', 'address of the proxy (default: the configured host and port)')
        .option('--config <file>', 'configuration file that names the host and the port')
        .option('--host <host>', 'host of the proxy')
        .option('--port <number>', 'port of the proxy')
        .action(async (options: HealthcheckOptions) =>
          (await import('../healthcheck.ts')).checkHealth(options, io),
        ),
  },
];
