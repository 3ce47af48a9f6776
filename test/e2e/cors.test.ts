import { PersonalizeEventsClient, PutEventsCommand } from '@aws-sdk/client-personalize-events';
import { afterEach, describe, expect, it } from 'vitest';
import { type ProxyOptions, type RunningProxy, startProxy } from '../../src/index.ts';
import { exchange, jsonCall, restCall, serve, signatory, signedHeaders } from './exchange.ts';
import { fetchFromPage } from './page.ts';

const SHOP = 'http://localhost:5173';
const OTHER = 'http://localhost:9999';

let proxy: RunningProxy;
afterEach(() => proxy.close());

async function start(options: ProxyOptions = {}): Promise<void> {
  const user = (id: string, inlinePolicies: readonly string[]) => ({
    accessKeys: [{ id, secret: 'local-only-secret' }],
    inlinePolicies,
  });
  proxy = await startProxy({
    principals: {
      users: { page: user('AKIALOCALPAGE0000000', ['events']), guest: user('AKIALOCALGUEST000000', []) },
    },
    policies: {
      events: {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 'personalize:*', Resource: '*' },
      },
    },
    cors: [SHOP],
    ...options,
  } as ProxyOptions);
}

const EVENTS = restCall('/events', {
  trackingId: 'a-tracking-id',
  sessionId: 's',
  userId: 'u',
  eventList: [{ eventType: 'click', sentAt: 1_700_000_000 }],
});

/** A signed call, sent by a page. */
async function call(user: string, origin: string, { path = '/', ...rest } = EVENTS) {
  const {
    host: _,
    'content-length': __,
    ...headers
  } = signedHeaders(signatory(proxy, user), { path, ...rest });
  return fetchFromPage(origin, `${proxy.url}${path}`, { headers, body: String(rest.body) });
}

const preflight = (path: string, origin: string, more: readonly string[] = []): Promise<string> =>
  exchange(
    proxy.url,
    [
      `OPTIONS ${path} HTTP/1.1`,
      'host: x',
      'connection: close',
      `origin: ${origin}`,
      'access-control-request-method: POST',
      ...more,
      '\r\n',
    ].join('\r\n'),
  );

/** What the SDK hands to its HTTP handler, as far as it counts here. */
interface HttpCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

describe('a page of a listed origin', () => {
  it('sends PutEvents with the AWS SDK', async () => {
    await using upstream = await serve(
      (incoming, outgoing) => void incoming.resume().on('end', () => outgoing.end('{}')),
    );
    await start({ upstream: upstream.url });
    const events = new PersonalizeEventsClient({
      ...signatory(proxy, 'page'),
      requestHandler: {
        handle: async ({ path, headers, body }: HttpCall) => {
          const { host: _, 'content-length': __, ...sent } = headers;
          const response = await fetchFromPage(SHOP, `${proxy.url}${path}`, {
            headers: sent,
            body: `${body}`,
          });
          const read = { statusCode: response.status, headers: response.headers };
          return { response: { ...read, body: new Response(response.text).body } as never };
        },
      },
    });
    await events.send(new PutEventsCommand(JSON.parse(String(EVENTS.body))));
    expect(proxy.decisions).toMatchObject([{ outcome: 'forwarded', request: { operation: 'PutEvents' } }]);
  });

  it('reads a denial, with its error type and the id of the decision', async () => {
    await start();
    const response = await call('guest', SHOP);
    expect(response).toMatchObject({
      status: 403,
      headers: {
        'x-amzn-errortype': expect.stringContaining('AccessDeniedException'),
        'x-authz-decision': proxy.decisions[0]?.id,
        'x-amzn-requestid': proxy.decisions[0]?.request.id,
      },
    });
  });

  it('may call every runtime and events path', async () => {
    await start();
    const paths = [
      '/recommendations',
      '/personalize-ranking',
      '/action-recommendations',
      '/events',
      '/items',
    ];
    for (const path of [...paths, '/users', '/actions', '/action-interactions'])
      expect(await preflight(path, SHOP)).toMatch(
        /^HTTP\/1\.1 204 [\s\S]*access-control-allow-origin: http:\/\/localhost:5173\r\n/,
      );
  });

  it('is not answered as an upstream answers other origins', async () => {
    await using upstream = await serve((incoming, outgoing) => {
      incoming.resume();
      outgoing.setHeader('access-control-allow-origin', '*').setHeader('vary', 'Accept').end('{}');
    });
    await start({ upstream: upstream.url });
    expect((await call('page', SHOP)).status).toBe(200);
    const { host: _, ...headers } = signedHeaders(signatory(proxy, 'page'), EVENTS);
    const response = await fetch(`${proxy.url}/events`, {
      method: 'POST',
      headers: { ...headers, origin: OTHER },
      body: EVENTS.body,
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('vary')).toBe('Accept, Origin');
  });

  it('is allowed what browsers ask of a server on the own machine', async () => {
    await start();
    const answer = await preflight('/events', SHOP, ['access-control-request-private-network: true']);
    expect(answer).toMatch(/\r\naccess-control-allow-private-network: true\r\n/);
    expect(answer).not.toMatch(/access-control-allow-credentials/);
  });
});

describe('a preflight request', () => {
  it('is no call, and leaves no record', async () => {
    await start();
    await preflight('/events', SHOP);
    expect(proxy.decisions).toEqual([]);
  });

  it('does not repeat what is no list of header names', async () => {
    await start();
    const answer = await preflight('/events', SHOP, ['access-control-request-headers: a, <script>']);
    expect(answer).not.toMatch(/access-control-allow-headers|script/);
  });

  it.each([
    ['of another origin', '/events', OTHER],
    ['of an origin that begins alike', '/events', `${SHOP}.example.com`],
    ['of no origin', '/events', 'null'],
    ['for the control plane', '/', SHOP],
    ['for the admin endpoints', '/_authz/mode', SHOP],
    ['for a longer path', '/events/x', SHOP],
  ])('%s is not allowed', async (_, path, origin) => {
    await start();
    expect(await preflight(path, origin)).not.toMatch(/access-control-/);
  });

  it('is not allowed to any page without the setting', async () => {
    await start({ cors: [] });
    expect(await preflight('/events', SHOP)).not.toMatch(/access-control-/);
    await expect(call('page', SHOP)).rejects.toThrow('the preflight request was not allowed');
  });
});

describe('the control plane', () => {
  it('is closed to pages', async () => {
    await start();
    await expect(call('page', SHOP, { path: '/', ...jsonCall('ListSchemas') })).rejects.toThrow('preflight');
  });
});

describe('the setting cors', () => {
  it.each(['*', 'null', 'http://localhost:5173/', 'localhost:5173', 'HTTP://localhost'])(
    'refuses %s',
    async (origin) => {
      await start();
      await expect(startProxy({ cors: [origin] })).rejects.toThrow('must be origins of pages like');
    },
  );
});
