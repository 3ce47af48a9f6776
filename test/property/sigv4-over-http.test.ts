import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpRequest, header } from '../../src/lib/http-message.ts';
import { readBody } from '../../src/server/read-body.ts';
import { readHead } from '../../src/server/read-request.ts';
import { parseHttpDate } from '../../src/sigv4/request-date.ts';
import { type Draft, draft } from '../fixtures/sigv4/drafts.ts';
import { judge } from '../fixtures/sigv4/judge.ts';
import {
  CALLER,
  type Form,
  hasBotocore,
  signWithAws4,
  signWithBotocore,
  signWithSmithy,
} from '../fixtures/sigv4/signers.ts';
import { runs } from './runs.ts';

const RUNS = runs(60);
const agent = new Agent({ keepAlive: true });
const arrived: HttpRequest[] = [];
let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer(async (incoming, outgoing) => {
    const body = await readBody(incoming, { maxBytes: 20_000_000, take: () => true });
    if (body.ok) arrived.push({ ...readHead(incoming), body: body.value });
    outgoing.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  agent.destroy();
  server.close();
});

/** Sends a signed request with Node's client and returns it as received by Node's server. */
async function travel({ method, target, headers, body }: HttpRequest): Promise<HttpRequest> {
  // Node sends a raw list of headers unchanged, and leaves the framing to the caller.
  const isFramed = headers.some(([name]) => name.toLowerCase() === 'content-length');
  const framed = isFramed ? headers : [...headers, ['Content-Length', String(body.length)]];
  const outgoing = httpRequest({ agent, port, method, path: target, headers: framed.flat() });
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  response.resume();
  await once(response, 'end');
  const request = arrived.pop();
  if (request === undefined) throw new Error('the request did not arrive');
  return request;
}

/** Neither JavaScript signer supports the name `__proto__`. */
const signable = draft.filter(({ parameters }) => parameters.every(([name]) => name !== '__proto__'));

describe.each<Form>(['header', 'query'])('a request that came over HTTP, signed in the %s', (form) => {
  it('by aws4, is accepted', async () => {
    await fc.assert(
      fc.asyncProperty(signable, async (unsigned) => {
        const request = await travel(signWithAws4(unsigned, form, `127.0.0.1:${port}`));
        expect(judge(request, CALLER)).toBeUndefined();
      }),
      { numRuns: RUNS },
    );
  });

  it('by the signer of the AWS SDK for JavaScript, is accepted', async () => {
    await fc.assert(
      fc.asyncProperty(signable, async (unsigned) => {
        const request = await travel(await signWithSmithy(unsigned, form, `127.0.0.1:${port}`));
        expect(judge(request, CALLER)).toBeUndefined();
      }),
      { numRuns: RUNS },
    );
  });
});

describe.skipIf(!hasBotocore())('a request that came over HTTP, signed by botocore', () => {
  it('is accepted', async () => {
    const drafts = fc
      .sample<Draft>(signable, RUNS)
      .map((unsigned) => ({ ...unsigned, form: 'header' as const }));
    for (const signed of signWithBotocore(drafts, `127.0.0.1:${port}`)) {
      const request = await travel(signed);
      const now = parseHttpDate(header(request, 'x-amz-date') ?? '')?.millis ?? 0;
      expect(judge(request, { ...CALLER, now })).toBeUndefined();
    }
  });
});
