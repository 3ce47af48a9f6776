// Generated from src/model/generated/personalize-events.json by `npm run generate`; do not edit.

type Action = { readonly actionId: string; readonly properties?: string };
type ActionInteraction = { readonly actionId: string; readonly userId?: string; readonly sessionId: string; readonly timestamp: Date; readonly eventType: string; readonly eventId?: string; readonly recommendationId?: string; readonly impression?: readonly string[]; readonly properties?: string };
type Event = { readonly eventId?: string; readonly eventType: string; readonly eventValue?: number; readonly itemId?: string; readonly properties?: string; readonly sentAt: Date; readonly recommendationId?: string; readonly impression?: readonly string[]; readonly metricAttribution?: MetricAttribution };
type Item = { readonly itemId: string; readonly properties?: string };
type MetricAttribution = { readonly eventAttributionSource: string };
type User = { readonly userId: string; readonly properties?: string };

/** The input of each operation of `personalize-events`, decoded and valid. */
export type PersonalizeEventsInputs = {
  readonly PutActionInteractions: { readonly trackingId: string; readonly actionInteractions: readonly ActionInteraction[] };
  readonly PutActions: { readonly datasetArn: string; readonly actions: readonly Action[] };
  readonly PutEvents: { readonly trackingId: string; readonly userId?: string; readonly sessionId: string; readonly eventList: readonly Event[] };
  readonly PutItems: { readonly datasetArn: string; readonly items: readonly Item[] };
  readonly PutUsers: { readonly datasetArn: string; readonly users: readonly User[] };
};
