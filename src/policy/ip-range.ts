/*
 * IP addresses and ranges as IAM reads them, which differs from the usual parsers: taken from captured AWS responses
 * (docs/conformance.md, "Values of conditions").
 */

/** An address in groups of 16 bits: two for IPv4, eight for IPv6. */
export type IpAddress = readonly number[];

/** A range of addresses: those that share the leading `prefixLength` bits of `network`. */
export interface IpRange {
  readonly network: IpAddress;
  readonly prefixLength: number;
}

const IPV6_GROUPS = 8;
const GROUP_BITS = 16;
const GROUP_MASK = 0xffff;
/** The first six groups of `::ffff:192.0.2.1`. */
const MAPPED = [0, 0, 0, 0, 0, GROUP_MASK];
const OCTET = /^\d+$/;
const GROUP = /^[0-9A-Fa-f]{1,4}$/;

/**
 * Parses the address in a request's value, or returns `undefined`. Octets are decimal even with leading zeros,
 * IPv4-mapped IPv6 (`::ffff:192.0.2.1`, `::ffff:c000:201`) is IPv4, and no other address may end in dotted form.
 */
export function parseIpValue(text: string): IpAddress | undefined {
  if (!text.includes(':')) return parseIpv4(text);
  const dotted = text.slice(text.lastIndexOf(':') + 1);
  if (!dotted.includes('.')) return unmapped(parseIpv6(text));
  const ipv4 = parseIpv4(dotted);
  const address = ipv4 && parseIpv6(`${text.slice(0, -dotted.length)}${ipv4.map(hexadecimal).join(':')}`);
  return address && isMapped(address) ? address.slice(MAPPED.length) : undefined;
}

/**
 * Parses the range in a policy's value; `undefined` if it matches no address (IPv6 with bits after the prefix length
 * or with a dotted part). In IPv4, such bits are ignored. An IPv6 range never contains a mapped address.
 */
export function parseIpRange(text: string): IpRange | undefined {
  const [written = '', length, ...more] = text.split('/');
  const isIpv6 = written.includes(':');
  const network = isIpv6 ? parseIpv6(written) : parseIpv4(written);
  if (network === undefined || more.length > 0) return undefined;
  const bits = network.length * GROUP_BITS;
  if (length !== undefined && !/^\+?\d+$/.test(length)) return undefined;
  const prefixLength = length === undefined ? bits : Number(length);
  if (prefixLength > bits || (isIpv6 && hasBitsBehind(network, prefixLength))) return undefined;
  return { network, prefixLength };
}

/** Whether a valid range contains no address of any request: mapped addresses are always read as IPv4. */
export const isMappedRange = ({ network, prefixLength }: IpRange): boolean =>
  isMapped(network) && prefixLength >= MAPPED.length * GROUP_BITS;

/**
 * Whether the address is in the range. An address of one family is never in a range of the other, not even
 * `0.0.0.0/0`.
 */
export function isInRange(address: IpAddress, { network, prefixLength }: IpRange): boolean {
  if (address.length !== network.length) return false;
  for (let index = 0; index < network.length; index += 1)
    if (((network[index] ?? 0) ^ (address[index] ?? 0)) & maskOf(index, prefixLength)) return false;
  return true;
}

/** The bits of a group that are part of the prefix. */
function maskOf(index: number, prefixLength: number): number {
  const bits = Math.min(Math.max(prefixLength - index * GROUP_BITS, 0), GROUP_BITS);
  return GROUP_MASK & (GROUP_MASK << (GROUP_BITS - bits));
}

const hasBitsBehind = (network: IpAddress, prefixLength: number): boolean =>
  network.some((group, index) => (group & ~maskOf(index, prefixLength)) !== 0);

const isMapped = (address: IpAddress): boolean =>
  address.length === IPV6_GROUPS && MAPPED.every((group, index) => group === address[index]);

const unmapped = (address: IpAddress | undefined): IpAddress | undefined =>
  address && isMapped(address) ? address.slice(MAPPED.length) : address;

const hexadecimal = (group: number): string => group.toString(16);

function parseIpv4(text: string): IpAddress | undefined {
  const octets = text.split('.').map((part) => (OCTET.test(part) ? Number(part) : Number.NaN));
  const [a = 0, b = 0, c = 0, d = 0] = octets;
  return octets.length === 4 && octets.every((octet) => octet <= 0xff)
    ? [a * 0x100 + b, c * 0x100 + d]
    : undefined;
}

/** Empty groups are zero and a trailing colon is ignored: `2001:db8:::1` and `2001:db8::1:` are addresses. */
function parseIpv6(text: string): IpAddress | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  if (before === undefined || after === undefined) return undefined;
  const missing = IPV6_GROUPS - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...before, ...Array<number>(missing).fill(0), ...after];
}

function groupsOf(text: string): IpAddress | undefined {
  const groups = text.split(':');
  while (groups.at(-1) === '') groups.pop();
  return groups.every((group) => group === '' || GROUP.test(group))
    ? groups.map((group) => Number.parseInt(group || '0', 16))
    : undefined;
}
