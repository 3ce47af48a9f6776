import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../../src/lib/nearest.ts';

describe('nearest', () => {
  it('names the candidate with the fewest edits', () => {
    expect(nearest('CreateCampain', ['CreateFilter', 'CreateCampaign'])).toBe('CreateCampaign');
  });

  it('takes another case of the same letters for an exact match', () => {
    expect(nearest('effect', ['Effects', 'Effect'])).toBe('Effect');
  });

  it('names nothing where every candidate is far', () => {
    expect(nearest('Colour', ['Action', 'Resource'])).toBeUndefined();
    expect(nearest('ab', ['xy'])).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
  });

  it('keeps the first of two that are equally near', () => {
    expect(nearest('porta', ['port', 'ports'])).toBe('port');
  });
});

describe('didYouMean', () => {
  it('ends a message with the nearest name, or adds nothing', () => {
    expect(didYouMean('prot', ['host', 'port'])).toBe('; did you mean "port"?');
    expect(didYouMean('zzzzzz', ['host', 'port'])).toBe('');
  });
});
