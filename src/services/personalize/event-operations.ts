import type { AwsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Call, Handler } from './call.ts';
import { ownerOf } from './call.ts';
import { type EntityKind, putEntity, putInteraction, putSeen } from './catalog.ts';
import type { DatasetType } from './dataset-schema.ts';
import { statusAt } from './lifecycle.ts';
import { findOwn } from './references.ts';
import { invalidInput, notFound, wrongStatus } from './refusals.ts';
import type { Attributes, StoredResource } from './resource-table.ts';
import type { ReadableState, WritableState } from './store/resource-store.ts';

export type RecordedKind = 'events' | 'items' | 'users' | 'actions' | 'action-interactions';

/** One entry of a Put, as it was given. */
export interface RecordedPut {
  /** ISO 8601. */
  readonly receivedAt: string;
  /** The event tracker, or the dataset for items, users and actions. */
  readonly resourceArn: string;
  /** Members of the request beside the entries: `trackingId`, `userId`, `sessionId`. */
  readonly request: Attributes;
  /** Times are ISO 8601. */
  readonly entry: Attributes;
}

/** A test wants the latest; what is older than this many entries of a kind is forgotten. */
const KEPT = 10_000;

/** The operations of personalize-events: checked, kept for recommendations, and recorded as they were given. */
export const EVENT_OPERATIONS: Readonly<Record<string, Handler>> = {
  PutEvents(call) {
    const tracker = trackerOf(call, 'EventTracker');
    if (tracker === undefined) return err(unknownTracker(call));
    const group = tracker.attributes.datasetGroupArn as string;
    return putEntries(call, 'events', tracker, call.input.eventList, (event, properties) => {
      const id = event.itemId ?? properties.itemId;
      if (typeof id !== 'string') return;
      putSeen(call.state, group, id);
      interact(call, group, id, event.eventType as string);
    });
  },
  PutActionInteractions(call) {
    const dataset = trackerOf(call, 'Dataset');
    if (dataset === undefined) return err(unknownTracker(call));
    const group = dataset.attributes.datasetGroupArn as string;
    return putEntries(call, 'action-interactions', dataset, call.input.actionInteractions, (entry) =>
      interact(call, group, entry.actionId as string, entry.eventType as string, entry.userId),
    );
  },
  PutItems: (call) => putEntities(call, 'items', 'item', 'ITEMS'),
  PutUsers: (call) => putEntities(call, 'users', 'user', 'USERS'),
  PutActions: (call) => putEntities(call, 'actions', 'action', 'ACTIONS'),
};

const recordPrefix = (kind: RecordedKind): string => `put ${kind} `;

export const recordedPuts = (state: ReadableState, kind: RecordedKind): readonly RecordedPut[] =>
  Array.from(state.scan(recordPrefix(kind)), ([, put]) => put as RecordedPut);

function putEntities(
  call: Call,
  kind: RecordedKind,
  entity: EntityKind,
  type: DatasetType,
): ReturnType<Handler> {
  const arn = call.input.datasetArn as string;
  const dataset = findOwn('Dataset', arn, call);
  if (dataset === undefined) return err(notFound(arn));
  const status = statusAt(dataset.transition, call.now);
  if (status !== 'ACTIVE') return err(wrongStatus(arn, status, 'ACTIVE'));
  if (dataset.attributes.datasetType !== type)
    return err(invalidInput(`The dataset ${arn} is not of type ${type}.`));
  return putEntries(call, kind, dataset, call.input[kind], (entry, properties) =>
    putEntity(
      call.state,
      { datasetArn: arn, kind: entity },
      { id: entry[`${entity}Id`] as string, properties },
    ),
  );
}

/** Checks all entries before any of them is kept. */
function putEntries(
  call: Call,
  kind: RecordedKind,
  resource: StoredResource,
  given: unknown,
  keep: (entry: Attributes, properties: Attributes) => void,
): ReturnType<Handler> {
  const entries = given as readonly Attributes[];
  const properties: Attributes[] = [];
  for (const entry of entries) {
    const parsed = propertiesOf(entry);
    if (!parsed.ok) return parsed;
    properties.push(parsed.value);
  }
  const request = Object.fromEntries(Object.entries(call.input).filter(([, value]) => value !== given));
  entries.forEach((entry, index) => {
    keep(entry, properties[index] ?? {});
    record(call.state, kind, {
      receivedAt: new Date(call.now).toISOString(),
      resourceArn: resource.arn,
      request,
      entry: JSON.parse(JSON.stringify(entry)),
    });
  });
  return ok({});
}

function propertiesOf({ properties }: Attributes): Result<Attributes, AwsError> {
  if (properties === undefined) return ok({});
  try {
    const parsed: unknown = JSON.parse(properties as string);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return ok({ ...parsed });
  } catch {
    // Said below.
  }
  return err(invalidInput('properties must be a JSON object.'));
}

function record(state: WritableState, kind: RecordedKind, put: RecordedPut): void {
  const countKey = `puts ${kind}`;
  const count = ((state.get(countKey) as number | undefined) ?? 0) + 1;
  state.put(countKey, count);
  state.put(recordKey(kind, count), put);
  state.delete(recordKey(kind, count - KEPT));
}

const recordKey = (kind: RecordedKind, count: number): string =>
  recordPrefix(kind) + String(count).padStart(14, '0');

/** Before a user signs in, the session stands for the user. */
function interact(call: Call, group: string, id: string, eventType: string, user?: unknown): void {
  const userId = (user ?? call.input.userId ?? call.input.sessionId) as string | undefined;
  if (userId !== undefined) putInteraction(call.state, group, { userId, id, eventType });
}

function trackerOf(call: Call, resourceType: 'EventTracker' | 'Dataset'): StoredResource | undefined {
  const tracker = call.table.first(resourceType, call.input.trackingId as string);
  const usable =
    tracker?.owner === ownerOf(call.scope) && statusAt(tracker.transition, call.now) === 'ACTIVE';
  return usable ? tracker : undefined;
}

/** PutEvents knows no ResourceNotFoundException. */
function unknownTracker({ operation, input }: Call): AwsError {
  const error = invalidInput(
    `The tracking id ${input.trackingId} does not belong to an active event tracker.`,
  );
  return operation.errors.has('ResourceNotFoundException')
    ? { ...error, code: 'ResourceNotFoundException' }
    : error;
}
