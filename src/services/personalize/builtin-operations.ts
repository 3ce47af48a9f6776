import { err, ok } from '../../lib/result.ts';
import type { Operation } from '../../model/shape.ts';
import {
  type BuiltinKind,
  builtinArn,
  builtinName,
  findRecipe,
  LISTED_RECIPES,
  RECIPES_OF_A_PAGE,
} from './builtins.ts';
import type { Handler, HandlerFactory, Scope } from './call.ts';
import type { OperationInputs, OperationName } from './inputs.ts';
import { pageOf, pageRequest } from './next-token.ts';
import { describedMember, listedMember, project } from './output-shape.ts';
import { RECIPES, type Recipe } from './recipes.ts';
import { notFound } from './refusals.ts';

/** The operations on what AWS itself brings. */
export const BUILTIN_OPERATIONS: {
  readonly [Name in
    | 'DescribeRecipe'
    | 'DescribeAlgorithm'
    | 'DescribeFeatureTransformation'
    | 'ListRecipes']: HandlerFactory<Name>;
} = {
  DescribeRecipe: describe(({ recipeArn: arn }, scope) => {
    const recipe = findRecipe(arn, scope.partition);
    return { arn, found: recipe && recipeView(recipe, scope) };
  }),
  DescribeAlgorithm: describe(({ algorithmArn: arn }, scope) => ({
    arn,
    found: partOf(arn, 'algorithm', 'algorithm', scope),
  })),
  DescribeFeatureTransformation: describe(({ featureTransformationArn: arn }, scope) => ({
    arn,
    found: partOf(arn, 'feature-transformation', 'featureTransformation', scope),
  })),
  ListRecipes: listRecipes,
};

function describe<Name extends OperationName>(
  find: (
    input: OperationInputs[Name],
    scope: Scope,
  ) => { readonly arn: string; readonly found: object | undefined },
): HandlerFactory<Name> {
  return (operation) => {
    const { name, shape } = describedMember(operation);
    return ({ input, scope }) => {
      const { arn, found } = find(input, scope);
      return found === undefined ? err(notFound(arn)) : ok({ [name]: project(found, shape) });
    };
  };
}

/** AWS cuts the page before it looks at the domain: a page may be empty, and more may follow. */
function listRecipes(operation: Operation): Handler<'ListRecipes'> {
  const { name, summary } = listedMember(operation);
  return ({ input, scope }) => {
    const { domain } = input;
    const listed = `Recipe ${domain ?? ''}`;
    const request = pageRequest(listed, input, RECIPES_OF_A_PAGE);
    if (!request.ok) return request;
    const rest = LISTED_RECIPES.map((recipe, index) => ({ recipe, position: index + 1 })).slice(
      request.value.after,
    );
    const page = pageOf(listed, request.value, rest, ({ position }) => position);
    const recipes = page.entries
      .map(({ recipe }) => recipe)
      .filter((recipe) => domain === undefined || recipe.domain === domain);
    return ok({
      [name]: recipes.map((recipe) => project(recipeView(recipe, scope), summary)),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    });
  };
}

function recipeView(recipe: Recipe, { partition }: Scope): object {
  const { name, type, description, domain, algorithm, featureTransformation, created } = recipe;
  return {
    name,
    recipeArn: builtinArn(partition, 'recipe', name),
    algorithmArn: builtinArn(partition, 'algorithm', algorithm),
    featureTransformationArn:
      featureTransformation && builtinArn(partition, 'feature-transformation', featureTransformation),
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
  { partition }: Scope,
): object | undefined {
  const name = builtinName(arn, partition, kind);
  const users = RECIPES.filter((recipe) => name !== undefined && recipe[member] === name);
  const [first] = users.map(({ created }) => created).sort();
  return first === undefined ? undefined : { name, [`${member}Arn`]: arn, ...activeSince(first) };
}

const activeSince = (time: string): object => ({
  status: 'ACTIVE',
  creationDateTime: Date.parse(time),
  lastUpdatedDateTime: Date.parse(time),
});
