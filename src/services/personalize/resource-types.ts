import type { Status } from './lifecycle.ts';

/** The resources that a caller creates, as the operations name them: `CreateDatasetGroup`, `ListDatasetGroups`. */
export const RESOURCE_TYPE_NAMES = [
  'Schema',
  'DatasetGroup',
  'Dataset',
  'DatasetImportJob',
  'DatasetExportJob',
  'DataDeletionJob',
  'EventTracker',
  'Filter',
  'Solution',
  'SolutionVersion',
  'Campaign',
  'BatchInferenceJob',
  'BatchSegmentJob',
  'MetricAttribution',
  'Recommender',
] as const;

export type ResourceTypeName = (typeof RESOURCE_TYPE_NAMES)[number];

/** What the five verbs must know of one type; everything else they take from the shapes of the service model. */
export interface ResourceType {
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
  arnPrefix,
  nameMember: 'name',
  hasStatus: true,
  activeAtOnce: false,
  showsUpdate: false,
  statusNames: {},
  parents: [],
  deletedAfter: [],
  busyWith: [],
  takesAlong: [],
  ...row,
});

/** A job cannot be changed or deleted; it goes with what it worked on. */
const job = (arnPrefix: string, row: Partial<ResourceType>): ResourceType =>
  type(arnPrefix, { nameMember: 'jobName', ...row });

/**
 * One row a type. Of the statuses, those of datasets, solutions, solution versions, import jobs and campaigns are recorded
 * in outputs of AWS's notebooks; those of the other types are those that the API reference gives for `status`
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
    showsUpdate: true,
    parents: ['datasetGroupArn', 'schemaArn', 'trackingId'],
    busyWith: [
      ['DatasetImportJob', 'datasetArn'],
      ['DatasetExportJob', 'datasetArn'],
      ['SolutionVersion', 'datasetGroupArn'],
    ],
    takesAlong: ['DatasetImportJob', 'DatasetExportJob'],
  }),
  DatasetImportJob: job('dataset-import-job', {
    parents: ['datasetArn'],
  }),
  DatasetExportJob: job('dataset-export-job', {
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
    parents: ['datasetGroupArn'],
  }),
  EventTracker: type('event-tracker', {
    parents: ['datasetGroupArn', 'trackingId', 'name'],
  }),
  Filter: type('filter', {
    parents: ['datasetGroupArn'],
    busyWith: [
      ['BatchInferenceJob', 'filterArn'],
      ['BatchSegmentJob', 'filterArn'],
    ],
  }),
  Solution: type('solution', {
    activeAtOnce: true,
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
    parents: ['solutionArn', 'datasetGroupArn'],
  }),
  Campaign: type('campaign', {
    parents: ['solutionArn'],
  }),
  BatchInferenceJob: job('batch-inference-job', {
    parents: ['solutionVersionArn', 'solutionArn', 'filterArn'],
  }),
  BatchSegmentJob: job('batch-segment-job', {
    parents: ['solutionVersionArn', 'solutionArn', 'filterArn'],
  }),
  MetricAttribution: type('metric-attribution', {
    parents: ['datasetGroupArn'],
  }),
  Recommender: type('recommender', {
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

/**
 * Members of Create and Update that name another resource, and its type, in the order in which they are looked up. It must
 * exist, and be ACTIVE where it has a status.
 */
export const REFERENCES = {
  schemaArn: 'Schema',
  datasetGroupArn: 'DatasetGroup',
  datasetArn: 'Dataset',
  solutionArn: 'Solution',
  solutionVersionArn: 'SolutionVersion',
  filterArn: 'Filter',
} as const satisfies Readonly<Record<string, ResourceTypeName>>;

export type ReferenceMember = keyof typeof REFERENCES;

/** `DatasetGroup` -> `datasetGroupArn`: how members name a resource of the type. */
export const arnMember = (resourceType: string): string =>
  `${resourceType.charAt(0).toLowerCase()}${resourceType.slice(1)}Arn`;
