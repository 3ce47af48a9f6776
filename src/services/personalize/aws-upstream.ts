import type { Clock } from '../../lib/clock.ts';
import { header } from '../../lib/http-message.ts';
import type { ServiceName } from '../../model/shape.ts';
import { ambientSigner } from '../../upstreams/ambient-signer.ts';
import { httpUpstream } from '../../upstreams/forward.ts';
import { listedTags, withListedTags } from './listed-tags.ts';
import type { PersonalizeUpstream } from './upstream.ts';

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
  resourceTagSeconds,
}: {
  readonly region: string;
  readonly partition: string;
  readonly clock: Clock;
  readonly resourceTagSeconds: number;
}): PersonalizeUpstream {
  const sign = ambientSigner({ region, clock, service: 'personalize' });
  const description = `aws (${region})`;
  const hostOf = (service: ServiceName): string =>
    `${service}.${region}.${DNS_SUFFIXES[partition] ?? 'amazonaws.com'}`;
  const upstream = httpUpstream({
    description,
    target: (service) => `https://${hostOf(service)}`,
    secure: true,
    timeoutMillis: TIMEOUT_MILLIS,
    sign: async (request, service) => {
      const headers: Record<string, string> = { host: hostOf(service) };
      for (const name of SIGNED_HEADERS) {
        const value = header(request, name);
        if (value !== undefined) headers[name] = value;
      }
      return sign({ method: request.method, target: request.target, headers, body: request.body });
    },
  });
  const tags = listedTags({
    description,
    address: `https://${hostOf('personalize')}`,
    seconds: resourceTagSeconds,
    clock,
    sign,
  });
  return withListedTags(upstream, tags);
}
