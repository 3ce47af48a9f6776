import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/lib/http-message.ts';
import { type Expectation, judge, received } from '../fixtures/sigv4/judge.ts';
import { mutationsOf } from '../fixtures/sigv4/mutations.ts';

/** AWS's test suite for Signature Version 4, as awslabs/aws-c-auth publishes it. */
const VECTORS = fileURLToPath(new URL('../../../shared/data/sigv4-vectors', import.meta.url));
const isHere = existsSync(VECTORS);
const FORMS = ['header', 'query'] as const;

interface Context {
  readonly credentials: { readonly access_key_id: string; readonly secret_access_key: string };
  readonly normalize: boolean;
  readonly omit_session_token?: boolean;
  readonly region: string;
  readonly service: string;
  readonly timestamp: string;
}

const read = (...path: readonly string[]): string => readFileSync(join(VECTORS, ...path), 'utf8');

function expectation(vector: string): Expectation & { readonly isTokenOutside: boolean } {
  const context = JSON.parse(read(vector, 'context.json')) as Context;
  return {
    accessKeyId: context.credentials.access_key_id,
    secret: context.credentials.secret_access_key,
    region: context.region,
    service: context.service,
    now: Date.parse(context.timestamp),
    normalizePath: context.normalize,
    isTokenOutside: context.omit_session_token === true,
  };
}

/** The files hold bare requests: `Name:value` lines, a value folded over lines, paths that no HTTP parser passes on. */
function parseRequest(text: string): HttpRequest {
  const [head = '', ...rest] = text.split('\n\n');
  const [requestLine = '', ...lines] = head.replaceAll(/\n(?=[ \t])/g, '\r').split('\n');
  const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(requestLine) ?? [];
  const headers = lines
    .filter((line) => line !== '')
    .map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
  return received({ method, target, headers, body: Buffer.from(rest.join('\n\n')) });
}

const signedRequest = (vector: string, form: string): HttpRequest =>
  parseRequest(read(vector, `${form}-signed-request.txt`));

const signedHeaders = (vector: string, form: string): string[] =>
  (read(vector, `${form}-canonical-request.txt`).split('\n').at(-2) ?? '').split(';');

describe.skipIf(!isHere)(
  `the published SigV4 vectors${isHere ? '' : ` (not run: ${VECTORS} is not there)`}`,
  () => {
    const vectors = isHere ? readdirSync(VECTORS) : [];
    const cases = vectors.flatMap((vector) => FORMS.map((form) => ({ vector, form })));

    it('are all here', () => {
      expect(vectors).toHaveLength(38);
    });

    it.each(cases)('accepts $vector in $form form', ({ vector, form }) => {
      expect(judge(signedRequest(vector, form), expectation(vector))).toBeUndefined();
    });

    it.each(cases)(
      'computes the canonical request and string to sign of $vector in $form form',
      ({ vector, form }) => {
        const expected = expectation(vector);
        const error = judge(signedRequest(vector, form), { ...expected, secret: 'another' });
        // A token added after signing is not in the published strings; the answer names the form that holds it.
        const isWithToken = form === 'query' && expected.isTokenOutside;
        const published = `The Canonical String for this request should have been\n'${read(vector, `${form}-canonical-request.txt`)}'\n\nThe String-to-Sign should have been\n'${read(vector, `${form}-string-to-sign.txt`)}'\n`;
        expect(error?.code).toBe('InvalidSignatureException');
        expect(error?.message.includes(published)).toBe(!isWithToken);
      },
    );

    it.each(cases)('refuses every single mutation of $vector in $form form', ({ vector, form }) => {
      const { isTokenOutside, ...expected } = expectation(vector);
      const request = signedRequest(vector, form);
      const { normalizePath = true } = expected;
      const mutations = mutationsOf(request, { signedHeaders: signedHeaders(vector, form), normalizePath });
      const isToken = (target: string): boolean =>
        isTokenOutside && withoutToken(target) === withoutToken(request.target);
      const accepted = mutations.filter(
        (mutation) => !isToken(mutation.request.target) && judge(mutation.request, expected) === undefined,
      );
      expect(accepted.map(({ what }) => what)).toEqual([]);
      expect(mutations.length).toBeGreaterThan(200);
    });

    it('refuses a signature over a path that was not normalized, as every service but S3 does', () => {
      const request = signedRequest('get-slashes-unnormalized', 'header');
      const { normalizePath: _, ...expected } = expectation('get-slashes-unnormalized');
      expect(judge(request, expected)?.code).toBe('InvalidSignatureException');
    });

    it.each(cases)('refuses $vector in $form form once it is old', ({ vector, form }) => {
      const expected = expectation(vector);
      const late = { ...expected, now: expected.now + 3_601_000 };
      expect(judge(signedRequest(vector, form), late)?.message).toMatch(
        /^Signature expired: 20150830T123600Z /,
      );
    });
  },
);

const withoutToken = (target: string): string => target.replace(/&X-Amz-Security-Token=[^&]*/, '');
