import * as data from './data-rules.ts';
import { FILTER } from './filter-resource.ts';
import type { ResourceOverrides } from './resource-overrides.ts';
import type { ResourceTypeName } from './resource-types.ts';
import * as training from './training-rules.ts';

/** One row a type: what it has that the five verbs do not know. */
export const RESOURCE_OVERRIDES: Readonly<Record<ResourceTypeName, ResourceOverrides>> = {
  Schema: data.SCHEMA,
  DatasetGroup: data.DATASET_GROUP,
  Dataset: data.DATASET,
  DatasetImportJob: data.DATASET_IMPORT_JOB,
  DatasetExportJob: data.DATASET_EXPORT_JOB,
  DataDeletionJob: data.DATA_DELETION_JOB,
  EventTracker: data.EVENT_TRACKER,
  Filter: FILTER,
  Solution: training.SOLUTION,
  SolutionVersion: training.SOLUTION_VERSION,
  Campaign: training.CAMPAIGN,
  BatchInferenceJob: training.BATCH_INFERENCE_JOB,
  BatchSegmentJob: training.BATCH_SEGMENT_JOB,
  MetricAttribution: training.METRIC_ATTRIBUTION,
  Recommender: training.RECOMMENDER,
};
