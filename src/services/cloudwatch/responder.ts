import type { Decided } from '../../calls/service.ts';
import type { Clock } from '../../lib/clock.ts';
import type { AwsError } from '../../lib/errors.ts';
import type { HttpResponse } from '../../lib/http-message.ts';
import type { Result } from '../../lib/result.ts';
import { asItCame, httpUpstreamAt } from '../../upstreams/at-address.ts';
import type { Exchange } from '../../upstreams/upstream.ts';
import { answerCloudwatchCall, createCloudwatchState } from './answer.ts';

export interface CloudwatchSettings {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** `embedded`, or an address. */
  readonly upstreams: { readonly cloudwatch: string };
}

/** What responds to CloudWatch: metrics in memory, or another CloudWatch. */
export interface CloudwatchResponder extends AsyncDisposable {
  respond(call: Decided, exchange: Exchange): Promise<Result<HttpResponse, AwsError>>;
}

/** Opens the CloudWatch that the configuration names. */
export async function openCloudwatch(
  { account, region, partition, upstreams: { cloudwatch: address } }: CloudwatchSettings,
  { clock }: { readonly clock: Clock },
): Promise<CloudwatchResponder> {
  if (address === 'embedded') {
    const state = createCloudwatchState(clock);
    return {
      respond: async ({ route, requestId, input }) =>
        answerCloudwatchCall(route, { input, requestId, account, region, partition }, state),
      [Symbol.asyncDispose]: async () => {},
    };
  }
  const upstream = await httpUpstreamAt(address, asItCame);
  return { respond: upstream.send, [Symbol.asyncDispose]: () => upstream.close() };
}
