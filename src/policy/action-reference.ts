/**
 * The part of the Service Authorization Reference that advice on policies needs. `model/` implements it.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export interface ActionReference {
  /** Every service prefix of AWS, in lower case: `personalize`, `s3`, … */
  readonly services: ReadonlySet<string>;
  /** Every global condition key, as AWS spells it: `aws:SourceIp`, `aws:PrincipalTag/${TagKey}`, … */
  readonly globalConditionKeys: ReadonlySet<string>;
  /** Name of a condition key in lower case -> the type of its values: `ARN`, `IPAddress`, `ArrayOfString`, … */
  readonly conditionKeyTypes: ReadonlyMap<string, string>;
  /** The action that an operation's name or a service's other prefix means: `s3:ListBucket` of `s3:HeadBucket`. */
  actionOfOperation(text: string): string | undefined;
  /**
   * The names of a service's actions as AWS spells them (`CreateCampaign`), or `undefined` for an unknown service.
   * @param service the prefix in lower case
   */
  actionsOf(service: string): ReadonlySet<string> | undefined;
  /**
   * The description of an action, or `undefined` if the reference has only the action's name.
   * @param service the prefix in lower case
   * @param action the name as spelled by `actionsOf`
   */
  describe(service: string, action: string): ActionDescription | undefined;
  /**
   * The ARN templates of all resources of a service, or `undefined` for an unknown one. A placeholder without a name, `${}`,
   * holds no colon.
   * @param service the prefix in lower case
   */
  resourceArnsOf(service: string): readonly string[] | undefined;
}

export interface ActionDescription {
  /**
   * The ARN templates of its resource types, required and optional ones:
   * `arn:${Partition}:personalize:${Region}:${Account}:campaign/${ResourceId}`. Empty for an action without resource
   * types, which can be granted on `*` only.
   */
  readonly resourceArns: readonly string[];
  /**
   * The ARN templates of resources that AWS checks, or may check, without documenting it: a recipe for
   * `CreateSolution`, the parent for a List, a recommender for `GetRecommendations`. Policies that name them get no
   * warning.
   */
  readonly undocumentedArns?: readonly string[];
  /**
   * The condition keys of its requests besides the global ones, including those of its resource types, as AWS spells
   * them: `aws:RequestTag/${TagKey}`, `aws:ResourceTag/${TagKey}`, `iam:PassedToService`.
   */
  readonly conditionKeys: readonly string[];
}
