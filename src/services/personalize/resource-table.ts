import {
  isSettledAt,
  type Status,
  statusAt,
  succeededBy,
  type Transition,
  updateStatusAt,
} from './lifecycle.ts';
import { RESOURCE_TYPES, type ResourceTypeName } from './resource-types.ts';
import type { ReadableState, WritableState } from './store/resource-store.ts';

export type Attributes = Readonly<Record<string, unknown>>;

/** A resource as it is kept. Never changed: a change is another object under the same ARN. */
export interface StoredResource {
  readonly resourceType: ResourceTypeName;
  readonly arn: string;
  /** `arn:aws:personalize:us-east-1:123456789012`: whose list it is in. */
  readonly owner: string;
  /** The order of creation, over all types. */
  readonly sequence: number;
  readonly createdAt: number;
  readonly transition: Transition;
  /** Members by the names of the model, as they were given or derived when the resource was created. */
  readonly attributes: Attributes;
  /** The latest update: it counts from the moment that its transition succeeded. */
  readonly update?: { readonly changes: Attributes; readonly transition: Transition };
  readonly tags: Readonly<Record<string, string>>;
}

export type NewResource = Omit<StoredResource, 'sequence'>;

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
    const resource = this.#state.get(resourceKey(arn)) as StoredResource | undefined;
    return resource === undefined || isGone(resource, this.now) ? undefined : resource;
  }

  /** The resources of a type in the order of their creation: all that `owner` has, or all that belong to a parent's ARN. */
  *of(resourceType: ResourceTypeName, ownerOrParent: string, afterSequence = 0): Generator<StoredResource> {
    const prefix = listPrefix(resourceType, ownerOrParent);
    for (const [, arn] of this.#state.scan(prefix, prefix + ordinal(afterSequence))) {
      const resource = this.find(arn as string);
      if (resource !== undefined && isListedBy(resource, ownerOrParent, this.now)) yield resource;
    }
  }

  first(resourceType: ResourceTypeName, ownerOrParent: string): StoredResource | undefined {
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

  insert(resource: NewResource): StoredResource {
    const sequence = ((this.#state.get(SEQUENCE_KEY) as number | undefined) ?? 0) + 1;
    this.#state.put(SEQUENCE_KEY, sequence);
    const stored = { ...resource, sequence };
    this.#state.put(resourceKey(stored.arn), stored);
    for (const key of listKeys(stored)) this.#state.put(key, stored.arn);
    return stored;
  }

  replace(changed: StoredResource): void {
    const before = this.#state.get(resourceKey(changed.arn)) as StoredResource;
    for (const key of listKeys(before)) this.#state.delete(key);
    this.#state.put(resourceKey(changed.arn), changed);
    for (const key of listKeys(changed)) this.#state.put(key, changed.arn);
    if (changed.transition.kind === 'delete') this.#state.put(departureKey(changed), changed.arn);
    this.#sweep();
  }

  /** Removes what finished its deletion. */
  #sweep(): void {
    const due: [string, StoredResource][] = [];
    for (const [key, arn] of this.#state.scan(DEPARTURES)) {
      const resource = this.#state.get(resourceKey(arn as string)) as StoredResource;
      if (!isGone(resource, this.now)) break;
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
export function attributesAt({ attributes, update }: StoredResource, now: number): Attributes {
  const counts = update !== undefined && succeededBy(update.transition, now);
  return counts ? { ...attributes, ...update.changes } : attributes;
}

/** The status of the resource itself, which of a dataset tells of its update, too. */
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
  const current = attributesAt(resource, now);
  return RESOURCE_TYPES[resourceType].parents.some(
    (member) => current[member] === ownerOrParent || (isPending && update.changes[member] === ownerOrParent),
  );
}

const isGone = ({ transition }: StoredResource, now: number): boolean =>
  transition.kind === 'delete' && isSettledAt(transition, now);

/*
 * Keys. A space ends each part: ARNs that are stored have none, so one ARN is never the beginning of another's keys.
 *   resource ARN                        the resource
 *   list NOUN OWNER-OR-PARENT SEQUENCE  its ARN
 *   departure UNTIL SEQUENCE            the ARN of what is being deleted
 *   data ARN …                          data that goes with it
 */
const SEQUENCE_KEY = 'sequence';
const DEPARTURES = 'departure ';

/** The keys of the data that a dataset or dataset group holds; see `catalog.ts`. */
export const dataPrefix = (arn: string): string => `data ${arn} `;

const resourceKey = (arn: string): string => `resource ${arn}`;

const listPrefix = (resourceType: ResourceTypeName, ownerOrParent: string): string =>
  `list ${resourceType} ${ownerOrParent} `;

const departureKey = ({ transition, sequence }: StoredResource): string =>
  `${DEPARTURES}${ordinal(transition.until)} ${ordinal(sequence)}`;

/** Sorts as text as it does as a number; times until the year 5138. */
const ordinal = (value: number): string => String(value).padStart(14, '0');

/** Both the parents of now and, while an update runs, those that are to come. */
function listKeys({ resourceType, owner, sequence, attributes, update }: StoredResource): readonly string[] {
  const parents = RESOURCE_TYPES[resourceType].parents.flatMap((member) => [
    attributes[member],
    update?.changes[member],
  ]);
  const lists = new Set([owner, ...parents.filter((parent) => typeof parent === 'string')]);
  return [...lists].map((list) => listPrefix(resourceType, list) + ordinal(sequence));
}
