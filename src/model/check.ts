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
  /** What the table itself names, its account and partition filled in: `arn:${Partition}:s3:::*`. */
  | { readonly from: 'fixed'; readonly template: string }
  /** What a List of IAM looks through: the template, then the path prefix given, `/` where none is. */
  | { readonly from: 'pathPrefix'; readonly template: string; readonly path: MemberPath }
  /** The ARN given; `*` where none is. */
  | { readonly from: 'memberOrAny'; readonly path: MemberPath }
  /** The ARN given; `suffix` is added to it. */
  | { readonly from: 'member'; readonly path: MemberPath; readonly suffix?: string }
  /** The ARN of the one member that is given; none or several is a diagnostic of the request. */
  | { readonly from: 'oneMember'; readonly paths: readonly MemberPath[] }
  /** The ARN that a new resource will have: the template of its type, its last placeholder made of `name`, joined by `/`. */
  | { readonly from: 'new'; readonly template: string; readonly name: readonly NamePart[] }
  /** The IAM entity of that name, whose ARN holds its path; without a name what `unnamed` says. */
  | {
      readonly from: 'iamEntity';
      readonly type: IamEntityType;
      readonly path: MemberPath;
      /** The user who asks, `*`, or nothing: the request is then refused. */
      readonly unnamed: 'caller' | 'any' | 'nothing';
    }
  /** The user who asks. */
  | { readonly from: 'caller' }
  /** The user who owns the access key given. */
  | { readonly from: 'accessKeyOwner'; readonly path: MemberPath };

export type IamEntityType = 'user' | 'role' | 'group' | 'instance-profile' | 'server-certificate';

export type NamePart =
  | {
      readonly member: string;
      readonly upperCase?: true;
      /** Its first group is the name. */
      readonly take?: RegExp;
      /** The member that holds the path before the name, `/` where it is not given. */
      readonly below?: string;
    }
  /** What follows the last `/` of the ARN in this member. */
  | { readonly lastPartOf: string };

export const ANY: ResourceSource = { from: 'any' };

export const given = (...path: readonly string[]): ResourceSource => ({ from: 'member', path });

/** The members that a resource is read from. */
export function membersOf(source: ResourceSource): readonly MemberPath[] {
  switch (source.from) {
    case 'any':
    case 'fixed':
    case 'caller':
      return [];
    case 'oneMember':
      return source.paths;
    case 'new':
      return source.name.flatMap((part) => {
        if ('lastPartOf' in part) return [[part.lastPartOf]];
        return part.below === undefined ? [[part.member]] : [[part.member], [part.below]];
      });
    default:
      return [source.path];
  }
}
