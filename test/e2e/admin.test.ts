import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { jsonCall, send } from './exchange.ts';
import { allow, configuration, TemporaryFolder } from './temporary-folder.ts';

/* The admin API of one proxy, and what its app answers to requests that reach no AWS operation. */

let folder: TemporaryFolder;
let proxy: RunningProxy;
beforeAll(async () => {
  folder = new TemporaryFolder(configuration(allow('personalize:List*')));
  proxy = await startProxy({ config: `${folder.path}/config/proxy.yaml` });
});
afterAll(async () => {
  await proxy.close();
  folder[Symbol.dispose]();
});

const admin = () => request(proxy.url);
/** What changes something. */
const change = { 'x-authz-admin': '1' };

describe('/_authz/decisions', () => {
  let ids: readonly string[];
  beforeEach(async () => {
    await admin().delete('/_authz/decisions').set(change).expect(204);
    const calls = [jsonCall('ListSchemas'), jsonCall('CreateDatasetGroup', { name: 'shop' })];
    const responses = [];
    for (const call of calls) responses.push(await send(proxy.clientConfig('alice'), call));
    ids = responses.map(({ headers }) => headers.get('x-authz-decision') ?? '');
  });

  it.each([
    ['all of them', '', ['ListSchemas', 'CreateDatasetGroup']],
    ['those of an outcome', '?outcome=denied', ['CreateDatasetGroup']],
    ['those of an operation', '?operation=ListSchemas', ['ListSchemas']],
    ['those of an action', '?action=personalize:CreateDatasetGroup', ['CreateDatasetGroup']],
    ['those of a principal', '?principal=nobody', []],
    ['those since a time', '?since=2090-01-01T00:00:00Z', []],
    ['the latest', '?limit=1', ['CreateDatasetGroup']],
  ])('lists %s', async (_, query, operations) => {
    const { body } = await admin().get(`/_authz/decisions${query}`).expect(200);
    const found = (body.decisions as { request: { operation: string } }[]).map(
      (each) => each.request.operation,
    );
    expect(found.toSorted()).toEqual(operations.toSorted());
  });

  it.each(['?outcome=lost', '?limit=0', '?since=yesterday', '?unknown=1'])(
    'refuses the filter %s',
    async (query) => {
      const { body } = await admin().get(`/_authz/decisions${query}`).expect(400);
      expect(body.error.code).toBe('InvalidFilter');
    },
  );

  it('gives one by its ID, and 404 for an ID that is not in memory', async () => {
    const { body } = await admin().get(`/_authz/decisions/${ids[1]}`).expect(200);
    expect(body).toMatchObject({ id: ids[1], outcome: 'denied' });
    await admin()
      .get('/_authz/decisions/none')
      .expect(404, { error: { code: 'NotFound', message: 'There is no decision none in memory.' } });
  });

  it('has no encoded message of a decision that no policy denied', async () => {
    const { body } = await admin().get(`/_authz/decisions/${ids[0]}/encoded-message`).expect(404);
    expect(body.error.code).toBe('NotDenied');
  });

  it('is empty once it is cleared', async () => {
    await admin().delete('/_authz/decisions').set(change).expect(204, '');
    await admin().get('/_authz/decisions').expect(200, { decisions: [] });
  });
});

describe('/_authz/mode', () => {
  it('changes the mode, which the health shows', async () => {
    await admin().put('/_authz/mode').set(change).send({ mode: 'audit' }).expect(200, { mode: 'audit' });
    const { body } = await admin().get('/_authz/health').expect(200);
    expect(body).toMatchObject({ status: 'ok', mode: 'audit' });
    await admin().put('/_authz/mode').set(change).send({ mode: 'enforce' }).expect(200);
  });

  it.each([
    ['another mode', '{"mode":"off"}', 'InvalidMode'],
    ['a member too many', '{"mode":"audit","for":"now"}', 'InvalidMode'],
    ['what is not JSON', '{', 'InvalidRequest'],
  ])('refuses %s, and keeps the mode', async (_, body, code) => {
    const response = await admin().put('/_authz/mode').set(change).type('json').send(body).expect(400);
    expect(response.body.error.code).toBe(code);
    expect((await admin().get('/_authz/health')).body.mode).toBe('enforce');
  });
});

describe('/_authz/reload', () => {
  it('reports the errors of an edit until it is applied', async () => {
    const good = allow('personalize:List*');
    folder.write('policies/p.json', '{ "Version": ');
    const { body } = await admin().post('/_authz/reload').set(change).expect(422);
    expect(body.problems).toMatchObject([{ severity: 'error' }]);
    expect((await admin().get('/_authz/health')).body).toMatchObject({ status: 'degraded' });
    folder.write('policies/p.json', good);
    await admin().post('/_authz/reload').set(change).expect(200, { problems: [] });
    expect((await admin().get('/_authz/health')).body).toMatchObject({ status: 'ok', problems: [] });
  });
});

describe('/_authz/metrics', () => {
  it('counts requests by outcome in the text format of Prometheus', async () => {
    await send(proxy.clientConfig('alice'), jsonCall('DeleteSchema', { schemaArn: 'arn:aws:x' }));
    const { text } = await admin()
      .get('/_authz/metrics')
      .expect(200)
      .expect('content-type', /^text\/plain/);
    expect(text).toMatch(
      /^authz_requests_total\{outcome="\w+",service="personalize",operation="DeleteSchema"\} 1$/m,
    );
    expect(text).toMatch(/^authz_decision_duration_seconds_count \d+$/m);
  });
});

describe('every path of /_authz', () => {
  it.each(['/_authz/health/live', '/_authz/health/ready'])('answers a probe of %s', async (path) => {
    await admin().get(path).expect(200, { status: 'ok' });
  });

  it.each([
    ['post', '/_authz/health', 'GET'],
    ['post', '/_authz/metrics', 'GET'],
    ['put', '/_authz/decisions', 'GET, DELETE'],
    ['post', '/_authz/mode', 'PUT'],
    ['put', '/_authz/reload', 'POST'],
    ['post', '/_authz/policy', 'GET'],
  ] as const)('refuses %s %s with 405, and names the methods it has', async (method, path, allowed) => {
    const { body } = await admin()[method](path).set(change).expect(405).expect('allow', allowed);
    expect(body.error.code).toBe('MethodNotAllowed');
  });

  it.each([
    ['put', '/_authz/mode'],
    ['post', '/_authz/reload'],
    ['delete', '/_authz/decisions'],
  ] as const)('refuses %s %s without the header that no web page can send', async (method, path) => {
    const { body } = await admin()[method](path).expect(403);
    expect(body.error.code).toBe('AdminHeaderMissing');
  });

  it('refuses a host name that is not its own, so that a rebound name learns nothing', async () => {
    const { body } = await admin().get('/_authz/decisions').set('host', 'evil.example').expect(403);
    expect(body.error.code).toBe('HostNotAllowed');
    expect(body.error.message).toContain('add it to listen.adminHosts');
    await admin().get('/_authz/health').set('host', 'localhost:1234').expect(200);
  });

  it('answers to the host names that the configuration allows', async () => {
    await using proxy = await startProxy({ adminHosts: ['authz.testing.svc', 'authz'] });
    const health = (host: string) => request(proxy.url).get('/_authz/health').set('host', host);
    await health('AUTHZ:7377').expect(200);
    await health('authz.testing.svc').expect(200);
    await health('evil.example').expect(403);
  });

  it('shows a browser what this is, and leaves GET / of every AWS client to S3', async () => {
    const root = (accept: string) => admin().get('/').set('accept', accept);
    const { text } = await root('text/html,application/xhtml+xml').expect(200).expect('content-type', /html/);
    expect(text).toContain('href="/_authz/"');
    for (const call of [
      root('*/*'),
      root('text/html').set('authorization', 'AWS4-HMAC-SHA256 x'),
      admin().get('/?X-Amz-Signature=1').set('accept', 'text/html'),
      admin().post('/').set('accept', 'text/html'),
    ]) {
      const response = await call;
      expect(response.text).not.toContain('<!doctype html>');
      expect(response.status).toBeGreaterThanOrEqual(300);
    }
  });

  it('leads from /_authz to the console', async () => {
    await admin().get('/_authz').expect(302).expect('location', '/_authz/');
  });

  it.each(['/_authz/nothing', '/_authz/Health', '/_authz/health/'])('answers 404 for %s', async (path) => {
    const { body } = await admin().get(path).expect(404);
    expect(body.error.code).toBe('NotFound');
  });
});

describe('the app', () => {
  it('answers a call without a signature in its protocol, and names its decision', async () => {
    const { headers, text } = await admin()
      .post('/')
      .buffer()
      .set('content-type', 'application/x-amz-json-1.1')
      .set('x-amz-target', 'AmazonPersonalize.ListSchemas')
      .send('{}')
      .expect(400);
    expect(JSON.parse(text)).toMatchObject({ message: 'Request is missing Authentication Token' });
    const { body } = await admin().get(`/_authz/decisions/${headers['x-authz-decision']}`).expect(200);
    expect(body).toMatchObject({ outcome: 'rejected', request: { operation: 'ListSchemas' } });
  });

  it('says in no header what it is made with', async () => {
    const { headers } = await admin().get('/_authz/health').expect(200);
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});
