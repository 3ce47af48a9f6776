import type { Operation } from '../../model/shape.ts';
import { BUILTIN_OPERATIONS } from './builtin-operations.ts';
import type { HandlerFactory, Handlers, SomeHandler } from './call.ts';
import { CONTROL_OPERATIONS } from './control-operations.ts';
import { EVENT_OPERATIONS } from './event-operations.ts';
import type { OperationName } from './inputs.ts';
import { RUNTIME_OPERATIONS } from './runtime-operations.ts';
import { TAG_OPERATIONS } from './tags.ts';
import { create, describe, list, remove, update } from './verbs.ts';

const HANDLERS = {
  ...TAG_OPERATIONS,
  ...CONTROL_OPERATIONS,
  ...RUNTIME_OPERATIONS,
  ...EVENT_OPERATIONS,
} satisfies Partial<Handlers<OperationName>>;

/** The other operations: their handlers are made from their shapes. */
const FACTORIES: {
  readonly [Name in Exclude<OperationName, keyof typeof HANDLERS>]: HandlerFactory<Name>;
} = {
  ...BUILTIN_OPERATIONS,
  CreateSchema: create('Schema'),
  DescribeSchema: describe('Schema'),
  ListSchemas: list('Schema'),
  DeleteSchema: remove('Schema'),
  CreateDatasetGroup: create('DatasetGroup'),
  DescribeDatasetGroup: describe('DatasetGroup'),
  ListDatasetGroups: list('DatasetGroup'),
  DeleteDatasetGroup: remove('DatasetGroup'),
  CreateDataset: create('Dataset'),
  DescribeDataset: describe('Dataset'),
  ListDatasets: list('Dataset'),
  UpdateDataset: update('Dataset'),
  DeleteDataset: remove('Dataset'),
  CreateDatasetImportJob: create('DatasetImportJob'),
  DescribeDatasetImportJob: describe('DatasetImportJob'),
  ListDatasetImportJobs: list('DatasetImportJob'),
  CreateDatasetExportJob: create('DatasetExportJob'),
  DescribeDatasetExportJob: describe('DatasetExportJob'),
  ListDatasetExportJobs: list('DatasetExportJob'),
  CreateDataDeletionJob: create('DataDeletionJob'),
  DescribeDataDeletionJob: describe('DataDeletionJob'),
  ListDataDeletionJobs: list('DataDeletionJob'),
  CreateEventTracker: create('EventTracker'),
  DescribeEventTracker: describe('EventTracker'),
  ListEventTrackers: list('EventTracker'),
  DeleteEventTracker: remove('EventTracker'),
  CreateFilter: create('Filter'),
  DescribeFilter: describe('Filter'),
  ListFilters: list('Filter'),
  DeleteFilter: remove('Filter'),
  CreateSolution: create('Solution'),
  DescribeSolution: describe('Solution'),
  ListSolutions: list('Solution'),
  UpdateSolution: update('Solution'),
  DeleteSolution: remove('Solution'),
  CreateSolutionVersion: create('SolutionVersion'),
  DescribeSolutionVersion: describe('SolutionVersion'),
  ListSolutionVersions: list('SolutionVersion'),
  CreateCampaign: create('Campaign'),
  DescribeCampaign: describe('Campaign'),
  ListCampaigns: list('Campaign'),
  UpdateCampaign: update('Campaign'),
  DeleteCampaign: remove('Campaign'),
  CreateBatchInferenceJob: create('BatchInferenceJob'),
  DescribeBatchInferenceJob: describe('BatchInferenceJob'),
  ListBatchInferenceJobs: list('BatchInferenceJob'),
  CreateBatchSegmentJob: create('BatchSegmentJob'),
  DescribeBatchSegmentJob: describe('BatchSegmentJob'),
  ListBatchSegmentJobs: list('BatchSegmentJob'),
  CreateMetricAttribution: create('MetricAttribution'),
  DescribeMetricAttribution: describe('MetricAttribution'),
  ListMetricAttributions: list('MetricAttribution'),
  UpdateMetricAttribution: update('MetricAttribution'),
  DeleteMetricAttribution: remove('MetricAttribution'),
  CreateRecommender: create('Recommender'),
  DescribeRecommender: describe('Recommender'),
  ListRecommenders: list('Recommender'),
  UpdateRecommender: update('Recommender'),
  DeleteRecommender: remove('Recommender'),
};

/**
 * The handler of every operation of the three services, by its name. The tables are checked against the input types, and
 * those are generated from the models.
 * @throws if there is no model of an operation: a broken installation
 */
export function handlersFor(operations: ReadonlyMap<string, Operation>): ReadonlyMap<string, SomeHandler> {
  const handlers = new Map<string, SomeHandler>(Object.entries(HANDLERS));
  for (const [name, factory] of Object.entries(FACTORIES)) {
    const operation = operations.get(name);
    if (operation === undefined) throw new Error(`The service models have no operation ${name}.`);
    handlers.set(name, factory(operation));
  }
  return handlers;
}
