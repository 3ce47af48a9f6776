import type { CallContext } from './call.ts';
import { fractionOf } from './pseudo-random.ts';
import type { RecipeType } from './recipes.ts';
import { recipeOf } from './references.ts';
import type { StoredResource } from './resource-table.ts';

const ITEM_METRICS = [
  'coverage',
  'mean_reciprocal_rank_at_25',
  'normalized_discounted_cumulative_gain_at_5',
  'normalized_discounted_cumulative_gain_at_10',
  'normalized_discounted_cumulative_gain_at_25',
  'precision_at_5',
  'precision_at_10',
  'precision_at_25',
];

/** @see https://docs.aws.amazon.com/personalize/latest/dg/working-with-training-metrics.html */
const METRICS: Readonly<Record<RecipeType, readonly string[]>> = {
  USER_PERSONALIZATION: ITEM_METRICS,
  PERSONALIZED_RANKING: ITEM_METRICS,
  RELATED_ITEMS: ITEM_METRICS,
  POPULAR_ITEMS: ITEM_METRICS,
  PERSONALIZED_ACTIONS: ['auc'],
  USER_SEGMENTATION: ['coverage', 'hits_at_1_percent', 'recall_at_1_percent'],
};

/** The metrics that AWS gives for the recipe, each a number from 0 to 1 that is always the same for a version. */
export function solutionMetrics(
  version: StoredResource<'SolutionVersion'>,
  call: CallContext,
): Readonly<Record<string, number>> {
  return metricsOf(version.arn, recipeOf(version.attributes, call)?.type ?? 'USER_PERSONALIZATION');
}

export const metricsOf = (arn: string, type: RecipeType): Readonly<Record<string, number>> =>
  Object.fromEntries(
    METRICS[type].map((name) => [name, Math.round(fractionOf(arn, name) * 10_000) / 10_000]),
  );
