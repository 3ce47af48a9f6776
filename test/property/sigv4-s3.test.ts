import { hash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AwsError } from '../../src/lib/errors.ts';
import type { HttpRequest } from '../../src/lib/http-message.ts';
import { claimedPayload, provePayload } from '../../src/services/s3/payload.ts';
import { checkS3Scope } from '../../src/services/s3/signature-rules.ts';
import { readS3Target } from '../../src/services/s3/target.ts';
import { parseCredential } from '../../src/sigv4/credential.ts';
import { verifySignature } from '../../src/sigv4/verify.ts';
import { received, rulesOf } from '../fixtures/sigv4/judge.ts';
import { mutationsOf } from '../fixtures/sigv4/mutations.ts';
import { CALLER, type Form, Sha256 } from '../fixtures/sigv4/signers.ts';
import { runs } from './runs.ts';

const HOST = 's3.us-east-1.amazonaws.com';

/** Escapes a key as SDKs do. */
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const segment = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('', '.', '..', 'a b', '+', '%2F', '100%', "it's", 'é', '~', '*'),
);

const draft = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'DELETE'),
  segments: fc.array(segment, { minLength: 1, maxLength: 4 }),
  prefix: fc.string({ maxLength: 8 }),
  body: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  signsBody: fc.boolean(),
});

type Draft = typeof draft extends fc.Arbitrary<infer Value> ? Value : never;

/** Signs with the signer of the AWS SDK for JavaScript, configured as in its S3 client. */
async function sign({ method, segments, prefix, body, signsBody }: Draft, form: Form): Promise<HttpRequest> {
  const signer = new SignatureV4({
    credentials: { accessKeyId: CALLER.accessKeyId, secretAccessKey: CALLER.secret },
    region: CALLER.region,
    service: 's3',
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: true,
  });
  const payload = signsBody && form === 'header' ? hash('sha256', body, 'hex') : 'UNSIGNED-PAYLOAD';
  const request = {
    method,
    protocol: 'http:',
    hostname: HOST,
    path: `/bucket/${segments.map(escaped).join('/')}`,
    query: { prefix },
    headers: { host: HOST, 'x-amz-content-sha256': payload },
    body,
  };
  const signingDate = new Date(CALLER.now);
  const signed =
    form === 'query'
      ? await signer.presign(request, { signingDate, expiresIn: 300 })
      : await signer.sign(request, { signingDate });
  const query = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${escaped(name)}=${escaped(String(value))}`,
  );
  return received({
    method,
    target: `${signed.path}?${query.join('&')}`,
    headers: Object.entries(signed.headers),
    body,
  });
}

/** The complete authentication, except for the directory. */
async function judge(request: HttpRequest): Promise<AwsError | undefined> {
  const credential = parseCredential(request, rulesOf('restXml'), { now: CALLER.now, skewMinutes: 5 });
  if (!credential.ok) return credential.error;
  const { form, scope, requestDate, accessKeyId } = credential.value;
  const outOfScope = checkS3Scope({ form, scope, day: requestDate.text.slice(0, 8) }, CALLER.region);
  if (outOfScope) return outOfScope;
  if (accessKeyId !== CALLER.accessKeyId) return { code: 'InvalidAccessKeyId', message: '' };
  const claimed = claimedPayload(request, form);
  if (!claimed.ok) return claimed.error;
  const options = { rules: rulesOf('restXml'), payload: claimed.value };
  const forged = verifySignature(request, credential.value, CALLER.secret, options);
  if (forged) return forged;
  const proof = { claimed: claimed.value, checksums: true };
  const proved = await provePayload(request, proof, { credential: credential.value, secret: CALLER.secret });
  return proved.ok ? undefined : proved.error;
}

describe.each<Form>(['header', 'query'])('S3 requests signed in the %s', (form) => {
  it('by the signer of the AWS SDK for JavaScript are accepted, whatever the key', async () => {
    await fc.assert(
      fc.asyncProperty(draft, async (unsigned) => {
        expect(await judge(await sign(unsigned, form))).toBeUndefined();
      }),
      { numRuns: runs(200) },
    );
  });

  it('are rejected after any change of their meaning', async () => {
    await fc.assert(
      fc.asyncProperty(draft, async (unsigned) => {
        const request = await sign(unsigned, form);
        const signedHeaders = form === 'header' ? ['host', 'x-amz-date', 'x-amz-content-sha256'] : ['host'];
        const claims = form === 'header' && unsigned.signsBody;
        const original = key(request);
        for (const { what, request: mutated } of mutationsOf(request, {
          signedHeaders,
          normalizePath: false,
        })) {
          const bodyOnly =
            mutated.target === request.target &&
            mutated.headers === request.headers &&
            mutated.method === request.method;
          // An unsigned body may have any content; a key may be escaped in several ways.
          if (bodyOnly && !claims) continue;
          if (key(mutated) === original && mutated.target !== request.target) continue;
          expect([what, await judge(mutated)]).not.toEqual([what, undefined]);
        }
      }),
      { numRuns: 5 },
    );
  });
});

/** The meaning of the path, however it is escaped. */
function key(request: HttpRequest): string {
  const { path = '' } = /^(?<path>[^?]*)/.exec(request.target)?.groups ?? {};
  const target = readS3Target(request);
  return JSON.stringify([
    path.split('/').length,
    target?.bucket,
    target?.key,
    [...(target?.parameters ?? [])].map((pair) => JSON.stringify(pair)).sort(),
  ]);
}
