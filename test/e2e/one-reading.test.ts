import { gzipSync } from 'node:zlib';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { signRequest } from '../../src/sigv4/verify.ts';
import { awsCli, hasAwsCli } from './clients.ts';
import { exchange, jsonCall, rawCall, serve, signatory } from './exchange.ts';

interface Sent {
  readonly url: string | undefined;
  readonly encoding: string | undefined;
  readonly body: Buffer;
}

const FORM_TYPE = 'application/x-www-form-urlencoded';
const EMPTY_ANSWERS: Readonly<Record<string, string | Buffer>> = {
  'application/cbor': Buffer.from([0xa0]),
  'application/x-amz-json-1.0': '{}',
  'application/x-amz-json-1.1': '{}',
};

const sent: Sent[] = [];
let upstream: Awaited<ReturnType<typeof serve>>;
let proxy: RunningProxy;
beforeAll(async () => {
  upstream = await serve((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const { url, headers } = incoming;
        sent.push({ url, encoding: headers['content-encoding'], body: Buffer.concat(chunks) });
        const type = String(headers['content-type']);
        outgoing.setHeader('content-type', type.startsWith(FORM_TYPE) ? 'text/xml' : type);
        if (headers['smithy-protocol']) outgoing.setHeader('smithy-protocol', 'rpc-v2-cbor');
        outgoing.end(EMPTY_ANSWERS[type] ?? '<PutMetricDataResponse/>');
      });
  });
  proxy = await startProxy({
    principals: {
      users: {
        alice: {
          accessKeys: [{ id: 'AKIALOCALREADING0000', secret: 'local-only-secret-of-alice' }],
          inlinePolicies: ['shop'],
        },
      },
    },
    policies: {
      shop: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: ['personalize:*', 'cloudwatch:*', 's3:*'], Resource: '*' },
          {
            Effect: 'Deny',
            Action: 'cloudwatch:PutMetricData',
            Resource: '*',
            Condition: { StringNotEquals: { 'cloudwatch:namespace': 'Shop' } },
          },
        ],
      },
    },
    upstream: upstream.url,
    upstreamCloudwatch: upstream.url,
    upstreamS3: upstream.url,
  });
});
afterAll(async () => {
  await proxy.close();
  await upstream[Symbol.asyncDispose]();
});
beforeEach(() => {
  sent.length = 0;
});

interface Spoken {
  readonly service: string;
  readonly target?: string;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** Sends a call that is signed as it is, with headers that are not; its status and how it is recorded. */
async function say(call: Spoken, unsigned: Readonly<Record<string, string>> = {}): Promise<string> {
  const { service, target = '/', method = 'POST', headers, body } = call;
  const { endpoint, region, credentials } = signatory(proxy, 'alice');
  const request = {
    method,
    target,
    headers: { host: new URL(endpoint).host, ...headers },
    body: Buffer.from(body),
  };
  const signed = signRequest(request, { ...credentials, region, service, now: Date.now() });
  const { host: _, 'content-length': __, ...sendable } = signed;
  const answer = await fetch(endpoint + target, { method, headers: { ...sendable, ...unsigned }, body });
  await answer.arrayBuffer();
  const record = proxy.decisions.find(({ id }) => id === answer.headers.get('x-authz-decision'));
  return `${answer.status} ${record?.outcome}`;
}

const FORM = { 'content-type': FORM_TYPE };
const GZIP = { ...FORM, 'content-encoding': 'gzip' };
const PUT = 'Action=PutMetricData&Version=2010-08-01&Namespace=Shop';

const form = (body: Spoken['body'], headers: Readonly<Record<string, string>> = FORM): Spoken => ({
  service: 'monitoring',
  headers,
  body,
});

describe('a compressed call', () => {
  it('is authorized by what is inside, and forwarded as it came', async () => {
    const body = gzipSync(PUT);
    expect(await say(form(body, GZIP))).toBe('200 forwarded');
    expect(sent).toEqual([{ url: '/', encoding: 'gzip', body }]);
    expect(await say(form(gzipSync(PUT.replace('Shop', 'Other')), GZIP))).toBe('403 denied');
    expect(sent).toHaveLength(1);
  });

  it('that hides another form in the header of gzip is refused', async () => {
    const body = gzipSync(PUT);
    const name = Buffer.from('&Action=PutMetricData&Version=2010-08-01&Namespace=Other&\0');
    const named = Buffer.concat([
      body.subarray(0, 3),
      Buffer.from([8]),
      body.subarray(4, 10),
      name,
      body.subarray(10),
    ]);
    expect(await say(form(named, GZIP))).toBe('400 rejected');
    expect(sent).toEqual([]);
  });

  it.each(['deflate', 'br', 'gzip, gzip', 'x-unknown'])(
    'in the coding %s is refused: here it would be read as it came',
    async (coding) => {
      expect(await say(form(PUT, { ...FORM, 'content-encoding': coding }))).toBe('400 rejected');
      const { headers, body } = jsonCall('ListCampaigns');
      const json = { service: 'personalize', headers: { ...headers, 'content-encoding': coding } };
      expect(await say({ ...json, body: body.toString() })).toBe('400 rejected');
      expect(sent).toEqual([]);
    },
  );

  it('in JSON is authorized by what is inside too', async () => {
    const { headers, body } = jsonCall('ListCampaigns', { maxResults: 5 });
    const json = { service: 'personalize', headers: { ...headers, 'content-encoding': 'gzip' } };
    expect(await say({ ...json, body: gzipSync(body) })).toBe('200 forwarded');
    expect(await say({ ...json, body: body.toString() })).toBe('400 rejected');
    expect(sent).toEqual([{ url: '/', encoding: 'gzip', body: gzipSync(body) }]);
  });

  it('of AWS SDK for JavaScript is forwarded', async () => {
    const cloudwatch = new CloudWatchClient({
      ...proxy.clientConfig<'user/alice'>('user/alice'),
      requestMinCompressionSizeBytes: 0,
    });
    const metric = {
      MetricName: 'm',
      Value: 1,
      Timestamp: new Date(),
      StorageResolution: 1,
      Values: [1.5, 2],
    };
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [metric, metric] }));
    expect(sent).toMatchObject([{ encoding: 'gzip' }]);
  });

  it.skipIf(!hasAwsCli)(
    'of the AWS CLI is forwarded (skips where it is not installed)',
    { tags: 'clients' },
    async () => {
      const variables = { AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES: '1' };
      const metric = 'MetricName=m,Value=1,Timestamp=2026-01-01T00:00:00Z,Dimensions=[{Name=a,Value=é}]';
      const args = ['put-metric-data', '--namespace', 'Shop', '--metric-data', metric];
      const run = await awsCli({ ...signatory(proxy, 'alice'), variables }, 'cloudwatch', ...args);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(sent).toMatchObject([{ encoding: 'gzip' }]);
    },
  );
});

describe('a header that a server could read as another', () => {
  const { headers, body } = jsonCall('ListCampaigns');
  const list = { service: 'personalize', headers, body: body.toString() };

  it('is refused, whether it is signed or not', async () => {
    const folded = { X_Amz_Target: 'AmazonPersonalize.DeleteCampaign' };
    expect(await say(list, folded)).toBe('400 rejected');
    expect(await say({ ...list, headers: { ...headers, ...folded } })).toBe('400 rejected');
    expect(await say(list, { 'x-http-method-override': 'DELETE' })).toBe('400 rejected');
    expect(sent).toEqual([]);
    expect(await say(list, { 'x-request_id': '1' })).toBe('200 forwarded');
  });

  it('is refused on S3 too', async () => {
    const get = { service: 's3', method: 'PUT', target: '/b-1/k', headers: {}, body: 'x' };
    expect(await say(get, { 'x-amz_copy-source': 'b-2/k' })).toBe('400 rejected');
    expect(sent).toEqual([]);
  });
});

describe('parameters that parsers read differently', () => {
  it.each(['&Namespace=Other', '&namespace=Other', '&Namespace[]=Other', ';Namespace=Other', '&X=%ff'])(
    'are refused: %s',
    async (more) => {
      expect(await say(form(PUT + more))).toBe('400 rejected');
      expect(sent).toEqual([]);
    },
  );

  it('are refused in another charset', async () => {
    const inUtf7 = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-7' };
    expect(await say(form(`${PUT}&+AE4-amespace=Other`, inUtf7))).toBe('400 rejected');
    expect(sent).toEqual([]);
  });
});

describe('a call that signs how its connection frames it', () => {
  it('is refused, and the proxy serves on', async () => {
    const call = jsonCall('ListCampaigns');
    const headers = { ...call.headers, trailer: 'x' };
    const bytes = rawCall(signatory(proxy, 'alice'), { ...call, headers }, ['connection: close']);
    expect(await exchange(proxy.url, bytes)).toMatch(/^HTTP\/1\.1 400 /);
    expect(sent).toEqual([]);
    expect(await say({ service: 'personalize', headers: call.headers, body: call.body.toString() })).toBe(
      '200 forwarded',
    );
  });
});

describe('a JSON body', () => {
  const createDatasetGroup = (body: string): Spoken => ({
    service: 'personalize',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonPersonalize.CreateDatasetGroup',
    },
    body,
  });

  it('is asked about a role that it passes in an escaped member, whatever was sent before', async () => {
    const name = '"neverSentBefore":1,"name":"shop"';
    expect(await say(createDatasetGroup(String.raw`{${name},"\\u0072o":1}`))).toBe('200 forwarded');
    const role = 'arn:aws:iam::123456789012:role/admin';
    const hidden = String.raw`{${name},"\u0072oleArn":"${role}"}`;
    expect(await say(createDatasetGroup(hidden))).toBe('400 denied');
    expect(sent).toHaveLength(1);
  });
});
