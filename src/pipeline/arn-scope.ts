import type { Caller } from '../directory/caller.ts';
import type { Directory, Group, Role, User } from '../directory/directory.ts';
import { entityNamed } from '../directory/find-caller.ts';
import { type AccountId, type Arn, accessKeyId, arnOf } from '../lib/identifiers.ts';
import type { IamEntityType } from '../model/check.ts';
import type { ArnScope } from '../model/resource-arn.ts';

/** Where a call's ARNs belong, and the ARNs of the entities that it names. */
export const arnScope = (
  { caller }: { readonly caller: Caller },
  { directory, region }: { readonly directory: Directory; readonly region: string },
): ArnScope => new CallScope(caller, directory, region);

class CallScope implements ArnScope {
  readonly account: AccountId;
  readonly partition: string;
  readonly region: string;
  readonly #caller: Caller;
  readonly #directory: Directory;

  constructor(caller: Caller, directory: Directory, region: string) {
    this.account = directory.account;
    this.partition = directory.partition;
    this.region = region;
    this.#caller = caller;
    this.#directory = directory;
  }

  iamEntityArn(type: IamEntityType, entity: string | undefined): Arn | undefined {
    const { principal } = this.#caller;
    if (entity === undefined) return principal.type === 'User' ? principal.arn : undefined;
    const { users: user, groups: group, roles: role } = this.#directory;
    const known = { user, group, role } as const;
    const found =
      type in known
        ? entityNamed<User | Group | Role>(known[type as keyof typeof known], entity)?.arn
        : undefined;
    return found ?? arnOf(`arn:${this.partition}:iam::${this.account}:${type}/${entity}`);
  }

  accessKeyOwnerArn(id: string): Arn | undefined {
    return this.#directory.findAccessKey(accessKeyId(id))?.user.arn;
  }
}
