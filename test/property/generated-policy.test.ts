import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatePolicy } from '../../src/commands/generate/generate.ts';
import { documentedChecks, identityOf } from '../../src/commands/generate/recorded-calls.ts';
import { RESOURCE_SCOPES } from '../../src/commands/generate/resource-scope.ts';
import { named, Trial } from '../../src/commands/generate/trial.ts';
import type { Directory } from '../../src/directory/directory.ts';
import type { DecisionRecord } from '../../src/records/decision-record.ts';
import { check, directoryOf, document, recordOf } from '../unit/commands/recorded.ts';
import { runs } from './runs.ts';

const arn = (resource: string): string => `arn:aws:personalize:us-east-1:123456789012:${resource}`;

const action = fc.constantFrom('CreateCampaign', 'DescribeCampaign', 'TagResource', 'GetRecommendations');
const resource = fc.constantFrom(
  ...[
    'campaign/shop',
    'campaign/shop-a',
    'campaign/shop-b',
    'campaign/other',
    'solution/shop',
    'dataset/shop/ITEMS',
  ].map(arn),
  '*',
);
const tags = fc.constantFrom<Readonly<Record<string, string>>>(
  {},
  { 'aws:RequestTag/app': 'shop' },
  { 'aws:RequestTag/app': 'store', 'aws:ResourceTag/app': 'store' },
);
const oneCheck = fc
  .tuple(action, resource, tags)
  .map(([name, on, context]) => check(`personalize:${name}`, on, { decision: 'allowed', context }));
const record: fc.Arbitrary<DecisionRecord> = fc
  .tuple(fc.array(oneCheck, { minLength: 1, maxLength: 3 }), fc.array(oneCheck, { maxLength: 1 }))
  .map(([checks, undocumented]) => recordOf(checks, { outcome: 'forwarded', undocumented }));

const directory: Directory = await directoryOf({
  all: document({ Effect: 'Allow', Action: 'personalize:*', Resource: '*' }),
});

/** The decisions of the checks of alice under a policy. */
function decisionsUnder(text: string) {
  const identity = identityOf(directory, 'alice');
  if (!identity.ok) throw new Error(identity.error);
  return (records: readonly DecisionRecord[], policy: Parameters<typeof named>[0]) => {
    const decisionOf = new Trial(directory, identity.value).under([named(policy)]);
    return documentedChecks(records).map((each) => ({ text, decision: decisionOf(each) }));
  };
}

describe('a generated policy', () => {
  it.each(RESOURCE_SCOPES)('allows every recorded check, with resources %s', (resources) => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), (records) => {
        const generated = generatePolicy({ directory, as: 'alice', records, resources });
        if (!generated.ok) throw new Error(generated.error.message);
        const { policy, text } = generated.value;
        const refused = decisionsUnder(text)(records, policy).filter(
          ({ decision }) => decision !== 'allowed',
        );
        expect(refused).toEqual([]);
      }),
      { numRuns: runs(60) },
    );
  });

  it('allows no action on a resource that was not recorded with it, with resources exact', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), oneCheck, (records, other) => {
        const recorded = records.flatMap(({ checks, undocumented }) => [...checks, ...undocumented]);
        const sameAction = recorded.filter((each) => each.action === other.action);
        fc.pre(!sameAction.some((each) => each.resource === other.resource || each.resource === '*'));
        const generated = generatePolicy({ directory, as: 'alice', records, resources: 'exact' });
        if (!generated.ok) throw new Error(generated.error.message);
        const { policy, text } = generated.value;
        const [decided] = decisionsUnder(text)([recordOf([other])], policy);
        expect(decided).toEqual({ text, decision: 'implicitDeny' });
      }),
      { numRuns: runs(100) },
    );
  });
});
