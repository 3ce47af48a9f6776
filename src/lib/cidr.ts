/** An IP address as 16-bit words: two of IPv4, eight of IPv6. IPv4 in IPv6 (`::ffff:10.0.0.1`) is IPv4. */
export type Address = readonly number[];

/** A range of addresses in CIDR notation. */
export interface Cidr {
  readonly network: Address;
  /** Leading bits that an address of the range shares with `network`. */
  readonly prefixLength: number;
}

const WORD_BITS = 16;
const IPV4_WORDS = 2;
const IPV6_WORDS = 8;
const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0xffff];

/** The address, or `undefined` where the text is none. Zones (`fe80::1%eth0`) are refused. */
export const parseAddress = (text: string): Address | undefined => parseIpv4(text) ?? parseIpv6(text);

/** `10.0.0.0/8`, `2001:db8::/32`, or one address; `undefined` where the text is none of these. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  const written = slash < 0 ? text : text.slice(0, slash);
  const network = parseAddress(written);
  if (network === undefined) return undefined;
  const bits = network.length * WORD_BITS;
  if (slash < 0) return { network, prefixLength: bits };
  const length = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length)) return undefined;
  // The length of a range written as IPv4 in IPv6 counts the 96 bits of `::ffff:` too.
  const unwritten =
    written.includes(':') && network.length === IPV4_WORDS ? MAPPED_PREFIX.length * WORD_BITS : 0;
  const prefixLength = Number(length) - unwritten;
  return prefixLength >= 0 && prefixLength <= bits ? { network, prefixLength } : undefined;
}

/** Whether the address lies in the range. An address of one family lies in no range of the other, `0.0.0.0/0` included. */
export function inCidr(address: Address, { network, prefixLength }: Cidr): boolean {
  if (address.length !== network.length) return false;
  return network.every((word, index) => {
    const bits = Math.min(Math.max(prefixLength - index * WORD_BITS, 0), WORD_BITS);
    const free = WORD_BITS - bits;
    return word >> free === (address[index] ?? 0) >> free;
  });
}

/** Read character by character: this runs for every decision on a source address. */
function parseIpv4(text: string): Address | undefined {
  let words = 0;
  let octet = -1;
  let dots = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 46 && octet >= 0 && dots < 3) {
      words = words * 256 + octet;
      octet = -1;
      dots += 1;
    } else if (code >= 48 && code <= 57 && octet !== 0) {
      octet = (octet < 0 ? 0 : octet * 10) + (code - 48);
      if (octet > 255) return undefined;
    } else return undefined;
  }
  if (dots !== 3 || octet < 0) return undefined;
  const value = words * 256 + octet;
  return [Math.floor(value / 0x10000), value % 0x10000];
}

/** @see https://www.rfc-editor.org/rfc/rfc4291#section-2.2 */
function parseIpv6(text: string): Address | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : parseWords(half)));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  if (tail === undefined) return head.length === IPV6_WORDS ? normalize(head) : undefined;
  const zeros = IPV6_WORDS - head.length - tail.length;
  return zeros >= 1 ? normalize([...head, ...Array<number>(zeros).fill(0), ...tail]) : undefined;
}

/** Groups of hexadecimal digits; the last may be an IPv4 address. */
function parseWords(text: string): number[] | undefined {
  const groups = text.split(':');
  const words: number[] = [];
  for (const [index, group] of groups.entries()) {
    const ipv4 = index === groups.length - 1 ? parseIpv4(group) : undefined;
    if (ipv4 !== undefined) words.push(...ipv4);
    else if (/^[0-9a-fA-F]{1,4}$/.test(group)) words.push(Number.parseInt(group, 16));
    else return undefined;
  }
  return words;
}

const normalize = (words: Address): Address =>
  MAPPED_PREFIX.every((word, index) => words[index] === word) ? words.slice(MAPPED_PREFIX.length) : words;
