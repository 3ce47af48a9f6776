import type { Caller, Directory, Group, Role, User } from '../directory/directory.ts';
import { entityNamed } from '../directory/find-caller.ts';
import type { ArnScope } from '../model/resource-arn.ts';

/** Where a call's ARNs belong, and the ARNs of the entities that it names. */
export function arnScope(
  { caller: { principal } }: { readonly caller: Caller },
  { directory, region }: { readonly directory: Directory; readonly region: string },
): ArnScope {
  const { account, partition } = directory;
  return {
    account,
    partition,
    region,
    iamEntityArn: (type, entity) => {
      if (entity === undefined) return principal.type === 'User' ? principal.arn : undefined;
      const known = { user: directory.users, group: directory.groups, role: directory.roles } as const;
      const found =
        type in known
          ? entityNamed<User | Group | Role>(known[type as keyof typeof known], entity)?.arn
          : undefined;
      return found ?? `arn:${partition}:iam::${account}:${type}/${entity}`;
    },
    accessKeyOwnerArn: (id) => directory.findAccessKey(id)?.user.arn,
  };
}
