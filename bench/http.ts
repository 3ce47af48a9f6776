import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import aws4 from 'aws4';

const SECONDS = 4;
const CONNECTIONS = 10;
const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

/** Requests a second, each server one process, the load from another: see the ratios, not the figures. */
export async function benchHttp(): Promise<void> {
  const hello = await measure('bare Express, no policy', ['bench/express-hello.ts'], '{}');
  const serve = ['bin/personalize-authz-proxy.js', 'serve', '--port', '0'];
  const allowed = await measure('allowed, embedded stub', serve, '{}');
  const denied = await measure('denied', serve, '{"name":"shop","schema":"{}"}', 'CreateSchema');
  console.log(
    line('ratio to bare Express', `allowed ${ratio(allowed, hello)}   denied ${ratio(denied, hello)}`),
  );
}

async function measure(
  name: string,
  args: readonly string[],
  body: string,
  operation = 'ListSchemas',
): Promise<number> {
  const { process: server, url } = await start(args);
  const key =
    operation === 'ListSchemas'
      ? CREDENTIALS
      : { accessKeyId: 'AKIALOCALBOB00000000', secretAccessKey: 'local-only-secret-of-bob' };
  const { headers } = aws4.sign(
    {
      method: 'POST',
      path: '/',
      service: 'personalize',
      region: 'us-east-1',
      headers: {
        host: new URL(url).host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonPersonalize.${operation}`,
      },
      body: Buffer.from(body),
    },
    key,
  );
  const load = { url, method: 'POST', headers, body, connections: CONNECTIONS } as const;
  await autocannon({ ...load, duration: 1 });
  const { requests, latency } = await autocannon({ ...load, duration: SECONDS });
  server.kill();
  console.log(
    line(name, `${Math.round(requests.average)} requests/s   p50 ${latency.p50} ms   p99 ${latency.p99} ms`),
  );
  return requests.average;
}

async function start(
  args: readonly string[],
): Promise<{ readonly process: ChildProcess; readonly url: string }> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const server = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const text of createInterface({ input: server.stdout })) {
    if (text.startsWith('Ready. ')) return { process: server, url: text.slice('Ready. '.length) };
  }
  throw new Error(`${args.join(' ')} did not start`);
}

const ratio = (one: number, other: number): string => (one / other).toFixed(2);
const line = (name: string, figures: string): string => `http     ${name.padEnd(60)}${figures}`;
