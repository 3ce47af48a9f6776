import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';

/** An IP address. IPv4 in IPv6 (`::ffff:10.0.0.1`) is IPv4. */
export type Address = IPv4 | IPv6;

/** A range of addresses in CIDR notation. */
export interface Cidr {
  readonly network: Address;
  /** Leading bits that an address of the range shares with `network`. */
  readonly prefixLength: number;
}

/** Bits of `::ffff:` in front of an IPv4 address that is written as IPv6. */
const MAPPED_BITS = 96;

/** The address, or `undefined` where the text is none. Zones (`fe80::1%eth0`) and short forms (`10.1`) are refused. */
export function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** `10.0.0.0/8`, `2001:db8::/32`, or one address; `undefined` where the text is none of these. */
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

/** Whether the address lies in the range. An address of one family lies in no range of the other, `0.0.0.0/0` included. */
export const inCidr = (address: Address, { network, prefixLength }: Cidr): boolean =>
  address.kind() === network.kind() && address.match(network, prefixLength);

/** An IPv4 peer of a dual-stack socket is seen as `::ffff:192.0.2.1`; policies speak of `192.0.2.1`. */
export const plainAddress = (address: string): string =>
  address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
