import type { AwsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type CallContext, type CallWith, type Handlers, type Outcome, ownerOf } from './call.ts';
import { putEntity, putInteraction, putSeen } from './catalog.ts';
import type { PersonalizeEventsInputs } from './generated/personalize-events.ts';
import { statusAt } from './lifecycle.ts';
import { findOwn } from './references.ts';
import { invalidInput, notFound, wrongStatus } from './refusals.ts';
import { type Attributes, isStructure } from './resource-attributes.ts';
import type { StoredResource } from './resource-table.ts';
import { entriesBelow, type Key, keyOf, putAt, valueAt } from './state-key.ts';
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
const MOST_RECORDED = 10_000;

/** The operations of personalize-events: checked, stored for recommendations, and recorded as they were given. */
export const EVENT_OPERATIONS: Handlers<keyof PersonalizeEventsInputs> = {
  PutEvents(call) {
    const { trackingId, userId, sessionId, eventList } = call.input;
    const tracker = trackerOf(call, 'EventTracker');
    if (tracker === undefined) return err(unknownTracker(call));
    const group = tracker.attributes.datasetGroupArn;
    const request = { trackingId, ...(userId !== undefined && { userId }), sessionId };
    return putEntries(call, { kind: 'events', arn: tracker.arn, request }, eventList, (event, properties) => {
      const id = event.itemId ?? properties.itemId;
      if (typeof id !== 'string') return;
      putSeen(call.state, group, id);
      // Before a user signs in, its session is the user.
      putInteraction(call.state, group, { userId: userId ?? sessionId, id, eventType: event.eventType });
    });
  },
  PutActionInteractions(call) {
    const { trackingId, actionInteractions } = call.input;
    const dataset = trackerOf(call, 'Dataset');
    if (dataset === undefined) return err(unknownTracker(call));
    const group = dataset.attributes.datasetGroupArn;
    const put = { kind: 'action-interactions', arn: dataset.arn, request: { trackingId } } as const;
    return putEntries(call, put, actionInteractions, ({ actionId, eventType, userId }) => {
      if (userId !== undefined) putInteraction(call.state, group, { userId, id: actionId, eventType });
    });
  },
  PutItems: (call) => putEntities(call, ENTITIES.items, call.input.items, ({ itemId }) => itemId),
  PutUsers: (call) => putEntities(call, ENTITIES.users, call.input.users, ({ userId }) => userId),
  PutActions: (call) => putEntities(call, ENTITIES.actions, call.input.actions, ({ actionId }) => actionId),
};

const ENTITIES = {
  items: { kind: 'items', entity: 'item', type: 'ITEMS' },
  users: { kind: 'users', entity: 'user', type: 'USERS' },
  actions: { kind: 'actions', entity: 'action', type: 'ACTIONS' },
} as const;

const recordPrefix = (kind: RecordedKind): Key<RecordedPut> => keyOf(`put ${kind} `);

export const recordedPuts = (state: ReadableState, kind: RecordedKind): readonly RecordedPut[] =>
  Array.from(entriesBelow(state, recordPrefix(kind)), ([, put]) => put);

/** An entry of a Put: some of them have properties, as JSON. */
interface Entry {
  readonly properties?: string;
}

function putEntities<Given extends Entry>(
  call: CallWith<{ readonly datasetArn: string }>,
  { kind, entity, type }: (typeof ENTITIES)[keyof typeof ENTITIES],
  entries: readonly Given[],
  idOf: (entry: Given) => string,
): Outcome {
  const { datasetArn } = call.input;
  const dataset = findOwn('Dataset', datasetArn, call);
  if (dataset === undefined) return err(notFound(datasetArn));
  const status = statusAt(dataset.transition, call.now);
  if (status !== 'ACTIVE') return err(wrongStatus(datasetArn, status, 'ACTIVE'));
  if (dataset.attributes.datasetType !== type)
    return err(invalidInput(`The dataset ${datasetArn} is not of type ${type}.`));
  const put = { kind, arn: datasetArn, request: { datasetArn } };
  return putEntries(call, put, entries, (entry, properties) =>
    putEntity(call.state, { datasetArn, kind: entity }, { id: idOf(entry), properties }),
  );
}

/** Checks all entries before any of them is stored. */
function putEntries<Given extends Entry>(
  { state, now }: CallContext,
  { kind, arn, request }: { readonly kind: RecordedKind; readonly arn: string; readonly request: Attributes },
  entries: readonly Given[],
  keep: (entry: Given, properties: Attributes) => void,
): Outcome {
  const properties: Attributes[] = [];
  for (const entry of entries) {
    const parsed = propertiesOf(entry);
    if (!parsed.ok) return parsed;
    properties.push(parsed.value);
  }
  entries.forEach((entry, index) => {
    keep(entry, properties[index] ?? {});
    record(state, kind, {
      receivedAt: new Date(now).toISOString(),
      resourceArn: arn,
      request,
      entry: JSON.parse(JSON.stringify(entry)),
    });
  });
  return ok({});
}

function propertiesOf({ properties }: Entry): Result<Attributes, AwsError> {
  if (properties === undefined) return ok({});
  try {
    const parsed: unknown = JSON.parse(properties);
    if (isStructure(parsed) && !Array.isArray(parsed)) return ok({ ...parsed });
  } catch {
    // Reported below.
  }
  return err(invalidInput('properties must be a JSON object.'));
}

function record(state: WritableState, kind: RecordedKind, put: RecordedPut): void {
  const countKey = keyOf<number>(`puts ${kind}`);
  const count = (valueAt(state, countKey) ?? 0) + 1;
  putAt(state, countKey, count);
  putAt(state, recordKey(kind, count), put);
  state.delete(recordKey(kind, count - MOST_RECORDED));
}

const recordKey = (kind: RecordedKind, count: number): Key<RecordedPut> =>
  keyOf(recordPrefix(kind) + String(count).padStart(14, '0'));

type TrackedCall = CallWith<{ readonly trackingId: string }>;

function trackerOf<Type extends 'EventTracker' | 'Dataset'>(
  { table, input, scope, now }: TrackedCall,
  resourceType: Type,
): StoredResource<Type> | undefined {
  const tracker = table.first(resourceType, input.trackingId);
  const usable = tracker?.owner === ownerOf(scope) && statusAt(tracker.transition, now) === 'ACTIVE';
  return usable ? tracker : undefined;
}

/** PutEvents has no ResourceNotFoundException. */
function unknownTracker({ operation, input }: TrackedCall): AwsError {
  const error = invalidInput(
    `The tracking id ${input.trackingId} does not belong to an active event tracker.`,
  );
  return operation.errors.has('ResourceNotFoundException')
    ? { ...error, code: 'ResourceNotFoundException' }
    : error;
}
