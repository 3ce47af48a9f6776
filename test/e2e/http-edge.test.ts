import { PersonalizeClient } from '@aws-sdk/client-personalize';
import { PersonalizeEventsClient, PutItemsCommand } from '@aws-sdk/client-personalize-events';
import aws4 from 'aws4';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { CLOSED_URL } from '../free-port.ts';
import {
  type Call,
  exchange,
  jsonCall,
  rawCall,
  restCall,
  type Signatory,
  send,
  serve,
  signedHeaders,
  Wire,
} from './exchange.ts';

const SECRET = 'a-secret-of-the-test';
const PRINCIPALS = {
  users: {
    alice: { accessKeys: [{ id: 'AKIAEDGEALICE0000000', secret: SECRET }], managedPolicies: ['all'] },
  },
};
const POLICIES = {
  all: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'personalize:*', Resource: '*' }] },
};

let proxy: RunningProxy;
let alice: Signatory;
let shared: RunningProxy | undefined;

/** A proxy for one test: with an upstream, to be stopped, or with no decision yet. */
async function startOwn(options: { upstream?: string } = {}): Promise<void> {
  use(await startProxy({ principals: PRINCIPALS, policies: POLICIES, ...options }));
}
/** The proxy of all tests that need nothing of their own. */
async function start(): Promise<void> {
  if (shared === undefined) await startOwn();
  shared ??= proxy;
  use(shared);
}
function use(running: RunningProxy): void {
  proxy = running;
  alice = proxy.clientConfig('alice');
}
afterEach(async () => {
  if (proxy !== shared) await proxy.close();
});
afterAll(() => shared?.close());

const lastRecord = () => proxy.decisions.at(-1);

/** 16 MiB, and a byte. */
const TOO_MUCH = 16 * 1024 * 1024 + 1;

/** The head of a call that alice signed, with another framing of its body. */
function headOf(call: Call, framing: string): string {
  const { 'content-length': _, ...headers } = signedHeaders(alice, call);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${call.path ?? '/'} HTTP/1.1\r\n${lines.join('')}${framing}\r\n\r\n`;
}

describe('bodies', () => {
  it('takes a dataset of 10 MB through the embedded stub', async () => {
    await start();
    const response = await send(alice, jsonCall('ListSchemas', { filler: 'x'.repeat(10_000_000) }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ schemas: [] });
  });

  it('takes 10 MB through an upstream over HTTP, byte for byte', async () => {
    let received = 0;
    await using upstream = await serve(async (incoming, outgoing) => {
      for await (const chunk of incoming) received += (chunk as Buffer).length;
      outgoing.end('{}');
    });
    await startOwn({ upstream: upstream.url });
    const properties = JSON.stringify({ text: 'x'.repeat(10_000_000) });
    const events = new PersonalizeEventsClient(alice);
    await events.send(
      new PutItemsCommand({
        datasetArn: 'arn:aws:personalize:us-east-1:123456789012:dataset/shop/ITEMS',
        items: [{ itemId: '1', properties }],
      }),
    );
    expect(received).toBeGreaterThan(10_000_000);
    expect(lastRecord()).toMatchObject({ outcome: 'forwarded', request: { operation: 'PutItems' } });
  });

  it.each([
    ['awsJson1.1', jsonCall('ListSchemas'), { __type: 'RequestEntityTooLarge' }],
    ['restJson1', restCall('/events', {}), {}],
  ])('refuses a body over the limit with 413 in %s, while it is being sent', async (_, call, error) => {
    await start();
    using wire = await Wire.open(proxy.url);
    wire.socket.write(headOf(call, `content-length: ${TOO_MUCH}`));
    wire.socket.write('{');
    const answer = await wire.receives(/\}$/);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toMatch(/x-amzn-requestid: [0-9a-f-]{36}\r\n/);
    expect(answer).toMatch(/x-authz-decision: [0-9a-f-]{36}\r\n/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toEqual({
      ...error,
      message: 'The request body is over 16777216 bytes.',
    });
    expect(lastRecord()).toMatchObject({
      outcome: 'rejected',
      error: { code: 'RequestEntityTooLarge', status: 413 },
    });
  });

  it('lets a client that reads last send all of a body over the limit, and answers 413', async () => {
    await start();
    const call = { ...jsonCall('ListSchemas'), body: Buffer.alloc(TOO_MUCH, ' ') };
    expect(await exchange(proxy.url, rawCall(alice, call))).toMatch(/^HTTP\/1.1 413 /);
  });

  it('refuses a chunked body as soon as it is over the limit', async () => {
    await start();
    using wire = await Wire.open(proxy.url);
    wire.socket.write(headOf(restCall('/events', {}), 'transfer-encoding: chunked'));
    wire.socket.write(`${TOO_MUCH.toString(16)}\r\n${'x'.repeat(TOO_MUCH)}`);
    expect(await wire.receives(/\}$/)).toMatch(/^HTTP\/1.1 413 /);
  });

  it('answers STS its empty 413', async () => {
    await start();
    const answer = await exchange(
      proxy.url,
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\nexpect: 100-continue\r\ncontent-length: ${TOO_MUCH}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toMatch(/content-type: text\/xml\r\n[\s\S]*\r\n\r\n$/);
  });

  it('raises the 413 as an error of the SDK', async () => {
    await start();
    const events = new PersonalizeEventsClient({ ...alice, maxAttempts: 1 });
    const properties = JSON.stringify({ text: 'x'.repeat(TOO_MUCH) });
    const put = events.send(new PutItemsCommand({ datasetArn: 'arn', items: [{ itemId: '1', properties }] }));
    await expect(put).rejects.toMatchObject({
      name: 'RequestEntityTooLarge',
      message: 'The request body is over 16777216 bytes.',
    });
  });

  it('takes a chunked body', async () => {
    await start();
    const request = {
      ...{ method: 'POST', path: '/', region: alice.region, service: 'personalize', body: Buffer.from('{}') },
      headers: { host: new URL(proxy.url).host, ...jsonCall('ListSchemas').headers },
      extraHeadersToIgnore: { 'content-length': true },
    };
    const { headers } = aws4.sign(request, alice.credentials);
    const lines = Object.entries(headers).filter(([name]) => name !== 'Content-Length');
    const head = lines.map(([name, value]) => `${name}: ${value}`).join('\r\n');
    const answer = await exchange(
      proxy.url,
      `POST / HTTP/1.1\r\n${head}\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 OK[\s\S]*\{"schemas":\[\]\}$/);
  });

  it('takes a request that comes byte by byte', async () => {
    await start();
    using wire = await Wire.open(proxy.url);
    wire.socket.setNoDelay(true);
    for (const byte of rawCall(alice, jsonCall('ListSchemas'))) wire.socket.write(Uint8Array.of(byte));
    expect(await wire.receives(/\]\}$/)).toMatch(/^HTTP\/1.1 200 OK/);
  });

  it('answers Expect with 100 Continue', async () => {
    await start();
    const call = jsonCall('ListSchemas');
    const bytes = rawCall(alice, call, ['expect: 100-continue', 'connection: close']);
    using wire = await Wire.open(proxy.url);
    wire.socket.write(bytes.subarray(0, bytes.length - call.body.length));
    await wire.receives(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
    wire.socket.write(call.body);
    await wire.closed;
    expect(wire.text).toContain('HTTP/1.1 200 OK');
  });

  it('refuses a client that asks first with too large a body before it sends any', async () => {
    await start();
    const answer = await exchange(
      proxy.url,
      headOf(restCall('/events', {}), `expect: 100-continue\r\ncontent-length: ${TOO_MUCH}`),
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  it('answers a client that ends its side after its requests', async () => {
    await using upstream = await serve((incoming, outgoing) => {
      incoming.resume();
      // After the client's end has arrived.
      setImmediate(() => outgoing.end('{"schemas":[]}'));
    });
    await startOwn({ upstream: upstream.url });
    using wire = await Wire.open(proxy.url);
    const call = rawCall(alice, jsonCall('ListSchemas'));
    wire.socket.end(Buffer.concat([call, call]));
    await wire.closed;
    expect(wire.text.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
    expect(proxy.decisions).toMatchObject([{ outcome: 'forwarded' }, { outcome: 'forwarded' }]);
    expect(proxy.decisions.some(({ error }) => error !== undefined)).toBe(false);
  });

  it('goes on serving when a client goes away in the middle of its body', async () => {
    await startOwn();
    {
      using halfClosed = await Wire.open(proxy.url);
      halfClosed.socket.end('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');
      await halfClosed.closed;
      using reset = await Wire.open(proxy.url);
      reset.socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');
      reset.socket.resetAndDestroy();
      await reset.closed;
    }
    expect(proxy.decisions).toEqual([]);
    expect((await send(alice, jsonCall('ListSchemas'))).status).toBe(200);
  });
});

describe('CONNECT', () => {
  it('is answered and recorded, and the connection closed', async () => {
    await startOwn();
    const answer = await exchange(
      proxy.url,
      'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    );
    expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 404']);
    expect(answer).toMatch(/x-authz-decision: [0-9a-f-]{36}\r\n/);
    expect(proxy.decisions).toMatchObject([{ outcome: 'rejected' }]);
    expect((await send(alice, jsonCall('ListSchemas'))).status).toBe(200);
  });
});

describe('CONNECT after other requests', () => {
  const connect = Buffer.from('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n');

  it('is answered after them, on the same connection', async () => {
    await startOwn();
    const before = rawCall(alice, jsonCall('ListSchemas'));
    const answer = await exchange(proxy.url, Buffer.concat([before, before, connect]));
    expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 404']);
    expect(proxy.decisions.map(({ outcome }) => outcome)).toEqual(['forwarded', 'forwarded', 'rejected']);
  });

  it('waits for one that is forwarded', async () => {
    const { promise: isConnected, resolve: connectSent } = Promise.withResolvers<void>();
    await using upstream = await serve(async (incoming, outgoing) => {
      incoming.resume();
      await isConnected;
      outgoing.end('{}');
    });
    await startOwn({ upstream: upstream.url });
    using wire = await Wire.open(proxy.url);
    wire.socket.write(Buffer.concat([rawCall(alice, jsonCall('ListSchemas')), connect]), () => connectSent());
    await wire.closed;
    expect(wire.text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404']);
  });

  it('is the last request of a client that does not close the connection', async () => {
    await startOwn();
    using wire = await Wire.open(proxy.url);
    wire.socket.allowHalfOpen = true;
    wire.socket.write(connect);
    await wire.receives(/HTTP\/1.1 404/);
    const isReset = (): boolean => {
      wire.socket.write('more');
      return wire.socket.destroyed;
    };
    await expect.poll(isReset, { timeout: 10_000 }).toBe(true);
  });

  it('does no harm where the client goes away at once', async () => {
    await startOwn();
    for (let count = 0; count < 20; count += 1) {
      using wire = await Wire.open(proxy.url);
      wire.socket.write(Buffer.concat([rawCall(alice, jsonCall('ListSchemas')), connect]));
      wire.socket.resetAndDestroy();
      await wire.closed;
    }
    expect((await send(alice, jsonCall('ListSchemas'))).status).toBe(200);
  });
});

describe('connections', () => {
  it('answers pipelined requests in their order', async () => {
    await start();
    const calls = ['ListSchemas', 'ListRecipes', 'ListSchemas', 'ListCampaigns'].map((name) =>
      jsonCall(name),
    );
    const bytes = calls.map((call, i) => rawCall(alice, call, i === 3 ? ['connection: close'] : []));
    const answer = await exchange(proxy.url, Buffer.concat(bytes));
    expect(answer.match(/"(?:schemas|recipes|campaigns)":/g)).toEqual([
      '"schemas":',
      '"recipes":',
      '"schemas":',
      '"campaigns":',
    ]);
  });

  it('answers what was good before it refuses what follows as no HTTP', async () => {
    await start();
    const answer = await exchange(
      proxy.url,
      Buffer.concat([rawCall(alice, jsonCall('ListSchemas')), Buffer.from('garbage\r\n\r\n')]),
    );
    expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  });

  it('keeps a connection for the next request', async () => {
    await start();
    using wire = await Wire.open(proxy.url);
    for (const expected of [1, 2, 3]) {
      wire.socket.write(rawCall(alice, jsonCall('ListSchemas')));
      await expect.poll(() => wire.text.match(/200 OK/g)?.length).toBe(expected);
    }
    expect(wire.socket.closed).toBe(false);
  });

  it('answers HTTP/1.0 and closes', async () => {
    await start();
    const bytes = rawCall(alice, jsonCall('ListSchemas')).toString().replace('HTTP/1.1', 'HTTP/1.0');
    expect(await exchange(proxy.url, bytes)).toMatch(/200 OK[\s\S]*\{"schemas":\[\]\}$/);
  });

  it('stops without waiting for connections that never sent a request, or half of one', async () => {
    await startOwn();
    using silent = await Wire.open(proxy.url);
    using half = await Wire.open(proxy.url);
    half.socket.write('POST / HTTP/1.1\r\nhost:');
    using used = await Wire.open(proxy.url);
    used.socket.write(rawCall(alice, jsonCall('ListSchemas')));
    await used.receives(/\]\}$/);
    await proxy.close();
    await Promise.all([silent.closed, half.closed, used.closed]);
  });

  it('lets a request under way finish when it stops, and then closes its connection', async () => {
    const arrived = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    await using upstream = await serve(async (incoming, outgoing) => {
      incoming.resume();
      arrived.resolve();
      await release.promise;
      outgoing.end('{"schemas":[]}');
    });
    await startOwn({ upstream: upstream.url });
    using wire = await Wire.open(proxy.url);
    wire.socket.write(rawCall(alice, jsonCall('ListSchemas')));
    await arrived.promise;
    const closed = proxy.close();
    release.resolve();
    await closed;
    await wire.closed;
    expect(wire.text).toMatch(/200 OK[\s\S]*\{"schemas":\[\]\}$/);
  });
});

describe('what is no request of AWS', () => {
  const REJECTED = [
    [
      'an unknown target',
      'POST /',
      'x-amz-target: AmazonPersonalize.Nope\r\ncontent-type: application/x-amz-json-1.1',
      400,
    ],
    [
      'the target of another service',
      'POST /',
      'x-amz-target: DynamoDB_20120810.ListTables\r\ncontent-type: application/x-amz-json-1.1',
      400,
    ],
    [
      'a target in another case',
      'POST /',
      'x-amz-target: amazonpersonalize.ListSchemas\r\ncontent-type: application/x-amz-json-1.1',
      400,
    ],
    [
      'a target with another content type',
      'POST /',
      'x-amz-target: AmazonPersonalize.ListSchemas\r\ncontent-type: text/plain',
      404,
    ],
    [
      'a target with another method',
      'PUT /',
      'x-amz-target: AmazonPersonalize.ListSchemas\r\ncontent-type: application/x-amz-json-1.1',
      404,
    ],
    ['an unknown path', 'POST /recommendation', 'content-type: application/json', 404],
    ['a path with a slash behind', 'POST /recommendations/', 'content-type: application/json', 404],
    ['a path that climbs', 'POST /x/../recommendations', 'content-type: application/json', 404],
    ['an encoded path', 'POST /%72ecommendations', 'content-type: application/json', 404],
    ['a known path with another method', 'GET /recommendations', 'content-type: application/json', 404],
    ['a known path with a content type that is no JSON', 'POST /events', 'content-type: text/xml', 404],
    ['HEAD', 'HEAD /', 'x-a: b', 404],
    ['OPTIONS', 'OPTIONS /', 'x-a: b', 404],
    ['OPTIONS *', 'OPTIONS *', 'x-a: b', 404],
    ['PUT', 'PUT /events', 'content-type: application/json', 404],
    ['DELETE', 'DELETE /recommendations', 'x-a: b', 404],
    [
      'the absolute form',
      'POST http://personalize.us-east-1.amazonaws.com/events',
      'content-type: application/json',
      404,
    ],
    ['an absolute form that is no URL', 'POST http://[::1', 'x-a: b', 404],
    ['the admin path in another case', 'GET /_AUTHZ/health', 'x-a: b', 404],
    ['two slashes before the admin path', 'GET //_authz/health', 'x-a: b', 404],
    ['nothing at all', 'GET /', 'x-a: b', 302],
    ['an unknown Action', 'GET /?Action=Nope&Version=2011-06-15', 'x-a: b', 400],
    ['an unknown expectation', 'POST /nowhere', 'expect: miracles', 404],
  ] as const;

  let forwarded = 0;
  let upstream: Awaited<ReturnType<typeof serve>>;
  let forwarding: RunningProxy;
  beforeAll(async () => {
    upstream = await serve((_, outgoing) => {
      forwarded += 1;
      outgoing.end();
    });
    forwarding = await startProxy({ principals: PRINCIPALS, policies: POLICIES, upstream: upstream.url });
  });
  afterAll(async () => {
    await forwarding.close();
    await upstream[Symbol.asyncDispose]();
  });

  it.each(REJECTED)(
    'answers %s as AWS does, records it, and forwards nothing',
    async (_, line, headers, status) => {
      const answer = await exchange(
        forwarding.url,
        `${line} HTTP/1.1\r\nhost: x\r\n${headers}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
      );
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(answer).toMatch(/x-amzn-requestid: [0-9a-f-]{36}\r\n/);
      const [, decision] = /x-authz-decision: ([0-9a-f-]{36})\r\n/.exec(answer) ?? [];
      expect(forwarding.decisions.at(-1)).toMatchObject({
        id: decision,
        outcome: 'rejected',
        error: { status },
      });
      expect(forwarded).toBe(0);
    },
  );

  it('answers and records a request without a Host header', async () => {
    await start();
    expect(await exchange(proxy.url, 'GET /x HTTP/1.1\r\nconnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 404 /,
    );
    expect(lastRecord()).toMatchObject({ outcome: 'rejected' });
  });

  it.each([
    ['garbage', 'hello\r\n\r\n', 400],
    ['a method that there is not', 'FOO / HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}x', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['headers over the limit', `GET / HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(66_000)}\r\n\r\n`, 431],
    ['headers far over the limit', `GET / HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(5_000_000)}\r\n\r\n`, 431],
    ['a target over the limit', `GET /${'a'.repeat(66_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
  ])('refuses %s in plain words, and closes', async (_, bytes, status) => {
    await start();
    using wire = await Wire.open(proxy.url);
    wire.socket.write(bytes);
    const answer = await wire.receives(/\}$/);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/x-amzn-requestid: [0-9a-f-]{36}\r\n/);
    wire.socket.end();
    await wire.closed;
  });

  it('takes headers up to the limit', async () => {
    await start();
    const call = jsonCall('ListSchemas');
    const long = { ...call, headers: { ...call.headers, 'x-long': 'a'.repeat(60_000) } };
    expect((await send(alice, long)).status).toBe(200);
  });
});

describe('an upstream that fails', () => {
  const RUNTIME = restCall('/recommendations', {
    campaignArn: 'arn:aws:personalize:us-east-1:123456789012:campaign/c',
  });

  it.each([
    ['is down', undefined, 'ECONNREFUSED'],
    [
      'closes without an answer',
      (_: unknown, outgoing: { destroy(): void }) => outgoing.destroy(),
      'socket hang up',
    ],
  ])('is a 502 in the caller protocol when it %s', async (_, listener, reason) => {
    await using upstream = await serve(listener ?? (() => {}));
    await startOwn({ upstream: listener ? upstream.url : CLOSED_URL });

    const json = await send(alice, jsonCall('ListSchemas'));
    expect(json.status).toBe(502);
    expect(json.headers.get('x-authz-decision')).toBe(lastRecord()?.id);
    expect(await json.json()).toEqual({ __type: 'BadGateway', message: expect.stringContaining(reason) });

    const rest = await send(alice, RUNTIME);
    expect(rest.status).toBe(502);
    expect(rest.headers.get('x-amzn-errortype')).toBe('BadGateway');
    expect(await rest.json()).toEqual({ message: expect.stringContaining(reason) });
    expect(lastRecord()).toMatchObject({ outcome: 'forwarded', error: { code: 'BadGateway', status: 502 } });
  });

  it.each([
    ['garbage', 'what?\r\n\r\n'],
    ['half an answer', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"half"'],
    ['half a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"half"'],
    ['a status that there is not', 'HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n'],
    [
      'a switch of protocols',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    ],
    ['headers without an end', `HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(200_000)}`],
  ])('is a 502 when it answers %s', async (_, bytes) => {
    await using upstream = await serve((incoming) => {
      incoming.resume();
      incoming.socket.end(bytes);
    });
    await startOwn({ upstream: upstream.url });
    const response = await send(alice, jsonCall('ListSchemas'));
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ __type: 'BadGateway' });
    expect(lastRecord()).toMatchObject({ outcome: 'forwarded', error: { code: 'BadGateway', status: 502 } });
  });

  it('is heard where it refuses in its own words', async () => {
    await using upstream = await serve((incoming, outgoing) => {
      incoming.resume();
      outgoing.writeHead(503, { 'content-type': 'text/plain', 'x-authz-decision': 'theirs' });
      outgoing.end('later');
    });
    await startOwn({ upstream: upstream.url });
    const response = await send(alice, jsonCall('ListSchemas'));
    expect([response.status, await response.text()]).toEqual([503, 'later']);
    expect(response.headers.get('x-authz-decision')).toBe(lastRecord()?.id);
    expect(response.headers.get('x-amzn-requestid')).toBe(lastRecord()?.request.id);
  });

  it('is let go when the client leaves, and the record says so', async () => {
    const arrived = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    await using upstream = await serve((incoming) => {
      incoming.resume();
      incoming.socket.once('close', () => left.resolve());
      arrived.resolve();
    });
    await startOwn({ upstream: upstream.url });
    {
      using wire = await Wire.open(proxy.url);
      wire.socket.write(rawCall(alice, jsonCall('ListSchemas')));
      await arrived.promise;
    }
    await left.promise;
    await expect.poll(lastRecord).toMatchObject({
      outcome: 'forwarded',
      error: { message: expect.stringContaining('the client closed the connection') },
    });
  });

  it('leaves no connection behind, whatever it did', async () => {
    const open = new Set<unknown>();
    await using upstream = await serve((incoming, outgoing) => {
      if (!open.has(incoming.socket)) incoming.socket.once('close', () => open.delete(incoming.socket));
      open.add(incoming.socket);
      incoming.resume();
      outgoing.end('{}');
    });
    await startOwn({ upstream: upstream.url });
    await Promise.all(Array.from({ length: 20 }, () => send(alice, jsonCall('ListSchemas'))));
    await proxy.close();
    await expect.poll(() => open.size).toBe(0);
  });

  it('is raised by the SDK as a server error that it tries again', async () => {
    let calls = 0;
    await using upstream = await serve((incoming, outgoing) => {
      calls += 1;
      incoming.resume();
      if (calls === 1) return void outgoing.destroy();
      outgoing.end('{"schemas":[]}');
    });
    await startOwn({ upstream: upstream.url });
    const { ListSchemasCommand } = await import('@aws-sdk/client-personalize');
    const { schemas } = await new PersonalizeClient(alice).send(new ListSchemasCommand({}));
    expect(schemas).toEqual([]);
    expect(proxy.decisions.map(({ error }) => error?.code)).toEqual(['BadGateway', undefined]);
  });
});
