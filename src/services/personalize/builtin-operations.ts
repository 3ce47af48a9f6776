import { err, ok } from '../../lib/result.ts';
import type { Operation } from '../../model/shape.ts';
import {
  type BuiltinKind,
  builtinArn,
  builtinName,
  findRecipe,
  LISTED_RECIPES,
  RECIPES,
  RECIPES_OF_A_PAGE,
  type Recipe,
} from './builtins.ts';
import type { Call, Handler } from './call.ts';
import { pageOf, pageRequest } from './next-token.ts';
import { describedMember, listedMember, project } from './output-shape.ts';
import { notFound } from './refusals.ts';
import { arnMember } from './resource-types.ts';

/** The operations on what AWS itself brings. */
export const BUILTIN_OPERATIONS: Readonly<Record<string, (operation: Operation) => Handler>> = {
  DescribeRecipe: describe('Recipe', (arn, call) => {
    const recipe = findRecipe(arn, call.scope.partition);
    return recipe && recipeView(recipe, call);
  }),
  DescribeAlgorithm: describe('Algorithm', (arn, call) => partOf(arn, 'algorithm', 'algorithm', call)),
  DescribeFeatureTransformation: describe('FeatureTransformation', (arn, call) =>
    partOf(arn, 'feature-transformation', 'featureTransformation', call)),
  ListRecipes: listRecipes,
};

function describe(resourceType: string, find: (arn: string, call: Call) => object | undefined) {
  return (operation: Operation): Handler => {
    const { name, shape } = describedMember(operation);
    return (call) => {
      const arn = call.input[arnMember(resourceType)] as string;
      const found = find(arn, call);
      return found === undefined ? err(notFound(arn)) : ok({ [name]: project(found, shape) });
    };
  };
}

/** AWS cuts the page before it looks at the domain: a page may be empty, and more may follow. */
function listRecipes(operation: Operation): Handler {
  const { name, summary } = listedMember(operation);
  return (call) => {
    const { domain } = call.input;
    const listed = `Recipe ${domain ?? ''}`;
    const request = pageRequest(listed, call.input, RECIPES_OF_A_PAGE);
    if (!request.ok) return request;
    const rest = LISTED_RECIPES.map((recipe, index) => ({ recipe, position: index + 1 })).slice(
      request.value.after,
    );
    const page = pageOf(listed, request.value, rest, ({ position }) => position);
    const recipes = page.entries
      .map(({ recipe }) => recipe)
      .filter((recipe) => domain === undefined || recipe.domain === domain);
    return ok({
      [name]: recipes.map((recipe) => project(recipeView(recipe, call), summary)),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    });
  };
}

function recipeView(recipe: Recipe, { scope }: Call): object {
  const { name, type, description, domain, algorithm, featureTransformation, created } = recipe;
  return {
    name,
    recipeArn: builtinArn(scope.partition, 'recipe', name),
    algorithmArn: builtinArn(scope.partition, 'algorithm', algorithm),
    featureTransformationArn:
      featureTransformation && builtinArn(scope.partition, 'feature-transformation', featureTransformation),
    recipeType: type,
    description,
    domain,
    ...activeSince(created),
  };
}

/** An algorithm or a feature transformation: there where a recipe uses it, and as old as the first that does. */
function partOf(
  arn: string,
  kind: Exclude<BuiltinKind, 'recipe'>,
  member: 'algorithm' | 'featureTransformation',
  { scope }: Call,
): object | undefined {
  const name = builtinName(arn, scope.partition, kind);
  const users = RECIPES.filter((recipe) => name !== undefined && recipe[member] === name);
  const [first] = users.map(({ created }) => created).sort();
  return first === undefined ? undefined : { name, [`${member}Arn`]: arn, ...activeSince(first) };
}

const activeSince = (time: string): object => ({
  status: 'ACTIVE',
  creationDateTime: Date.parse(time),
  lastUpdatedDateTime: Date.parse(time),
});
