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

/** @see https://docs.aws.amazon.com/personalize/latest/dg/working-with-predefined-recipes.html */
export const RECIPES: readonly Recipe[] = [
  {
    name: 'aws-user-personalization-v2',
    type: 'USER_PERSONALIZATION',
    needs: ['user'],
    description:
      'Recommends the items a user is likely to interact with next, trained with a transformer on millions of items.',
    algorithm: 'aws-user-personalization-v2',
    created: '2024-05-02T00:00:00.000Z',
  },
  {
    name: 'aws-user-personalization',
    type: 'USER_PERSONALIZATION',
    needs: ['user'],
    description: 'Recommends the items a user is likely to interact with, and explores new items.',
    algorithm: 'aws-user-personalization',
    created: '2020-08-04T00:00:00.000Z',
  },
  {
    name: 'aws-personalized-ranking-v2',
    type: 'PERSONALIZED_RANKING',
    needs: ['user'],
    description: 'Ranks a list of items for a user, trained with a transformer on millions of items.',
    algorithm: 'aws-personalized-ranking-v2',
    created: '2024-05-02T00:00:00.000Z',
  },
  {
    name: 'aws-personalized-ranking',
    type: 'PERSONALIZED_RANKING',
    needs: ['user'],
    description: 'Ranks a list of items for a user.',
    algorithm: 'aws-personalized-ranking',
    featureTransformation: 'JSON-percentile-filtering',
    created: '2019-06-10T00:00:00.000Z',
  },
  {
    name: 'aws-similar-items',
    type: 'RELATED_ITEMS',
    needs: ['item'],
    description: 'Recommends items that are similar to an item by interactions and metadata.',
    algorithm: 'aws-similar-items',
    created: '2021-10-06T00:00:00.000Z',
  },
  {
    name: 'aws-semantic-similarity',
    type: 'RELATED_ITEMS',
    needs: ['item'],
    description: 'Recommends items whose descriptions are similar to that of an item.',
    algorithm: 'aws-semantic-similarity',
    created: '2025-11-30T00:00:00.000Z',
  },
  {
    name: 'aws-sims',
    type: 'RELATED_ITEMS',
    needs: ['item'],
    description: 'Recommends items that occur together with an item in user histories.',
    algorithm: 'aws-sims',
    featureTransformation: 'sims',
    created: '2019-06-10T00:00:00.000Z',
  },
  {
    name: 'aws-popularity-count',
    type: 'POPULAR_ITEMS',
    needs: [],
    description: 'Recommends the items that most users interacted with.',
    algorithm: 'aws-popularity-count',
    featureTransformation: 'sims',
    created: '2019-06-10T00:00:00.000Z',
  },
  {
    name: 'aws-trending-now',
    type: 'POPULAR_ITEMS',
    needs: [],
    description: 'Recommends the items whose popularity grows fastest.',
    algorithm: 'aws-trending-now-custom',
    created: '2023-05-25T00:00:00.000Z',
  },
  {
    name: 'aws-next-best-action',
    type: 'PERSONALIZED_ACTIONS',
    needs: ['user'],
    description: 'Recommends the actions a user is likely to take.',
    algorithm: 'aws-next-best-action',
    created: '2023-11-26T00:00:00.000Z',
  },
  {
    name: 'aws-item-affinity',
    type: 'USER_SEGMENTATION',
    needs: [],
    description: 'Builds a segment of users for each item given.',
    algorithm: 'aws-item-affinity',
    featureTransformation: 'item-affinity',
    created: '2021-11-29T00:00:00.000Z',
  },
  {
    name: 'aws-item-attribute-affinity',
    type: 'USER_SEGMENTATION',
    needs: [],
    description: 'Builds a segment of users for each item attribute given.',
    algorithm: 'aws-item-attribute-affinity',
    featureTransformation: 'item-attribute-affinity',
    created: '2021-11-29T00:00:00.000Z',
  },
  {
    name: 'aws-hrnn',
    type: 'USER_PERSONALIZATION',
    needs: ['user'],
    description: 'Predicts the items a user will interact with (legacy).',
    algorithm: 'aws-hrnn',
    featureTransformation: 'JSON-percentile-filtering',
    created: '2019-06-10T00:00:00.000Z',
  },
  {
    name: 'aws-hrnn-metadata',
    type: 'USER_PERSONALIZATION',
    needs: ['user'],
    description: 'HRNN with metadata of interactions, users and items (legacy).',
    algorithm: 'aws-hrnn-metadata',
    featureTransformation: 'featurize_metadata',
    created: '2019-06-10T00:00:00.000Z',
  },
  {
    name: 'aws-hrnn-coldstart',
    type: 'USER_PERSONALIZATION',
    needs: ['user'],
    description: 'HRNN-metadata with exploration of new items (legacy).',
    algorithm: 'aws-hrnn-coldstart',
    featureTransformation: 'featurize_coldstart',
    created: '2019-06-10T00:00:00.000Z',
  },
  {
    name: 'aws-ecomm-popular-items-by-views',
    type: 'POPULAR_ITEMS',
    needs: [],
    description: 'Most viewed items.',
    domain: 'ECOMMERCE',
    algorithm: 'aws-ecomm-popular-items-by-views',
    created: '2021-11-29T00:00:00.000Z',
  },
  {
    name: 'aws-ecomm-popular-items-by-purchases',
    type: 'POPULAR_ITEMS',
    needs: [],
    description: 'Best sellers.',
    domain: 'ECOMMERCE',
    algorithm: 'aws-ecomm-popular-items-by-purchases',
    created: '2021-11-29T00:00:00.000Z',
  },
  {
    name: 'aws-ecomm-frequently-bought-together',
    type: 'RELATED_ITEMS',
    needs: ['item'],
    description: 'Items that are bought together with an item.',
    domain: 'ECOMMERCE',
    algorithm: 'aws-ecomm-frequently-bought-together',
    created: '2021-11-29T00:00:00.000Z',
  },
  {
    name: 'aws-ecomm-customers-who-viewed-x-also-viewed',
    type: 'RELATED_ITEMS',
    needs: ['item'],
    description: 'Items that customers viewed who viewed an item.',
    domain: 'ECOMMERCE',
    algorithm: 'aws-ecomm-customers-who-viewed-x-also-viewed',
    created: '2021-11-29T00:00:00.000Z',
  },
  {
    name: 'aws-ecomm-recommended-for-you',
    type: 'USER_PERSONALIZATION',
    needs: ['user'],
    description: 'Items recommended for a user.',
    domain: 'ECOMMERCE',
    algorithm: 'aws-ecomm-recommended-for-you',
    created: '2021-11-29T00:00:00.000Z',
  },
  {
    name: 'aws-vod-because-you-watched-x',
    type: 'RELATED_ITEMS',
    needs: ['user', 'item'],
    description: 'Videos for a user because of a video that the user watched.',
    domain: 'VIDEO_ON_DEMAND',
    algorithm: 'aws-vod-because-you-watched-x',
    created: '2021-11-29T00:00:00.000Z',
  },
  {
    name: 'aws-vod-more-like-x',
    type: 'RELATED_ITEMS',
    needs: ['item'],
    description: 'Videos that are like a video.',
    domain: 'VIDEO_ON_DEMAND',
    algorithm: 'aws-vod-more-like-x',
    created: '2021-11-29T00:00:00.000Z',
  },
  {
    name: 'aws-vod-most-popular',
    type: 'POPULAR_ITEMS',
    needs: [],
    description: 'Most popular videos.',
    domain: 'VIDEO_ON_DEMAND',
    algorithm: 'aws-vod-most-popular',
    created: '2021-11-29T00:00:00.000Z',
  },
  {
    name: 'aws-vod-trending-now',
    type: 'POPULAR_ITEMS',
    needs: [],
    description: 'Videos whose popularity grows fastest.',
    domain: 'VIDEO_ON_DEMAND',
    algorithm: 'aws-vod-trending-now',
    created: '2021-11-29T00:00:00.000Z',
  },
  {
    name: 'aws-vod-top-picks',
    type: 'USER_PERSONALIZATION',
    needs: ['user'],
    description: 'Videos picked for a user.',
    domain: 'VIDEO_ON_DEMAND',
    algorithm: 'aws-vod-top-picks',
    created: '2021-11-29T00:00:00.000Z',
  },
];
