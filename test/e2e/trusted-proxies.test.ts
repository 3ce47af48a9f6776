import { afterEach, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { personalizeOperation } from '../fixtures/personalize/operations.ts';
import { callOf, send, signatory } from './exchange.ts';

let proxy: RunningProxy;
afterEach(() => proxy.close());

const allowList = (condition: unknown) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'personalize:List*', Resource: '*', Condition: condition },
});

const start = async (trustedProxies?: readonly string[]): Promise<void> => {
  const user = (name: string, policy: string) => ({
    accessKeys: [
      { id: `AKIALOCAL${name.toUpperCase().padEnd(11, '0')}`, secret: `local-only-secret-of-${name}` },
    ],
    inlinePolicies: [policy],
  });
  proxy = await startProxy({
    principals: {
      users: {
        office: user('office', 'office'),
        tls: user('tls', 'tls'),
        elsewhere: user('elsewhere', 'elsewhere'),
      },
    },
    policies: {
      office: allowList({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/32'] } }),
      tls: allowList({ Bool: { 'aws:SecureTransport': 'true' } }),
      elsewhere: allowList({ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
    },
    ...(trustedProxies && { trustedProxies }),
  });
};

/** Lists as somebody whose request a proxy forwarded; its record. */
async function list(user: string, forwarded: Readonly<Record<string, string>>) {
  const call = callOf(personalizeOperation('ListSchemas'), {});
  const { headers } = call;
  const response = await send(signatory(proxy, user), { ...call, headers: { ...headers, ...forwarded } });
  await response.arrayBuffer();
  return proxy.decisions.find(({ id }) => id === response.headers.get('x-authz-decision'));
}

describe('behind a trusted proxy', () => {
  it.each(['203.0.113.7', '198.51.100.1, 203.0.113.7', '2001:db8::7', '::ffff:203.0.113.7'])(
    'aws:SourceIp is whom X-Forwarded-For names: %s',
    async (hops) => {
      await start(['127.0.0.1']);
      const record = await list('office', { 'x-forwarded-for': hops });
      expect(record?.outcome).toBe('forwarded');
      expect(record?.request.sourceIp).toBe(hops.split(', ').at(-1));
      expect((await list('office', { 'x-forwarded-for': '198.51.100.1' }))?.outcome).toBe('denied');
    },
  );

  it('aws:SecureTransport is what X-Forwarded-Proto says', async () => {
    await start(['127.0.0.1']);
    expect((await list('tls', { 'x-forwarded-proto': 'https' }))?.outcome).toBe('forwarded');
    expect((await list('tls', { 'x-forwarded-proto': 'http' }))?.outcome).toBe('denied');
  });

  it('what depends on an invalid address is denied, with the reason', async () => {
    await start(['127.0.0.1']);
    for (const user of ['office', 'elsewhere']) {
      const record = await list(user, { 'x-forwarded-for': 'unknown' });
      expect(record?.outcome).toBe('denied');
      expect(record?.checks[0]?.cause).toBe('invalid client address "unknown"');
    }
    expect((await list('tls', { 'x-forwarded-for': 'unknown', 'x-forwarded-proto': 'https' }))?.outcome).toBe(
      'forwarded',
    );
  });
});

describe('where no proxy is trusted', () => {
  it('the X-Forwarded headers of clients are ignored', async () => {
    await start();
    expect((await list('office', { 'x-forwarded-for': '203.0.113.7' }))?.outcome).toBe('denied');
    expect((await list('tls', { 'x-forwarded-proto': 'https' }))?.outcome).toBe('denied');
  });
});
