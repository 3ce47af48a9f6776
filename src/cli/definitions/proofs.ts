import { type Command, Option } from 'commander';
import { EXIT } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import type { Comparison, Format, NotGranted } from '../prove.ts';
import { type CommandDefinition, FOLDER_SETTINGS, PRINCIPAL_FORMS, wordsOf } from './definition.ts';

const FORMATS = wordsOf<Format>({ text: true, json: true, sarif: true, junit: true });

const COMPARISONS = {
  'no-new-access': 'the new policies allow nothing that the existing ones do not allow',
  equivalent: 'the new policies allow the same as the existing ones',
} as const;

export const PROVE: CommandDefinition = {
  usage: 'prove',
  summary: 'Prove a claim over all requests at once, or print a request that contradicts it',
  settings: FOLDER_SETTINGS,
  define: (command, io) => {
    addComparisons(command, io);
    addClaim(command, 'not-granted', 'no request of the actions on the resources is allowed')
      .option('--as <principal>', PRINCIPAL_FORMS)
      .option('--policy <file>', 'a policy file, in place of a principal')
      .option('--action <pattern...>', 'actions, with wildcards (default: any)')
      .option('--resource <pattern...>', 'resources, with wildcards (default: any)')
      .setOptionValueWithSource('action', [], 'default')
      .setOptionValueWithSource('resource', [], 'default')
      .action(async (options: NotGranted) => (await import('../prove.ts')).runNotGranted(options, io));
    addClaim(
      command,
      'no-public-access',
      'a resource-based policy or trust policy grants nothing to the public',
    )
      .argument('<file>', 'the policy')
      .action(async (file: string, { format }: { readonly format: Format }) =>
        (await import('../prove.ts')).runNoPublicAccess(file, format, io),
      );
  },
};

function addComparisons(prove: Command, io: Invocation): void {
  for (const [claim, description] of Object.entries(COMPARISONS))
    addClaim(prove, claim, description)
      .requiredOption(
        '--existing <path>',
        'a policy file, a policies folder, or a folder with config/proxy.yaml',
      )
      .requiredOption('--new <path>', 'the same after the change')
      .option('--as <principal>', 'one principal (default, for folders: every user and role)')
      .action(async (options: Comparison) =>
        (await import('../prove.ts')).runComparison(claim as keyof typeof COMPARISONS, options, io),
      );
}

const addClaim = (prove: Command, name: string, description: string): Command =>
  prove
    .command(name)
    .description(
      `${description}; exit code ${EXIT.expectation} with a counterexample, ${EXIT.usage} where it cannot be decided`,
    )
    .addOption(new Option('--format <format>').choices(FORMATS).default('text'));
