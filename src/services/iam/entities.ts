import type { Directory, Group, Role, User } from '../../directory/directory.ts';
import { entityNamed } from '../../directory/find-caller.ts';
import type { NamedPolicy } from '../../engine/policy-set.ts';
import { parseArn } from '../../lib/arn.ts';
import { type AwsError, awsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Answered, IamCall } from './call.ts';
import { type PagedCall, paged } from './page.ts';
import { invalidInput, noSuch, validationError } from './refusals.ts';
import { attachedView, documentText, encodeDocument, inlineName } from './views.ts';

export type Entity = User | Group | Role;

/** How requests and responses name the entity of each kind. */
export const NAME_MEMBERS = { user: 'UserName', group: 'GroupName', role: 'RoleName' } as const;

/** Handles a call about an entity. */
type About<Of extends Entity, Input> = (entity: Of, call: IamCall<Input>) => Answered;

/** A handler about the user that is named, or about the caller where none is. */
export const ofUser = <Input>(handle: About<User, Input>) =>
  about((call: IamCall<Input & NamesUser>) => {
    const { principal } = call.caller;
    const own = principal.type === 'User' ? principal.userName : undefined;
    const name = call.input.UserName ?? own;
    if (name === undefined)
      return validationError('Must specify userName when calling with non-User credentials');
    return found('user', call.directory.users, name);
  }, handle);

export const ofGroup = <Input>(handle: About<Group, Input>) =>
  about(
    (call: IamCall<Input & NamesGroup>) => found('group', call.directory.groups, call.input.GroupName),
    handle,
  );

export const ofRole = <Input>(handle: About<Role, Input>) =>
  about(
    (call: IamCall<Input & NamesRole>) => found('role', call.directory.roles, call.input.RoleName),
    handle,
  );

type NamesUser = { readonly UserName?: string };
type NamesGroup = { readonly GroupName: string };
type NamesRole = { readonly RoleName: string };

function about<Of extends Entity, Input>(
  find: (call: IamCall<Input>) => Result<Of, AwsError>,
  handle: About<Of, Input>,
) {
  return (call: IamCall<Input>): Answered => {
    const entity = find(call);
    return entity.ok ? handle(entity.value, call) : entity;
  };
}

function found<Of extends Entity>(
  kind: Of['kind'],
  entities: ReadonlyMap<string, Of>,
  name: string,
): Result<Of, AwsError> {
  const entity = entityNamed(entities, name);
  return entity ? ok(entity) : noSuch(kind, name);
}

/** The names of the inline policies. */
export const inlinePolicyNames = (entity: Entity, call: PagedCall): Answered =>
  paged(call, 'PolicyNames', entity.inlinePolicies, inlineName);

export function inlinePolicy(
  entity: Entity,
  { input: { PolicyName: name } }: { readonly input: { readonly PolicyName: string } },
): Answered {
  const policy = entity.inlinePolicies.find((each) => inlineName(each) === name);
  if (!policy) return noSuch(`${entity.kind} policy`, name);
  return ok({
    [NAME_MEMBERS[entity.kind]]: entity.name,
    PolicyName: name,
    PolicyDocument: encodeDocument(documentText(policy)),
  });
}

/** A call of a list that can be narrowed down to a path. */
interface PathCall extends PagedCall {
  readonly input: PagedCall['input'] & { readonly PathPrefix?: string };
}

export function attachedPolicies(entity: Entity, call: PathCall): Answered {
  const { PathPrefix: prefix = '/' } = call.input;
  const attached = entity.managedPolicies.filter((policy) => pathOf(policy).startsWith(prefix));
  return paged(call, 'AttachedPolicies', attached, attachedView);
}

/** `/service-role/` of `arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess`. */
const pathOf = ({ arn = '' }: NamedPolicy): string =>
  arn.slice(arn.indexOf(':policy/') + ':policy'.length, arn.lastIndexOf('/') + 1);

/** Entities below the path that the request asks for. */
export function below<Of extends Entity>(
  { input: { PathPrefix: prefix = '/' } }: PathCall,
  entities: ReadonlyMap<string, Of>,
): readonly Of[] {
  return [...entities.values()].filter(({ path }) => path.startsWith(prefix));
}

export const membersOf = ({ users }: Directory, group: Group): readonly User[] =>
  [...users.values()].filter(({ groups }) => groups.includes(group));

const ENTITY = /^(user|group|role)\/(?:.*\/)?([^/]+)$/;

/**
 * The user, group or role that `PolicySourceArn` names. By its name alone, as on AWS: another path is no diagnostic.
 * The sentences are those of captured responses.
 */
export function policySource(directory: Directory, arn: string): Result<Entity, AwsError> {
  const parts = parseArn(arn);
  const [, kind, name = ''] = ENTITY.exec(parts?.resource ?? '') ?? [];
  if (parts?.service !== 'iam' || kind === undefined)
    return invalidInput(`Invalid ARN provided in the request: ${arn}`);
  if (parts.account !== directory.account)
    return invalidInput(
      `Invalid Policy Source Arn: caller's account ${directory.account} does not have access to policies in account ${parts.account}`,
    );
  const { users, groups, roles } = directory;
  const entity = entityNamed<Entity>(kind === 'user' ? users : kind === 'group' ? groups : roles, name);
  return entity ? ok(entity) : err(awsError('NoSuchEntity', 'Unable to retrieve specified IAM entity.'));
}
