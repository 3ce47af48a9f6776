/*
 * IP addresses and ranges as IAM reads them, which is neither how a network library nor how a person would: taken from
 * captured answers of AWS (docs/conformance.md, "Values of conditions").
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
 * The address that a request's value is, or `undefined`. Octets are decimal whatever zeros lead them, IPv4 in IPv6
 * (`::ffff:192.0.2.1`, `::ffff:c000:201`) is IPv4, and no other address may end in dotted form.
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
 * The range that a policy's value is, or `undefined` for one that matches no address: of IPv6 one with bits behind its
 * prefix or with a dotted part. Of IPv4 such bits do not count. An IPv6 range never holds a mapped address.
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

/** Whether no request's value lies in a range, although it is one: a mapped address is always read as IPv4. */
export const isMappedRange = ({ network, prefixLength }: IpRange): boolean =>
  isMapped(network) && prefixLength >= MAPPED.length * GROUP_BITS;

/** Whether the address lies in the range. None of one family lies in a range of the other, `0.0.0.0/0` included. */
export function isInRange(address: IpAddress, { network, prefixLength }: IpRange): boolean {
  if (address.length !== network.length) return false;
  return network.every(
    (group, index) => ((group ^ (address[index] ?? 0)) & maskOf(index, prefixLength)) === 0,
  );
}

/** The bits of a group that belong to the prefix. */
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

/** Empty groups are zero and a colon at the end counts for nothing: `2001:db8:::1` and `2001:db8::1:` are addresses. */
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
