import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimsS3, readS3Target } from '../../../src/services/s3/target.ts';
import { decodeQuery } from '../../../src/wire/decode-query.ts';
import {
  hasTooManyParameters,
  MAX_PARAMETERS,
  readParameters,
  splitParameters,
} from '../../../src/wire/query-parameters.ts';
import { operation, request, route } from './requests.ts';

const FORM = ['content-type', 'application/x-www-form-urlencoded'] as const;

describe('parameters of forms and queries', () => {
  it('are what the URL standard reads in them', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', 'B', '=', '&', '+', '%', '4', '1', 'F', ';', '%C3%A9', '%E9'),
    });
    fc.assert(
      fc.property(part, (form) => {
        // A leading `?` would be dropped by URLSearchParams: it is no character of these forms.
        expect([...splitParameters(form)]).toEqual([...new URLSearchParams(form)]);
      }),
    );
  });

  it('are read in time linear in their number', () => {
    // Node's own parser takes minutes for as many: the test would time out.
    expect([...splitParameters('a&'.repeat(2_000_000))]).toHaveLength(2_000_000);
    expect(readParameters(`${'a=1&'.repeat(2_000_000)}b=2`)).toEqual(
      new Map(Object.entries({ a: '1', b: '2' })),
    );
  });

  it('are counted before a form is routed: too many get the empty 413 of STS', () => {
    expect(hasTooManyParameters('a&'.repeat(MAX_PARAMETERS - 1))).toBe(false);
    const body = `Action=GetCallerIdentity&Version=2011-06-15${'&a'.repeat(MAX_PARAMETERS)}`;
    expect(route(request({ headers: [FORM], body }))).toMatchObject({
      ok: false,
      error: { error: { code: 'RequestEntityTooLarge' }, target: { protocol: 'awsQuery' } },
    });
  });

  it('of an S3 query that repeats one name keep all values, in linear time', () => {
    const { parameters } = readS3Target(request({ target: `/b?${'a=&'.repeat(300_000)}` })) ?? {};
    expect(parameters?.get('a')).toHaveLength(300_000);
  });

  it('with a thousand credentials claim S3 where one of them has its scope, in linear time', () => {
    const other = 'X-Amz-Credential=AKIA/20260101/us-east-1/sts/aws4_request&';
    expect(claimsS3('', `/?${other.repeat(50_000)}`)).toBe(false);
    expect(claimsS3('', `/?${'X-Amz-Credential=?'.repeat(200_000)}`)).toBe(false);
    expect(claimsS3('', `/?${other.repeat(50_000)}X-Amz-Credential=A%2Fd%2Fr%2Fs3%2Faws4_request`)).toBe(
      true,
    );
    expect(claimsS3('', '/?prefix=/s3/aws4_request')).toBe(false);
  });

  it('deeper than any shape are no members, and cost no memory', () => {
    const { input } = operation('sts', 'AssumeRole');
    if (input === undefined) throw new Error('AssumeRole has an input');
    const parameters = new Map([
      ['a.'.repeat(2_000_000), 'x'],
      ['RoleArn', 'arn'],
    ]);
    expect(decodeQuery(parameters, input)).toEqual({ ok: true, value: { RoleArn: 'arn' } });
  });
});
