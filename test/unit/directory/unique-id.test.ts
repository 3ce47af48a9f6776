import { describe, expect, it } from 'vitest';
import { uniqueId } from '../../../src/directory/fingerprint.ts';

describe('a unique ID', () => {
  it.each([
    ['user', /^AIDA[A-Z2-7]{17}$/],
    ['group', /^AGPA[A-Z2-7]{17}$/],
    ['role', /^AROA[A-Z2-7]{17}$/],
  ] as const)('of a %s has the prefix and the length of AWS', (kind, form) => {
    expect(uniqueId('123456789012', kind, 'alice')).toMatch(form);
  });

  it('is the same every time', () => {
    expect(uniqueId('123456789012', 'user', 'alice')).toBe('AIDA2DQJNDBAEAB76QX3R');
  });

  it('differs by account, kind and name', () => {
    const ids = [
      uniqueId('123456789012', 'user', 'alice').slice(4),
      uniqueId('123456789012', 'role', 'alice').slice(4),
      uniqueId('123456789012', 'user', 'bob').slice(4),
      uniqueId('210987654321', 'user', 'alice').slice(4),
    ];
    expect(new Set(ids).size).toBe(4);
  });
});
