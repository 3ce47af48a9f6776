// Generated from src/model/generated/personalize-runtime.json by `npm run generate`; do not edit.

type Promotion = { readonly name?: string; readonly percentPromotedItems?: number; readonly filterArn?: string; readonly filterValues?: Readonly<Record<string, string>> };

/** The input of each operation of `personalize-runtime`, decoded and valid. */
export type PersonalizeRuntimeInputs = {
  readonly GetActionRecommendations: { readonly campaignArn?: string; readonly userId?: string; readonly numResults?: number; readonly filterArn?: string; readonly filterValues?: Readonly<Record<string, string>> };
  readonly GetPersonalizedRanking: { readonly campaignArn: string; readonly inputList: readonly string[]; readonly userId: string; readonly context?: Readonly<Record<string, string>>; readonly filterArn?: string; readonly filterValues?: Readonly<Record<string, string>>; readonly metadataColumns?: Readonly<Record<string, readonly string[]>> };
  readonly GetRecommendations: { readonly campaignArn?: string; readonly itemId?: string; readonly userId?: string; readonly numResults?: number; readonly context?: Readonly<Record<string, string>>; readonly filterArn?: string; readonly filterValues?: Readonly<Record<string, string>>; readonly recommenderArn?: string; readonly promotions?: readonly Promotion[]; readonly metadataColumns?: Readonly<Record<string, readonly string[]>> };
};
