import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { type Cidr, inCidr, parseAddress, parseCidr } from '../lib/cidr.ts';
import type { HttpRequest } from '../lib/http-message.ts';

/** Who sent a request, and whether they did over TLS. */
export type Client = Pick<HttpRequest, 'remoteAddress' | 'secure'>;

export type ClientOf = (incoming: IncomingMessage) => Client;

/** The peer of the connection: any client can write `X-Forwarded-*` headers. */
export const peerOf: ClientOf = ({ socket }) => ({
  remoteAddress: withoutZone(socket.remoteAddress ?? ''),
  secure: (socket as Partial<TLSSocket>).encrypted === true,
});

/** A link-local address has a zone (`fe80::1%eth0`), which policies do not contain. */
function withoutZone(address: string): string {
  const zone = address.indexOf('%');
  return zone < 0 ? address : address.slice(0, zone);
}

/**
 * Reads who sent a request from `X-Forwarded-For` and `X-Forwarded-Proto`, as far as proxies in the given ranges have
 * written them: from the last hop back to the first that is no such proxy.
 * @param ranges addresses and ranges in CIDR notation
 */
export function behindProxies(ranges: readonly string[]): ClientOf {
  const trusted = ranges.map(parseCidr).filter((range): range is Cidr => range !== undefined);
  if (trusted.length === 0) return peerOf;
  const isTrusted = (text: string): boolean => {
    const address = parseAddress(text);
    return address !== undefined && trusted.some((range) => inCidr(address, range));
  };
  return (incoming) => {
    const peer = peerOf(incoming);
    if (!isTrusted(peer.remoteAddress)) return peer;
    const hops = listed(incoming, 'x-forwarded-for').map(withoutPort).reverse();
    const protocols = listed(incoming, 'x-forwarded-proto');
    return {
      remoteAddress: hops.find((roleCheck) => !isTrusted(roleCheck)) ?? hops.at(-1) ?? peer.remoteAddress,
      // Where several hops say something, one that was in the clear makes all of the way so.
      secure: protocols.length > 0 ? protocols.every((name) => name === 'https') : peer.secure,
    };
  };
}

/** The values of a header, of all its lines. */
function listed({ headersDistinct }: IncomingMessage, name: string): readonly string[] {
  const text = (headersDistinct[name] ?? []).join(',');
  return text === '' ? [] : text.split(',').map((value) => value.trim().toLowerCase());
}

/** Some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
const withoutPort = (roleCheck: string): string =>
  /^\[([^\]]*)\](?::\d+)?$/.exec(roleCheck)?.[1] ?? roleCheck.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
