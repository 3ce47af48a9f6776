import fc from 'fast-check';
import { readYaml } from '../../src/lib/yaml-position.ts';
import { checkFixtures } from '../../src/services/personalize/fixtures.ts';
import { stubClient } from '../unit/stub/stub-client.ts';
import { editsWith, TEXT_STRINGS } from './arbitraries.ts';
import { type Edit, edited, type Target, withinBound } from './targets.ts';

interface ScriptCase {
  readonly edits: readonly Edit[];
}

const CAMPAIGN = 'arn:aws:personalize:us-east-1:123456789012:campaign/home';

const SCRIPT = `failures:
  - { resource: "dataset-group/shop*", reason: "No capacity." }
  - { resource: campaign/home, reason: No capacity., on: update }
recommendations:
  - { resource: campaign/home, userId: ann, items: [film-7, film-3] }
  - { itemId: film-1, items: [film-2] }
throttling:
  - { operation: ListSchemas, times: 2 }
  - { operation: ListRecipes, every: 2 }
delays:
  - { operation: ListSolutions, milliseconds: 2 }
`;

const SCRIPT_STRINGS = [
  ...TEXT_STRINGS,
  'times: 0',
  'times: -1',
  'every: 0',
  'every: 1e9',
  'milliseconds: 1',
  'resource: "***********a"',
  'resource: "?*?*?*?*"',
  'operation: ListNothing',
  'items: []',
  'on: delete',
];

const CALLS: readonly (readonly [operation: string, input: object])[] = [
  ['CreateDatasetGroup', { name: 'shop' }],
  ['ListDatasetGroups', {}],
  ['ListSchemas', {}],
  ['ListRecipes', {}],
  ['ListSolutions', {}],
  ['GetRecommendations', { campaignArn: CAMPAIGN, userId: 'ann' }],
];

/** A delay is waited for: a script may ask for a day. */
const MOST_DELAY = 50;

/** The stub's script, edited: it is refused with its diagnostics, or every call is answered or refused as AWS would. */
export const scriptTarget = (): Target<ScriptCase> => ({
  name: 'fixtures',
  cases: fc.record({ edits: editsWith(SCRIPT_STRINGS) }),
  check: async ({ edits }) => {
    const text = edited(Buffer.from(SCRIPT), edits).toString();
    const document = readYaml(text, 'fixtures.yaml');
    const checked = document.ok ? checkFixtures(document.value, 'fixtures.yaml') : document;
    if (!checked.ok) {
      if (checked.error.length === 0) throw new Error('refused without a fault');
      return;
    }
    const fixtures = checked.value;
    if (fixtures.delays?.some(({ milliseconds }) => milliseconds > MOST_DELAY)) return;
    const { call } = stubClient({ fixtures: () => fixtures });
    for (const [operation, input] of CALLS)
      await withinBound(operation, call(operation, input).catch(refusedAsAws));
  },
});

/** The client reports a refusal by AWS's code; anything else is a diagnostic of the stub. */
function refusedAsAws(cause: unknown): void {
  if (!(cause instanceof Error) || !/^\w+: \w+(?:Exception|Error): /.test(cause.message)) throw cause;
}
