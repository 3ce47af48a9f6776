import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { behindProxies } from '../../../src/server/client-address.ts';

interface Arrival {
  readonly peer: string;
  readonly encrypted?: boolean;
  /** Header lines. */
  readonly for?: readonly string[];
  readonly proto?: readonly string[];
}

function incoming({ peer, encrypted = false, for: hops = [], proto = [] }: Arrival): IncomingMessage {
  const message = new IncomingMessage({ remoteAddress: peer, encrypted } as unknown as Socket);
  message.headersDistinct = { 'x-forwarded-for': [...hops], 'x-forwarded-proto': [...proto] };
  return message;
}

const addressOf = (ranges: readonly string[], arrival: Arrival): string =>
  behindProxies(ranges)(incoming(arrival)).remoteAddress;

const isSecure = (ranges: readonly string[], arrival: Arrival): boolean =>
  behindProxies(ranges)(incoming(arrival)).secure;

const PROXIES = ['10.0.0.0/8', '::1', 'fd00::/8'];

describe("the client's address", () => {
  it.each<[string, Arrival, string]>([
    ['the peer where nothing is forwarded', { peer: '10.0.0.1' }, '10.0.0.1'],
    ['the peer where that is no proxy of ours', { peer: '192.0.2.9', for: ['203.0.113.7'] }, '192.0.2.9'],
    ['whom a proxy names', { peer: '10.0.0.1', for: ['203.0.113.7'] }, '203.0.113.7'],
    [
      'the last before our proxies, whatever it says of itself',
      { peer: '10.0.0.1', for: ['127.0.0.1, 203.0.113.7, 10.2.3.4'] },
      '203.0.113.7',
    ],
    [
      'the same over several header lines',
      { peer: '10.0.0.1', for: ['127.0.0.1', '203.0.113.7'] },
      '203.0.113.7',
    ],
    ['the first hop where all are proxies', { peer: '10.0.0.1', for: ['10.9.9.9, 10.2.3.4'] }, '10.9.9.9'],
    ['IPv6', { peer: '::1', for: ['2001:db8::7, fd00::2'] }, '2001:db8::7'],
    ['without brackets and port', { peer: '::1', for: ['[2001:DB8::7]:4711'] }, '2001:db8::7'],
    ['without port', { peer: '10.0.0.1', for: ['203.0.113.7:4711'] }, '203.0.113.7'],
    [
      'told by a proxy on a dual-stack socket',
      { peer: '::ffff:10.0.0.1', for: ['203.0.113.7'] },
      '203.0.113.7',
    ],
    [
      'told through a proxy written as IPv6',
      { peer: '::1', for: ['203.0.113.7, ::ffff:10.0.0.9'] },
      '203.0.113.7',
    ],
    ['without a zone', { peer: 'fe80::1%eth0' }, 'fe80::1'],
    ['what a proxy writes, even where that is no address', { peer: '10.0.0.1', for: ['unknown'] }, 'unknown'],
    ['an empty text where a proxy leaves it out', { peer: '10.0.0.1', for: ['203.0.113.7,'] }, ''],
  ])('is %s', (_, arrival, wanted) => {
    expect(addressOf(PROXIES, arrival)).toBe(wanted);
  });

  it('is the peer where no proxy is trusted', () => {
    expect(addressOf([], { peer: '127.0.0.1', for: ['203.0.113.7'] })).toBe('127.0.0.1');
  });
});

describe('the way of a client', () => {
  it.each<[string, Arrival, boolean]>([
    ['secure over TLS', { peer: '192.0.2.9', encrypted: true }, true],
    ['not secure because somebody says so', { peer: '192.0.2.9', proto: ['https'] }, false],
    ['secure where a proxy says so', { peer: '10.0.0.1', proto: ['https'] }, true],
    [
      'not secure where a proxy had it in the clear',
      { peer: '10.0.0.1', encrypted: true, proto: ['http'] },
      false,
    ],
    ['not secure where one hop was in the clear', { peer: '10.0.0.1', proto: ['https, http'] }, false],
    ['what the connection is where a proxy says nothing', { peer: '10.0.0.1', encrypted: true }, true],
  ])('is %s', (_, arrival, wanted) => {
    expect(isSecure(PROXIES, arrival)).toBe(wanted);
  });
});
