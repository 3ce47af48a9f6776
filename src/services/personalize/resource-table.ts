import {
  isSettledAt,
  type Status,
  statusAt,
  succeededBy,
  type Transition,
  updateStatusAt,
} from './lifecycle.ts';
import type { Attributes, ResourceAttributes } from './resource-attributes.ts';
import { RESOURCE_TYPES, type ResourceTypeName } from './resource-types.ts';
import { entriesBelow, type Key, keyOf, putAt, valueAt } from './state-key.ts';
import type { ReadableState, WritableState } from './store/resource-store.ts';

/** A resource that is created. */
export interface NewResource<Type extends ResourceTypeName = ResourceTypeName> {
  readonly resourceType: Type;
  readonly arn: string;
  /** `arn:aws:personalize:us-east-1:123456789012`: whose list it is in. */
  readonly owner: string;
  readonly createdAt: number;
  readonly transition: Transition;
  /** Members by the names of the model, as they were given or derived when the resource was created. */
  readonly attributes: ResourceAttributes[Type];
  readonly tags: Readonly<Record<string, string>>;
}

/** A resource in the store. Never changed: a change is another object under the same ARN. */
export interface StoredResource<Type extends ResourceTypeName = ResourceTypeName> extends NewResource<Type> {
  /** The order of creation, over all types. */
  readonly sequence: number;
  /** The latest update: it counts from the moment that its transition succeeded. */
  readonly update?: { readonly changes: Partial<ResourceAttributes[Type]>; readonly transition: Transition };
}

const isOfType = <Type extends ResourceTypeName>(
  resource: StoredResource,
  resourceType: Type,
): resource is StoredResource<Type> => resource.resourceType === resourceType;

/** What may be read of the resources at one moment. */
export class ResourceReader {
  readonly now: number;
  readonly #state: ReadableState;

  constructor(state: ReadableState, now: number) {
    this.#state = state;
    this.now = now;
  }

  /** `undefined` also for what was deleted, once the deletion is over. */
  find(arn: string): StoredResource | undefined {
    const resource = valueAt(this.#state, resourceKey(arn));
    return resource === undefined || isGone(resource, this.now) ? undefined : resource;
  }

  /** `undefined` also for a resource of another type. */
  findOf<Type extends ResourceTypeName>(resourceType: Type, arn: string): StoredResource<Type> | undefined {
    const resource = this.find(arn);
    return resource !== undefined && isOfType(resource, resourceType) ? resource : undefined;
  }

  /** The resources of a type in the order of their creation: all that `owner` has, or all that belong to a parent's ARN. */
  *of<Type extends ResourceTypeName>(
    resourceType: Type,
    ownerOrParent: string,
    afterSequence = 0,
  ): Generator<StoredResource<Type>> {
    const prefix = listPrefix(resourceType, ownerOrParent);
    for (const [, arn] of entriesBelow(this.#state, prefix, prefix + ordinal(afterSequence))) {
      const resource = this.findOf(resourceType, arn);
      if (resource !== undefined && isListedBy(resource, ownerOrParent, this.now)) yield resource;
    }
  }

  first<Type extends ResourceTypeName>(
    resourceType: Type,
    ownerOrParent: string,
  ): StoredResource<Type> | undefined {
    return this.of(resourceType, ownerOrParent).next().value ?? undefined;
  }
}

/** The resources, to be read and changed. */
export class ResourceTable extends ResourceReader {
  readonly #state: WritableState;

  constructor(state: WritableState, now: number) {
    super(state, now);
    this.#state = state;
    this.#sweep();
  }

  insert<Type extends ResourceTypeName>(resource: NewResource<Type>): StoredResource<Type> {
    const sequence = (valueAt(this.#state, SEQUENCE_KEY) ?? 0) + 1;
    putAt(this.#state, SEQUENCE_KEY, sequence);
    const stored = { ...resource, sequence };
    this.#put(stored);
    return stored;
  }

  replace(changed: StoredResource): void {
    const before = valueAt(this.#state, resourceKey(changed.arn));
    for (const key of before ? listKeys(before) : []) this.#state.delete(key);
    this.#put(changed);
    if (changed.transition.kind === 'delete') putAt(this.#state, departureKey(changed), changed.arn);
    this.#sweep();
  }

  #put(resource: StoredResource): void {
    putAt(this.#state, resourceKey(resource.arn), resource);
    for (const key of listKeys(resource)) putAt(this.#state, key, resource.arn);
  }

  /** Removes what finished its deletion. */
  #sweep(): void {
    const due: [string, StoredResource][] = [];
    for (const [key, arn] of entriesBelow(this.#state, DEPARTURES)) {
      const resource = valueAt(this.#state, resourceKey(arn));
      if (resource === undefined || !isGone(resource, this.now)) break;
      due.push([key, resource]);
    }
    for (const [departure, resource] of due) {
      const data = Array.from(this.#state.scan(dataPrefix(resource.arn)), ([key]) => key);
      for (const key of [departure, resourceKey(resource.arn), ...listKeys(resource), ...data])
        this.#state.delete(key);
    }
  }
}

/** What an update that is over has made of the attributes. */
export function attributesAt<Type extends ResourceTypeName>(
  { attributes, update }: StoredResource<Type>,
  now: number,
): ResourceAttributes[Type] {
  const counts = update !== undefined && succeededBy(update.transition, now);
  return counts ? { ...attributes, ...update.changes } : attributes;
}

/** The status of the resource itself; that of a dataset shows its update, too. */
export function statusOf({ resourceType, transition, update }: StoredResource, now: number): Status {
  const status = statusAt(transition, now);
  const isUpdated = update !== undefined && status === 'ACTIVE' && RESOURCE_TYPES[resourceType].showsUpdate;
  return (isUpdated && updateStatusAt(update.transition, now)) || status;
}

/** An update may have moved it to another parent; while the update runs, it belongs to both. */
function isListedBy(resource: StoredResource, ownerOrParent: string, now: number): boolean {
  const { resourceType, owner, update } = resource;
  if (update === undefined || owner === ownerOrParent) return true;
  const isPending = !isSettledAt(update.transition, now);
  const current: Attributes = attributesAt(resource, now);
  const changes: Attributes = update.changes;
  return RESOURCE_TYPES[resourceType].parents.some(
    (member) => current[member] === ownerOrParent || (isPending && changes[member] === ownerOrParent),
  );
}

const isGone = ({ transition }: StoredResource, now: number): boolean =>
  transition.kind === 'delete' && isSettledAt(transition, now);

/*
 * Keys. A space ends each part: ARNs that are stored have none, so one ARN is never the beginning of another's keys.
 *   resource ARN                        the resource
 *   list TYPE OWNER-OR-PARENT SEQUENCE  its ARN
 *   departure UNTIL SEQUENCE            the ARN of what is being deleted
 *   data ARN …                          data that goes with it
 */
const SEQUENCE_KEY = keyOf<number>('sequence');
const DEPARTURES = keyOf<string>('departure ');

/** The keys of the data that a dataset or dataset group holds; see `catalog.ts`. */
export const dataPrefix = (arn: string): string => `data ${arn} `;

const resourceKey = (arn: string): Key<StoredResource> => keyOf(`resource ${arn}`);

const listPrefix = (resourceType: ResourceTypeName, ownerOrParent: string): Key<string> =>
  keyOf(`list ${resourceType} ${ownerOrParent} `);

const departureKey = ({ transition, sequence }: StoredResource): Key<string> =>
  keyOf(`${DEPARTURES}${ordinal(transition.until)} ${ordinal(sequence)}`);

/** Sorts as text as it does as a number; times until the year 5138. */
const ordinal = (value: number): string => String(value).padStart(14, '0');

/** Both the parents of now and, while an update runs, those that are to come. */
function listKeys({
  resourceType,
  owner,
  sequence,
  attributes,
  update,
}: StoredResource): readonly Key<string>[] {
  const current: Attributes = attributes;
  const changes: Attributes = update?.changes ?? {};
  const parents = RESOURCE_TYPES[resourceType].parents.flatMap((member) => [
    current[member],
    changes[member],
  ]);
  const lists = new Set([owner, ...parents.filter((parent) => typeof parent === 'string')]);
  return [...lists].map((list) => keyOf(listPrefix(resourceType, list) + ordinal(sequence)));
}
