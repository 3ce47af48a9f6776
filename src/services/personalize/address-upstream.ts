import type { Clock } from '../../lib/clock.ts';
import { httpUpstream } from '../../upstreams/forward.ts';
import { listedTags, withListedTags } from './listed-tags.ts';
import type { PersonalizeUpstream } from './upstream.ts';

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
): Promise<PersonalizeUpstream> {
  const upstream = httpUpstream({
    description: address,
    target: () => address,
    secure: address.startsWith('https:'),
    timeoutMillis: TIMEOUT_MILLIS,
  });
  const isSigned = upstreamCredentials === 'ambient';
  const sign = isSigned
    ? (await import('../../upstreams/ambient-signer.ts')).ambientSigner({
        region,
        clock,
        service: 'personalize',
      })
    : undefined;
  const tags = listedTags({
    description: address,
    address,
    seconds: resourceTagSeconds,
    clock,
    ...(sign && { sign }),
  });
  return withListedTags(upstream, tags);
}
