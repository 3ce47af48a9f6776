import { describe, expect, it } from 'vitest';
import { accountId } from '../../../src/lib/identifiers.ts';
import { type Check, type MemberPath, membersOf } from '../../../src/model/check.ts';
import { iamActions } from '../../../src/model/iam-actions.ts';
import { serviceModels } from '../../../src/model/load.ts';
import { resourceArns } from '../../../src/model/resource-arn.ts';
import type { Operation, Shape } from '../../../src/model/shape.ts';
import { LIST_PARENTS } from '../../../src/model/undocumented.ts';
import { authorizationOf } from '../../../src/services/services.ts';
import { sampleInput } from '../../fixtures/personalize/sample-input.ts';

const operations = [...serviceModels().values()].flatMap((service) => [...service.operations.values()]);
const personalize = operations.filter(({ service }) => service.signingName === 'personalize');
const SCOPE = { partition: 'aws', region: 'us-east-1', account: accountId('123456789012') };

/** Conformance E2: AWS's operations table has iam:PassRole for exactly these. */
const PASS_ROLE = [
  'CreateBatchInferenceJob',
  'CreateBatchSegmentJob',
  'CreateDataDeletionJob',
  'CreateDatasetExportJob',
  'CreateDatasetGroup',
  'CreateDatasetImportJob',
  'CreateMetricAttribution',
  'UpdateMetricAttribution',
];

/** Conformance E3: personalize:TagResource is authorized too. */
const TAG_ON_CREATE = [
  'CreateBatchInferenceJob',
  'CreateBatchSegmentJob',
  'CreateCampaign',
  'CreateDataDeletionJob',
  'CreateDataset',
  'CreateDatasetExportJob',
  'CreateDatasetGroup',
  'CreateDatasetImportJob',
  'CreateEventTracker',
  'CreateFilter',
  'CreateRecommender',
  'CreateSolution',
  'CreateSolutionVersion',
];

function reaches(shape: Shape | undefined, [name, ...rest]: MemberPath): boolean {
  if (shape === undefined) return false;
  if (name === undefined) return true;
  if (name === '*') return shape.type === 'list' && reaches(shape.member.shape, rest);
  return shape.type === 'structure' && reaches(shape.members.get(name)?.shape, rest);
}

const allChecks = (operation: Operation): readonly Check[] => {
  const { checks, undocumented } = authorizationOf(operation);
  return [...checks, ...undocumented];
};

const namesWith = (action: string): string[] =>
  personalize
    .filter((operation) => operation.name !== 'TagResource')
    .filter((operation) => authorizationOf(operation).checks.some((check) => check.action === action))
    .map(({ name }) => name)
    .sort();

describe('the authorization table', () => {
  it('has a row for each of the 79 operations of Personalize', () => {
    expect(personalize).toHaveLength(79);
    const without = personalize.filter((operation) => authorizationOf(operation).checks.length === 0);
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('asks first for the action of the operation itself', () => {
    const others = personalize.filter(
      (operation) => authorizationOf(operation).checks[0]?.action !== `personalize:${operation.name}`,
    );
    expect(others.map(({ name }) => name)).toEqual([]);
  });

  it('names only actions of the Service Authorization Reference', () => {
    // The reference is older than these; no policy can grant them here either.
    const newer = new Set(['UpdateDelegationRequest', 'AcquireRole', 'GetScopedCredentials']);
    const heardOf = operations.filter(({ name }) => !newer.has(name));
    const unknown = heardOf
      .flatMap(allChecks)
      .map(({ action }) => action)
      .filter((action) => {
        const [service = '', name = ''] = action.split(':');
        return !iamActions().actionsOf(service)?.has(name);
      });
    expect(unknown).toEqual([]);
  });

  it('takes ARNs and conditions from members that the operation has', () => {
    // Of a web identity tags and source identity are claims of its token.
    const withMembers = operations.filter(({ name }) => name !== 'AssumeRoleWithWebIdentity');
    const lost = withMembers.flatMap((operation) =>
      allChecks(operation)
        .flatMap(({ resource, when }) => [...membersOf(resource), ...(when ? [when] : [])])
        .filter((path) => !reaches(operation.input, path))
        .map((path) => `${operation.name} ${path.join('.')}`),
    );
    expect(lost).toEqual([]);
  });

  it('checks every resource type that the reference requires, on an ARN of its form', () => {
    const uncovered = personalize.flatMap((operation) => {
      const arns = authorizationOf(operation).checks.flatMap((check) =>
        check.action === `personalize:${operation.name}`
          ? resourceArns(check.resource, sampleInput(operation), SCOPE)
          : [],
      );
      const required = iamActions().describe('personalize', operation.name)?.resourceTypes ?? [];
      const patterns = required.map((type) => iamActions().resourceArn('personalize', type) ?? '');
      return patterns
        .filter((template) => !arns.some((arn) => formOf(template).test(arn)))
        .map((template) => `${operation.name}: ${template}`);
    });
    expect(uncovered).toEqual([]);
  });

  it('checks * and the parent of a List only where the reference lists no resource', () => {
    const listed = personalize.filter(
      ({ name }) => iamActions().describe('personalize', name)?.resourceArns.length === 0,
    );
    const sources = listed.map((operation) =>
      authorizationOf(operation).checks.map(({ resource }) => resource.from),
    );
    expect(new Set(sources.flat())).toEqual(new Set(['any', 'memberOrAny']));
  });

  it('checks a List on the parent that it is given, whichever member holds it, and reports the documented `*`', () => {
    const lists = personalize.filter(({ name }) => name.startsWith('List') && name !== 'ListTagsForResource');
    const parents = lists.map((operation) => {
      const members = [...(operation.input?.members.keys() ?? [])].filter((member) => member.endsWith('Arn'));
      return [operation, members] as const;
    });
    expect(
      Object.fromEntries(parents.flatMap(([{ name }, members]) => members.map((member) => [name, member]))),
    ).toEqual(LIST_PARENTS);
    for (const [operation, [parent]] of parents) {
      const action = `personalize:${operation.name}`;
      const any = { action, resource: { from: 'any' } };
      expect(authorizationOf(operation)).toEqual(
        parent === undefined
          ? { checks: [any], undocumented: [] }
          : {
              checks: [{ action, resource: { from: 'memberOrAny', path: [parent] } }],
              undocumented: [{ ...any, when: [parent] }],
            },
      );
    }
  });

  it('passes a role in the eight operations that AWS lists, to Personalize', () => {
    expect(namesWith('iam:PassRole')).toEqual(PASS_ROLE);
    const contexts = personalize
      .flatMap((operation) => authorizationOf(operation).checks)
      .filter(({ action }) => action === 'iam:PassRole')
      .map(({ context }) => context);
    expect(new Set(contexts.map((context) => JSON.stringify(context)))).toEqual(
      new Set(['{"iam:PassedToService":"personalize.amazonaws.com"}']),
    );
  });

  it('tags on create in the operations that take tags', () => {
    expect(namesWith('personalize:TagResource')).toEqual(TAG_ON_CREATE);
  });

  it('gives a reason for each row written by hand', () => {
    const byHand = personalize.filter((operation) => authorizationOf(operation).reason !== undefined);
    expect(byHand.map(({ name }) => name).sort()).toEqual([
      'GetRecommendations',
      'ListTagsForResource',
      'TagResource',
      'UntagResource',
    ]);
  });

  it('keeps what AWS may check and does not document apart', () => {
    const undocumented = personalize
      .filter((operation) => !operation.name.startsWith('List'))
      .filter((operation) => authorizationOf(operation).undocumented.length > 0)
      .map(({ name }) => name)
      .sort();
    expect(undocumented).toEqual([
      'CreateBatchInferenceJob',
      'CreateBatchSegmentJob',
      'CreateDataset',
      'CreateRecommender',
      'CreateSolution',
      'GetActionRecommendations',
      'GetPersonalizedRanking',
      'GetRecommendations',
      'UpdateDataset',
    ]);
  });

  it('needs no permission for GetCallerIdentity and GetSessionToken only', () => {
    const free = operations.filter((operation) => authorizationOf(operation).checks.length === 0);
    expect(free.map(({ name }) => name)).toEqual(['GetCallerIdentity', 'GetSessionToken']);
  });
});

/** The template as a pattern of whole ARNs; no placeholder stands for nothing. */
function formOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/\$\{\w+\}/g, '[^:]+').replaceAll('/', '\\/')}$`);
}
