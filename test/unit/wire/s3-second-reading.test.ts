import { describe, expect, it } from 'vitest';
import { secondReading } from '../../../src/services/s3/second-reading.ts';

describe('a target of S3', () => {
  it.each([
    '/',
    '/b-1',
    '/b-1/',
    '/b-1/k',
    '/b-1/folder/',
    '/b-1/a%2Fk',
    '/b-1/a.b/...',
    '/b-1/%3B%23%2B',
    '/b-1/%252e%252e/k',
    '/b-1?list-type=2&prefix=..%2F..%5C%00//',
    '/b-1?prefix=a+b',
  ])('has one reading: %s', (target) => {
    expect(secondReading(target)).toBeUndefined();
  });

  it.each([
    ['//b-1/k', 'an empty segment'],
    ['/b-1//k', 'an empty segment'],
    ['/b-1/k//', 'an empty segment'],
    ['/b-1/a%2f/k', 'an empty segment'],
    ['/b-1/.', 'a segment . or ..'],
    ['/b-1/../k', 'a segment . or ..'],
    ['/b-1/%2E%2e/k', 'a segment . or ..'],
    ['/b-1/.%2e/k', 'a segment . or ..'],
    ['/b-1/a%2f..', 'a segment . or ..'],
    ['/b-1/..%2fa', 'a segment . or ..'],
    ['/b-1/a\\b', 'a backslash'],
    ['/b-1/a%5cb', 'a backslash'],
    ['/b-1/k#a', 'a # or ; that is not percent-encoded'],
    ['/b-1/k?a#b', 'a # or ; that is not percent-encoded'],
    ['/b-1/k;a', 'a # or ; that is not percent-encoded'],
    ['/b-1?a=b;c=d', 'a # or ; that is not percent-encoded'],
    ['/b-1/k%00', 'a NUL'],
    ['/b-1/a+b', 'a + that is not percent-encoded, which S3 reads as a space'],
  ])('has two readings: %s, %s', (target, why) => {
    expect(secondReading(target)).toBe(why);
  });
});
