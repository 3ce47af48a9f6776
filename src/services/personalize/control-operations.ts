import { err, ok } from '../../lib/result.ts';
import type { CallWith, Handlers, Outcome } from './call.ts';
import { isSettledAt, statusAt, type TransitionKind } from './lifecycle.ts';
import { pageOf, pageRequest } from './next-token.ts';
import { findNamed, findOwn } from './references.ts';
import { inUseBy, wrongStatus } from './refusals.ts';
import type { Attributes } from './resource-attributes.ts';
import { attributesAt, type StoredResource } from './resource-table.ts';
import type { ResourceTypeName } from './resource-types.ts';
import { solutionMetrics } from './solution-metrics.ts';

/** The control-plane operations that are none of the five verbs. */
export const CONTROL_OPERATIONS: Handlers<
  | 'StartRecommender'
  | 'StopRecommender'
  | 'StopSolutionVersionCreation'
  | 'GetSolutionMetrics'
  | 'ListMetricAttributionMetrics'
> = {
  StartRecommender: (call) => switchRecommender(call, 'start', ['INACTIVE']),
  StopRecommender: (call) => switchRecommender(call, 'stop', ['ACTIVE']),

  StopSolutionVersionCreation: (call) =>
    on('SolutionVersion', call, (version) => {
      const status = statusAt(version.transition, call.now);
      if (status !== 'CREATE PENDING' && status !== 'CREATE IN_PROGRESS')
        return err(wrongStatus(version.arn, status, 'CREATE PENDING or CREATE IN_PROGRESS'));
      const stopping = call.begin('stopTraining', version.arn);
      // Training that has not begun is stopped at once.
      const until = status === 'CREATE PENDING' ? stopping.since : stopping.until;
      call.table.replace({ ...version, transition: { ...stopping, until } });
      return ok({});
    }),

  GetSolutionMetrics: (call) =>
    on('SolutionVersion', call, (version) => {
      const status = statusAt(version.transition, call.now);
      if (status !== 'ACTIVE') return err(wrongStatus(version.arn, status, 'ACTIVE'));
      return ok({ solutionVersionArn: version.arn, metrics: solutionMetrics(version, call) });
    }),

  ListMetricAttributionMetrics(call) {
    const arn = call.input.metricAttributionArn;
    const found = arn === undefined ? undefined : findOwn('MetricAttribution', arn, call);
    const metrics = found ? attributesAt(found, call.now).metrics : [];
    const listed = `Metric ${arn}`;
    const request = pageRequest(listed, call.input);
    if (!request.ok) return request;
    const rest = metrics.map((metric, index) => ({ metric, position: index + 1 })).slice(request.value.after);
    const page = pageOf(listed, request.value, rest, ({ position }) => position);
    return ok({
      metrics: page.entries.map(({ metric }) => metric),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    });
  },
};

/** A recommender that is started or stopped; nothing else about it may be changing. */
function switchRecommender(
  call: CallWith<Attributes>,
  kind: Extract<TransitionKind, 'start' | 'stop'>,
  from: readonly string[],
): Outcome {
  return on('Recommender', call, (recommender) => {
    const status = statusAt(recommender.transition, call.now);
    if (!from.includes(status)) return err(wrongStatus(recommender.arn, status, from.join(' or ')));
    if (recommender.update && !isSettledAt(recommender.update.transition, call.now))
      return err(inUseBy(recommender.arn, 'an update that is not finished'));
    call.table.replace({ ...recommender, transition: call.begin(kind, recommender.arn) });
    return ok({ recommenderArn: recommender.arn });
  });
}

function on<Type extends ResourceTypeName>(
  resourceType: Type,
  call: CallWith<Attributes>,
  work: (resource: StoredResource<Type>) => Outcome,
): Outcome {
  const found = findNamed(resourceType, call);
  return found.ok ? work(found.value) : found;
}
