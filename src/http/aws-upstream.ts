import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { header } from '../http-message.ts';
import type { Clock } from '../lib/clock.ts';
import type { ServiceName } from '../model/shape.ts';
import { signRequest } from '../sigv4/verify.ts';
import { httpUpstream } from './forward.ts';
import type { Upstream } from './upstream.ts';

/** AWS itself may take a while to create something. */
const TIMEOUT_MILLIS = 60_000;

/** DNS suffix by partition. @see https://docs.aws.amazon.com/general/latest/gr/rande.html */
const DNS_SUFFIXES: Readonly<Record<string, string>> = { 'aws-cn': 'amazonaws.com.cn' };

/** What of a request is signed for AWS; the rest concerned the caller and this proxy. */
const SIGNED_HEADERS = ['content-type', 'x-amz-target'];

/** Amazon Personalize itself: requests are signed anew, with the credentials that an AWS SDK would find here. */
export function awsUpstream({
  region,
  partition,
  clock,
}: {
  region: string;
  partition: string;
  clock: Clock;
}): Upstream {
  const credentials = defaultProvider();
  const hostOf = (service: ServiceName): string =>
    `${service}.${region}.${DNS_SUFFIXES[partition] ?? 'amazonaws.com'}`;
  return httpUpstream({
    description: `aws (${region})`,
    target: (service) => `https://${hostOf(service)}`,
    timeoutMillis: TIMEOUT_MILLIS,
    sign: async (request, service) => {
      const headers: Record<string, string> = { host: hostOf(service) };
      for (const name of SIGNED_HEADERS) {
        const value = header(request, name);
        if (value !== undefined) headers[name] = value;
      }
      return signRequest(
        { method: request.method, target: request.target, headers, body: request.body },
        { ...(await credentials()), region, service: 'personalize', now: clock() },
      );
    },
  });
}
