import { describe, expect, it } from 'vitest';
import { requestContext } from '../../../src/context-keys/request-context.ts';

const contextFrom = (remoteAddress: string) =>
  requestContext(
    {
      request: {
        headers: [],
        remoteAddress,
        secure: true,
      },
      principal: { type: 'Service', service: 'personalize.amazonaws.com' },
      userId: 'x',
      principalTags: {},
      receivedAt: 0,
      region: 'us-east-1',
    },
    { resourceAccount: undefined },
  );

describe('aws:SourceIp', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    // A call that a service makes itself has the service's name instead of an address, as in CloudTrail.
    ['personalize.amazonaws.com', 'personalize.amazonaws.com'],
  ])('of %s is %s', (address, wanted) => {
    expect(contextFrom(address).get('aws:sourceip')).toBe(wanted);
  });

  it.each(['', 'unknown', '10.1', '192.0.2.1, 192.0.2.2'])('is unknown for "%s"', (address) => {
    expect(() => contextFrom(address).get('aws:sourceip')).toThrow(`invalid client address "${address}"`);
  });
});
