import { describe, expect, it } from 'vitest';
import { inCidr, parseAddress, parseCidr } from '../../../src/lib/cidr.ts';

function contains(range: string, address: string): boolean | undefined {
  const [cidr, parsed] = [parseCidr(range), parseAddress(address)];
  return cidr && parsed && inCidr(parsed, cidr);
}

describe('a range of addresses', () => {
  it.each([
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '10.0.0.1', false],
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.5/8', '10.255.0.1', true],
    ['10.0.0.0/9', '10.128.0.0', false],
    ['10.0.0.1/32', '10.0.0.1', true],
    ['10.0.0.1', '10.0.0.2', false],
    ['192.168.128.0/17', '192.168.255.1', true],
    ['2001:db8::/33', '2001:db8:8000::', false],
    ['2001:db8::/32', '2001:0DB8:ffff::1', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:0a01:0203', true],
  ])('%s contains %s: %s', (range, address, expected) => {
    expect(contains(range, address)).toBe(expected);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/-1', '10.0.0/8', '::/129', '10.0.0.0/8/8', '10.0.0.0/', 'x/8', ''])(
    'rejects %j',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );
});

describe('an address', () => {
  it.each(['256.0.0.1', '10.1', '1.2.3.4.5', '::1%eth0', '1::2::3', '12345::', 'localhost', ' 10.0.0.1'])(
    'rejects %j',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});
