import { describe, expect, it } from 'vitest';
import { createOneTimeCodes, oneTimeCode } from '../../../src/sessions/one-time-code.ts';

/**
 * The secret of RFC 6238, appendix B, in base32; its codes have eight digits, of which the last six are used here.
 */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const DEVICE = { serialNumber: 'arn:aws:iam::123456789012:mfa/alice', secret: SECRET };
const NOW = Date.parse('2026-11-24T12:00:00Z');
const STEP = 30_000;

describe('a one-time code', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('equals that of RFC 6238 at %i seconds', (seconds, code) => {
    expect(oneTimeCode(SECRET, seconds * 1000)).toBe(code);
  });

  it.each([
    ['of this step', 0, true],
    ['of the step before', -STEP, true],
    ['of the step after', STEP, true],
    ['of two steps before', -2 * STEP, false],
    ['of two steps after', 2 * STEP, false],
  ])('%s is %4$s', (_, offset, good) => {
    expect(createOneTimeCodes().use(DEVICE, oneTimeCode(SECRET, NOW + offset), NOW)).toBe(good);
  });

  it('is accepted once', () => {
    const codes = createOneTimeCodes();
    const code = oneTimeCode(SECRET, NOW);

    expect(codes.use(DEVICE, code, NOW)).toBe(true);
    expect(codes.use(DEVICE, code, NOW)).toBe(false);
  });

  it('is rejected after a later one was used', () => {
    const codes = createOneTimeCodes();

    expect(codes.use(DEVICE, oneTimeCode(SECRET, NOW), NOW)).toBe(true);
    expect(codes.use(DEVICE, oneTimeCode(SECRET, NOW - STEP), NOW)).toBe(false);
  });

  it('of another device is rejected', () => {
    const other = { ...DEVICE, secret: 'JBSWY3DPEHPK3PXP' };
    expect(createOneTimeCodes().use(DEVICE, oneTimeCode(other.secret, NOW), NOW)).toBe(false);
  });
});
