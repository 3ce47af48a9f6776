import { expect, it } from 'vitest';
import { EXPIRED_TOKEN, invalidTokenError, UNKNOWN_KEY } from '../../../src/sigv4/key-errors.ts';

it('answers an unknown key, a bad token and an expired one in the words of AWS', () => {
  const invalid = 'The security token included in the request is invalid';
  expect(UNKNOWN_KEY).toEqual({ code: 'UnrecognizedClientException', message: `${invalid}.` });
  expect(invalidTokenError('awsQuery')).toEqual(UNKNOWN_KEY);
  expect(invalidTokenError('awsJson1.1')).toEqual({ code: 'UnrecognizedClientException', message: invalid });
  expect(invalidTokenError('restJson1')).toEqual({ code: 'UnrecognizedClientException', message: invalid });
  expect(EXPIRED_TOKEN).toEqual({
    code: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
  });
});
