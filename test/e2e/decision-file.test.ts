import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startProxy } from '../../src/index.ts';
import { logFiles, readDecisions } from '../../src/records/read-decisions.ts';
import { cli, RunningCommand } from './command-line.ts';
import { jsonCall, restCall, send } from './exchange.ts';
import { allow, configuration, TemporaryFolder } from './temporary-folder.ts';

const ALICE = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIAEXAMPLEALICE0000', secretAccessKey: 'the-secret-of-alice' },
};

const recordsOf = async (file: string) => {
  const read = await readDecisions(logFiles(file));
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.records;
};

describe('the decisions of a proxy', () => {
  it('are all in its log when it is stopped', async () => {
    using folder = new TemporaryFolder(configuration(allow('personalize:List*')));
    const file = `${folder.path}/decisions.log`;
    await using serve = new RunningCommand(['serve', '--decisions-file', file], { cwd: folder.path });
    const endpoint = await serve.ready();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send({ endpoint, ...ALICE }, jsonCall('ListSchemas'))),
    );
    serve.signal('SIGTERM');

    expect((await serve.ended).code).toBe(0);
    const recorded = (await recordsOf(file)).map(({ id }) => id);
    expect(recorded.toSorted()).toEqual(
      answers.map(({ headers }) => headers.get('x-authz-decision')).toSorted(),
    );
  });
});

describe('a log that cannot be written', () => {
  // A device that is always full; not every system has it.
  it.runIf(existsSync('/dev/full'))('lets nothing pass: what is not recorded is not answered', async () => {
    await using proxy = await startProxy({
      principals: {
        users: {
          alice: {
            accessKeys: [{ id: 'AKIAEXAMPLEALICE0000', secret: 'the-secret-of-alice' }],
            managedPolicies: ['all'],
          },
        },
      },
      policies: { all: JSON.parse(allow('personalize:*')) },
      decisionsFile: '/dev/full',
    });
    const answer = await send({ endpoint: proxy.url, ...ALICE }, jsonCall('ListSchemas'));

    expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('ENOSPC')]);
    const health = await (await fetch(`${proxy.url}/_authz/health`)).json();
    expect(health).toMatchObject({
      status: 'degraded',
      problems: [{ rule: 'unwritable', message: expect.stringContaining('ENOSPC') }],
    });
  });
});

const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

describe('a log in CloudTrail form', () => {
  it('shows the input without secrets and without what the model marks as sensitive', async () => {
    using folder = new TemporaryFolder(configuration(allow('personalize:*', 'sts:*')));
    const file = `${folder.path}/trail.json`;
    await using proxy = await startProxy({
      config: `${folder.path}/config/proxy.yaml`,
      decisionsFile: file,
      decisionsFormat: 'cloudtrail',
    });
    const who = { endpoint: proxy.url, ...ALICE };
    await send(
      who,
      jsonCall('CreateDatasetGroup', { name: 'shop', tags: [{ tagKey: 'team', tagValue: 'ml' }] }),
    );
    await send(
      who,
      restCall('/events', {
        trackingId: 'id',
        sessionId: 's',
        eventList: [{ eventType: 'click', sentAt: 1_700_000_000, properties: '{"mail":"a@example.com"}' }],
      }),
    );
    const [created, put] = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

    expect(created).toMatchObject({
      eventName: 'CreateDatasetGroup',
      requestParameters: { name: 'shop', tags: [{ tagKey: HIDDEN, tagValue: HIDDEN }] },
      resources: [{ ARN: 'arn:aws:personalize:us-east-1:123456789012:dataset-group/shop' }],
    });
    expect(put).toMatchObject({
      eventName: 'PutEvents',
      requestParameters: { eventList: [HIDDEN] },
    });
    expect(readFileSync(file, 'utf8')).not.toContain('a@example.com');
  });

  it('is read by the commands that read recorded calls', async () => {
    using folder = new TemporaryFolder(configuration(allow('personalize:ListSchemas')));
    const file = `${folder.path}/trail.json`;
    await using proxy = await startProxy({
      config: `${folder.path}/config/proxy.yaml`,
      decisionsFile: file,
      decisionsFormat: 'cloudtrail',
    });
    await send({ endpoint: proxy.url, ...ALICE }, jsonCall('ListFilters'));
    const { stdout } = await cli(['explain', '--decisions', file], { cwd: folder.path });

    expect(stdout).toContain('DENIED: ListFilters');
  });
});
