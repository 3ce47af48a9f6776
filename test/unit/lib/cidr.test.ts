import { describe, expect, it } from 'vitest';
import { inCidr, parseAddress, parseCidr } from '../../../src/lib/cidr.ts';

const contains = (range: string, text: string): boolean => {
  const [cidr, address] = [parseCidr(range), parseAddress(text)];
  if (!cidr || !address) throw new Error(`${range} or ${text} is not valid`);
  return inCidr(address, cidr);
};

describe('a range of addresses', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['10.0.0.77/24', '10.0.0.1', true],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::1', false],
    ['0.0.0.0/0', '::ffff:192.0.2.1', true],
    ['::/0', '192.0.2.1', false],
    ['::/0', '2001:db8::1', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '11.1.2.3', false],
  ])('%s and %s: %s', (range, address, wanted) => {
    expect(contains(range, address)).toBe(wanted);
  });

  it.each([
    '',
    '10',
    '10.0',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '10.0.0.256',
    '010.0.0.1',
    '::ffff:10.0.0.0/8',
    '2001:db8::/129',
    '::1::',
    'localhost',
  ])('is not %s', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it('knows no address with a zone', () => {
    expect(parseAddress('fe80::1%eth0')).toBeUndefined();
  });
});
