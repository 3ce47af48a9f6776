import type { AwsError } from '../../lib/errors.ts';
import { err, ok } from '../../lib/result.ts';
import type { Operation } from '../../model/shape.ts';
import { type AnyHandler, type CallContext, type CallWith, type Outcome, ownerOf } from './call.ts';
import type { TagEntry } from './inputs.ts';
import { isSettledAt, statusAt, type Transition } from './lifecycle.ts';
import { pageOf, pageRequest } from './next-token.ts';
import { describedMember, listedMember, outputOf, project } from './output-shape.ts';
import { findNamed, resolveReferences } from './references.ts';
import { alreadyExists, inUseBy, notFound, wrongStatus } from './refusals.ts';
import {
  type Attributes,
  type CreateInput,
  type ResourceAttributes,
  textOf,
  type UpdatableType,
  type UpdateInput,
} from './resource-attributes.ts';
import { ownView, RESOURCE_CHANGES, RESOURCE_OVERRIDES } from './resource-override-table.ts';
import type { CreateDraft } from './resource-overrides.ts';
import { attributesAt, type StoredResource, statusOf } from './resource-table.ts';
import { arnMember, DELETABLE, RESOURCE_TYPES, type ResourceTypeName } from './resource-types.ts';
import { viewOf } from './resource-view.ts';
import { addTags } from './tags.ts';

/*
 * The five verbs: each makes the handlers of one operation on one type.
 */
export function create<Type extends ResourceTypeName>(resourceType: Type) {
  const { arnPrefix, nameMember } = RESOURCE_TYPES[resourceType];
  const { arnId, check, derive, work } = RESOURCE_OVERRIDES[resourceType];
  return () =>
    (call: CallWith<CreateInput<Type>>): Outcome => {
      const { tags: given, attributes } = withoutTags(call.input);
      const references = resolveReferences(call);
      if (!references.ok) return references;
      const draft: CreateDraft<Type> = { call, input: call.input, ...references.value };
      const tags = addTags({}, given);
      if (!tags.ok) return tags;
      const diagnostic = check?.(draft);
      if (diagnostic) return err(diagnostic);
      const owner = ownerOf(call.scope);
      const arn = `${owner}:${arnPrefix}/${arnId?.(draft) ?? textOf(call.input, nameMember)}`;
      if (call.table.find(arn)) return err(alreadyExists(arn));
      const done = work?.(draft) ?? ok(() => {});
      const created = call.table.insert({
        resourceType,
        arn,
        owner,
        createdAt: call.now,
        transition: beginning(resourceType, call.begin('create', arn, done.ok ? undefined : done.error)),
        // `OverridesOf` holds that a type with derived attributes derives them.
        attributes: { ...attributes, ...derive?.(draft) } as ResourceAttributes[Type],
        tags: tags.value,
      });
      if (done.ok && created.transition.failureReason === undefined) done.value();
      return ok(outputOf(call.operation, viewOf(created, call.now)));
    };
}

function withoutTags<Input extends Attributes & { readonly tags?: readonly TagEntry[] }>(input: Input) {
  const { tags, ...attributes } = input;
  return { tags, attributes };
}

const beginning = (resourceType: ResourceTypeName, transition: Transition): Transition =>
  RESOURCE_TYPES[resourceType].activeAtOnce ? { ...transition, until: transition.since } : transition;

export const describe =
  (resourceType: ResourceTypeName) =>
  (operation: Operation): AnyHandler => {
    const { name, shape } = describedMember(operation);
    return (call) => {
      const found = findNamed(resourceType, call);
      if (!found.ok) return found;
      const view = { ...viewOf(found.value, call.now), ...ownView(found.value, call.table) };
      return ok({ [name]: project(view, shape) });
    };
  };

const PAGING: ReadonlySet<string> = new Set(['nextToken', 'maxResults']);

export const list =
  (resourceType: ResourceTypeName) =>
  (operation: Operation): AnyHandler => {
    const { name, summary } = listedMember(operation);
    const filter = [...(operation.input?.members.keys() ?? [])].find((member) => !PAGING.has(member));
    const refusesUnknownParent = operation.errors.has('ResourceNotFoundException');
    return (call) => {
      const parent = filter === undefined ? undefined : textOf(call.input, filter);
      if (parent !== undefined && !isOwn(parent, call)) {
        return refusesUnknownParent ? err(notFound(parent)) : ok({ [name]: [] });
      }
      const listed = `${resourceType} ${parent ?? ownerOf(call.scope)}`;
      const request = pageRequest(listed, call.input);
      if (!request.ok) return request;
      const resources = call.table.of(resourceType, parent ?? ownerOf(call.scope), request.value.after);
      const { entries, nextToken } = pageOf(listed, request.value, resources, ({ sequence }) => sequence);
      return ok({
        [name]: entries.map((resource) => project(viewOf(resource, call.now), summary)),
        ...(nextToken !== undefined && { nextToken }),
      });
    };
  };

export function update<Type extends UpdatableType>(resourceType: Type) {
  const change = RESOURCE_CHANGES[resourceType];
  return () =>
    (call: CallWith<UpdateInput<Type>>): Outcome => {
      const named = findNamed(resourceType, call);
      if (!named.ok) return named;
      const found = named.value;
      const unsettled = refuseUnlessActive(found, call);
      if (unsettled) return err(unsettled);
      const references = resolveReferences(call);
      if (!references.ok) return references;
      const attributes = attributesAt(found, call.now);
      const changes = change(attributes, { call, input: call.input, ...references.value });
      if (!changes.ok) return changes;
      const transition = call.begin('update', found.arn);
      const updated: StoredResource<Type> = {
        ...found,
        attributes,
        update: { changes: changes.value, transition },
      };
      call.table.replace(updated);
      return ok(outputOf(call.operation, { [arnMember(resourceType)]: found.arn }));
    };
}

export const remove = (resourceType: ResourceTypeName) => (): AnyHandler => (call) => {
  const found = findNamed(resourceType, call);
  if (!found.ok) return found;
  const diagnostic = refuseDeletion(found.value, call);
  if (diagnostic) return err(diagnostic);
  for (const dependant of RESOURCE_TYPES[resourceType].takesAlong) {
    for (const child of [...call.table.of(dependant, found.value.arn)]) beginDeletion(child, call);
  }
  beginDeletion(found.value, call);
  return ok({});
};

function beginDeletion(resource: StoredResource, call: CallContext): void {
  call.table.replace({ ...resource, transition: call.begin('delete', resource.arn) });
}

function refuseDeletion(found: StoredResource, { table, now }: CallContext): AwsError | undefined {
  const { hasStatus, deletedAfter, busyWith } = RESOURCE_TYPES[found.resourceType];
  const status = statusOf(found, now);
  if (hasStatus && !DELETABLE.has(status)) return wrongStatus(found.arn, status, [...DELETABLE].join(', '));
  for (const dependant of deletedAfter) {
    const user = table.first(dependant, found.arn);
    if (user) return inUseBy(found.arn, user.arn);
  }
  for (const [dependant, by] of busyWith) {
    const shared = by === arnMember(found.resourceType) ? found.arn : textOf(found.attributes, by);
    for (const user of shared === undefined ? [] : table.of(dependant, shared)) {
      if (!isSettledAt(user.transition, now)) return inUseBy(found.arn, user.arn);
    }
  }
  return undefined;
}

/** An update needs a resource that is ACTIVE and has no other update under way. */
function refuseUnlessActive(
  { arn, transition, update }: StoredResource,
  { now }: CallContext,
): AwsError | undefined {
  const status = statusAt(transition, now);
  if (status !== 'ACTIVE') return wrongStatus(arn, status, 'ACTIVE');
  if (update === undefined || isSettledAt(update.transition, now)) return undefined;
  return inUseBy(arn, 'an update that is not finished');
}

const isOwn = (arn: string, { table, scope }: CallContext): boolean =>
  table.find(arn)?.owner === ownerOf(scope);
