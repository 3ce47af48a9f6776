import { describe, expect, it } from 'vitest';
import { headerAmbiguity, isInUtf8 } from '../../../src/wire/ambiguous-header.ts';

describe('a header', () => {
  it.each([
    'X_Amz_Target',
    'x-amz_copy-source',
    'X.Amz.Target',
    'content_type',
    'Content_Encoding',
    'if_match',
    'smithy_protocol',
    'Transfer_Encoding',
    'X-HTTP-Method-Override',
    'X_Original_URL',
  ])('%s is refused: a server could read it as another', (name) => {
    expect(headerAmbiguity({ headers: [[name, 'x']] })).toContain(name);
  });

  it.each([
    'X-Amz-Target',
    'x-request_id',
    'sec-ch-ua',
    'amz-sdk-invocation-id',
    'Content-Type',
    'traceparent',
  ])('%s is read as it is by everybody', (name) => {
    expect(headerAmbiguity({ headers: [[name, 'x']] })).toBeUndefined();
  });

  it.each(['trailer', 'transfer-encoding', 'upgrade', 'expect'])(
    '%s may not be signed: it would be forwarded beside the length of the body',
    (name) => {
      expect(headerAmbiguity({ headers: [[name, 'x']] }, ['host', name])).toContain(name);
      expect(headerAmbiguity({ headers: [[name, 'x']] }, ['host'])).toBeUndefined();
    },
  );

  it.each([
    ['application/x-www-form-urlencoded', true],
    ['application/x-www-form-urlencoded; charset=utf-8', true],
    ['application/x-www-form-urlencoded;charset=UTF-8', true],
    ['application/json; charset="utf-8"', true],
    ['application/json; charset=utf-7', false],
    ['application/json; charset=utf-16', false],
    ['application/json; charset=utf-8; charset=utf-16', false],
    ["application/json; charset*=us-ascii''utf-16", false],
    ['application/x-www-form-urlencoded; charset=iso-8859-1', false],
    ['application/x-www-form-urlencoded; boundary=x', false],
  ])('content-type: %s is UTF-8: %s', (value, wanted) => {
    expect(isInUtf8({ headers: [['Content-Type', value]] })).toBe(wanted);
  });
});
