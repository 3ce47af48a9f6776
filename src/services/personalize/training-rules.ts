import { err, ok } from '../../lib/result.ts';
import { shortId } from './call.ts';
import { currentItemDiagnostic } from './filter-resource.ts';
import { type Status, statusAt, statusSince } from './lifecycle.ts';
import type { RecipeType } from './recipes.ts';
import { type Referenced, recipeOf, versionsOf } from './references.ts';
import { invalidInput } from './refusals.ts';
import type { CreateInput, OfVersion } from './resource-attributes.ts';
import type { Change, CreateDraft, OverridesOf } from './resource-overrides.ts';
import { metricsOf } from './solution-metrics.ts';

/** Rules of the resources that train and that recommend. */
export const SOLUTION: OverridesOf<'Solution'> = {
  check({ input, recipe }) {
    if (recipe === undefined && input.performAutoML !== true)
      return invalidInput('recipeArn must be given where performAutoML is not true.');
    if (recipe !== undefined && input.performAutoML === true)
      return invalidInput('recipeArn must not be given where performAutoML is true.');
    if (recipe?.domain !== undefined)
      return invalidInput(`The recipe ${recipe.name} is for recommenders of the domain ${recipe.domain}.`);
    return undefined;
  },
  derive: ({ input }) => ({
    performAutoML: input.performAutoML ?? false,
    performHPO: input.performHPO ?? false,
    performAutoTraining: input.performAutoTraining ?? true,
    performIncrementalUpdate: input.performIncrementalUpdate ?? false,
  }),
  view(solution, table) {
    const latest = versionsOf(solution.arn, table).at(-1);
    if (latest === undefined) return {};
    return {
      latestSolutionVersion: {
        ...latest.attributes,
        solutionVersionArn: latest.arn,
        status: statusAt(latest.transition, table.now),
        failureReason: failureOf(latest.transition, table.now),
        creationDateTime: latest.createdAt,
        lastUpdatedDateTime: statusSince(latest.transition, table.now),
      },
    };
  },
};

export const changeSolution: Change<'Solution'> = (current, { input }) => {
  const { solutionArn: _, solutionUpdateConfig, ...switches } = input;
  const solutionConfig = { ...current.solutionConfig, ...solutionUpdateConfig };
  return ok({ ...switches, solutionConfig, ...(solutionUpdateConfig && { solutionUpdateConfig }) });
};

export const SOLUTION_VERSION: OverridesOf<'SolutionVersion'> = {
  arnId({ resources: { solutionArn: solution }, call }) {
    return `${solution.name}/${shortId(`${solution.arn}/`, call)}`;
  },
  check({ input, resources: { solutionArn: solution }, call }) {
    const trained = versionsOf(solution.arn, call.table).some(
      ({ transition }) => statusAt(transition, call.now) === 'ACTIVE',
    );
    return input.trainingMode === 'UPDATE' && !trained
      ? invalidInput('trainingMode UPDATE needs a solution version that is ACTIVE.')
      : undefined;
  },
  derive({ input, resources }) {
    // A version takes over all else from its solution.
    const { arn, name, performAutoTraining, solutionUpdateConfig, ...trainedWith } = resources.solutionArn;
    return { ...trainedWith, trainingMode: input.trainingMode ?? 'FULL', trainingType: 'MANUAL' };
  },
  view: ({ arn, attributes, transition }, { now }) => ({
    // Recorded: SOLUTION/ID, where the caller gives no name.
    name: attributes.name ?? arn.slice(arn.indexOf('/') + 1),
    ...(statusAt(transition, now) === 'ACTIVE' && { trainingHours: 1 }),
  }),
};

export const CAMPAIGN: OverridesOf<'Campaign'> = {
  check: (draft) => onlyRecipes(draft, NOT_SEGMENTS, 'campaign'),
  derive: ({ input, resources }) => ({
    minProvisionedTPS: input.minProvisionedTPS ?? 1,
    ...versionMembers(resources.solutionVersionArn),
  }),
};

export const changeCampaign: Change<'Campaign'> = (
  _,
  { input, resources: { solutionVersionArn: version } },
) => {
  const { campaignArn, ...changes } = input;
  return ok({ ...changes, ...(version && versionMembers(version)) });
};

type BatchDraft = CreateDraft<'BatchInferenceJob'> | CreateDraft<'BatchSegmentJob'>;

const deriveBatch = ({ input, resources }: BatchDraft) => ({
  numResults: input.numResults ?? 25,
  ...versionMembers(resources.solutionVersionArn),
});

const SEGMENTS: ReadonlySet<RecipeType> = new Set<RecipeType>(['USER_SEGMENTATION']);
const NOT_SEGMENTS: ReadonlySet<RecipeType> = new Set<RecipeType>([
  'USER_PERSONALIZATION',
  'PERSONALIZED_RANKING',
  'RELATED_ITEMS',
  'POPULAR_ITEMS',
  'PERSONALIZED_ACTIONS',
]);

export const BATCH_INFERENCE_JOB: OverridesOf<'BatchInferenceJob'> = {
  check: (draft) =>
    onlyRecipes(draft, NOT_SEGMENTS, 'batch inference job') ?? themeDiagnostic(draft) ?? filterMisfit(draft),
  derive: deriveBatch,
};

export const BATCH_SEGMENT_JOB: OverridesOf<'BatchSegmentJob'> = {
  check: (draft) => onlyRecipes(draft, SEGMENTS, 'batch segment job') ?? filterMisfit(draft),
  derive: deriveBatch,
};

export const RECOMMENDER: OverridesOf<'Recommender'> = {
  check({ recipe, resources }) {
    const { domain } = resources.datasetGroupArn;
    if (domain === undefined) return invalidInput('A recommender needs a Domain dataset group.');
    return recipe?.domain === domain
      ? undefined
      : invalidInput(`The recipe ${recipe?.name} is not one of the domain ${domain}.`);
  },
  derive: ({ input }) => ({
    recommenderConfig: { minRecommendationRequestsPerSecond: 1, ...input.recommenderConfig },
  }),
  view: ({ arn, transition }, { now }) =>
    MODELLED.has(statusAt(transition, now)) ? { modelMetrics: metricsOf(arn, 'USER_PERSONALIZATION') } : {},
};

export const changeRecommender: Change<'Recommender'> = (current, { input }) =>
  ok({ recommenderConfig: { ...current.recommenderConfig, ...input.recommenderConfig } });

/** AWS gives no metrics while a recommender is being created or deleted. */
const MODELLED: ReadonlySet<Status> = new Set<Status>([
  'ACTIVE',
  'INACTIVE',
  'START PENDING',
  'START IN_PROGRESS',
  'STOP PENDING',
  'STOP IN_PROGRESS',
]);

export const METRIC_ATTRIBUTION: OverridesOf<'MetricAttribution'> = {
  check: ({ input }) => repeatedMetric(input.metrics),
};

export const changeMetricAttribution: Change<'MetricAttribution'> = (current, { input }) => {
  const removed = new Set(input.removeMetrics);
  const kept = current.metrics.filter(({ metricName }) => !removed.has(metricName));
  const metrics = [...kept, ...(input.addMetrics ?? [])];
  const error = repeatedMetric(metrics);
  return error
    ? err(error)
    : ok({ metrics, metricsOutputConfig: input.metricsOutputConfig ?? current.metricsOutputConfig });
};

const failureOf = (
  { failureReason, until }: { readonly failureReason?: string; readonly until: number },
  now: number,
): string | undefined => (now >= until ? failureReason : undefined);

/** The version itself (a request may name `$LATEST`) and, for lists, its solution. */
const versionMembers = ({ arn, solutionArn }: Referenced<'SolutionVersion'>): OfVersion => ({
  solutionVersionArn: arn,
  solutionArn,
});

function onlyRecipes(
  { resources, call }: CreateDraft<'Campaign'> | BatchDraft,
  allowed: ReadonlySet<RecipeType>,
  what: string,
) {
  const recipe = recipeOf(resources.solutionVersionArn, call);
  return recipe === undefined || allowed.has(recipe.type)
    ? undefined
    : invalidInput(`A ${what} cannot be created with the recipe ${recipe.name}.`);
}

function themeDiagnostic({ input }: CreateDraft<'BatchInferenceJob'>) {
  return input.batchInferenceJobMode === 'THEME_GENERATION' && input.themeGenerationConfig === undefined
    ? invalidInput('themeGenerationConfig must be given where batchInferenceJobMode is THEME_GENERATION.')
    : undefined;
}

function filterMisfit({ resources: { filterArn: filter, solutionVersionArn: version }, call }: BatchDraft) {
  return filter && currentItemDiagnostic(filter, recipeOf(version, call));
}

function repeatedMetric(metrics: CreateInput<'MetricAttribution'>['metrics']) {
  const names = metrics.map(({ metricName }) => metricName);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  return repeated === undefined
    ? undefined
    : invalidInput(`The metric name ${repeated} is used more than once.`);
}
