import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { awsVariables, startProxy } from '../../src/index.ts';

const principals = {
  users: { alice: { accessKeys: [{ id: 'AKIAEXAMPLEALICE0000', secret: 'the-secret' }] } },
};

describe('awsVariables', () => {
  it('throws for the credentials function of a role, and says what to pass', async () => {
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }],
    };
    await using proxy = await startProxy({
      principals: { roles: { shop: { trustPolicy: 'trust/shop' } } },
      policies: { 'trust/shop': trust },
    });
    const { credentials, ...target } = proxy.clientConfig('role/shop');
    // A program in JavaScript has no compiler to refuse it.
    const untyped = JSON.parse(JSON.stringify(target)) as Parameters<typeof awsVariables>[0];

    expect(() => awsVariables(Object.assign(untyped, { credentials }))).toThrow('await credentials()');
    expect(awsVariables({ ...target, credentials: await credentials() })).toMatchObject({
      AWS_SESSION_TOKEN: expect.stringMatching(/^.{100}/),
    });
  });
});

describe('an invalid configuration', () => {
  it('is an error with the file, and after it what is wrong', async () => {
    await expect(startProxy({ config: 'missing.yaml' })).rejects.toThrow(
      /^missing\.yaml: cannot be read: it does not exist$/,
    );
  });
});

describe('a proxy of the library under supertest', () => {
  it('reports its health', async () => {
    await using proxy = await startProxy({ principals });
    const { body } = await request(proxy.url).get('/_authz/health').expect(200);

    expect(body).toMatchObject({ status: 'ok', mode: 'enforce', upstream: 'embedded stub', principals: 1 });
  });

  it('refuses an unsigned call', async () => {
    await using proxy = await startProxy({ principals });
    const { text } = await request(proxy.url)
      .post('/')
      .buffer()
      .set('content-type', 'application/x-amz-json-1.1')
      .set('x-amz-target', 'AmazonPersonalize.ListSchemas')
      .send('{}')
      .expect(400);

    expect(JSON.parse(text)).toMatchObject({ message: 'Request is missing Authentication Token' });
    expect(proxy.decisions).toMatchObject([{ outcome: 'rejected' }]);
  });
});
