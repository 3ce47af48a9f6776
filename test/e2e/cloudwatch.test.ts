import { gzipSync } from 'node:zlib';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { decode, encode } from 'cbor2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { signRequest } from '../../src/sigv4/verify.ts';
import { awsCli, hasAwsCli } from './clients.ts';

const TARGET = 'GraniteServiceVersion20100801';

let proxy: RunningProxy;
let cloudwatch: CloudWatchClient;
beforeAll(async () => {
  const user = (name: string, index: number) => ({
    accessKeys: [{ id: `AKIALOCALMETRICS000${index}`, secret: `local-only-secret-of-${name}` }],
    inlinePolicies: [name],
  });
  const statement = { Effect: 'Allow', Action: 'cloudwatch:*', Resource: '*' };
  const names = ['all', 'one-namespace', 'one-alarm'];
  proxy = await startProxy({
    principals: { users: Object.fromEntries(names.map((name, index) => [name, user(name, index)])) },
    policies: {
      all: { Version: '2012-10-17', Statement: [statement] },
      'one-namespace': {
        Version: '2012-10-17',
        Statement: [{ ...statement, Condition: { StringEquals: { 'cloudwatch:namespace': 'Shop' } } }],
      },
      'one-alarm': {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'cloudwatch:PutMetricAlarm',
            Resource: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:mine',
          },
        ],
      },
    },
  });
  cloudwatch = new CloudWatchClient(configOf('all'));
});
afterAll(() => proxy.close());

const configOf = (user: string) => proxy.clientConfig<`user/${string}`>(`user/${user}`);

interface Spoken {
  readonly target?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A call as each of CloudWatch's protocols has it. */
const PROTOCOLS = {
  query: (name: string, input: Readonly<Record<string, string>>): Spoken => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ Action: name, Version: '2010-08-01', ...input }).toString(),
  }),
  json: (name: string, input: Readonly<Record<string, string>>): Spoken => ({
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `${TARGET}.${name}` },
    body: JSON.stringify(input),
  }),
  cbor: (name: string, input: Readonly<Record<string, string>>): Spoken => ({
    target: `/service/${TARGET}/operation/${name}`,
    headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
    body: encode(input),
  }),
} as const;

type Speech = keyof typeof PROTOCOLS;

async function say(user: string, { target = '/', headers, body }: Spoken) {
  const { endpoint, region, credentials } = configOf(user);
  const bytes = Buffer.from(body);
  const signer = { ...credentials, region, service: 'monitoring', now: Date.now() };
  const unsigned = {
    method: 'POST',
    target,
    headers: { host: new URL(endpoint).host, ...headers },
    body: bytes,
  };
  const { host: _, 'content-length': __, ...signed } = signRequest(unsigned, signer);
  const answer = await fetch(endpoint + target, { method: 'POST', headers: signed, body: bytes });
  const raw = new Uint8Array(await answer.arrayBuffer());
  const isCbor = answer.headers.get('content-type') === 'application/cbor';
  return {
    status: answer.status,
    queryError: answer.headers.get('x-amzn-query-error'),
    text: isCbor ? JSON.stringify(decode(raw)) : Buffer.from(raw).toString(),
  };
}

describe.each(Object.keys(PROTOCOLS) as Speech[])('CloudWatch in %s', (speech) => {
  const speak = PROTOCOLS[speech];

  it('lists what was put', async () => {
    const put = new PutMetricDataCommand({
      Namespace: `of-${speech}`,
      MetricData: [{ MetricName: 'seen', Value: 1 }],
    });
    await cloudwatch.send(put);
    const { status, text } = await say('all', speak('ListMetrics', { Namespace: `of-${speech}` }));
    expect({ status, text }).toEqual({ status: 200, text: expect.stringContaining('seen') });
    expect(text).not.toContain('of-other');
  });

  it('refuses a call without its required members before any policy is asked', async () => {
    const { status, text } = await say('one-namespace', speak('PutMetricData', {}));
    expect(status).toBe(400);
    expect(text).toContain(
      "1 validation error detected: Value null at 'namespace' failed to satisfy constraint: Member must not be null",
    );
  });

  it('denies with 403 AccessDenied, without a resource if there is none', async () => {
    const { status, queryError, text } = await say('one-alarm', speak('ListMetrics', {}));
    expect(status).toBe(403);
    expect(queryError).toBe(speech === 'query' ? null : 'AccessDenied;Sender');
    expect(text).toMatch(/AccessDenied\b/);
    expect(text).toContain(
      'User: arn:aws:iam::123456789012:user/one-alarm is not authorized to perform: cloudwatch:ListMetrics because no identity-based policy allows the cloudwatch:ListMetrics action',
    );
  });

  it('reads a body that was compressed', async () => {
    const { headers, body, ...call } = speak('ListMetrics', { Namespace: 'never-put' });
    const zipped = { ...call, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) };
    expect((await say('all', zipped)).status).toBe(200);
  });

  it('says what is wrong with an input', async () => {
    const { status, text } = await say('all', speak('ListMetrics', { Namespace: '' }));
    expect(status).toBe(400);
    expect(text).toContain(
      'failed to satisfy constraint: Member must have length greater than or equal to 1',
    );
  });

  it('does not take a signature for another service', async () => {
    const { endpoint, credentials, region } = configOf('all');
    const { target = '/', headers, body } = speak('ListMetrics', {});
    const bytes = Buffer.from(body);
    const {
      host: _,
      'content-length': __,
      ...signed
    } = signRequest(
      { method: 'POST', target, headers: { host: new URL(endpoint).host, ...headers }, body: bytes },
      { ...credentials, region, service: 'personalize', now: Date.now() },
    );
    const answer = await fetch(endpoint + target, { method: 'POST', headers: signed, body: bytes });
    expect(answer.status).toBe(403);
    expect(Buffer.from(await answer.arrayBuffer()).toString('latin1')).toContain(
      "Credential should be scoped to correct service: 'monitoring'.",
    );
  });
});

describe('CBOR', () => {
  const send = (body: Uint8Array) => say('one-namespace', { ...PROTOCOLS.cbor('PutMetricData', {}), body });

  it('may not say a thing twice: the policies would see one, the upstream another', async () => {
    const [shop, other] = [encode({ Namespace: 'Shop' }), encode({ Namespace: 'Other' })];
    // A map of two members, each named Namespace.
    const twice = Buffer.concat([Buffer.from([0xa2]), shop.subarray(1), other.subarray(1)]);
    const { status, text } = await send(twice);
    expect({ status, text }).toEqual({ status: 400, text: expect.stringContaining('MalformedInput') });
  });

  it.each([
    ['bytes behind its end', Buffer.concat([encode({ Namespace: 'Shop' }), Buffer.from([0])])],
    ['no map', encode(['Namespace'])],
    ['another type', encode({ Namespace: 1 })],
    ['no CBOR', Buffer.from('{"Namespace":"Shop"}')],
    ['a depth that nothing has', Buffer.concat([Buffer.alloc(10_000, 0x81), Buffer.from([0])])],
  ])('is refused with %s', async (_, body) => {
    expect((await send(body)).status).toBe(400);
  });
});

describe('CloudWatch with AWS SDK for JavaScript', () => {
  const span = { StartTime: new Date(Date.now() - 3_600_000), EndTime: new Date(Date.now() + 3_600_000) };
  const minute = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);

  it('works out statistics of the values that were put, by periods', async () => {
    const Dimensions = [{ Name: 'campaign', Value: 'home' }];
    const metric = { MetricName: 'clicks', Dimensions, Timestamp: minute };
    await cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: 'Stats',
        MetricData: [
          { ...metric, Value: 1 },
          { ...metric, Values: [2, 5], Counts: [3, 1] },
          { ...metric, StatisticValues: { SampleCount: 2, Sum: 20, Minimum: 9, Maximum: 11 } },
          { ...metric, Dimensions: [], Value: 1000 },
        ],
      }),
    );
    const wanted = { Namespace: 'Stats', MetricName: 'clicks', Dimensions };
    const Statistics = ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'] as const;
    const { Datapoints } = await cloudwatch.send(
      new GetMetricStatisticsCommand({ ...wanted, ...span, Period: 3600, Statistics: [...Statistics] }),
    );
    expect(Datapoints).toMatchObject([
      { Timestamp: minute, SampleCount: 7, Sum: 32, Average: 32 / 7, Minimum: 1, Maximum: 11 },
    ]);
    const query = { Id: 'm', MetricStat: { Metric: wanted, Period: 3600, Stat: 'Sum' } };
    const { MetricDataResults } = await cloudwatch.send(
      new GetMetricDataCommand({
        ...span,
        MetricDataQueries: [query, { ...query, Id: 'hidden', ReturnData: false }],
      }),
    );
    expect(MetricDataResults).toMatchObject([
      { Id: 'm', Label: 'clicks', Values: [32], StatusCode: 'Complete' },
    ]);
  });

  it('does not guess what it cannot work out', async () => {
    const metric = { Namespace: 'Stats', MetricName: 'clicks' };
    await expect(
      cloudwatch.send(
        new GetMetricStatisticsCommand({ ...metric, ...span, Period: 60, ExtendedStatistics: ['p99'] }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    const expression = { Id: 'e', Expression: 'm1 * 2' };
    await expect(
      cloudwatch.send(new GetMetricDataCommand({ ...span, MetricDataQueries: [expression] })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(
      cloudwatch.send(
        new PutMetricDataCommand({
          Namespace: 'N',
          MetricData: [{ MetricName: 'm', Value: 1, Values: [1] }],
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterCombinationException' });
  });

  it('filters the list by name and dimensions, and gives it in pages', async () => {
    const MetricData = Array.from({ length: 501 }, (_, index) => ({
      MetricName: index === 0 ? 'first' : 'other',
      Dimensions: [{ Name: 'n', Value: String(index) }],
      Value: 1,
    }));
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Many', MetricData }));
    const list = async (input: object) =>
      cloudwatch.send(new ListMetricsCommand({ Namespace: 'Many', ...input }));
    const first = await list({});
    expect(first.Metrics).toHaveLength(500);
    expect((await list({ NextToken: first.NextToken })).Metrics).toHaveLength(1);
    expect((await list({ MetricName: 'first' })).Metrics).toHaveLength(1);
    expect((await list({ Dimensions: [{ Name: 'n', Value: '7' }] })).Metrics).toHaveLength(1);
    await expect(list({ NextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });

  it('keeps alarms, each with an ARN that policies can name', async () => {
    const alarm = (AlarmName: string) =>
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'Stats',
        MetricName: 'clicks',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        AlarmActions: ['arn:aws:sns:us-east-1:123456789012:ops'],
      });
    const one = new CloudWatchClient(configOf('one-alarm'));
    await one.send(alarm('mine'));
    await expect(one.send(alarm('yours'))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(
        'on resource: arn:aws:cloudwatch:us-east-1:123456789012:alarm:yours because',
      ),
    });
    await expect(one.send(new DescribeAlarmsCommand({ AlarmNames: ['mine'] }))).rejects.toMatchObject({
      message: expect.stringContaining(
        'on resource: arn:aws:cloudwatch:us-east-1:123456789012:alarm:* because',
      ),
    });
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'mi' }));
    expect(MetricAlarms).toMatchObject([
      {
        AlarmName: 'mine',
        AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:mine',
        StateValue: 'INSUFFICIENT_DATA',
        Threshold: 1,
      },
    ]);
    expect((await cloudwatch.send(new DescribeAlarmsCommand({ StateValue: 'ALARM' }))).MetricAlarms).toEqual(
      [],
    );
  });

  it('holds a namespace that a policy names, and asks for leave to tag an alarm', async () => {
    const one = new CloudWatchClient(configOf('one-namespace'));
    const put = (Namespace: string) =>
      one.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'm', Value: 1 }] }));
    await put('Shop');
    await expect(put('Other')).rejects.toMatchObject({ name: 'AccessDenied' });
    const tagged = new PutMetricAlarmCommand({
      AlarmName: 'mine',
      EvaluationPeriods: 1,
      ComparisonOperator: 'LessThanThreshold',
      Tags: [{ Key: 'team', Value: 'ml' }],
    });
    await expect(new CloudWatchClient(configOf('one-alarm')).send(tagged)).rejects.toMatchObject({
      message: expect.stringContaining('cloudwatch:TagResource on resource: arn:aws:cloudwatch:us-east-1'),
    });
  });
});

describe.skipIf(!hasAwsCli)(
  'CloudWatch with the AWS CLI (skips where it is not installed)',
  { tags: 'clients' },
  () => {
    it('puts and lists', async () => {
      const all = configOf('all');
      const put = ['put-metric-data', '--namespace', 'Cli', '--metric-name', 'm', '--value', '1.5'];
      expect(await awsCli(all, 'cloudwatch', ...put)).toMatchObject({ code: 0, stderr: '' });
      const { stdout } = await awsCli(all, 'cloudwatch', 'list-metrics', '--namespace', 'Cli');
      expect(JSON.parse(stdout)).toEqual({
        Metrics: [{ Namespace: 'Cli', MetricName: 'm', Dimensions: [] }],
      });
    });
  },
);

describe('a body that is too large', () => {
  const tooLarge = async (url: string, headers: Readonly<Record<string, string>>) => {
    const { target = '/', headers: spoken } = PROTOCOLS.cbor('PutMetricData', {});
    const answer = await fetch(url + target, {
      method: 'POST',
      headers: { ...spoken, ...headers },
      body: Buffer.alloc(16 * 1024 * 1024 + 1),
    });
    const { __type } = decode(new Uint8Array(await answer.arrayBuffer())) as { readonly __type: string };
    return [answer.status, answer.headers.get('content-type'), __type];
  };

  it('is refused in CBOR, also as the first call of all, by what its head lacks', async () => {
    await using fresh = await startProxy({ principals: { users: {} } });
    expect(await tooLarge(fresh.url, {})).toEqual([403, 'application/cbor', 'MissingAuthenticationToken']);
  });

  it('is refused in CBOR for its length where its head names a known access key', async () => {
    const { endpoint, region, credentials } = configOf('all');
    const { target = '/', headers } = PROTOCOLS.cbor('PutMetricData', {});
    const {
      host: _,
      'content-length': __,
      ...signed
    } = signRequest(
      {
        method: 'POST',
        target,
        headers: { host: new URL(endpoint).host, ...headers },
        body: Buffer.alloc(0),
      },
      { ...credentials, region, service: 'monitoring', now: Date.now() },
    );
    expect(await tooLarge(endpoint, signed)).toEqual([413, 'application/cbor', 'RequestEntityTooLarge']);
  });
});
