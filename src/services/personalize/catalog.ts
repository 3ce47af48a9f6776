import type { Attributes } from './resource-attributes.ts';
import { dataPrefix } from './resource-table.ts';
import { entriesBelow, type Key, keyOf, putAt, valueAt } from './state-key.ts';
import type { ReadableState, WritableState } from './store/resource-store.ts';

/** What the data of a dataset group has of one item, user or action: its properties by normalized name. */
export interface KnownEntity {
  readonly id: string;
  readonly properties: Attributes;
}

export type EntityKind = 'item' | 'user' | 'action';

/*
 * Keys. They begin with the ARN of the dataset or group that holds the data, and go with it; ids are percent-encoded.
 *   data DATASET item|user|action ID           properties
 *   data GROUP seen ID                         an item of an interaction
 *   data GROUP interaction USER ID             the event types, in lower case
 *   data DATASET bulk-…                        the same of an import job, which replaces what was imported before
 */
/** Without spaces, which end the parts of a key; a lone surrogate has no UTF-8 and becomes U+FFFD. */
const encodeId = (id: string): string => encodeURIComponent(id.toWellFormed());

const BULK = 'bulk-';

const entityPrefix = (datasetArn: string, kind: EntityKind, bulk = ''): Key<KnownEntity> =>
  keyOf(`${dataPrefix(datasetArn)}${bulk}${kind} `);

const entityKey = (datasetArn: string, kind: EntityKind, id: string, bulk = ''): Key<KnownEntity> =>
  keyOf(entityPrefix(datasetArn, kind, bulk) + encodeId(id));

/** `AVERAGE_RATING`, `averageRating` -> `averagerating`: a schema and a request spell one field differently. */
export const fieldKey = (name: string): string => name.replaceAll('_', '').toLowerCase();

interface EntityPlace {
  readonly datasetArn: string;
  readonly kind: EntityKind;
  /** Whether an import job brings it. What was put counts before what was imported. */
  readonly bulk?: boolean;
}

export function putEntity(
  state: WritableState,
  { datasetArn, kind, bulk }: EntityPlace,
  { id, properties }: KnownEntity,
): void {
  const byKey = Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [fieldKey(name), value]),
  );
  putAt(state, entityKey(datasetArn, kind, id, bulk ? BULK : ''), { id, properties: byKey });
}

export function findEntity(
  state: ReadableState,
  datasetArn: string,
  kind: EntityKind,
  id: string,
): KnownEntity | undefined {
  return (
    valueAt(state, entityKey(datasetArn, kind, id)) ?? valueAt(state, entityKey(datasetArn, kind, id, BULK))
  );
}

export function* entities(
  state: ReadableState,
  datasetArn: string,
  kind: EntityKind,
): Generator<KnownEntity> {
  const put = new Set<string>();
  for (const [, entity] of entriesBelow(state, entityPrefix(datasetArn, kind))) {
    put.add(entity.id);
    yield entity;
  }
  for (const [, entity] of entriesBelow(state, entityPrefix(datasetArn, kind, BULK)))
    if (!put.has(entity.id)) yield entity;
}

/** Forgets what import jobs have brought into a dataset. */
export function clearBulk(state: WritableState, datasetArn: string): void {
  const keys = Array.from(state.scan(dataPrefix(datasetArn) + BULK), ([key]) => key);
  for (const key of keys) state.delete(key);
}

/** Of the dataset or group with the ARN: the event types, in lower case. */
const interactionKey = (arn: string, userId: string, id: string, bulk = ''): Key<readonly string[]> =>
  keyOf(`${dataPrefix(arn)}${bulk}interaction ${encodeId(userId)} ${encodeId(id)}`);

interface Interaction {
  readonly userId: string;
  readonly id: string;
  readonly eventType: string;
}

/** Notes that a user did something with an item (or an action). */
export const putInteraction = (state: WritableState, groupArn: string, interaction: Interaction): void =>
  addEventType(state, interactionKey(groupArn, interaction.userId, interaction.id), interaction);

/** The same of an import job into that dataset. */
export const putBulkInteraction = (state: WritableState, arn: string, interaction: Interaction): void =>
  addEventType(state, interactionKey(arn, interaction.userId, interaction.id, BULK), interaction);

function addEventType(state: WritableState, key: Key<readonly string[]>, { eventType }: Interaction): void {
  const types = new Set(valueAt(state, key));
  putAt(state, key, [...types.add(eventType.toLowerCase())]);
}

/** The event types, in lower case, of what a user did with an item (or an action). */
export function eventTypesOf(
  state: ReadableState,
  groupArn: string,
  userId: string,
  id: string,
): readonly string[] {
  const keys = [
    interactionKey(groupArn, userId, id),
    ...INTERACTION_TYPES.map((type) => interactionKey(datasetArn(groupArn, type), userId, id, BULK)),
  ];
  return keys.flatMap((key) => valueAt(state, key) ?? []);
}

const INTERACTION_TYPES = ['INTERACTIONS', 'ACTION_INTERACTIONS'];

const seenPrefix = (arn: string, bulk = ''): Key<string> => keyOf(`${dataPrefix(arn)}${bulk}seen `);

const seenKey = (arn: string, id: string, bulk = ''): Key<string> =>
  keyOf(seenPrefix(arn, bulk) + encodeId(id));

/** Notes an item that is known from interactions only. */
export const putSeen = (state: WritableState, groupArn: string, id: string): void =>
  putAt(state, seenKey(groupArn, id), id);

export const putBulkSeen = (state: WritableState, arn: string, id: string): void =>
  putAt(state, seenKey(arn, id, BULK), id);

/** An item that was both put and imported comes twice. */
export function* seenItems(state: ReadableState, groupArn: string): Generator<string> {
  for (const prefix of [seenPrefix(groupArn), seenPrefix(datasetArn(groupArn, 'INTERACTIONS'), BULK)])
    for (const [, id] of entriesBelow(state, prefix)) yield id;
}

/** `…:dataset-group/shop` -> `…:dataset/shop/ITEMS`. */
export const datasetArn = (groupArn: string, type: string): string =>
  `${groupArn.replace(':dataset-group/', ':dataset/')}/${type}`;
