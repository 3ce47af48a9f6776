import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { startProxy } from '../../src/index.ts';

const principals = {
  users: { alice: { accessKeys: [{ id: 'AKIAEXAMPLEALICE0000', secret: 'the-secret' }] } },
};

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
