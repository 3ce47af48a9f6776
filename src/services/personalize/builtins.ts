import { RECIPES, type Recipe } from './recipes.ts';

export type BuiltinKind = 'recipe' | 'algorithm' | 'feature-transformation';

/** The legacy recipes are described, and not listed any more. */
const LEGACY = /^aws-hrnn/;

/** What ListRecipes goes through, by name, and how many AWS reads for a page that gives no `maxResults`. */
export const LISTED_RECIPES = RECIPES.filter(({ name }) => !LEGACY.test(name)).sort((one, other) =>
  one.name < other.name ? -1 : 1,
);
export const RECIPES_OF_A_PAGE = 12;

const RECIPES_BY_NAME = new Map(RECIPES.map((recipe) => [recipe.name, recipe]));

export const builtinArn = (partition: string, kind: BuiltinKind, name: string): string =>
  `arn:${partition}:personalize:::${kind}/${name}`;

/** The name in an ARN of AWS's own resources, `undefined` where it is not of that kind and partition. */
export function builtinName(arn: string, partition: string, kind: BuiltinKind): string | undefined {
  const prefix = builtinArn(partition, kind, '');
  return arn.startsWith(prefix) ? arn.slice(prefix.length) : undefined;
}

export function findRecipe(arn: string, partition: string): Recipe | undefined {
  return RECIPES_BY_NAME.get(builtinName(arn, partition, 'recipe') ?? '');
}
