import type { Clock } from '../lib/clock.ts';
import { httpUpstream } from './forward.ts';
import { listedTags, withListedTags } from './listed-tags.ts';
import type { Upstream } from './upstream.ts';

/** A stub on this machine answers at once; one that is silent for this long is stuck. */
const TIMEOUT_MILLIS = 30_000;

export interface AddressUpstreamSettings {
  readonly region: string;
  readonly clock: Clock;
  readonly upstreamCredentials: 'none' | 'ambient';
  readonly resourceTagSeconds: number;
}

/** Another Personalize API. Requests reach it as they came; what this proxy asks itself is signed where that is configured. */
export async function addressUpstream(
  address: string,
  { region, clock, upstreamCredentials, resourceTagSeconds }: AddressUpstreamSettings,
): Promise<Upstream> {
  const upstream = httpUpstream({
    description: address,
    target: () => address,
    timeoutMillis: TIMEOUT_MILLIS,
  });
  const isSigned = upstreamCredentials === 'ambient';
  const sign = isSigned ? (await import('./ambient-signer.ts')).ambientSigner({ region, clock }) : undefined;
  const tags = listedTags({
    description: address,
    address,
    seconds: resourceTagSeconds,
    clock,
    ...(sign && { sign }),
  });
  return withListedTags(upstream, tags);
}
