import { describe, expect, it } from 'vitest';
import { compactModel } from '../../../scripts/generate/service-model.ts';

const PUBLISHED = {
  version: '2.0',
  metadata: {
    apiVersion: '2018-05-22',
    endpointPrefix: 'personalize',
    protocol: 'json',
    jsonVersion: '1.1',
    targetPrefix: 'T',
  },
  operations: {
    Put: {
      http: { method: 'POST', requestUri: '/' },
      input: { shape: 'In' },
      errors: [{ shape: 'Gone' }, { shape: 'Bad' }],
      authtype: 'none',
      documentation: 'prose',
    },
  },
  shapes: {
    In: {
      type: 'structure',
      required: ['a'],
      members: { a: { shape: 'Text', box: true }, b: { shape: 'Text', locationName: 'B' } },
    },
    Text: { type: 'string', min: 1, documentation: 'prose' },
    Gone: {
      type: 'structure',
      members: {},
      error: { code: 'NotThere', httpStatusCode: 404 },
      exception: true,
    },
    Bad: { type: 'structure', members: {}, exception: true },
  },
};

describe('compactModel', () => {
  it('keeps what the project reads, in order, and no prose', () => {
    expect(compactModel('personalize', PUBLISHED)).toEqual({
      name: 'personalize',
      protocol: 'awsJson1.1',
      signingName: 'personalize',
      apiVersion: '2018-05-22',
      targetPrefix: 'T',
      operations: {
        Put: { method: 'POST', path: '/', input: 'In', unsigned: true, errors: { NotThere: 404, Bad: 400 } },
      },
      shapes: {
        In: {
          type: 'structure',
          required: ['a'],
          members: { a: 'Text', b: { shape: 'Text', wireName: 'B' } },
        },
        Text: { type: 'string', min: 1 },
      },
    });
  });

  it('refuses a model that brings what the codecs do not know', () => {
    const shapes = {
      ...PUBLISHED.shapes,
      In: { type: 'structure', members: { a: { shape: 'Text', location: 'header' } } },
    };
    expect(() => compactModel('personalize', { ...PUBLISHED, shapes })).toThrow("the trait 'location' of In");
  });

  it('refuses another protocol or format', () => {
    const metadata = { ...PUBLISHED.metadata, jsonVersion: '1.0' };
    expect(() => compactModel('personalize', { ...PUBLISHED, metadata })).toThrow(
      'unknown protocol json 1.0',
    );
    expect(() => compactModel('personalize', { ...PUBLISHED, version: '3.0' })).toThrow('model format 3.0');
  });
});
