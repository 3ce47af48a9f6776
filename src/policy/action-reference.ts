/**
 * What the Service Authorization Reference says about actions, as far as advice on a policy needs it. An
 * implementation comes from `model/`; the policies only ask.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export interface ActionReference {
  /** Every service prefix that AWS has, in lower case: `personalize`, `s3`, … */
  readonly services: ReadonlySet<string>;
  /** Every global condition key, as AWS spells it: `aws:SourceIp`, `aws:PrincipalTag/${TagKey}`, … */
  readonly globalConditionKeys: ReadonlySet<string>;
  /**
   * The names of a service's actions as AWS spells them (`CreateCampaign`), or `undefined` for an unknown service.
   * @param service the prefix in lower case
   */
  actionsOf(service: string): ReadonlySet<string> | undefined;
  /**
   * What an action works on, or `undefined` where the reference holds only the name of the action.
   * @param service the prefix in lower case
   * @param action the name as `actionsOf` spells it
   */
  describe(service: string, action: string): ActionDescription | undefined;
}

export interface ActionDescription {
  /**
   * The ARN templates of its resource types, required and optional ones:
   * `arn:${Partition}:personalize:${Region}:${Account}:campaign/${ResourceId}`. Empty for an action that works on no
   * resource and can be granted on `*` only.
   */
  readonly resourceArns: readonly string[];
  /**
   * The ARN templates of what AWS checks, or may check, without documenting it: a recipe for `CreateSolution`, the parent
   * for a List, a recommender for `GetRecommendations`. No policy is blamed for naming them.
   */
  readonly undocumentedArns?: readonly string[];
  /**
   * The condition keys that its requests carry beside the global ones, those of its resource types among them, as AWS
   * spells them: `aws:RequestTag/${TagKey}`, `aws:ResourceTag/${TagKey}`, `iam:PassedToService`.
   */
  readonly conditionKeys: readonly string[];
}
