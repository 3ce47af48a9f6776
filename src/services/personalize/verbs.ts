import type { AwsError } from '../../lib/errors.ts';
import { err, ok } from '../../lib/result.ts';
import type { Operation } from '../../model/shape.ts';
import { type Call, type Handler, ownerOf } from './call.ts';
import { isSettledAt, statusAt, type Transition } from './lifecycle.ts';
import { pageOf, pageRequest } from './next-token.ts';
import { describedMember, listedMember, outputOf, project } from './output-shape.ts';
import { findOwn, resolveReferences } from './references.ts';
import { alreadyExists, inUseBy, invalidInput, notFound, wrongStatus } from './refusals.ts';
import { PARTICULARS } from './resource-override-table.ts';
import { attributesAt, type StoredResource, statusOf } from './resource-table.ts';
import { arnMember, DELETABLE, type Noun, RESOURCE_TYPES, type Verb } from './resource-types.ts';
import { viewOf } from './resource-view.ts';
import { addTags } from './tags.ts';

/** The five verbs: each makes the handler of one operation on one type. */
export const VERBS: Readonly<Record<Verb, (noun: Noun, operation: Operation) => Handler>> = {
  Create: create,
  Describe: describe,
  List: list,
  Update: update,
  Delete: remove,
};

/** The name of an operation: `ListDatasetGroups`. */
export const operationName = (verb: Verb, noun: Noun): string =>
  `${verb}${noun}${verb === 'List' ? 's' : ''}`;

function create(noun: Noun): Handler {
  const { arnPrefix, nameMember } = RESOURCE_TYPES[noun];
  const { arnId, check, derive, work } = PARTICULARS[noun];
  return (call) => {
    const { tags: givenTags, ...input } = call.input;
    const references = resolveReferences(noun, call);
    if (!references.ok) return references;
    const draft = { call, input, ...references.value };
    const tags = addTags({}, givenTags);
    if (!tags.ok) return tags;
    const fault = check?.(draft);
    if (fault) return err(fault);
    const arn = `${ownerOf(call.scope)}:${arnPrefix}/${arnId?.(draft) ?? input[nameMember]}`;
    if (call.table.find(arn)) return err(alreadyExists(arn));
    const done = work?.(draft) ?? ok(() => {});
    const created = call.table.insert({
      noun,
      arn,
      owner: ownerOf(call.scope),
      createdAt: call.now,
      transition: beginning(noun, call.begin('create', arn, done.ok ? undefined : done.error)),
      attributes: { ...input, ...derive?.(draft) },
      tags: tags.value,
    });
    if (done.ok && created.transition.failureReason === undefined) done.value();
    return ok(outputOf(call.operation, viewOf(created, call.now)));
  };
}

const beginning = (noun: Noun, transition: Transition): Transition =>
  RESOURCE_TYPES[noun].activeAtOnce ? { ...transition, until: transition.since } : transition;

function describe(noun: Noun, operation: Operation): Handler {
  const { name, shape } = describedMember(operation);
  return (call) => {
    const found = theResource(noun, call);
    if (found === undefined) return err(notFound(call.input[arnMember(noun)] as string));
    const view = { ...viewOf(found, call.now), ...PARTICULARS[noun].view?.(found, call.table) };
    return ok({ [name]: project(view, shape) });
  };
}

const PAGING: ReadonlySet<string> = new Set(['nextToken', 'maxResults']);

function list(noun: Noun, operation: Operation): Handler {
  const { name, summary } = listedMember(operation);
  const filter = [...(operation.input?.members.keys() ?? [])].find((member) => !PAGING.has(member));
  const refusesUnknownParent = operation.errors.has('ResourceNotFoundException');
  return (call) => {
    const parent = filter === undefined ? undefined : (call.input[filter] as string | undefined);
    if (parent !== undefined && !isOwn(parent, call)) {
      return refusesUnknownParent ? err(notFound(parent)) : ok({ [name]: [] });
    }
    const listed = `${noun} ${parent ?? ownerOf(call.scope)}`;
    const request = pageRequest(listed, call.input);
    if (!request.ok) return request;
    const resources = call.table.of(noun, parent ?? ownerOf(call.scope), request.value.after);
    const { entries, nextToken } = pageOf(listed, request.value, resources, ({ sequence }) => sequence);
    return ok({
      [name]: entries.map((resource) => project(viewOf(resource, call.now), summary)),
      ...(nextToken !== undefined && { nextToken }),
    });
  };
}

function update(noun: Noun): Handler {
  const { change } = PARTICULARS[noun];
  return (call) => {
    const { [arnMember(noun)]: arn, ...input } = call.input;
    if (typeof arn !== 'string') return err(invalidInput(`${arnMember(noun)} must be given.`));
    const found = theResource(noun, call);
    if (found === undefined) return err(notFound(arn));
    const unsettled = refuseUnlessActive(found, call);
    if (unsettled) return err(unsettled);
    const references = resolveReferences(noun, call);
    if (!references.ok) return references;
    const attributes = attributesAt(found, call.now);
    const changes = change?.(attributes, { call, input, ...references.value }) ?? ok(input);
    if (!changes.ok) return changes;
    const transition = call.begin('update', arn);
    call.table.replace({ ...found, attributes, update: { changes: changes.value, transition } });
    return ok(outputOf(call.operation, { [arnMember(noun)]: arn }));
  };
}

function remove(noun: Noun): Handler {
  return (call) => {
    const found = theResource(noun, call);
    if (found === undefined) return err(notFound(call.input[arnMember(noun)] as string));
    const fault = refuseDeletion(found, call);
    if (fault) return err(fault);
    for (const dependant of RESOURCE_TYPES[noun].takesAlong) {
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
  const { hasStatus, deletedAfter, busyWith } = RESOURCE_TYPES[found.noun];
  const status = statusOf(found, now);
  if (hasStatus && !DELETABLE.has(status)) return wrongStatus(found.arn, status, [...DELETABLE].join(', '));
  for (const dependant of deletedAfter) {
    const user = table.first(dependant, found.arn);
    if (user) return inUseBy(found.arn, user.arn);
  }
  for (const [dependant, by] of busyWith) {
    const shared = by === arnMember(found.noun) ? found.arn : (found.attributes[by] as string);
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

const theResource = (noun: Noun, call: Call): StoredResource | undefined =>
  findOwn(noun, call.input[arnMember(noun)] as string, call);

const isOwn = (arn: string, call: Call): boolean => call.table.find(arn)?.owner === ownerOf(call.scope);
