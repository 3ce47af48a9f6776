import type { Authorization, Check, NamePart, ResourceSource } from '../../model/check.ts';
import { ANY, given } from '../../model/check.ts';
import { iamActions } from '../../model/iam-actions.ts';
import type { Operation, StructureShape } from '../../model/shape.ts';
import { LIST_PARENTS, UNDOCUMENTED } from '../../model/undocumented.ts';

/** What names a new resource of each type; only these types are created. */
const NEW_NAMES: Readonly<Record<string, readonly NamePart[]>> = {
  batchInferenceJob: [{ member: 'jobName' }],
  batchSegmentJob: [{ member: 'jobName' }],
  campaign: [{ member: 'name' }],
  dataDeletionJob: [{ member: 'jobName' }],
  dataset: [{ lastPartOf: 'datasetGroupArn' }, { member: 'datasetType', upperCase: true }],
  datasetExportJob: [{ member: 'jobName' }],
  datasetGroup: [{ member: 'name' }],
  datasetImportJob: [{ member: 'jobName' }],
  // AWS's own stack creates one under a grant on names alone. Its ARN ends in an id of AWS's once it is there.
  eventTracker: [{ member: 'name' }],
  filter: [{ member: 'name' }],
  metricAttribution: [{ member: 'name' }],
  recommender: [{ member: 'name' }],
  schema: [{ member: 'name' }],
  solution: [{ member: 'name' }],
};

interface HandWritten {
  readonly resource: ResourceSource;
  readonly reason: string;
}

const TAGGED: HandWritten = {
  resource: given('resourceArn'),
  reason: 'the reference lists every taggable type as optional: the resource is the ARN given',
};

const HAND_WRITTEN: Readonly<Record<string, HandWritten>> = {
  TagResource: TAGGED,
  UntagResource: TAGGED,
  ListTagsForResource: TAGGED,
  GetRecommendations: {
    resource: { from: 'oneMember', paths: [['campaignArn'], ['recommenderArn']] },
    reason: 'the reference names the campaign only, but a domain recommender may be given in its place',
  },
};

const PASSED_TO_SERVICE = { 'iam:PassedToService': 'personalize.amazonaws.com' };

/**
 * The row of an operation of the three Personalize services: its action on each resource type that the Service
 * Authorization Reference lists, `personalize:TagResource` where tags are given on create, and `iam:PassRole` where a
 * role is.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonpersonalize.html
 */
export function personalizeAuthorization(operation: Operation): Authorization {
  const action = `personalize:${operation.name}`;
  const input = operation.input ?? { type: 'structure', name: '', required: new Set(), members: new Map() };
  const handWritten = HAND_WRITTEN[operation.name];
  const resources = handWritten ? [handWritten.resource] : listedResources(operation.name, input);
  return {
    checks: [
      ...resources.map((resource) => ({ action, resource })),
      ...tagOnCreate(operation.name, input, resources),
      ...passRole(input),
    ],
    undocumented: undocumentedChecks(operation.name, action),
    ...(handWritten && { reason: handWritten.reason }),
  };
}

/** The types of the reference, each with the ARN it has in a request: what is created first, then what it belongs to. */
function listedResources(operation: string, input: StructureShape): readonly ResourceSource[] {
  const details = iamActions().describe('personalize', operation);
  if (details === undefined) throw new Error(`personalize:${operation} is not in the action reference`);
  const resources = details.resourceTypes.map((type) => resourceOf(operation, type, input));
  const parent = parentOf(operation);
  if (parent !== undefined) return [{ from: 'memberOrAny', path: [parent] }];
  if (resources.length === 0) return [ANY];
  return resources.sort((one, other) => Number(other.from === 'new') - Number(one.from === 'new'));
}

function resourceOf(operation: string, type: string, input: StructureShape): ResourceSource {
  if (operation.toLowerCase() === `create${type.toLowerCase()}`) return newResource(type);
  // A solution version given where a solution is required is checked with the ARN given.
  const candidates = [`${type}Arn`, ...(type === 'solution' ? ['solutionVersionArn'] : [])];
  const member = candidates.find((name) => input.members.has(name));
  if (member === undefined) throw new Error(`${operation} gives no ARN of the ${type} it needs`);
  return given(member);
}

function newResource(type: string): ResourceSource {
  const template = iamActions().resourceArn('personalize', type);
  const name = NEW_NAMES[type];
  if (template === undefined || name === undefined) throw new Error(`nothing names a new ${type}`);
  return { from: 'new', template, name };
}

/** On the ARN of what is created; a solution version's id is not known before it exists. */
function tagOnCreate(
  operation: string,
  input: StructureShape,
  resources: readonly ResourceSource[],
): readonly Check[] {
  if (!operation.startsWith('Create') || !input.members.has('tags')) return [];
  const created: ResourceSource | undefined =
    operation === 'CreateSolutionVersion'
      ? { from: 'member', path: ['solutionArn'], suffix: '/*' }
      : resources.find(({ from }) => from === 'new');
  if (created === undefined) throw new Error(`${operation} takes tags and creates nothing`);
  return [{ action: 'personalize:TagResource', resource: created, when: ['tags'] }];
}

/** A role is passed at the top of the input or in the output configuration of a metric attribution. */
function passRole(input: StructureShape): readonly Check[] {
  const nested = input.members.get('metricsOutputConfig')?.shape;
  const isNested = nested?.type === 'structure' && nested.members.has('roleArn');
  const paths = [
    ...(input.members.has('roleArn') ? [['roleArn']] : []),
    ...(isNested ? [['metricsOutputConfig', 'roleArn']] : []),
  ];
  return paths.map((path) => ({
    action: 'iam:PassRole',
    resource: { from: 'member', path },
    when: path,
    context: PASSED_TO_SERVICE,
  }));
}

/** The member whose ARN a List is narrowed down to, where it takes one. */
const parentOf = (operation: string): string | undefined =>
  Object.hasOwn(LIST_PARENTS, operation) ? LIST_PARENTS[operation] : undefined;

/** What AWS may check beside: of a List with a parent the reference's reading, `*`. */
function undocumentedChecks(operation: string, action: string): readonly Check[] {
  const parent = parentOf(operation);
  if (parent !== undefined) return [{ action, resource: ANY, when: [parent] }];
  const paths = UNDOCUMENTED[operation] ?? [];
  return paths.map((path) => ({ action, resource: { from: 'member', path }, when: path }));
}
