import { ok } from '../../lib/result.ts';
import type { RecipeType } from './builtins.ts';
import { shortId } from './call.ts';
import { currentItemDiagnostic } from './filter-resource.ts';
import { type Status, statusAt, statusSince } from './lifecycle.ts';
import { recipeOf, versionsOf } from './references.ts';
import { invalidInput } from './refusals.ts';
import type { Draft, ResourceOverrides } from './resource-overrides.ts';
import type { Attributes } from './resource-table.ts';
import { metricsOf } from './solution-metrics.ts';

/** Rules of the resources that train and that recommend. */
export const SOLUTION: ResourceOverrides = {
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
  change: (current, { input }) => {
    const { solutionUpdateConfig, ...switches } = input;
    const solutionConfig = { ...(current.solutionConfig as object), ...(solutionUpdateConfig as object) };
    return ok({ ...switches, solutionConfig, ...(solutionUpdateConfig ? { solutionUpdateConfig } : {}) });
  },
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

/** What a version takes over from its solution. */
const TRAINED_WITH = [
  'datasetGroupArn',
  'eventType',
  'performAutoML',
  'performHPO',
  'performIncrementalUpdate',
  'recipeArn',
  'solutionConfig',
];

export const SOLUTION_VERSION: ResourceOverrides = {
  arnId(draft) {
    const { name, arn } = solutionOf(draft);
    return `${name}/${shortId(`${arn}/`, draft.call)}`;
  },
  check(draft) {
    const trained = versionsOf(solutionOf(draft).arn, draft.call.table).some(
      ({ transition }) => statusAt(transition, draft.call.now) === 'ACTIVE',
    );
    return draft.input.trainingMode === 'UPDATE' && !trained
      ? invalidInput('trainingMode UPDATE needs a solution version that is ACTIVE.')
      : undefined;
  },
  derive(draft) {
    const solution = solutionOf(draft);
    return {
      ...Object.fromEntries(TRAINED_WITH.map((member) => [member, solution[member]])),
      trainingMode: draft.input.trainingMode ?? 'FULL',
      trainingType: 'MANUAL',
    };
  },
  view: ({ arn, attributes, transition }, { now }) => ({
    // Recorded: SOLUTION/ID, where the caller gives no name.
    name: attributes.name ?? arn.slice(arn.indexOf('/') + 1),
    ...(statusAt(transition, now) === 'ACTIVE' && { trainingHours: 1 }),
  }),
};

export const CAMPAIGN: ResourceOverrides = {
  check: (draft) => onlyRecipes(draft, NOT_SEGMENTS, 'campaign'),
  derive: (draft) => ({ minProvisionedTPS: draft.input.minProvisionedTPS ?? 1, ...versionMembers(draft) }),
  change: (_, draft) => ok({ ...draft.input, ...versionMembers(draft) }),
};

const batch = (what: string, allowed: ReadonlySet<RecipeType>): ResourceOverrides => ({
  check: (draft) => onlyRecipes(draft, allowed, what) ?? themeDiagnostic(draft) ?? filterMisfit(draft),
  derive: (draft) => ({ numResults: draft.input.numResults ?? 25, ...versionMembers(draft) }),
});

const SEGMENTS: ReadonlySet<RecipeType> = new Set<RecipeType>(['USER_SEGMENTATION']);
const NOT_SEGMENTS: ReadonlySet<RecipeType> = new Set<RecipeType>([
  'USER_PERSONALIZATION',
  'PERSONALIZED_RANKING',
  'RELATED_ITEMS',
  'POPULAR_ITEMS',
  'PERSONALIZED_ACTIONS',
]);

export const BATCH_INFERENCE_JOB: ResourceOverrides = batch('batch inference job', NOT_SEGMENTS);
export const BATCH_SEGMENT_JOB: ResourceOverrides = batch('batch segment job', SEGMENTS);

export const RECOMMENDER: ResourceOverrides = {
  check({ recipe, resources }) {
    const domain = resources.datasetGroupArn?.domain;
    if (domain === undefined) return invalidInput('A recommender needs a Domain dataset group.');
    return recipe?.domain === domain
      ? undefined
      : invalidInput(`The recipe ${recipe?.name} is not one of the domain ${domain}.`);
  },
  derive: ({ input }) => ({
    recommenderConfig: { minRecommendationRequestsPerSecond: 1, ...(input.recommenderConfig as object) },
  }),
  change: (current, { input }) =>
    ok({
      recommenderConfig: { ...(current.recommenderConfig as object), ...(input.recommenderConfig as object) },
    }),
  view: ({ arn, transition }, { now }) =>
    MODELLED.has(statusAt(transition, now)) ? { modelMetrics: metricsOf(arn, 'USER_PERSONALIZATION') } : {},
};

/** AWS gives no metrics while a recommender is being created or deleted. */
const MODELLED: ReadonlySet<Status> = new Set<Status>([
  'ACTIVE',
  'INACTIVE',
  'START PENDING',
  'START IN_PROGRESS',
  'STOP PENDING',
  'STOP IN_PROGRESS',
]);

interface Metric {
  readonly metricName: string;
}

export const METRIC_ATTRIBUTION: ResourceOverrides = {
  check: ({ input }) => repeatedMetric(input.metrics as readonly Metric[]),
  change(current, { input }) {
    const removed = new Set(input.removeMetrics as readonly string[] | undefined);
    const kept = (current.metrics as readonly Metric[]).filter(({ metricName }) => !removed.has(metricName));
    const metrics = [...kept, ...((input.addMetrics ?? []) as readonly Metric[])];
    const error = repeatedMetric(metrics);
    if (error) return { ok: false, error };
    return ok({ metrics, metricsOutputConfig: input.metricsOutputConfig ?? current.metricsOutputConfig });
  },
};

const failureOf = (
  { failureReason, until }: { readonly failureReason?: string; readonly until: number },
  now: number,
): string | undefined => (now >= until ? failureReason : undefined);

function solutionOf({ resources }: Draft): Attributes & { readonly arn: string } {
  const solution = resources.solutionArn;
  if (solution === undefined) throw new Error('a solution version without a solution');
  return solution;
}

/** The version itself (a request may say `$LATEST`) and, for lists, its solution. */
function versionMembers({ resources: { solutionVersionArn: version } }: Draft): Attributes {
  return version === undefined ? {} : { solutionVersionArn: version.arn, solutionArn: version.solutionArn };
}

function onlyRecipes(draft: Draft, allowed: ReadonlySet<RecipeType>, what: string) {
  const version = draft.resources.solutionVersionArn;
  const recipe = version && recipeOf(version, draft.call);
  return recipe === undefined || allowed.has(recipe.type)
    ? undefined
    : invalidInput(`A ${what} cannot be created with the recipe ${recipe.name}.`);
}

function themeDiagnostic({ input }: Draft) {
  return input.batchInferenceJobMode === 'THEME_GENERATION' && input.themeGenerationConfig === undefined
    ? invalidInput('themeGenerationConfig must be given where batchInferenceJobMode is THEME_GENERATION.')
    : undefined;
}

function filterMisfit({ resources: { filterArn: filter, solutionVersionArn: version }, call }: Draft) {
  return filter && version && currentItemDiagnostic(filter, recipeOf(version, call));
}

function repeatedMetric(metrics: readonly Metric[]) {
  const names = metrics.map(({ metricName }) => metricName);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  return repeated === undefined
    ? undefined
    : invalidInput(`The metric name ${repeated} is used more than once.`);
}
