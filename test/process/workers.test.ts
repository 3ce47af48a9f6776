/** @module-tag clients */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
} from 'node:http';
import { setTimeout } from 'node:timers/promises';
import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { GetAccessKeyLastUsedCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateDatasetGroupCommand,
  DescribeDatasetGroupCommand,
  ListDatasetGroupsCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneTimeCode } from '../../src/sessions/one-time-code.ts';
import { allow, TemporaryFolder } from '../e2e/temporary-folder.ts';
import { freePort } from '../free-port.ts';
import { CommandProcess } from './command-process.ts';

const KEY = 'AKIAEXAMPLEALICE0000';
const MFA_SECRET = 'JBSWY3DPEHPK3PXP';
const OWN_TEAM = { StringEquals: { 'aws:ResourceTag/team': 'ml' } };
const everything = (...more: readonly object[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }, ...more],
  });

const FILES = {
  'config/proxy.yaml': 'listen: { port: 0 }\n',
  'config/principals.yaml': `users:
  alice:
    accessKeys: [{ id: ${KEY}, secret: the-secret-of-alice }]
    managedPolicies: [p]
    mfa: { secret: ${MFA_SECRET} }
`,
  'policies/p.json': everything({
    Effect: 'Deny',
    Action: 'personalize:DescribeDatasetGroup',
    Resource: '*',
    Condition: { StringNotEquals: OWN_TEAM.StringEquals },
  }),
};

/** Clients whose requests come over a new connection each, so that they go to all workers in turn. */
const clientsOf = (url: string) => {
  const settings = {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: KEY, secretAccessKey: 'the-secret-of-alice' },
    maxAttempts: 1,
    requestHandler: { httpAgent: new Agent({ keepAlive: false }) },
  };
  return {
    personalize: new PersonalizeClient(settings),
    sts: new STSClient(settings),
    iam: new IAMClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    cloudwatch: new CloudWatchClient(settings),
  };
};

/** A connection that the killed worker had not accepted yet gets no response. */
const CLIENT_TIMEOUT_MILLIS = 8_000;
/** Of a client that was refused. */
const PAUSE_MILLIS = 20;

const admin = async (url: string, path: string, init: RequestInit = {}) => {
  const response = await fetch(`${url}/_authz/${path}`, {
    signal: AbortSignal.timeout(CLIENT_TIMEOUT_MILLIS),
    ...init,
    headers: { accept: 'application/json', 'x-authz-admin': '1', connection: 'close' },
  });
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
};

/** The processes that one has started. */
const childrenOf = (pid: number | undefined): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

const serve = (folder: TemporaryFolder, ...args: readonly string[]): CommandProcess =>
  new CommandProcess(['serve', '--workers', '2', ...args], { cwd: folder.path });

describe('two workers', () => {
  const folder = new TemporaryFolder(FILES);
  let proxy: CommandProcess;
  let url: string;
  let clients: ReturnType<typeof clientsOf>;

  beforeAll(async () => {
    proxy = serve(folder, '--decisions-file', `${folder.path}/decisions.jsonl`);
    url = await proxy.ready();
    clients = clientsOf(url);
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('have one stub, also in decisions about the tags that the other has just written', async () => {
    expect(childrenOf(proxy.child.pid)).toHaveLength(2);
    const tags = [{ tagKey: 'team', tagValue: 'ml' }];
    for (let index = 0; index < 10; index += 1) {
      const made = await clients.personalize.send(
        new CreateDatasetGroupCommand({ name: `group-${index}`, tags }),
      );
      const { datasetGroupArn } = made;
      await clients.personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
    }
    const { datasetGroups } = await clients.personalize.send(new ListDatasetGroupsCommand({}));
    expect(datasetGroups).toHaveLength(10);
    expect((await admin(url, 'stub/resources')).resources).toHaveLength(10);
  });

  it('have one log, one file and one sum of metrics', async () => {
    await admin(url, 'decisions', { method: 'DELETE' });
    const linesBefore = readFileSync(`${folder.path}/decisions.jsonl`, 'utf8').split('\n').length;
    const counted = async () => {
      const response = await fetch(`${url}/_authz/metrics`);
      return Number(/operation="ListDatasetGroups"} (\d+)/.exec(await response.text())?.[1] ?? 0);
    };
    const before = await counted();
    for (let index = 0; index < 10; index += 1)
      await clients.personalize.send(new ListDatasetGroupsCommand({}));

    for (let asked = 0; asked < 4; asked += 1)
      expect((await admin(url, 'decisions')).decisions).toHaveLength(10);
    expect(await counted()).toBe(before + 10);
    const lines = readFileSync(`${folder.path}/decisions.jsonl`, 'utf8').split('\n');
    expect(lines.length).toBe(linesBefore + 10);
    const used = await clients.iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: KEY }));
    expect(used.AccessKeyLastUsed?.ServiceName).toBe('personalize');
  });

  it('stream each decision to a page, whichever made it', async () => {
    const over = new AbortController();
    const response = await fetch(`${url}/_authz/decisions/stream`, { signal: over.signal });
    for (const name of ['streamed-1', 'streamed-2'])
      await clients.personalize.send(new CreateDatasetGroupCommand({ name }));
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('streamed-1') || !text.includes('streamed-2'))
      text += (await reader?.read())?.value ?? '';
    over.abort();
  });

  it('have one mode and one reload, which count for the next request', async () => {
    const list = () => clients.personalize.send(new ListDatasetGroupsCommand({}));
    const deny = { Effect: 'Deny', Action: 'personalize:ListDatasetGroups', Resource: '*' };
    folder.write('policies/p.json', everything(deny));
    expect(await admin(url, 'reload', { method: 'POST' })).toEqual({ problems: [] });
    for (let index = 0; index < 4; index += 1) await expect(list()).rejects.toThrow('explicit deny');
    await admin(url, 'mode', { method: 'PUT', body: '{"mode":"audit"}' });
    for (let index = 0; index < 4; index += 1) await list();
    await admin(url, 'mode', { method: 'PUT', body: '{"mode":"enforce"}' });
    for (let index = 0; index < 4; index += 1) await expect(list()).rejects.toThrow('explicit deny');
    folder.write('policies/p.json', everything());
    await admin(url, 'reload', { method: 'POST' });
  });

  it('accept a one-time code once', async () => {
    const command = () =>
      new GetSessionTokenCommand({
        SerialNumber: 'arn:aws:iam::123456789012:mfa/alice',
        TokenCode: oneTimeCode(MFA_SECRET, Date.now()),
      });
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => clients.sts.send(command())));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('have the same objects, uploads in parts, and metrics', async () => {
    const { s3, cloudwatch } = clients;
    const object = { Bucket: 'data', Key: 'large.bin' };
    await s3.send(new CreateBucketCommand({ Bucket: 'data' }));
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(object));
    const parts: { readonly ETag: string | undefined; readonly PartNumber: number }[] = [];
    for (const PartNumber of [1, 2]) {
      const Body = Buffer.alloc(5 * 1024 * 1024, PartNumber);
      const { ETag } = await s3.send(new UploadPartCommand({ ...object, UploadId, PartNumber, Body }));
      parts.push({ ETag, PartNumber });
    }
    await s3.send(
      new CompleteMultipartUploadCommand({
        ...object,
        UploadId,
        MultipartUpload: { Parts: parts.map(({ ETag = '', PartNumber }) => ({ ETag, PartNumber })) },
      }),
    );
    const { Body } = await s3.send(new GetObjectCommand(object));
    expect((await Body?.transformToByteArray())?.length).toBe(10 * 1024 * 1024);

    const metric = { Namespace: 'shop', MetricName: 'constructor' };
    for (const Value of [1, 2]) {
      const data = { MetricName: metric.MetricName, Value };
      await cloudwatch.send(new PutMetricDataCommand({ Namespace: metric.Namespace, MetricData: [data] }));
    }
    const now = Date.now();
    const { Datapoints } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        ...metric,
        StartTime: new Date(now - 120_000),
        EndTime: new Date(now + 60_000),
        Period: 3600,
        Statistics: ['Sum'],
      }),
    );
    expect(Datapoints?.map(({ Sum }) => Sum)).toEqual([3]);
  });

  it('are replaced when they are killed, and nothing that was answered is lost', async () => {
    await admin(url, 'decisions', { method: 'DELETE' });
    const answered: string[] = [];
    let isOver = false;
    const load = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const id = await decisionOn(requestTo(url).end('{}')).catch(() => undefined);
        if (id !== undefined) answered.push(id);
        // Where nothing listens for a moment, the next attempt would fail as fast.
        else await setTimeout(PAUSE_MILLIS);
      }
    });
    const killed = childrenOf(proxy.child.pid);
    for (const pid of killed) {
      const before = answered.length;
      await expect.poll(() => answered.length, { timeout: 20_000 }).toBeGreaterThan(before + 50);
      process.kill(pid, 'SIGKILL');
      await expect
        .poll(async () => (await admin(url, 'health').catch(() => undefined))?.status, { timeout: 20_000 })
        .toBe('ok');
    }
    isOver = true;
    await Promise.all(load);

    const fresh = () => childrenOf(proxy.child.pid).filter((pid) => !killed.includes(pid));
    await expect.poll(fresh, { timeout: 20_000 }).toHaveLength(2);
    await expect.poll(async () => (await admin(url, 'health')).status, { timeout: 20_000 }).toBe('ok');
    expect(proxy.stderr).toContain(`worker ${killed[0]} ended (SIGKILL); a new one takes its place`);
    const file = readFileSync(`${folder.path}/decisions.jsonl`, 'utf8');
    const inFile = new Set(Array.from(file.matchAll(/^\{"id":"([^"]+)"/gm), ([, id]) => id));
    expect(answered.filter((id) => !inFile.has(id))).toEqual([]);
    const { decisions } = await admin(url, 'decisions');
    const inMemory = new Set(decisions.map(({ id }: { readonly id: string }) => id));
    expect(answered.slice(-5_000).filter((id) => !inMemory.has(id))).toEqual([]);
    await clients.personalize.send(new ListDatasetGroupsCommand({}));
  }, 60_000);

  it('answer requests under way when they are stopped, leave no connection waiting, and all end', async () => {
    const workers = childrenOf(proxy.child.pid);
    const slow = requestTo(url, { expect: '100-continue' });
    const decision = decisionOn(slow);
    slow.flushHeaders();
    await once(slow, 'continue');
    const outcomeOf = () =>
      decisionOn(requestTo(url).end('{}')).then(
        () => 'answered',
        ({ code, message }) => code ?? message,
      );
    const first = outcomeOf();
    const clients = Array.from({ length: 8 }, async () => {
      const outcomes: string[] = [];
      do outcomes.push(await outcomeOf());
      while (outcomes.at(-1) !== 'ECONNREFUSED' && outcomes.at(-1) !== 'not answered');
      return outcomes;
    });
    expect(await first).toBe('answered');
    // As a terminal does at Ctrl-C.
    for (const pid of workers) process.kill(pid, 'SIGINT');
    proxy.child.kill('SIGINT');
    const outcomes = new Set((await Promise.all(clients)).flat());
    for (const outcome of outcomes) expect(['answered', 'ECONNRESET', 'ECONNREFUSED']).toContain(outcome);
    slow.end('{}');

    const id = await decision;
    expect((await proxy.ended).code).toBe(0);
    expect(workers.filter(isRunning)).toEqual([]);
    const file = readFileSync(`${folder.path}/decisions.jsonl`, 'utf8');
    expect(id).toBeDefined();
    expect(file).toContain(id);
  });
});

/** A request that is not signed, over a connection of its own. */
function requestTo(url: string, headers: OutgoingHttpHeaders = {}): ClientRequest {
  const target = { 'x-amz-target': 'AmazonPersonalize.ListSchemas', connection: 'close' };
  const sent = request(url, { method: 'POST', headers: { ...target, ...headers }, agent: false });
  return sent.setTimeout(CLIENT_TIMEOUT_MILLIS, () => sent.destroy(new Error('not answered')));
}

/** The ID of the decision on a request, once it is answered. */
async function decisionOn(sent: ClientRequest): Promise<string> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  await once(response.resume(), 'end');
  return String(response.headers['x-authz-decision']);
}

describe('workers that cannot begin', () => {
  it('end the program with what is wrong, and its exit code', async () => {
    const port = await freePort();
    using folder = new TemporaryFolder({ ...FILES, 'policies/p.json': allow('personalize:*') });
    await using first = serve(folder, '--port', String(port));
    await first.ready();
    await using second = serve(folder, '--port', String(port));
    const { code, stderr } = await second.ended;

    expect(code).toBe(2);
    expect(stderr).toContain(`error: Port ${port} on 127.0.0.1 is taken by another process.`);
  });

  it('end when the primary is killed', async () => {
    using folder = new TemporaryFolder(FILES);
    await using proxy = serve(folder);
    await proxy.ready();
    const workers = childrenOf(proxy.child.pid);
    expect(workers).toHaveLength(2);
    proxy.child.kill('SIGKILL');

    await expect.poll(() => workers.filter(isRunning), { timeout: 10_000 }).toEqual([]);
  });
});
