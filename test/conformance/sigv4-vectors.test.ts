import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/lib/http-message.ts';
import { type Expectation, judge, received } from '../fixtures/sigv4/judge.ts';
import { mutationsOf } from '../fixtures/sigv4/mutations.ts';

/*
 * AWS's test suite for Signature Version 4, published in awslabs/aws-c-auth:
 * @see https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4
 * `npm run generate:vectors -- FOLDER` writes the fixture from it.
 */

interface SignedForm {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly canonicalRequest: string;
  readonly signature: string;
}

interface Vector extends Readonly<Record<(typeof FORMS)[number], SignedForm>> {
  readonly name: string;
  readonly accessKeyId: string;
  readonly secret: string;
  readonly region: string;
  readonly service: string;
  readonly time: string;
  readonly normalize: boolean;
  readonly omitsToken: boolean;
}

const FORMS = ['header', 'query'] as const;

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL('../fixtures/sigv4/vectors.json', import.meta.url), 'utf8'),
);
const cases = vectors.flatMap((vector) => FORMS.map((form) => ({ ...vector, vector: vector.name, form })));
type Case = (typeof cases)[number];

const expectation = ({ accessKeyId, secret, region, service, time, normalize }: Vector): Expectation => ({
  accessKeyId,
  secret,
  region,
  service,
  now: Date.parse(time),
  normalizePath: normalize,
});

function signedRequest(vector: Vector, form: Case['form']): HttpRequest {
  const { method, target, headers, body } = vector[form];
  return received({ method, target, headers, body: Buffer.from(body) });
}

/**
 * Builds the string to sign from the canonical request; the script that writes the fixture compares it with the
 * published one.
 */
function stringToSign({ time, region, service }: Vector, canonicalRequest: string): string {
  const stamp = time.replaceAll(/[-:]/g, '');
  const scope = `${stamp.slice(0, 8)}/${region}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${createHash('sha256').update(canonicalRequest).digest('hex')}`;
}

describe('the published SigV4 vectors', () => {
  it('are complete, and each request has its signature', () => {
    expect(vectors).toHaveLength(38);
    const without = cases.filter(
      ({ form, ...vector }) => !JSON.stringify(signedRequest(vector, form)).includes(vector[form].signature),
    );
    expect(without.map(({ vector, form }) => [vector, form])).toEqual([]);
  });

  it.each(cases)('accepts $vector in $form form', ({ form, ...vector }) => {
    expect(judge(signedRequest(vector, form), expectation(vector))).toBeUndefined();
  });

  it.each(cases)(
    'computes the canonical request and string to sign of $vector in $form form',
    ({ form, ...vector }) => {
      const { canonicalRequest } = vector[form];
      const error = judge(signedRequest(vector, form), { ...expectation(vector), secret: 'another' });
      // A token added after signing is not in the published strings; the error names the form that includes it.
      const isWithToken = form === 'query' && vector.omitsToken;
      const published = `The Canonical String for this request should have been\n'${canonicalRequest}'\n\nThe String-to-Sign should have been\n'${stringToSign(vector, canonicalRequest)}'\n`;
      expect(error?.code).toBe('InvalidSignatureException');
      expect(error?.message.includes(published)).toBe(!isWithToken);
    },
  );

  it.each(cases)('rejects every single mutation of $vector in $form form', ({ form, ...vector }) => {
    const expected = expectation(vector);
    const request = signedRequest(vector, form);
    const signedHeaders = (vector[form].canonicalRequest.split('\n').at(-2) ?? '').split(';');
    const mutations = mutationsOf(request, { signedHeaders, normalizePath: vector.normalize });
    const isToken = (target: string): boolean =>
      vector.omitsToken && withoutToken(target) === withoutToken(request.target);
    const accepted = mutations.filter(
      (mutation) => !isToken(mutation.request.target) && judge(mutation.request, expected) === undefined,
    );
    expect(accepted.map(({ what }) => what)).toEqual([]);
    expect(mutations.length).toBeGreaterThan(200);
  });

  it('rejects a signature over a path that was not normalized, as every service but S3 does', () => {
    const vector = vectors.find(({ name }) => name === 'get-slashes-unnormalized');
    if (vector === undefined) throw new Error('the vector get-slashes-unnormalized is missing');
    const { normalizePath: _, ...expected } = expectation(vector);
    expect(judge(signedRequest(vector, 'header'), expected)?.code).toBe('InvalidSignatureException');
  });

  it.each(cases)('rejects $vector in $form form once it has expired', ({ form, ...vector }) => {
    const expected = expectation(vector);
    const late = { ...expected, now: expected.now + 3_601_000 };
    expect(judge(signedRequest(vector, form), late)?.message).toMatch(
      /^Signature expired: 20150830T123600Z /,
    );
  });
});

const withoutToken = (target: string): string => target.replace(/&X-Amz-Security-Token=[^&]*/, '');
