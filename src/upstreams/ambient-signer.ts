import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { Clock } from '../lib/clock.ts';
import { signRequest } from '../sigv4/verify.ts';

type SignRequest = Parameters<typeof signRequest>[0];

/** Gives the headers of a request with its signature. */
export type Signer = (request: SignRequest) => Promise<Record<string, string>>;

/** Signs for a service with the credentials that an AWS SDK would find on this machine; rejects where it finds none. */
export function ambientSigner({
  region,
  clock,
  service,
}: {
  readonly region: string;
  readonly clock: Clock;
  readonly service: string;
}): Signer {
  const credentials = defaultProvider();
  return async (request) => signRequest(request, { ...(await credentials()), region, service, now: clock() });
}
