import recipeRows from './recipes.json' with { type: 'json' };

/** What AWS itself brings: the same for every account, with ARNs that name neither account nor region. */
export interface Recipe {
  readonly name: string;
  readonly type: RecipeType;
  /** Which of user and item a request for recommendations must name. */
  readonly needs: readonly ('user' | 'item')[];
  readonly description: string;
  readonly domain?: string;
  readonly algorithm: string;
  readonly featureTransformation?: string;
  /** ISO 8601. */
  readonly created: string;
}

export type RecipeType =
  | 'USER_PERSONALIZATION'
  | 'PERSONALIZED_RANKING'
  | 'RELATED_ITEMS'
  | 'POPULAR_ITEMS'
  | 'PERSONALIZED_ACTIONS'
  | 'USER_SEGMENTATION';

export type BuiltinKind = 'recipe' | 'algorithm' | 'feature-transformation';

/** @see https://docs.aws.amazon.com/personalize/latest/dg/working-with-predefined-recipes.html */
export const RECIPES = recipeRows as readonly Recipe[];

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
