import type { AwsError } from '../../lib/errors.ts';
import { awsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Call, CallContext } from './call.ts';
import { datasetArn, eventTypesOf, findEntity } from './catalog.ts';
import { applyFilter, type Candidate } from './filter-apply.ts';
import { parseFilter } from './filter-expression.ts';
import { currentItemDiagnostic } from './filter-resource.ts';
import { statusAt, type Transition } from './lifecycle.ts';
import type { Recipe, RecipeType } from './recipes.ts';
import { findOwn, recipeOf } from './references.ts';
import { invalidInput, notFound } from './refusals.ts';
import { textOf } from './resource-attributes.ts';
import { attributesAt } from './resource-table.ts';

/** What answers a request for recommendations: a campaign or a recommender. */
export interface Target {
  readonly arn: string;
  readonly name: string;
  readonly recipe: Recipe;
  readonly groupArn: string;
  readonly withMetadata: boolean;
}

/** A call of one of the three operations of personalize-runtime: the other two have less than this input. */
export type RecommendationCall = Call<'GetRecommendations'>;

/** The campaign or recommender that a request names: there, ACTIVE, and trained with a recipe of one of these types. */
export function targetOf(call: RecommendationCall, types: readonly RecipeType[]): Result<Target, AwsError> {
  const { campaignArn, recommenderArn } = call.input;
  const arn = campaignArn ?? recommenderArn;
  if (arn === undefined || (campaignArn !== undefined && recommenderArn !== undefined))
    return err(invalidInput('Exactly one of campaignArn and recommenderArn must be given.'));
  const source = campaignArn === undefined ? recommenderAt(arn, call) : campaignAt(arn, call);
  if (source === undefined) return err(notFound(arn));
  const status = statusAt(source.transition, call.now);
  if (status !== 'ACTIVE')
    return err(
      awsError('ResourceNotFoundException', `Resource ${arn} is in status ${status}; it must be ACTIVE.`),
    );
  const recipe = recipeOf(source.trained, call) ?? AUTO_ML;
  if (!types.includes(recipe.type))
    return err(invalidInput(`${call.operation.name} cannot be used with the recipe ${recipe.name}.`));
  return ok({
    arn,
    name: source.name,
    recipe,
    groupArn: source.trained.datasetGroupArn,
    withMetadata: source.config?.enableMetadataWithRecommendations === true,
  });
}

/** What campaigns and recommenders have in common. */
interface Source {
  readonly transition: Transition;
  readonly name: string;
  readonly config: { readonly enableMetadataWithRecommendations?: boolean } | undefined;
  readonly trained: { readonly recipeArn?: string; readonly datasetGroupArn: string };
}

function recommenderAt(arn: string, call: CallContext): Source | undefined {
  const found = findOwn('Recommender', arn, call);
  if (found === undefined) return undefined;
  const trained = attributesAt(found, call.now);
  return { transition: found.transition, name: trained.name, config: trained.recommenderConfig, trained };
}

function campaignAt(arn: string, call: CallContext): Source | undefined {
  const found = findOwn('Campaign', arn, call);
  if (found === undefined) return undefined;
  const { name, campaignConfig: config, solutionVersionArn } = attributesAt(found, call.now);
  const version = call.table.findOf('SolutionVersion', solutionVersionArn);
  return version && { transition: found.transition, name, config, trained: version.attributes };
}

/** What a solution with AutoML is trained with. */
const AUTO_ML: Recipe = {
  name: 'aws-user-personalization',
  type: 'USER_PERSONALIZATION',
  needs: ['user'],
  description: '',
  algorithm: 'aws-user-personalization',
  created: '2020-08-04T00:00:00.000Z',
};

/** Checks what the recipe asks of a request; gives the number of results. */
export function checkRequest(
  { input }: RecommendationCall,
  { recipe, withMetadata }: Target,
  results: { readonly usual: number; readonly most: number },
): Result<number, AwsError> {
  for (const need of recipe.needs) {
    if (textOf(input, `${need}Id`) === undefined)
      return err(invalidInput(`${need}Id must be given for the recipe ${recipe.name}.`));
  }
  const size = input.numResults || results.usual;
  if (size > results.most) return err(invalidInput(`numResults can be at most ${results.most}.`));
  const datasets = Object.keys(input.metadataColumns ?? {});
  if (datasets.length > 0 && !withMetadata)
    return err(invalidInput('metadataColumns needs enableMetadataWithRecommendations, which is not true.'));
  const foreign = datasets.find((dataset) => dataset !== 'ITEMS');
  if (foreign !== undefined)
    return err(invalidInput(`metadataColumns can be of ITEMS only, not ${foreign}.`));
  return ok(size);
}

/** The candidates that the filter of a request (or of a promotion) lets through; all, where it names none. */
export function filterCandidates<T extends Candidate>(
  call: RecommendationCall,
  { groupArn, recipe }: Target,
  candidates: readonly T[],
  { filterArn, filterValues = {} }: Pick<RecommendationCall['input'], 'filterArn' | 'filterValues'>,
): Result<readonly T[], AwsError> {
  if (filterArn === undefined) return ok(candidates);
  const found = findOwn('Filter', filterArn, call);
  if (found === undefined) return err(notFound(filterArn));
  if (statusAt(found.transition, call.now) !== 'ACTIVE')
    return err(invalidInput(`The filter ${filterArn} is not ACTIVE.`));
  if (found.attributes.datasetGroupArn !== groupArn)
    return err(invalidInput(`The filter ${filterArn} is of another dataset group.`));
  const diagnostic = currentItemDiagnostic({ ...found.attributes, arn: found.arn }, recipe);
  if (diagnostic) return err(diagnostic);
  const filter = parseFilter(found.attributes.filterExpression);
  if (typeof filter === 'string') return err(invalidInput(filter));
  const { userId, itemId } = call.input;
  const { state } = call;
  return applyFilter(filter, candidates, {
    values: filterValues,
    user:
      userId === undefined
        ? undefined
        : findEntity(state, datasetArn(groupArn, 'USERS'), 'user', userId)?.properties,
    item:
      itemId === undefined
        ? undefined
        : findEntity(state, datasetArn(groupArn, 'ITEMS'), 'item', itemId)?.properties,
    eventTypes: (id) => (userId === undefined ? [] : eventTypesOf(state, groupArn, userId, id)),
  });
}
