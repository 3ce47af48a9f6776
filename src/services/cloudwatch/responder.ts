import {
  type EmbeddedCall,
  type EmbeddedElsewhere,
  type EmbeddedService,
  embeddedCall,
} from '../../calls/embedded.ts';
import type { Decided } from '../../calls/service.ts';
import type { Clock } from '../../lib/clock.ts';
import type { AwsError } from '../../lib/errors.ts';
import type { HttpResponse } from '../../lib/http-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { asItCame, httpUpstreamAt } from '../../upstreams/at-address.ts';
import type { Exchange } from '../../upstreams/upstream.ts';
import { encodeOutput } from '../../wire/encode-output.ts';
import { validateInput } from '../../wire/validate.ts';
import { describeAlarms, putMetricAlarm } from './alarm-operations.ts';
import {
  type CloudwatchCall,
  type CloudwatchHandler,
  type CloudwatchOutput,
  type CloudwatchState,
  refuse,
} from './call.ts';
import type { CloudwatchInputs } from './generated/cloudwatch.ts';
import { getMetricData, getMetricStatistics, listMetrics, putMetricData } from './metric-operations.ts';
import { Metrics } from './metrics.ts';

export interface CloudwatchSettings {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** `embedded`, or an address. */
  readonly upstreams: { readonly cloudwatch: string };
}

/** What responds to CloudWatch: metrics in memory, or another CloudWatch. */
export interface CloudwatchResponder extends AsyncDisposable {
  /** Answers the calls that other processes pass on; absent where the metrics are not in this process. */
  readonly embedded?: EmbeddedService;
  respond(call: Decided, exchange: Exchange): Promise<Result<HttpResponse, AwsError>>;
}

/** Opens the CloudWatch that the configuration names. */
export async function openCloudwatch(
  { account, region, partition, upstreams: { cloudwatch: address } }: CloudwatchSettings,
  { clock, elsewhere }: { readonly clock: Clock; readonly elsewhere?: EmbeddedElsewhere },
): Promise<CloudwatchResponder> {
  if (address === 'embedded' && elsewhere) {
    return {
      respond: (call) => elsewhere.respond(embeddedCall(call)),
      [Symbol.asyncDispose]: async () => {},
    };
  }
  if (address === 'embedded') {
    const state: CloudwatchState = { metrics: new Metrics(), alarms: new Map(), clock };
    const service: EmbeddedService = async (call) =>
      respond(call, { input: call.input, account, region, partition }, state);
    return {
      embedded: service,
      respond: (call) => service(embeddedCall(call)),
      [Symbol.asyncDispose]: async () => {},
    };
  }
  const upstream = await httpUpstreamAt(address, asItCame);
  return { respond: upstream.send, [Symbol.asyncDispose]: () => upstream.close() };
}

/** Responds out of memory, in the protocol of the call. */
function respond(
  { route: { operation, protocol }, requestId }: EmbeddedCall,
  call: CloudwatchCall,
  state: CloudwatchState,
): Result<HttpResponse, AwsError> {
  const violation = operation.input && validateInput(operation.input, call.input, 'ValidationError');
  if (violation) return err(violation);
  const output = isHandled(operation.name)
    ? handle(operation.name, call, state)
    : refuse('UnknownOperationException', `${operation.name} is not implemented.`);
  return output.ok ? ok(encodeOutput(operation, output.value, requestId, protocol)) : output;
}

const HANDLERS: { readonly [Name in keyof CloudwatchInputs]: CloudwatchHandler<Name> } = {
  PutMetricData: putMetricData,
  ListMetrics: listMetrics,
  GetMetricData: getMetricData,
  GetMetricStatistics: getMetricStatistics,
  DescribeAlarms: describeAlarms,
  PutMetricAlarm: putMetricAlarm,
};

const isHandled = (name: string): name is keyof CloudwatchInputs => Object.hasOwn(HANDLERS, name);

/** Of a call whose input was validated by the shape that its type is generated from. */
const handle = <Name extends keyof CloudwatchInputs>(
  name: Name,
  call: CloudwatchCall,
  state: CloudwatchState,
): CloudwatchOutput => HANDLERS[name]({ ...call, input: call.input as CloudwatchInputs[Name] }, state);
