import { statusAt, statusSince, type Transition } from './lifecycle.ts';
import type { Attributes } from './resource-attributes.ts';
import { attributesAt, type StoredResource, statusOf } from './resource-table.ts';
import { arnMember, RESOURCE_TYPES } from './resource-types.ts';

/**
 * Everything that can be said of a resource at a moment, by the names of the model; the output shape picks from it.
 * Times are milliseconds.
 */
export function viewOf(resource: StoredResource, now: number): Attributes {
  const { resourceType, arn, createdAt, transition, attributes, update } = resource;
  const reached = [transition, ...(update ? [update.transition] : [])].map((one) => statusSince(one, now));
  return {
    ...attributesAt(resource, now),
    ...(RESOURCE_TYPES[resourceType].hasStatus && {
      ...outcomeOf(transition, now),
      status: statusText(resource, now),
    }),
    [arnMember(resourceType)]: arn,
    creationDateTime: createdAt,
    lastUpdatedDateTime: Math.max(...reached),
    ...(update && {
      [`latest${resourceType}Update`]: {
        ...attributes,
        ...update.changes,
        ...outcomeOf(update.transition, now),
        creationDateTime: update.transition.since,
        lastUpdatedDateTime: statusSince(update.transition, now),
      },
    }),
  };
}

/** The status as AWS spells it for the type. */
function statusText(resource: StoredResource, now: number): string {
  const status = statusOf(resource, now);
  return RESOURCE_TYPES[resource.resourceType].statusNames[status] ?? status;
}

function outcomeOf(transition: Transition, now: number): Attributes {
  const status = statusAt(transition, now);
  return { status, ...(status === 'CREATE FAILED' && { failureReason: transition.failureReason }) };
}
