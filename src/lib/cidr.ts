import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';

/** An IP address. IPv4-mapped IPv6 (`::ffff:10.0.0.1`) is IPv4. */
export type Address = IPv4 | IPv6;

/** A range of addresses in CIDR notation. */
export interface Cidr {
  readonly network: Address;
  /** Number of leading bits that the addresses of the range share with `network`. */
  readonly prefixLength: number;
}

/** Length of the prefix `::ffff:` of an IPv4-mapped IPv6 address. */
const MAPPED_BITS = 96;

/** Parses an address; `undefined` if invalid. Zones (`fe80::1%eth0`) and short forms (`10.1`) are invalid. */
export function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** Parses `10.0.0.0/8`, `2001:db8::/32`, or a single address; `undefined` if invalid. */
export function parseCidr(text: string): Cidr | undefined {
  const [written = '', length, ...more] = text.split('/');
  const network = parseAddress(written);
  if (network === undefined || more.length > 0) return undefined;
  const bits = network.toByteArray().length * 8;
  if (length === undefined) return { network, prefixLength: bits };
  if (!/^\d{1,3}$/.test(length)) return undefined;
  const isMapped = written.includes(':') && network.kind() === 'ipv4';
  const prefixLength = Number(length) - (isMapped ? MAPPED_BITS : 0);
  return prefixLength >= 0 && prefixLength <= bits ? { network, prefixLength } : undefined;
}

/**
 * Whether the address is in the range. An address of one family is never in a range of the other, not even
 * `0.0.0.0/0`.
 */
export const inCidr = (address: Address, { network, prefixLength }: Cidr): boolean =>
  address.kind() === network.kind() && address.match(network, prefixLength);

/** A dual-stack socket reports an IPv4 peer as `::ffff:192.0.2.1`; policies use `192.0.2.1`. */
export const plainAddress = (address: string): string =>
  address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
