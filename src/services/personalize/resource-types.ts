import type { Status } from './lifecycle.ts';

/** The resources that a caller creates, as the operations name them: `CreateDatasetGroup`, `ListDatasetGroups`. */
export type ResourceTypeName =
  | 'BatchInferenceJob'
  | 'BatchSegmentJob'
  | 'Campaign'
  | 'DataDeletionJob'
  | 'Dataset'
  | 'DatasetExportJob'
  | 'DatasetGroup'
  | 'DatasetImportJob'
  | 'EventTracker'
  | 'Filter'
  | 'MetricAttribution'
  | 'Recommender'
  | 'Schema'
  | 'Solution'
  | 'SolutionVersion';

export type Verb = 'Create' | 'Describe' | 'List' | 'Update' | 'Delete';

/** What the five verbs must know of one type; everything else they take from the shapes of the service model. */
export interface ResourceType {
  readonly verbs: readonly Verb[];
  /** The first part of the ARN's resource: `dataset-group`. */
  readonly arnPrefix: string;
  /** The member that a new resource is named by. */
  readonly nameMember: 'name' | 'jobName';
  /** Schemas have no status: they are there at once. */
  readonly hasStatus: boolean;
  /** Solutions are ACTIVE in the second in which they are created, however long everything else takes. */
  readonly activeAtOnce: boolean;
  /** A dataset's own status goes through UPDATE PENDING and UPDATE IN_PROGRESS. */
  readonly showsUpdate: boolean;
  /** Statuses that AWS spells in another way for this type. */
  readonly statusNames: Readonly<Partial<Record<Status, string>>>;
  /** Members of Create and Update that name another resource; it must exist, and be ACTIVE where it has a status. */
  readonly references: Readonly<Record<string, ResourceTypeName | 'Recipe'>>;
  /** Attributes (ARNs, the tracking id, and the name that a tracker's ARN does not have) by whose value resources of this type are listed and found. */
  readonly parents: readonly string[];
  /** What keeps a resource of this type from being deleted as long as it exists. */
  readonly deletedAfter: readonly ResourceTypeName[];
  /** What keeps it from being deleted while it is settling: type, and the attribute of this resource that both share. */
  readonly busyWith: readonly (readonly [resourceType: ResourceTypeName, by: string])[];
  /** What goes with it. */
  readonly takesAlong: readonly ResourceTypeName[];
}

const type = (arnPrefix: string, row: Partial<ResourceType>): ResourceType => ({
  verbs: ['Create', 'Describe', 'List', 'Delete'],
  arnPrefix,
  nameMember: 'name',
  hasStatus: true,
  activeAtOnce: false,
  showsUpdate: false,
  statusNames: {},
  references: {},
  parents: [],
  deletedAfter: [],
  busyWith: [],
  takesAlong: [],
  ...row,
});

/** A job cannot be changed or deleted; it goes with what it worked on. */
const job = (arnPrefix: string, row: Partial<ResourceType>): ResourceType =>
  type(arnPrefix, { verbs: ['Create', 'Describe', 'List'], nameMember: 'jobName', ...row });

const ALL_VERBS: readonly Verb[] = ['Create', 'Describe', 'List', 'Update', 'Delete'];

/**
 * One row a type. Of the statuses, those of datasets, solutions, solution versions, import jobs and campaigns are recorded
 * in outputs of AWS's notebooks; those of the other types are what the API reference says of `status`
 * (docs/conformance.md).
 * @see https://docs.aws.amazon.com/personalize/latest/dg/gs-cleanup.html for what must be deleted first
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonpersonalize.html for the ARNs
 */
export const RESOURCE_TYPES: Readonly<Record<ResourceTypeName, ResourceType>> = {
  Schema: type('schema', { hasStatus: false, deletedAfter: ['Dataset'] }),
  DatasetGroup: type('dataset-group', {
    deletedAfter: ['Dataset', 'EventTracker', 'Solution', 'Recommender'],
    takesAlong: ['Filter', 'MetricAttribution', 'DataDeletionJob'],
  }),
  Dataset: type('dataset', {
    verbs: ALL_VERBS,
    showsUpdate: true,
    references: { schemaArn: 'Schema', datasetGroupArn: 'DatasetGroup' },
    parents: ['datasetGroupArn', 'schemaArn', 'trackingId'],
    busyWith: [
      ['DatasetImportJob', 'datasetArn'],
      ['DatasetExportJob', 'datasetArn'],
      ['SolutionVersion', 'datasetGroupArn'],
    ],
    takesAlong: ['DatasetImportJob', 'DatasetExportJob'],
  }),
  DatasetImportJob: job('dataset-import-job', {
    references: { datasetArn: 'Dataset' },
    parents: ['datasetArn'],
  }),
  DatasetExportJob: job('dataset-export-job', {
    references: { datasetArn: 'Dataset' },
    parents: ['datasetArn'],
  }),
  DataDeletionJob: job('data-deletion-job', {
    // https://docs.aws.amazon.com/personalize/latest/dg/API_DataDeletionJob.html
    statusNames: {
      'CREATE PENDING': 'PENDING',
      'CREATE IN_PROGRESS': 'IN_PROGRESS',
      ACTIVE: 'COMPLETED',
      'CREATE FAILED': 'FAILED',
    },
    references: { datasetGroupArn: 'DatasetGroup' },
    parents: ['datasetGroupArn'],
  }),
  EventTracker: type('event-tracker', {
    references: { datasetGroupArn: 'DatasetGroup' },
    parents: ['datasetGroupArn', 'trackingId', 'name'],
  }),
  Filter: type('filter', {
    references: { datasetGroupArn: 'DatasetGroup' },
    parents: ['datasetGroupArn'],
    busyWith: [
      ['BatchInferenceJob', 'filterArn'],
      ['BatchSegmentJob', 'filterArn'],
    ],
  }),
  Solution: type('solution', {
    verbs: ALL_VERBS,
    activeAtOnce: true,
    references: { datasetGroupArn: 'DatasetGroup', recipeArn: 'Recipe' },
    parents: ['datasetGroupArn'],
    deletedAfter: ['Campaign'],
    busyWith: [
      ['SolutionVersion', 'solutionArn'],
      ['BatchInferenceJob', 'solutionArn'],
      ['BatchSegmentJob', 'solutionArn'],
    ],
    takesAlong: ['SolutionVersion', 'BatchInferenceJob', 'BatchSegmentJob'],
  }),
  SolutionVersion: type('solution', {
    verbs: ['Create', 'Describe', 'List'],
    references: { solutionArn: 'Solution' },
    parents: ['solutionArn', 'datasetGroupArn'],
  }),
  Campaign: type('campaign', {
    verbs: ALL_VERBS,
    references: { solutionVersionArn: 'SolutionVersion' },
    parents: ['solutionArn'],
  }),
  BatchInferenceJob: job('batch-inference-job', {
    references: { solutionVersionArn: 'SolutionVersion', filterArn: 'Filter' },
    parents: ['solutionVersionArn', 'solutionArn', 'filterArn'],
  }),
  BatchSegmentJob: job('batch-segment-job', {
    references: { solutionVersionArn: 'SolutionVersion', filterArn: 'Filter' },
    parents: ['solutionVersionArn', 'solutionArn', 'filterArn'],
  }),
  MetricAttribution: type('metric-attribution', {
    verbs: ALL_VERBS,
    references: { datasetGroupArn: 'DatasetGroup' },
    parents: ['datasetGroupArn'],
  }),
  Recommender: type('recommender', {
    verbs: ALL_VERBS,
    references: { datasetGroupArn: 'DatasetGroup', recipeArn: 'Recipe' },
    parents: ['datasetGroupArn'],
  }),
};

/** The statuses in which a resource may be deleted; a recommender may also be stopped then. */
export const DELETABLE: ReadonlySet<Status> = new Set<Status>([
  'ACTIVE',
  'CREATE FAILED',
  'CREATE STOPPED',
  'INACTIVE',
]);

/** `DatasetGroup` -> `datasetGroup`: how members spell a type. */
export const memberName = (resourceType: string): string =>
  resourceType.charAt(0).toLowerCase() + resourceType.slice(1);

export const arnMember = (resourceType: string): string => `${memberName(resourceType)}Arn`;
