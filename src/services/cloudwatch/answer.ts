import type { Route } from '../../calls/service.ts';
import type { Clock } from '../../lib/clock.ts';
import type { AwsError } from '../../lib/errors.ts';
import type { HttpResponse } from '../../lib/http-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { encodeOutput } from '../../wire/encode-output.ts';
import { validateInput } from '../../wire/validate.ts';
import { describeAlarms, putMetricAlarm } from './alarm-operations.ts';
import { type CloudwatchCall, type CloudwatchOperation, type CloudwatchState, refuse } from './call.ts';
import { getMetricData, getMetricStatistics, listMetrics, putMetricData } from './metric-operations.ts';
import { Metrics } from './metrics.ts';

/** A handler for every operation of the model; a test holds that. */
export const CLOUDWATCH_HANDLERS: ReadonlyMap<string, CloudwatchOperation> = new Map(
  Object.entries({
    PutMetricData: putMetricData,
    ListMetrics: listMetrics,
    GetMetricData: getMetricData,
    GetMetricStatistics: getMetricStatistics,
    DescribeAlarms: describeAlarms,
    PutMetricAlarm: putMetricAlarm,
  } satisfies Record<string, CloudwatchOperation>),
);

export const createCloudwatchState = (clock: Clock): CloudwatchState => ({
  metrics: new Metrics(),
  alarms: new Map(),
  clock,
});

/** Answers CloudWatch out of memory, in the protocol of the call. */
export function answerCloudwatchCall(
  { operation, protocol }: Route,
  call: CloudwatchCall & { readonly requestId: string },
  state: CloudwatchState,
): Result<HttpResponse, AwsError> {
  const violation = operation.input && validateInput(operation.input, call.input, 'ValidationError');
  if (violation) return err(violation);
  const handler = CLOUDWATCH_HANDLERS.get(operation.name);
  const output = handler
    ? handler(call, state)
    : refuse('UnknownOperationException', `${operation.name} is not implemented.`);
  return output.ok ? ok(encodeOutput(operation, output.value, call.requestId, protocol)) : output;
}
