import type { MemberPath } from './check.ts';
import type { GeneratedResourceType } from './generated-actions.ts';

/** Checks that AWS may make: operation -> the member whose ARN the operation's own action may be checked on. */
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
 * The Lists of Personalize that take a parent, and the member that holds its ARN. With a parent they are checked on it:
 * stacks that AWS publishes and its customers run grant them on ARNs only, and always pass the parent. The Service
 * Authorization Reference lists no resource type for them, so that the documented reading is `*` (docs/conformance.md).
 */
export const LIST_PARENTS: Readonly<Record<string, string>> = {
  ListBatchInferenceJobs: 'solutionVersionArn',
  ListBatchSegmentJobs: 'solutionVersionArn',
  ListCampaigns: 'solutionArn',
  ListDataDeletionJobs: 'datasetGroupArn',
  ListDatasetExportJobs: 'datasetArn',
  ListDatasetImportJobs: 'datasetArn',
  ListDatasets: 'datasetGroupArn',
  ListEventTrackers: 'datasetGroupArn',
  ListFilters: 'datasetGroupArn',
  ListMetricAttributionMetrics: 'metricAttributionArn',
  ListMetricAttributions: 'datasetGroupArn',
  ListRecommenders: 'datasetGroupArn',
  ListSolutionVersions: 'solutionArn',
  ListSolutions: 'datasetGroupArn',
};

/**
 * The Lists of IAM whose resource AWS prints in its denials, or by analogy would print (docs/conformance.md says which
 * is which), without the path: everything of one type. ListPolicies has none that is an ARN, so only `*` grants it.
 */
export const IAM_LISTS: Readonly<Record<string, string>> = {
  ListUsers: 'arn:${Partition}:iam::${Account}:user',
  ListRoles: 'arn:${Partition}:iam::${Account}:role',
  ListGroups: 'arn:${Partition}:iam::${Account}:group',
  ListInstanceProfiles: 'arn:${Partition}:iam::${Account}:instance-profile',
  ListServerCertificates: 'arn:${Partition}:iam::${Account}:server-certificate',
  ListVirtualMFADevices: 'arn:${Partition}:iam::${Account}:mfa',
  ListSAMLProviders: 'arn:${Partition}:iam::${Account}:saml-provider',
  ListOpenIDConnectProviders: 'arn:${Partition}:iam::${Account}:oidc-provider',
  ListPolicies: 'policy path ',
};

/** No bucket has a name like this one: a pattern that takes it in takes in all buckets. */
const EVERY_BUCKET = 'arn:${Partition}:s3:::<every bucket>';

/**
 * The ARN templates that an action may be checked on beside those that the reference lists for it: a recipe for
 * `CreateSolution`, the parent for a List of Personalize, a recommender in the place of a campaign.
 */
export function undocumentedArns(
  service: string,
  action: string,
  types: Readonly<Record<string, GeneratedResourceType>>,
): readonly string[] {
  if (service === 's3') return action === 'ListAllMyBuckets' ? [EVERY_BUCKET] : [];
  if (service === 'iam') {
    const list = Object.hasOwn(IAM_LISTS, action) ? (IAM_LISTS[action] ?? '') : '';
    return list.startsWith('arn:') ? [`${list}/\${PathPrefix}`] : [];
  }
  if (service !== 'personalize') return [];
  return undocumentedTypes(action).flatMap((type) => types[type]?.arn ?? []);
}

function undocumentedTypes(action: string): readonly string[] {
  const parent = Object.hasOwn(LIST_PARENTS, action) ? [[LIST_PARENTS[action] ?? '']] : [];
  const paths = Object.hasOwn(UNDOCUMENTED, action) ? (UNDOCUMENTED[action] ?? []) : [];
  // A solution version's ARN is one of its solution's.
  const types = [...parent, ...paths].map((path) => path.at(-1)?.replace(/(?:Version)?Arn$/, '') ?? '');
  return [...new Set([...types, ...(action === 'GetRecommendations' ? ['recommender'] : [])])];
}
