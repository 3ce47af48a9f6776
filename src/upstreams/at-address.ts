import { type HttpRequest, header } from '../lib/http-message.ts';
import type { Address, HttpUpstream } from './upstream.ts';

/** A large body may take a while to write. */
const TIMEOUT_MILLIS = 60_000;

/** An upstream at an address. What forwarding needs is loaded only now: it would cost every start. */
export async function httpUpstreamAt(
  address: string,
  addressOf: (request: HttpRequest) => Address,
): Promise<HttpUpstream> {
  const { httpUpstream } = await import('./forward.ts');
  return httpUpstream({
    description: address,
    target: () => address,
    secure: address.startsWith('https:'),
    timeoutMillis: TIMEOUT_MILLIS,
    address: addressOf,
  });
}

/** For the host that the request was signed for, so that an upstream with the same key can verify the same signature. */
export function asItCame(request: HttpRequest): Address {
  const host = header(request, 'host');
  return { path: request.target, ...(host !== undefined && { host }) };
}
