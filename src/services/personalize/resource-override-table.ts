import * as data from './data-rules.ts';
import { FILTER } from './filter-resource.ts';
import type { Attributes, UpdatableType } from './resource-attributes.ts';
import type { Change, OverridesOf, ResourceOverrides } from './resource-overrides.ts';
import type { ResourceReader, StoredResource } from './resource-table.ts';
import type { ResourceTypeName } from './resource-types.ts';
import * as training from './training-rules.ts';

const ROWS: { readonly [Type in ResourceTypeName]: OverridesOf<Type> } = {
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

/** One row for each type: its parts that the five verbs do not cover. */
export const RESOURCE_OVERRIDES: { readonly [Type in ResourceTypeName]: ResourceOverrides<Type> } = ROWS;

/** How the types that can be updated are. */
export const RESOURCE_CHANGES: { readonly [Type in UpdatableType]: Change<Type> } = {
  Dataset: data.changeDataset,
  Solution: training.changeSolution,
  Campaign: training.changeCampaign,
  MetricAttribution: training.changeMetricAttribution,
  Recommender: training.changeRecommender,
};

/** What the description of a resource has by its row. */
export const ownView = <Type extends ResourceTypeName>(
  resource: StoredResource<Type>,
  table: ResourceReader,
): Attributes => RESOURCE_OVERRIDES[resource.resourceType].view?.(resource, table) ?? {};
