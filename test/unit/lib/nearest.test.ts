import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../../src/lib/nearest.ts';

describe('nearest', () => {
  it('returns the candidate with the fewest edits', () => {
    expect(nearest('CreateCampain', ['CreateFilter', 'CreateCampaign'])).toBe('CreateCampaign');
  });

  it('treats a difference in case as an exact match', () => {
    expect(nearest('effect', ['Effects', 'Effect'])).toBe('Effect');
  });

  it('returns nothing if every candidate is too different', () => {
    expect(nearest('Colour', ['Action', 'Resource'])).toBeUndefined();
    expect(nearest('ab', ['xy'])).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
  });

  it('returns the first of two equally similar candidates', () => {
    expect(nearest('porta', ['port', 'ports'])).toBe('port');
  });
});

describe('didYouMean', () => {
  it('ends a message with the nearest name, or adds nothing', () => {
    expect(didYouMean('prot', ['host', 'port'])).toBe('; did you mean "port"?');
    expect(didYouMean('zzzzzz', ['host', 'port'])).toBe('');
  });
});
