declare const brand: unique symbol;

/** A text of one kind. It is read as any text is; one of another kind, or none, cannot take its place. */
type Branded<Kind extends string> = string & { readonly [brand]: Kind };

/** The ID of an access key: `AKIA…`, or `ASIA…` of temporary credentials. */
export type AccessKeyId = Branded<'AccessKeyId'>;

/** Marks a text that is in the place of an access key ID: in a credential, in the folder, in a request or a record. */
export const accessKeyId = (text: string): AccessKeyId => text as AccessKeyId;

/** The ID of an account: twelve digits. */
export type AccountId = Branded<'AccountId'>;

/** Marks a text that is in the place of an account ID: in the configuration, in an ARN or in the folder. */
export const accountId = (text: string): AccountId => text as AccountId;

/** The ARN of a resource or a principal. */
export type Arn = Branded<'Arn'>;

/** Marks a text that is in the place of an ARN: in the folder, in a request or in a record. `formatArn` makes one of its parts. */
export const arnOf = (text: string): Arn => text as Arn;

/** The same for a list, which is not copied: every call names its resources. */
export const arnsOf = (texts: readonly string[]): readonly Arn[] => texts as readonly Arn[];

/** What an action works on: an ARN, or `*` where it works on no resource. */
export type ResourceArn = Arn | '*';
