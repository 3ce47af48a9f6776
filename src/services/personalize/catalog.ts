import { type Attributes, dataPrefix } from './resource-table.ts';
import type { ReadableState, WritableState } from './store/resource-store.ts';

/** What the data of a dataset group tells of one item, user or action: its properties by normalized name. */
export interface KnownEntity {
  readonly id: string;
  readonly properties: Attributes;
}

export type EntityKind = 'item' | 'user' | 'action';

/*
 * Keys. They begin with the ARN of the dataset or group that holds the data, and go with it; ids are percent-encoded.
 *   data DATASET item|user|action ID           properties
 *   data GROUP seen ID                         an item that somebody interacted with
 *   data GROUP interaction USER ID             the event types, in lower case
 */
/** Without spaces, which end the parts of a key; a lone surrogate has no UTF-8 and becomes U+FFFD. */
const encodeId = (id: string): string => encodeURIComponent(id.toWellFormed());

const entityPrefix = (datasetArn: string, kind: EntityKind): string => `${dataPrefix(datasetArn)}${kind} `;

/** `AVERAGE_RATING`, `averageRating` -> `averagerating`: a schema and a request spell one field differently. */
export const fieldKey = (name: string): string => name.replaceAll('_', '').toLowerCase();

export function putEntity(
  state: WritableState,
  datasetArn: string,
  kind: EntityKind,
  { id, properties }: KnownEntity,
): void {
  const byKey = Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [fieldKey(name), value]),
  );
  state.put(entityPrefix(datasetArn, kind) + encodeId(id), { id, properties: byKey });
}

export function findEntity(
  state: ReadableState,
  datasetArn: string,
  kind: EntityKind,
  id: string,
): KnownEntity | undefined {
  return state.get(entityPrefix(datasetArn, kind) + encodeId(id)) as KnownEntity | undefined;
}

export function* entities(
  state: ReadableState,
  datasetArn: string,
  kind: EntityKind,
): Generator<KnownEntity> {
  for (const [, value] of state.scan(entityPrefix(datasetArn, kind))) yield value as KnownEntity;
}

const interactionKey = (groupArn: string, userId: string, id: string): string =>
  `${dataPrefix(groupArn)}interaction ${encodeId(userId)} ${encodeId(id)}`;

/** Notes that a user did something with an item (or an action). */
export function putInteraction(
  state: WritableState,
  groupArn: string,
  { userId, id, eventType }: { readonly userId: string; readonly id: string; readonly eventType: string },
): void {
  const key = interactionKey(groupArn, userId, id);
  const types = new Set(state.get(key) as readonly string[] | undefined);
  state.put(key, [...types.add(eventType.toLowerCase())]);
}

/** The event types, in lower case, of what a user did with an item (or an action). */
export const eventTypesOf = (
  state: ReadableState,
  groupArn: string,
  userId: string,
  id: string,
): readonly string[] =>
  (state.get(interactionKey(groupArn, userId, id)) as readonly string[] | undefined) ?? [];

const seenPrefix = (groupArn: string): string => `${dataPrefix(groupArn)}seen `;

/** Notes an item that is known from interactions only. */
export const putSeen = (state: WritableState, groupArn: string, id: string): void =>
  state.put(seenPrefix(groupArn) + encodeId(id), id);

export function* seenItems(state: ReadableState, groupArn: string): Generator<string> {
  for (const [, id] of state.scan(seenPrefix(groupArn))) yield id as string;
}

/** `…:dataset-group/shop` -> `…:dataset/shop/ITEMS`. */
export const datasetArn = (groupArn: string, type: string): string =>
  `${groupArn.replace(':dataset-group/', ':dataset/')}/${type}`;
