import { expect, it } from 'vitest';
import {
  EXPIRED_TOKEN,
  JSON_RULES,
  QUERY_RULES,
  REST_JSON_RULES,
  UNKNOWN_KEY,
} from '../../../src/sigv4/signature-rules.ts';

it('answers an unknown key, a bad token and an expired one in the words of AWS', () => {
  const invalid = 'The security token included in the request is invalid';
  expect(UNKNOWN_KEY).toEqual({ code: 'UnrecognizedClientException', message: `${invalid}.` });
  expect(QUERY_RULES.invalidToken).toEqual(UNKNOWN_KEY);
  expect(JSON_RULES.invalidToken).toEqual({ code: 'UnrecognizedClientException', message: invalid });
  expect(REST_JSON_RULES.invalidToken).toEqual({ code: 'UnrecognizedClientException', message: invalid });
  expect(EXPIRED_TOKEN).toEqual({
    code: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
  });
});
