import aws4 from 'aws4';
import { Bench } from 'tinybench';
import type { HttpRequest } from '../src/lib/http-message.ts';
import { parseCredential } from '../src/sigv4/credential.ts';
import { checkScope } from '../src/sigv4/scope.ts';
import { REST_JSON_RULES } from '../src/sigv4/signature-rules.ts';
import { verifySignature } from '../src/sigv4/verify.ts';
import { digits, type Section, single } from './figures.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const CREDENTIALS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: SECRET };
const BODY = JSON.stringify({
  campaignArn: 'arn:aws:personalize:us-east-1:123456789012:campaign/shop',
  userId: '42',
  numResults: 25,
});

/** A call as the AWS SDK for JavaScript sends it. */
const unsigned = () => ({
  method: 'POST',
  path: '/recommendations',
  region: 'us-east-1',
  service: 'personalize',
  headers: {
    host: 'personalize-runtime.us-east-1.amazonaws.com',
    'content-type': 'application/json',
    'content-length': String(BODY.length),
    'x-amz-user-agent': 'aws-sdk-js/3.1138.0',
    'amz-sdk-invocation-id': '1e7a4cd6-8d3c-4a0e-9b7e-1d2f3a4b5c6d',
    'amz-sdk-request': 'attempt=1; max=3',
    'x-amz-date': '20261124T120000Z',
  },
  body: Buffer.from(BODY),
});

function signedRequest(): HttpRequest {
  const { headers } = aws4.sign(unsigned(), CREDENTIALS);
  return {
    method: 'POST',
    target: '/recommendations',
    headers: Object.entries({ ...headers, 'user-agent': 'aws-sdk-js/3.1138.0', connection: 'keep-alive' }),
    body: Buffer.from(BODY),
    remoteAddress: '127.0.0.1',
    secure: false,
  };
}

/** All of authentication but the look-up of the key. */
function verify(request: HttpRequest): void {
  const credential = parseCredential(request, REST_JSON_RULES, { now: NOW, skewMinutes: 5 });
  if (!credential.ok) throw new Error(credential.error.message);
  const error =
    checkScope(credential.value, { regions: ['us-east-1'], service: 'personalize' }) ??
    verifySignature(request, credential.value, SECRET, { rules: REST_JSON_RULES });
  if (error) throw new Error(error.message);
}

/** Verifying a typical call, against aws4's signing of it in the same process. */
export async function benchSigv4(): Promise<Section> {
  const request = signedRequest();
  const bench = new Bench({ time: 1000, warmupTime: 500 })
    .add('verify', () => verify(request))
    .add('sign', () => void aws4.sign(unsigned(), CREDENTIALS));
  const [verified = Number.NaN, signed = Number.NaN] = (await bench.run()).map(({ result }) => {
    if (!('latency' in result)) throw new Error('a benchmark did not complete');
    return result.latency.p50 * 1000;
  });
  return {
    figures: [
      { name: 'verify a signature', unit: 'µs', ...single(verified) },
      {
        name: 'sign the same with aws4',
        unit: 'µs',
        ...single(signed),
        note: `ratio ${digits(verified / signed)}`,
      },
    ],
  };
}
