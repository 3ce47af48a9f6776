import type { CheckFacts } from '../../calls/service.ts';
import type { ContextValue } from '../../engine/request.ts';

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html */
export function cloudwatchContextKeys({ input, route }: CheckFacts): ReadonlyMap<string, ContextValue> {
  const { Namespace: namespace, AlarmActions: actions } = input;
  const isPut = route.operation.name === 'PutMetricData' && typeof namespace === 'string';
  return new Map<string, ContextValue>([
    ...(isPut ? [['cloudwatch:namespace', namespace] as const] : []),
    ...(Array.isArray(actions) ? [['cloudwatch:alarmactions', actions.map(String)] as const] : []),
  ]);
}
