import type { MemberPath } from './check.ts';

/** Checks that AWS may make (design 6): operation -> the member whose ARN the operation's own action may be checked on. */
export const UNDOCUMENTED: Readonly<Record<string, readonly MemberPath[]>> = {
  CreateSolution: [['recipeArn']],
  CreateRecommender: [['recipeArn']],
  CreateDataset: [['schemaArn']],
  UpdateDataset: [['schemaArn']],
  CreateBatchInferenceJob: [['filterArn']],
  CreateBatchSegmentJob: [['filterArn']],
  GetRecommendations: [['filterArn'], ['promotions', '*', 'filterArn']],
  GetPersonalizedRanking: [['filterArn']],
  GetActionRecommendations: [['filterArn']],
};

/**
 * The resource types that an action of Personalize may be checked on beside those of the reference: `recipe` for
 * `CreateSolution`. A recommender may be given in the place of a campaign, which the reference does not say either.
 */
export function undocumentedTypes(action: string): readonly string[] {
  const paths = Object.hasOwn(UNDOCUMENTED, action) ? (UNDOCUMENTED[action] ?? []) : [];
  const types = paths.map((path) => path.at(-1)?.replace(/Arn$/, '') ?? '');
  return [...new Set([...types, ...(action === 'GetRecommendations' ? ['recommender'] : [])])];
}
