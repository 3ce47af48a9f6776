import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, RunningCommand } from './command-line.ts';
import { jsonCall, send } from './exchange.ts';
import { TemporaryFolder } from './temporary-folder.ts';

/* A recorded call, asked again from the input in its record. */

const OFFICE = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'personalize:ListSchemas', Resource: '*' },
    {
      Effect: 'Allow',
      Action: ['personalize:CreateDatasetGroup', 'personalize:TagResource'],
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:RequestTag/team': 'ml' },
        IpAddress: { 'aws:SourceIp': '127.0.0.0/8' },
      },
    },
  ],
};
const PRINCIPALS = `users:
  alice:
    accessKeys: [{ id: AKIAEXAMPLEALICE0000, secret: the-secret-of-alice }]
    managedPolicies: [office]
  bob: {}
`;
const ALICE = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIAEXAMPLEALICE0000', secretAccessKey: 'the-secret-of-alice' },
};

describe('simulate --decision', () => {
  let folder: TemporaryFolder;
  let serve: RunningCommand;
  let url = '';
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    folder = new TemporaryFolder({
      'config/proxy.yaml': 'listen: { port: 0 }\ndecisions: { file: ../decisions.jsonl }\n',
      'config/principals.yaml': PRINCIPALS,
      'policies/office.json': JSON.stringify(OFFICE),
    });
    serve = new RunningCommand(['serve'], { cwd: folder.path });
    url = await serve.ready();
    const calls = {
      tagged: jsonCall('CreateDatasetGroup', { name: 'shop', tags: [{ tagKey: 'team', tagValue: 'ml' }] }),
      denied: jsonCall('DeleteSchema', {
        schemaArn: 'arn:aws:personalize:us-east-1:123456789012:schema/shop',
      }),
      long: jsonCall('CreateSchema', { name: 'shop', schema: 'x'.repeat(3_000) }),
      rejected: jsonCall('CreateSchema', { name: 5 }),
    };
    for (const [name, call] of Object.entries(calls)) {
      const answer = await send({ endpoint: url, ...ALICE }, call);
      ids[name] = answer.headers.get('x-authz-decision') ?? '';
    }
  });
  afterAll(async () => {
    await serve[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const again = (name: string, ...args: readonly string[]) =>
    cli(['simulate', '--decision', ids[name] ?? '', ...args], { cwd: folder.path });

  it('decides a call with the tags and the address that it had, from the log and from the proxy alike', async () => {
    const [fromLog, fromProxy] = await Promise.all([
      again('tagged', '--json', '--expect', 'allowed'),
      again('tagged', '--json', '--url', url),
    ]);
    expect(fromLog.code).toBe(0);
    expect(JSON.parse(fromLog.stdout)).toMatchObject({
      id: ids.tagged,
      operation: 'CreateDatasetGroup',
      principal: 'arn:aws:iam::123456789012:user/alice',
      recorded: 'forwarded',
      decision: 'allowed',
      action: 'personalize:TagResource',
      caveats: [],
    });
    expect(JSON.parse(fromProxy.stdout)).toEqual(JSON.parse(fromLog.stdout));
  });

  it('takes context keys and another principal in place of the recorded ones', async () => {
    const elsewhere = await again('tagged', '--json', '--context', 'aws:SourceIp=192.0.2.1');
    expect(JSON.parse(elsewhere.stdout)).toMatchObject({
      decision: 'implicitDeny',
      action: 'personalize:CreateDatasetGroup',
    });
    const bob = await again('tagged', '--as', 'bob', '--expect', 'allowed');
    expect(bob.code).toBe(4);
    expect(bob.stdout).toContain('arn:aws:iam::123456789012:user/bob');
  });

  it('prints what decided, and what was decided when it was recorded', async () => {
    const { code, stdout } = await again('denied');
    expect(code).toBe(0);
    expect(stdout).toContain('DENIED (implicit deny)');
    expect(stdout).toContain(`Decision ${ids.denied}, DeleteSchema: denied when it was recorded.`);
    expect(stdout).not.toContain('may differ');
  });

  it('reports that the record has less than the call had', async () => {
    const { stdout } = await again('long');
    expect(stdout).toContain(
      'The decision on the call as it was sent may differ: the record has these parameters shortened or hidden: schema.',
    );
  });

  it('refuses a request that was rejected, an unknown ID, and options that do not go together', async () => {
    const rejected = await again('rejected');
    expect([rejected.code, rejected.stderr]).toEqual([2, expect.stringContaining('was rejected before')]);
    const unknown = await cli(['simulate', '--decision', 'nothing'], { cwd: folder.path });
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('there is no decision nothing'),
    ]);
    const both = await again('denied', '--call', 'DeleteSchema');
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('cannot be used with')]);
    const neither = await cli(['simulate', '--as', 'alice', '--action', 'a:B', '--url', url], {
      cwd: folder.path,
    });
    expect([neither.code, neither.stderr]).toEqual([2, expect.stringContaining('--decision <id>')]);
  });
});
