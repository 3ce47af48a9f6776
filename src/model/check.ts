/** What one operation must be allowed to do. Every check must be allowed; the first that is not is the one answered. */
export interface Authorization {
  readonly checks: readonly Check[];
  /** Checks that AWS may make and does not document: reported, and enforced only by setting. */
  readonly undocumented: readonly Check[];
  /** Why the row was written by hand, where the service models and the Service Authorization Reference do not say it. */
  readonly reason?: string;
}

export interface Check {
  /** `personalize:CreateCampaign` */
  readonly action: string;
  readonly resource: ResourceSource;
  /** The check is made only where this member is given (a list: and is not empty). */
  readonly when?: MemberPath;
  /** Condition keys of this check alone, e.g. `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Member names from the input down; `*` stands for every item of a list. */
export type MemberPath = readonly string[];

/** Where the resource's ARN comes from. */
export type ResourceSource =
  /** The action works on no resource: `*`. */
  | { readonly from: 'any' }
  /** The ARN given; `suffix` is added to it. */
  | { readonly from: 'member'; readonly path: MemberPath; readonly suffix?: string }
  /** The ARN of the one member that is given; none or several is a fault of the request. */
  | { readonly from: 'oneMember'; readonly paths: readonly MemberPath[] }
  /** The ARN that a new resource will have: the template of its type, its last placeholder made of `name`, joined by `/`. */
  | { readonly from: 'new'; readonly template: string; readonly name: readonly NamePart[] }
  /** The IAM entity of that name, whose ARN holds its path; without a name the user who asks, where `orCaller`. */
  | {
      readonly from: 'iamEntity';
      readonly type: IamEntityType;
      readonly path: MemberPath;
      readonly orCaller: boolean;
    }
  /** The user who owns the access key given. */
  | { readonly from: 'accessKeyOwner'; readonly path: MemberPath };

export type IamEntityType = 'user' | 'role' | 'group' | 'instance-profile' | 'server-certificate';

export type NamePart =
  | { readonly member: string; readonly upperCase?: true }
  /** What follows the last `/` of the ARN in this member. */
  | { readonly lastPartOf: string }
  | { readonly text: string };

export const ANY: ResourceSource = { from: 'any' };

export const given = (...path: readonly string[]): ResourceSource => ({ from: 'member', path });

/** The members that a resource is read from. */
export function membersOf(source: ResourceSource): readonly MemberPath[] {
  switch (source.from) {
    case 'any':
      return [];
    case 'oneMember':
      return source.paths;
    case 'new':
      return source.name.flatMap((part) =>
        'text' in part ? [] : [['member' in part ? part.member : part.lastPartOf]],
      );
    default:
      return [source.path];
  }
}
