import { InvalidArgumentError, Option } from 'commander';
import type { ResourceScope } from '../../commands/generate/resource-scope.ts';
import type { ImportFormat } from '../../commands/import/read-source.ts';
import { EXIT } from '../exit.ts';
import type { GenerateOptions } from '../generate.ts';
import type { ImportOptions } from '../import.ts';
import type { InitFlags } from '../init.ts';
import type { LintFlags } from '../lint.ts';
import type { TestFlags } from '../test.ts';
import type { TightenOptions } from '../tighten.ts';
import {
  addCloudTrail,
  addDecisions,
  addWithDefault,
  type CommandDefinition,
  FOLDER_SETTINGS,
  PRINCIPAL_FORMS,
  wholeNumber,
  wordsOf,
} from './definition.ts';

const SCOPES = wordsOf<ResourceScope>({ exact: true, prefix: true, any: true });
const IMPORT_FORMATS = wordsOf<ImportFormat>({
  'account-details': true,
  cloudformation: true,
  terraform: true,
});
const TEST_FORMATS = wordsOf<TestFlags['format']>({ text: true, json: true, junit: true, sarif: true });
const LINT_FORMATS = wordsOf<LintFlags['format']>({ text: true, json: true, sarif: true });

/** Commands that write, check and test policies. */
export const POLICIES: readonly CommandDefinition[] = [
  {
    usage: 'init',
    summary: 'Create a first configuration; where there is one, write a policy test from recorded calls',
    settings: FOLDER_SETTINGS,
    define: (command, io) =>
      addDecisions(
        command
          .option(
            '--out <file>',
            'test file (default: policy-tests/recorded.yaml beside the policies folder)',
          )
          .option('--force', 'overwrite existing files'),
      ).action(async (options: InitFlags) => (await import('../init.ts')).runInit(options, io)),
  },
  {
    usage: 'test [path...]',
    summary: 'Run policy tests: what principals must be allowed, and what they must not',
    settings: FOLDER_SETTINGS,
    define: (command, io) =>
      command
        .option('--allow-unknown', 'accept actions, resources and context keys that no request has')
        .option('--filter <text>', 'only tests whose file or name contains this')
        .option('--quiet', 'print failing tests only')
        .option('--watch', 'run them again when a test, a policy or a principal changes')
        .addOption(new Option('--format <format>').choices(TEST_FORMATS).default('text'))
        .option('--out <file>', 'write the report to a file, and print the text')
        .addHelpText(
          'after',
          '\nPaths: files and folders (default: policy-tests/ beside the policies folder)',
        )
        .action(async (paths: readonly string[], options: TestFlags) =>
          (await import('../test.ts')).runTest(paths, options, io),
        ),
  },
  {
    usage: 'lint [path...]',
    summary: 'Report invalid and over-permissive policies',
    settings: FOLDER_SETTINGS,
    define: (command, io) =>
      command
        .addOption(new Option('--format <format>').choices(LINT_FORMATS).default('text'))
        .option('--fix', 'remove what can be removed without changing any decision')
        .option('--max-warnings <number>', `exit with ${EXIT.expectation} if there are more`, wholeNumber)
        .addOption(
          new Option('--fail-on <severity>', '"warning" is --max-warnings 0')
            .choices(['error', 'warning'])
            .default('error'),
        )
        .addHelpText('after', '\nPaths: files and folders (default: the configured policies folder)')
        .action(async (paths: readonly string[], options: LintFlags) =>
          (await import('../lint.ts')).runLint(paths, options, io),
        ),
  },
  {
    usage: 'generate',
    summary: 'Generate the least-privilege policy for recorded calls, and prove it',
    settings: FOLDER_SETTINGS,
    define: (command, io) =>
      addDecisions(
        addCloudTrail(command)
          .option('--as <principal>', PRINCIPAL_FORMS)
          .option('--all', 'one policy for each principal that called, into the folder --out')
          .addOption(
            new Option('--resources <scope>', 'the ARNs that were called, their common prefixes, or *')
              .choices(SCOPES)
              .default('exact'),
          )
          .option('--names', 'write * for dates, timestamps and random IDs in names')
          .option(
            '--out <file>',
            'write the policy here (a shell redirect would empty a policy before it is read)',
          )
          .addHelpText(
            'after',
            `\nPrints the policy on standard output and the comparison with the current policies on standard error. If the proof fails, prints no policy and exits with ${EXIT.failure}.`,
          ),
      ).action(async (options: GenerateOptions) => (await import('../generate.ts')).runGenerate(options, io)),
  },
  {
    usage: 'tighten <policy>',
    summary: 'Print a diff that removes what no recorded call used from a policy',
    settings: FOLDER_SETTINGS,
    define: (command, io) =>
      addDecisions(
        command
          .option('--write', 'change the file')
          .addHelpText('after', '\nPolicy: its name in principals.yaml, or its file'),
      ).action(async (policy: string, options: TightenOptions) =>
        (await import('../tighten.ts')).runTighten(policy, options, io),
      ),
  },
  {
    usage: 'import',
    summary: 'Import principals and policies from an account, a CloudFormation template or a Terraform plan',
    settings: ['account', 'partition', 'region'],
    define: (command, io) => {
      command
        .argument(
          '<file>',
          'get-account-authorization-details (JSON), a CloudFormation or CDK template, or terraform show -json; - is standard input',
        )
        .requiredOption('--out <folder>', 'gets config/principals.yaml, config/proxy.yaml and policies/')
        .addOption(new Option('--format <format>', 'default: detected').choices(IMPORT_FORMATS));
      const parameter = new Option('--parameter <name=value>', 'template parameter; repeatable');
      addWithDefault(command, parameter.argParser(addPair), new Map());
      const value = new Option(
        '--value <name=value>',
        'value known only after deployment: LOGICALID, LOGICALID.ATTRIBUTE, an export, a Terraform ADDRESS or ADDRESS.ATTRIBUTE; @FILE reads a file; repeatable',
      );
      addWithDefault(command, value.argParser(addPair), new Map());
      const policy = new Option('--policy <arn=file>', 'policy document defined elsewhere; repeatable');
      addWithDefault(command, policy.argParser(addPair), new Map());
      const omit = new Option(
        '--omit <name>',
        'leave out a resource (address or logical ID), a principal (role/NAME) or a policy (ARN); repeatable',
      );
      addWithDefault(
        command,
        omit.argParser((name: string, before: readonly string[]) => [...before, name]),
        [],
      );
      command
        .option('--logical-names', 'use the logical ID of a resource that the template does not name')
        .option('--force', 'overwrite existing files')
        .action(async (file: string, options: ImportOptions) =>
          (await import('../import.ts')).runImport(file, options, io),
        );
    },
  },
];

type Pairs = ReadonlyMap<string, string>;

function addPair(pair: string, before: Pairs): Pairs {
  // A Terraform address contains "=" only inside a quoted key; a value may contain any.
  const equals = pair.indexOf('=', pair.lastIndexOf('"]') + 1);
  if (equals < 1) throw new InvalidArgumentError('It is given as NAME=VALUE.');
  return new Map([...before, [pair.slice(0, equals), pair.slice(equals + 1)]]);
}
