import type { Directory, Group, Role, User } from '../../directory/directory.ts';
import { entityNamed } from '../../directory/find-caller.ts';
import type { NamedPolicy } from '../../engine/policy-set.ts';
import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import { type Answer, type Answered, type IamCall, textIn } from './call.ts';
import { paged } from './page.ts';
import { noSuch, validationError } from './refusals.ts';
import { attachedView, documentText, encodeDocument, inlineName } from './views.ts';

export type Entity = User | Group | Role;

/** How requests and answers name the entity of each kind. */
export const NAME_MEMBERS = { user: 'UserName', group: 'GroupName', role: 'RoleName' } as const;

type About<Of extends Entity> = (entity: Of, call: IamCall) => Answered;

/** An answer about the user that is named, or about the caller where none is. */
export const ofUser = (answer: About<User>): Answer =>
  about((call) => {
    const { principal } = call.caller;
    const own = principal.type === 'User' ? principal.userName : undefined;
    const name = textIn(call, NAME_MEMBERS.user) ?? own;
    if (name === undefined)
      return validationError('Must specify userName when calling with non-User credentials');
    return found('user', call.directory.users, name);
  }, answer);

export const ofGroup = (answer: About<Group>): Answer =>
  about((call) => found('group', call.directory.groups, textIn(call, NAME_MEMBERS.group) ?? ''), answer);

export const ofRole = (answer: About<Role>): Answer =>
  about((call) => found('role', call.directory.roles, textIn(call, NAME_MEMBERS.role) ?? ''), answer);

function about<Of extends Entity>(find: (call: IamCall) => Result<Of, AwsError>, answer: About<Of>): Answer {
  return (call) => {
    const entity = find(call);
    return entity.ok ? answer(entity.value, call) : entity;
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
export const inlinePolicyNames: About<Entity> = (entity, call) =>
  paged(call, 'PolicyNames', entity.inlinePolicies, inlineName);

export const inlinePolicy: About<Entity> = (entity, call) => {
  const name = textIn(call, 'PolicyName') ?? '';
  const policy = entity.inlinePolicies.find((each) => inlineName(each) === name);
  if (!policy) return noSuch(`${entity.kind} policy`, name);
  return ok({
    [NAME_MEMBERS[entity.kind]]: entity.name,
    PolicyName: name,
    PolicyDocument: encodeDocument(documentText(policy)),
  });
};

export const attachedPolicies: About<Entity> = (entity, call) => {
  const prefix = textIn(call, 'PathPrefix') ?? '/';
  const attached = entity.managedPolicies.filter((policy) => pathOf(policy).startsWith(prefix));
  return paged(call, 'AttachedPolicies', attached, attachedView);
};

/** `/service-role/` of `arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess`. */
const pathOf = ({ arn = '' }: NamedPolicy): string =>
  arn.slice(arn.indexOf(':policy/') + ':policy'.length, arn.lastIndexOf('/') + 1);

/** Entities below the path that the request asks for. */
export function below<Of extends Entity>(call: IamCall, entities: ReadonlyMap<string, Of>): readonly Of[] {
  const prefix = textIn(call, 'PathPrefix') ?? '/';
  return [...entities.values()].filter(({ path }) => path.startsWith(prefix));
}

export const membersOf = ({ users }: Directory, group: Group): readonly User[] =>
  [...users.values()].filter(({ groups }) => groups.includes(group));
