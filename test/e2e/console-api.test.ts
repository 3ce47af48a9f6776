import { readdirSync, readFileSync } from 'node:fs';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../src/admin/openapi.ts';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { jsonCall, send } from './exchange.ts';
import { configuration, TemporaryFolder } from './temporary-folder.ts';

/* What the console asks of `/_authz`: summaries, the stream, policies and their sources, simulate, replay, coverage. */

const POLICY = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "Lists", "Effect": "Allow", "Action": "personalize:List*", "Resource": "*" },
    {
      "Sid": "OfficeOnly",
      "Effect": "Allow",
      "Action": "personalize:DeleteSchema",
      "Resource": "*",
      "Condition": {
        "IpAddress": { "aws:SourceIp": "192.0.2.0/24" },
        "Bool": { "aws:MultiFactorAuthPresent": "true" }
      }
    }
  ]
}
`;

let folder: TemporaryFolder;
let proxy: RunningProxy;
beforeAll(async () => {
  folder = new TemporaryFolder(configuration(POLICY));
  proxy = await startProxy({ config: `${folder.path}/config/proxy.yaml`, consoleWrite: true });
});
afterAll(async () => {
  await proxy.close();
  folder[Symbol.dispose]();
});

const admin = () => request(proxy.url);
const change = { 'x-authz-admin': '1' };
const SCHEMA = { schemaArn: 'arn:aws:personalize:us-east-1:123456789012:schema/shop' };

async function call(operation: string, input: unknown = {}): Promise<string> {
  const { headers } = await send(proxy.clientConfig('alice'), jsonCall(operation, input));
  return headers.get('x-authz-decision') ?? '';
}

/** The first events of the stream, as many as are asked for. */
async function events(count: number, query = '', headers: Record<string, string> = {}) {
  const controller = new AbortController();
  const response = await fetch(`${proxy.url}/_authz/decisions/stream${query}`, {
    headers,
    signal: controller.signal,
  });
  const found: { id: string; event: string; data: unknown }[] = [];
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, id, event, data] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(block) ?? [];
      if (id && event && data) found.push({ id, event, data: JSON.parse(data) });
    }
    if (found.length >= count) break;
  }
  controller.abort();
  return found;
}

beforeEach(async () => {
  await admin().delete('/_authz/decisions').set(change).expect(204);
});

describe('decision summaries', () => {
  it('are listed newest first, in pages', async () => {
    for (const operation of ['ListSchemas', 'ListSolutions', 'ListCampaigns']) await call(operation);
    const first = await admin().get('/_authz/decisions?view=summary&limit=2').expect(200);
    expect(first.body.decisions.map((each: { operation: string }) => each.operation)).toEqual([
      'ListCampaigns',
      'ListSolutions',
    ]);
    const rest = await admin().get(`/_authz/decisions?view=summary&before=${first.body.next}`).expect(200);
    expect(rest.body.decisions.map((each: { operation: string }) => each.operation)).toEqual(['ListSchemas']);
    expect(rest.body.next).toBeUndefined();
  });

  it('can be filtered by several outcomes and by text', async () => {
    await call('ListSchemas');
    const denied = await call('DeleteSchema', SCHEMA);
    const query = '/_authz/decisions?view=summary&outcome=denied,rejected&q=deleteschema';
    const { body } = await admin().get(query).expect(200);
    expect(body.decisions).toMatchObject([
      {
        id: denied,
        outcome: 'denied',
        check: { action: 'personalize:DeleteSchema', decision: 'implicitDeny', layer: 'identity' },
        error: { code: 'AccessDeniedException', status: 400 },
      },
    ]);
  });
});

describe('the stream of decisions', () => {
  it('sends the state, then decisions as they are made', async () => {
    const waiting = events(2);
    await call('ListSchemas');
    const [state, decisions] = await waiting;
    expect(state).toMatchObject({ event: 'state', data: { mode: 'enforce', write: true } });
    expect(decisions).toMatchObject({ event: 'decisions', data: [{ operation: 'ListSchemas' }] });
  });

  it('continues after the last event that a reader has seen', async () => {
    await call('ListSchemas');
    const [, seen] = await events(2);
    await call('ListSolutions');
    const [, next] = await events(2, '', { 'last-event-id': seen?.id ?? '' });
    expect(next).toMatchObject({ event: 'decisions', data: [{ operation: 'ListSolutions' }] });
  });

  it('resets a reader that followed another process', async () => {
    await call('ListSchemas');
    const [reset, , decisions] = await events(3, '?after=another:7');
    expect(reset?.event).toBe('reset');
    expect(decisions).toMatchObject({ event: 'decisions', data: [{ operation: 'ListSchemas' }] });
  });

  it('reports decisions that memory no longer has as a gap, and resets when it is cleared', async () => {
    await call('ListSchemas');
    const [, seen] = await events(2);
    await call('ListSolutions');
    await admin().delete('/_authz/decisions').set(change).expect(204);
    await call('ListCampaigns');
    const found = await events(3, `?after=${seen?.id}`);
    expect(found.map(({ event }) => event)).toEqual(['state', 'gap', 'decisions']);
  });

  it('ends when the proxy closes', async () => {
    const other = await startProxy({ config: `${folder.path}/config/proxy.yaml` });
    const response = await fetch(`${other.url}/_authz/decisions/stream`);
    await other.close();
    await expect(response.text()).resolves.toContain('event: state');
  });
});

describe('explain', () => {
  it('gives every element of a statement with its line, all missing keys, and a patch', async () => {
    const id = await call('DeleteSchema', SCHEMA);
    const { body } = await admin().get(`/_authz/decisions/${id}/explain?detail=1`).expect(200);
    expect(body.checks[0].statements).toMatchObject([
      {
        policy: 'p',
        sid: 'OfficeOnly',
        matched: false,
        elements: [
          { element: 'Action', matched: true, position: { line: 8 } },
          { element: 'Resource', matched: true, position: { line: 9 } },
          { key: 'aws:SourceIp', found: '127.0.0.1', matched: false, position: { line: 11 } },
          { key: 'aws:MultiFactorAuthPresent', matched: false, position: { line: 12 } },
        ],
      },
    ]);
    expect(body.checks[0].missingKeys).toEqual(['aws:MultiFactorAuthPresent']);
    expect(body.fixes).toMatchObject([
      { kind: 'meetConditions', policy: 'p', sid: 'OfficeOnly' },
      {
        kind: 'addStatement',
        policy: 'p',
        drops: ['aws:SourceIp', 'aws:MultiFactorAuthPresent'],
        patch: expect.stringContaining('+      "Action": "personalize:DeleteSchema"'),
      },
    ]);
  });
});

describe('principals and policies', () => {
  it('lists principals without secrets', async () => {
    const { body, text } = await admin().get('/_authz/principals').expect(200);
    expect(body.users).toMatchObject([
      { name: 'alice', managedPolicies: ['p'], accessKeys: [{ status: 'Active' }] },
    ]);
    expect(text).not.toContain('the-secret-of-alice');
  });

  it('gives the text of a policy with the lines of its statements', async () => {
    const { body } = await admin().get('/_authz/policies/p/source').expect(200);
    expect(body).toMatchObject({ name: 'p', text: POLICY, writable: true });
    expect(body.statements).toEqual([
      { index: 0, sid: 'Lists', line: 4, endLine: 4 },
      { index: 1, sid: 'OfficeOnly', line: 5, endLine: 14 },
    ]);
  });

  it('writes a policy, keeps a backup, and refuses a text that has changed or is not valid', async () => {
    const { body } = await admin().get('/_authz/policies/p/source');
    const put = (sent: object, headers: Record<string, string> = change) =>
      admin().put('/_authz/policies/p/source').set(headers).send(sent);
    const text = POLICY.replace('personalize:List*', 'personalize:Describe*');
    await put({ text, ifDigest: body.digest }, {}).expect(403);
    await put({ text, ifDigest: '0'.repeat(64) }).expect(409);
    await put({ text: '{', ifDigest: body.digest }).expect(422);
    const written = await put({ text, ifDigest: body.digest }).expect(200);
    expect(written.body.problems).toEqual([]);
    expect(readFileSync(written.body.backup, 'utf8')).toBe(POLICY);
    expect(readFileSync(`${folder.path}/policies/p.json`, 'utf8')).toBe(text);
    await call('ListSchemas');
    expect(proxy.decisions.at(-1)?.outcome).toBe('denied');
    const { body: now } = await admin().get('/_authz/policies/p/source');
    await put({ text: POLICY, ifDigest: now.digest }).expect(200);
  });

  it('does not write where the configuration does not permit it', async () => {
    await using other = await startProxy({ config: `${folder.path}/config/proxy.yaml` });
    const { body } = await request(other.url).get('/_authz/policies/p/source');
    expect(body.writable).toBe(false);
    const sent = { text: POLICY, ifDigest: body.digest };
    const refused = await request(other.url)
      .put('/_authz/policies/p/source')
      .set(change)
      .send(sent)
      .expect(403);
    expect(refused.body.error.code).toBe('NotWritable');
  });

  it('reports findings about a text', async () => {
    const { body } = await admin()
      .post('/_authz/lint')
      .set(change)
      .send({ text: '{ "Version": 1 }' })
      .expect(200);
    expect(body.findings[0]).toMatchObject({ severity: 'error', line: 1 });
  });
});

describe('simulate and replay', () => {
  const edited = (text: string) => ({ replace: [{ name: 'p', text }] });

  it('gives calls before and after an edit', async () => {
    const id = await call('DeleteSchema', SCHEMA);
    const cases = [
      { decision: id },
      { principal: 'alice', operation: 'ListSchemas' },
      {
        principal: 'alice',
        operation: 'DeleteSchema',
        input: SCHEMA,
        context: { 'aws:SourceIp': '192.0.2.1', 'aws:MultiFactorAuthPresent': 'true' },
      },
    ];
    const policies = edited(POLICY.replace('personalize:List*', 'personalize:DeleteSchema'));
    const { body } = await admin().post('/_authz/simulate').set(change).send({ cases, policies }).expect(200);
    const decisions = body.results.map((each: Record<'before' | 'after', { decision: string }>) => [
      each.before.decision,
      each.after.decision,
    ]);
    expect(decisions).toEqual([
      ['implicitDeny', 'allowed'],
      ['allowed', 'implicitDeny'],
      ['allowed', 'allowed'],
    ]);
    expect(proxy.decisions).toHaveLength(1);
  });

  it('gives the call of a decision, which is a case again', async () => {
    const id = await call('DeleteSchema', SCHEMA);
    const { body } = await admin().get(`/_authz/decisions/${id}/call`).expect(200);
    expect(body).toMatchObject({
      principal: 'user/alice',
      operation: 'DeleteSchema',
      input: SCHEMA,
      context: { 'aws:SourceIp': '127.0.0.1' },
      incomplete: [],
    });
    const { incomplete: _, ...again } = body;
    const answer = await admin()
      .post('/_authz/simulate')
      .set(change)
      .send({ cases: [again, { decision: id }] });
    expect(answer.body.results).toMatchObject([
      { before: { decision: 'implicitDeny', resource: SCHEMA.schemaArn } },
      { before: { decision: 'implicitDeny', resource: SCHEMA.schemaArn, caveats: [] } },
    ]);
    await admin().get('/_authz/decisions/none/call').expect(404);
  });

  it('gives a policy test that holds a decision, or why there is none', async () => {
    const id = await call('DeleteSchema', SCHEMA);
    const { text } = await admin()
      .get(`/_authz/decisions/${id}/test`)
      .expect(200)
      .expect('content-type', /yaml/);
    expect(text).toContain(`    call: DeleteSchema
    cases:
      - input:
          schemaArn: ${SCHEMA.schemaArn}
        expect: implicitDeny
`);
    const { headers } = await send(proxy.clientConfig('alice'), jsonCall('DeleteSchema', { schemaArn: 5 }));
    const refused = await admin()
      .get(`/_authz/decisions/${headers.get('x-authz-decision')}/test`)
      .expect(409);
    expect(refused.body.error).toMatchObject({
      code: 'NoTest',
      message: expect.stringContaining('rejected'),
    });
  });

  it('names what a record has shortened', async () => {
    const id = await call('CreateSchema', { name: 'long', schema: 'x'.repeat(5_000) });
    const { body } = await admin().get(`/_authz/decisions/${id}/call`).expect(200);
    expect(body.incomplete).toEqual(['schema']);
    const answer = await admin()
      .post('/_authz/simulate')
      .set(change)
      .send({ cases: [{ decision: id }] });
    expect(answer.body.results[0].after.caveats).toEqual([expect.stringContaining('schema')]);
  });

  it('switches a policy off', async () => {
    const cases = [{ principal: 'alice', operation: 'ListSchemas' }];
    const sent = { cases, policies: { off: ['p'] } };
    const { body } = await admin().post('/_authz/simulate').set(change).send(sent).expect(200);
    expect(body.results).toMatchObject([
      { before: { decision: 'allowed' }, after: { decision: 'implicitDeny', layer: 'identity' } },
    ]);
  });

  it('names the faults of an edit, and the case that cannot be asked', async () => {
    const cases = [{ principal: 'nobody', operation: 'ListSchemas' }];
    const { body } = await admin().post('/_authz/simulate').set(change).send({ cases }).expect(200);
    expect(body.results[0].before.error).toContain('nobody');
    const sent = { cases, policies: edited('{') };
    const refused = await admin().post('/_authz/simulate').set(change).send(sent).expect(422);
    expect(refused.body.policies).toMatchObject([{ name: 'p', diagnostics: [{ severity: 'error' }] }]);
  });

  it('replays recorded calls and reports only what changes', async () => {
    await call('ListSchemas');
    await call('ListSchemas');
    await call('DeleteSchema', SCHEMA);
    const policies = edited(POLICY.replace('personalize:List*', 'personalize:Describe*'));
    const { text } = await admin()
      .post('/_authz/replay')
      .set(change)
      .send({ policies })
      .expect(200)
      .buffer(true)
      .parse((response, done) => {
        let all = '';
        response.on('data', (chunk) => {
          all += chunk;
        });
        response.on('end', () => done(null, all));
      })
      .then(({ body }) => ({ text: String(body) }));
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(0)).toEqual({ type: 'progress', done: 0, total: 3 });
    expect(lines.filter(({ type }) => type === 'change')).toMatchObject([
      {
        action: 'personalize:ListSchemas',
        was: { decision: 'allowed' },
        now: { decision: 'implicitDeny' },
        count: 2,
      },
    ]);
    expect(lines.at(-1)).toEqual({ type: 'done', decisions: 3, checks: 3, changes: 1 });
  });
});

describe('coverage', () => {
  it('counts since a mark, and has principals by actions', async () => {
    await call('ListSchemas');
    await admin().post('/_authz/marks').set(change).send({ name: 'test run' }).expect(201);
    await admin().post('/_authz/marks').set(change).send({ name: '  ' }).expect(400);
    expect((await admin().get('/_authz/marks')).body.marks).toMatchObject([{ name: 'test run' }]);
    const all = await admin().get('/_authz/coverage').accept('json').expect(200);
    expect(all.body.matrix).toMatchObject([
      { principal: 'user/alice', action: 'personalize:DeleteSchema', allowed: 0, denied: 0, granted: true },
      { principal: 'user/alice', action: 'personalize:ListSchemas', allowed: 1, denied: 0, granted: true },
    ]);
    await admin().get('/_authz/coverage?since=never').expect(400);
    await admin().get('/_authz/coverage?as=nobody').expect(404);
  });
});

describe('the generated policy', () => {
  it('comes with its proof, its diff and the calls that need each line', async () => {
    await call('ListSchemas');
    const { body } = await admin().get('/_authz/policy?principal=alice&detail=1').expect(200);
    expect(body).toMatchObject({ checks: 1, replaces: ['p'], patch: expect.stringContaining('-') });
    expect(body.targets).toMatchObject([{ policy: 'p', file: expect.stringMatching(/p\.json$/), others: 0 }]);
    const action = body.text.split('\n').findIndex((line: string) => line.includes('ListSchemas')) + 1;
    expect(body.lines).toContainEqual({ line: action, count: 1, decisions: [proxy.decisions[0]?.id] });
  });
});

describe('the input of an operation', () => {
  it('is described by a JSON Schema', async () => {
    const { body } = await admin().get('/_authz/operations/CreateSchema').expect(200);
    expect(body).toMatchObject({
      title: 'CreateSchema',
      required: ['name', 'schema'],
      properties: { name: { type: 'string', minLength: 1, maxLength: 63 } },
    });
    await admin().get('/_authz/operations/None').expect(404);
  });
});

describe('openapi.json', () => {
  it('describes every endpoint with its parameters', async () => {
    const { body } = await admin().get('/_authz/openapi.json').expect(200);
    expect(body.openapi).toBe('3.1.0');
    expect(body.paths['/decisions'].get.parameters).toContainEqual({
      name: 'view',
      in: 'query',
      required: false,
      schema: { type: 'string', enum: ['records', 'summary'] },
    });
    expect(body.paths['/simulate'].post.requestBody.content['application/json'].schema.required).toEqual([
      'cases',
    ]);
  });

  it('has every path that a router of src/admin names', () => {
    const folder = new URL('../../src/admin/', import.meta.url);
    const paths = readdirSync(folder).flatMap((file) => {
      const text = readFileSync(new URL(file, folder), 'utf8');
      return [...text.matchAll(/\.(?:get|post|put|delete)(?:<.*?>)?\(\s*'(\/[^']+)'/g)].map(
        ([, path]) => path,
      );
    });
    const described = new Set(ENDPOINTS.map(({ path }) => path.replaceAll(/\{(\w+)\}/g, ':$1')));
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => path !== undefined && !described.has(path))).toEqual([]);
  });

  it.each(ENDPOINTS.map(({ method, path }) => ({ method, path })))(
    'names $method $path, which exists',
    async ({ method, path }) => {
      const address = `/_authz${path.replaceAll(/\{\w+\}/g, 'none')}`;
      const other = method === 'get' ? 'patch' : 'get';
      if (path === '/decisions/stream') return;
      const response = await admin()[method](address).set(change).send();
      expect([response.status, response.body.error?.message]).not.toEqual([404, `There is no ${address}.`]);
      const wrong = await admin().patch(address).set(change);
      expect([other, wrong.status]).toEqual([other, path === '/' || path === '/d/{id}' ? 404 : 405]);
      expect(wrong.get('allow')?.toLowerCase().split(', ') ?? [method]).toContain(method);
    },
  );
});

describe('requests from other websites', () => {
  it.each(['cross-site', 'same-site'])('are refused (%s), links excepted', async (site) => {
    const foreign = { 'sec-fetch-site': site };
    const refused = await admin().get('/_authz/decisions/stream').set(foreign).expect(403);
    expect(refused.body.error.code).toBe('CrossSiteRequest');
    expect(refused.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    await admin().post('/_authz/simulate').set(foreign).set(change).send({}).expect(403);
    await admin().get('/_authz/health').set(foreign).set('sec-fetch-mode', 'navigate').expect(200);
  });
});

describe('the parameters of a record', () => {
  it('are the input of the call, with long parts cut and marked, at most 8 kB', async () => {
    const schema = JSON.stringify({ fields: 'x'.repeat(9_000) });
    await call('CreateSchema', { name: 'shop', schema });
    const tags = Array.from({ length: 60 }, (_, index) => ({ tagKey: `key${index}`, tagValue: 'v' }));
    await call('CreateDatasetGroup', { name: 'shop', tags });
    const [first, second] = proxy.decisions.map(({ request: { parameters } }) => parameters);
    expect(first?.name).toBe('shop');
    expect(first?.schema).toMatch(/^\{"fields":"x+… \(8013 more characters\)$/);
    expect(second?.tags).toContain('… (10 more)');
    expect(second?.tags).toHaveLength(51);
  });

  it('come with the status that the caller received', async () => {
    await call('ListSchemas');
    await call('DeleteSchema', SCHEMA);
    expect(proxy.decisions.map(({ answer }) => answer)).toEqual([{ status: 200 }, undefined]);
  });
});

describe('/_authz/stub/resources', () => {
  it('lists what the stub has, below what it belongs to', async () => {
    await using other = await startProxy({
      principals: {
        users: {
          owner: { accessKeys: [{ id: 'AKIAEXAMPLEOWNER0000', secret: 's' }], managedPolicies: ['all'] },
        },
      },
      policies: {
        all: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      },
    });
    await send(other.clientConfig('user/owner'), jsonCall('CreateDatasetGroup', { name: 'shop' }));
    const datasetGroupArn = 'arn:aws:personalize:us-east-1:123456789012:dataset-group/shop';
    await send(
      other.clientConfig('user/owner'),
      jsonCall('CreateFilter', {
        name: 'f',
        datasetGroupArn,
        filterExpression: 'INCLUDE ItemID WHERE Items.A IN ("b")',
      }),
    );
    const { body } = await request(other.url).get('/_authz/stub/resources').expect(200);
    expect(body.resources).toContainEqual(
      expect.objectContaining({ arn: datasetGroupArn, type: 'DatasetGroup', status: 'ACTIVE' }),
    );
  });
});
