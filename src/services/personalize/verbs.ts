import type { AwsError } from '../../lib/errors.ts';
import { err, ok } from '../../lib/result.ts';
import type { Operation } from '../../model/shape.ts';
import { type Call, type Handler, ownerOf } from './call.ts';
import { isSettledAt, statusAt, type Transition } from './lifecycle.ts';
import { pageOf, pageRequest } from './next-token.ts';
import { describedMember, listedMember, outputOf, project } from './output-shape.ts';
import { findOwn, resolveReferences } from './references.ts';
import { alreadyExists, inUseBy, invalidInput, notFound, wrongStatus } from './refusals.ts';
import { RESOURCE_OVERRIDES } from './resource-override-table.ts';
import { attributesAt, type StoredResource, statusOf } from './resource-table.ts';
import { arnMember, DELETABLE, RESOURCE_TYPES, type ResourceTypeName, type Verb } from './resource-types.ts';
import { viewOf } from './resource-view.ts';
import { addTags } from './tags.ts';

/** The five verbs: each makes the handler of one operation on one type. */
export const VERBS: Readonly<
  Record<Verb, (resourceType: ResourceTypeName, operation: Operation) => Handler>
> = {
  Create: create,
  Describe: describe,
  List: list,
  Update: update,
  Delete: remove,
};

/** The name of an operation: `ListDatasetGroups`. */
export const operationName = (verb: Verb, resourceType: ResourceTypeName): string =>
  `${verb}${resourceType}${verb === 'List' ? 's' : ''}`;

function create(resourceType: ResourceTypeName): Handler {
  const { arnPrefix, nameMember } = RESOURCE_TYPES[resourceType];
  const { arnId, check, derive, work } = RESOURCE_OVERRIDES[resourceType];
  return (call) => {
    const { tags: givenTags, ...input } = call.input;
    const references = resolveReferences(resourceType, call);
    if (!references.ok) return references;
    const draft = { call, input, ...references.value };
    const tags = addTags({}, givenTags);
    if (!tags.ok) return tags;
    const diagnostic = check?.(draft);
    if (diagnostic) return err(diagnostic);
    const arn = `${ownerOf(call.scope)}:${arnPrefix}/${arnId?.(draft) ?? input[nameMember]}`;
    if (call.table.find(arn)) return err(alreadyExists(arn));
    const done = work?.(draft) ?? ok(() => {});
    const created = call.table.insert({
      resourceType,
      arn,
      owner: ownerOf(call.scope),
      createdAt: call.now,
      transition: beginning(resourceType, call.begin('create', arn, done.ok ? undefined : done.error)),
      attributes: { ...input, ...derive?.(draft) },
      tags: tags.value,
    });
    if (done.ok && created.transition.failureReason === undefined) done.value();
    return ok(outputOf(call.operation, viewOf(created, call.now)));
  };
}

const beginning = (resourceType: ResourceTypeName, transition: Transition): Transition =>
  RESOURCE_TYPES[resourceType].activeAtOnce ? { ...transition, until: transition.since } : transition;

function describe(resourceType: ResourceTypeName, operation: Operation): Handler {
  const { name, shape } = describedMember(operation);
  return (call) => {
    const found = theResource(resourceType, call);
    if (found === undefined) return err(notFound(call.input[arnMember(resourceType)] as string));
    const view = {
      ...viewOf(found, call.now),
      ...RESOURCE_OVERRIDES[resourceType].view?.(found, call.table),
    };
    return ok({ [name]: project(view, shape) });
  };
}

const PAGING: ReadonlySet<string> = new Set(['nextToken', 'maxResults']);

function list(resourceType: ResourceTypeName, operation: Operation): Handler {
  const { name, summary } = listedMember(operation);
  const filter = [...(operation.input?.members.keys() ?? [])].find((member) => !PAGING.has(member));
  const refusesUnknownParent = operation.errors.has('ResourceNotFoundException');
  return (call) => {
    const parent = filter === undefined ? undefined : (call.input[filter] as string | undefined);
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
}

function update(resourceType: ResourceTypeName): Handler {
  const { change } = RESOURCE_OVERRIDES[resourceType];
  return (call) => {
    const { [arnMember(resourceType)]: arn, ...input } = call.input;
    if (typeof arn !== 'string') return err(invalidInput(`${arnMember(resourceType)} must be given.`));
    const found = theResource(resourceType, call);
    if (found === undefined) return err(notFound(arn));
    const unsettled = refuseUnlessActive(found, call);
    if (unsettled) return err(unsettled);
    const references = resolveReferences(resourceType, call);
    if (!references.ok) return references;
    const attributes = attributesAt(found, call.now);
    const changes = change?.(attributes, { call, input, ...references.value }) ?? ok(input);
    if (!changes.ok) return changes;
    const transition = call.begin('update', arn);
    call.table.replace({ ...found, attributes, update: { changes: changes.value, transition } });
    return ok(outputOf(call.operation, { [arnMember(resourceType)]: arn }));
  };
}

function remove(resourceType: ResourceTypeName): Handler {
  return (call) => {
    const found = theResource(resourceType, call);
    if (found === undefined) return err(notFound(call.input[arnMember(resourceType)] as string));
    const diagnostic = refuseDeletion(found, call);
    if (diagnostic) return err(diagnostic);
    for (const dependant of RESOURCE_TYPES[resourceType].takesAlong) {
      for (const child of [...call.table.of(dependant, found.arn)]) beginDeletion(child, call);
    }
    beginDeletion(found, call);
    return ok({});
  };
}

function beginDeletion(resource: StoredResource, call: Call): void {
  call.table.replace({ ...resource, transition: call.begin('delete', resource.arn) });
}

function refuseDeletion(found: StoredResource, { table, now }: Call): AwsError | undefined {
  const { hasStatus, deletedAfter, busyWith } = RESOURCE_TYPES[found.resourceType];
  const status = statusOf(found, now);
  if (hasStatus && !DELETABLE.has(status)) return wrongStatus(found.arn, status, [...DELETABLE].join(', '));
  for (const dependant of deletedAfter) {
    const user = table.first(dependant, found.arn);
    if (user) return inUseBy(found.arn, user.arn);
  }
  for (const [dependant, by] of busyWith) {
    const shared = by === arnMember(found.resourceType) ? found.arn : (found.attributes[by] as string);
    for (const user of table.of(dependant, shared)) {
      if (!isSettledAt(user.transition, now)) return inUseBy(found.arn, user.arn);
    }
  }
  return undefined;
}

/** An update needs a resource that is ACTIVE and has no other update under way. */
function refuseUnlessActive(
  { arn, transition, update }: StoredResource,
  { now }: Call,
): AwsError | undefined {
  const status = statusAt(transition, now);
  if (status !== 'ACTIVE') return wrongStatus(arn, status, 'ACTIVE');
  if (update === undefined || isSettledAt(update.transition, now)) return undefined;
  return inUseBy(arn, 'an update that is not finished');
}

const theResource = (resourceType: ResourceTypeName, call: Call): StoredResource | undefined =>
  findOwn(resourceType, call.input[arnMember(resourceType)] as string, call);

const isOwn = (arn: string, call: Call): boolean => call.table.find(arn)?.owner === ownerOf(call.scope);
