import type { AwsError } from '../../lib/errors.ts';
import { awsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Recipe, RecipeType } from './builtins.ts';
import { type Call, textOf } from './call.ts';
import { datasetArn, eventTypesOf, findEntity } from './catalog.ts';
import { applyFilter, type Candidate } from './filter-apply.ts';
import { parseFilter } from './filter-expression.ts';
import { currentItemDiagnostic } from './filter-resource.ts';
import { statusAt } from './lifecycle.ts';
import { findOwn, recipeOf } from './references.ts';
import { invalidInput, notFound } from './refusals.ts';
import { type Attributes, attributesAt } from './resource-table.ts';

/** What answers a request for recommendations: a campaign or a recommender. */
export interface Target {
  readonly arn: string;
  readonly name: string;
  readonly recipe: Recipe;
  readonly groupArn: string;
  readonly withMetadata: boolean;
}

/** The campaign or recommender that a request names: there, ACTIVE, and trained with a recipe of one of these types. */
export function targetOf(call: Call, types: readonly RecipeType[]): Result<Target, AwsError> {
  const { campaignArn, recommenderArn } = call.input;
  if ((campaignArn === undefined) === (recommenderArn === undefined))
    return err(invalidInput('Exactly one of campaignArn and recommenderArn must be given.'));
  const arn = (campaignArn ?? recommenderArn) as string;
  const found = findOwn(campaignArn === undefined ? 'Recommender' : 'Campaign', arn, call);
  if (found === undefined) return err(notFound(arn));
  const status = statusAt(found.transition, call.now);
  if (status !== 'ACTIVE')
    return err(
      awsError('ResourceNotFoundException', `Resource ${arn} is in status ${status}; it must be ACTIVE.`),
    );
  const attributes = attributesAt(found, call.now);
  const trained =
    campaignArn === undefined
      ? attributes
      : (call.table.find(attributes.solutionVersionArn as string)?.attributes ?? {});
  const recipe = recipeOf(trained, call) ?? AUTO_ML;
  if (!types.includes(recipe.type))
    return err(invalidInput(`${call.operation.name} cannot be used with the recipe ${recipe.name}.`));
  const config = (attributes.campaignConfig ?? attributes.recommenderConfig) as Attributes | undefined;
  return ok({
    arn,
    name: attributes.name as string,
    recipe,
    groupArn: trained.datasetGroupArn as string,
    withMetadata: config?.enableMetadataWithRecommendations === true,
  });
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
  { input }: Call,
  { recipe, withMetadata }: Target,
  results: { readonly usual: number; readonly most: number },
): Result<number, AwsError> {
  for (const need of recipe.needs) {
    if (textOf(input, `${need}Id`) === undefined)
      return err(invalidInput(`${need}Id must be given for the recipe ${recipe.name}.`));
  }
  const size = (input.numResults as number | undefined) || results.usual;
  if (size > results.most) return err(invalidInput(`numResults can be at most ${results.most}.`));
  const datasets = Object.keys((input.metadataColumns as object | undefined) ?? {});
  if (datasets.length > 0 && !withMetadata)
    return err(invalidInput('metadataColumns needs enableMetadataWithRecommendations, which is not true.'));
  const foreign = datasets.find((dataset) => dataset !== 'ITEMS');
  if (foreign !== undefined)
    return err(invalidInput(`metadataColumns can be of ITEMS only, not ${foreign}.`));
  return ok(size);
}

/** The candidates that the filter of a request (or of a promotion) lets through; all, where it names none. */
export function filterCandidates<T extends Candidate>(
  call: Call,
  { groupArn, recipe }: Target,
  candidates: readonly T[],
  { filterArn, filterValues }: Attributes,
): Result<readonly T[], AwsError> {
  if (filterArn === undefined) return ok(candidates);
  const found = findOwn('Filter', filterArn as string, call);
  if (found === undefined) return err(notFound(filterArn as string));
  if (statusAt(found.transition, call.now) !== 'ACTIVE')
    return err(invalidInput(`The filter ${filterArn} is not ACTIVE.`));
  if (found.attributes.datasetGroupArn !== groupArn)
    return err(invalidInput(`The filter ${filterArn} is of another dataset group.`));
  const diagnostic = currentItemDiagnostic({ ...found.attributes, arn: found.arn }, recipe);
  if (diagnostic) return err(diagnostic);
  const filter = parseFilter(found.attributes.filterExpression as string);
  if (typeof filter === 'string') return err(invalidInput(filter));
  const { userId, itemId } = call.input as { readonly userId?: string; readonly itemId?: string };
  const { state } = call;
  return applyFilter(filter, candidates, {
    values: (filterValues ?? {}) as Readonly<Record<string, string>>,
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
