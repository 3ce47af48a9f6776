import { readFileSync } from 'node:fs';
import aws4 from 'aws4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/lib/http-message.ts';
import { plainCanonicalRequest } from '../../../src/sigv4/canonical-request.ts';

const HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

interface SignedForm extends Pick<HttpRequest, 'method' | 'target' | 'headers'> {
  readonly canonicalRequest: string;
}

const vectors: readonly { readonly name: string; readonly header: SignedForm }[] = JSON.parse(
  readFileSync(new URL('../../fixtures/sigv4/vectors.json', import.meta.url), 'utf8'),
);

const requestOf = (parts: Pick<HttpRequest, 'method' | 'target' | 'headers'>): HttpRequest => ({
  ...parts,
  body: new Uint8Array(),
  remoteAddress: '127.0.0.1',
  secure: false,
});

/** As aws4 builds it. */
function builtByAws4({ method, target, headers }: HttpRequest, names: readonly string[]): string {
  // Its constructor prepares a request to send.
  const signer: InstanceType<typeof aws4.RequestSigner> = Object.create(aws4.RequestSigner.prototype);
  signer.request = { method, headers: { 'x-amz-content-sha256': HASH } };
  signer.service = '';
  signer.parsedPath = { path: target, query: null };
  signer.filteredHeaders = names.map((wanted) => [
    wanted,
    headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '',
  ]);
  return signer.canonicalString();
}

describe('the canonical request of a request that leaves nothing open', () => {
  it('is the published one, for every published request of that kind', () => {
    const built = vectors.flatMap(({ name, header }) => {
      const [, end = ''] = header.canonicalRequest.split('\n\n').slice(-2);
      const [names = '', hash = ''] = end.split('\n');
      const canonical = plainCanonicalRequest(requestOf(header), names.split(';'), hash);
      return canonical === undefined ? [] : [{ name, canonical, published: header.canonicalRequest }];
    });
    for (const { name, canonical, published } of built) expect(canonical, name).toBe(published);
    expect(built.length).toBeGreaterThan(5);
  });

  const name = fc.constantFrom('host', 'x-amz-date', 'X-Amz-Target', 'x-note', 'accept', 'via');
  const value = fc.oneof(
    fc.string({
      unit: fc.constantFrom('a', 'Z', '0', ' ', ' ', '\t', ':', ';', '\u00e9', '\u00a0', '\u0085'),
    }),
    fc.constantFrom('plain', 'one two', 'a;b:c', 'plain', ' at the ends ', 'a  b'),
  );
  const target = fc.oneof(
    fc.constantFrom('/', '/recommendations', '/a/b-c/~d_e'),
    fc.constantFrom(
      '/',
      '/recommendations',
      '/a/../b',
      '//a',
      '/a/./b',
      '/a%20b',
      '/a b',
      '/a/',
      '/\u00e9',
      '/?a=b',
    ),
    fc.string({ unit: fc.constantFrom('/', 'a', '.', '-', '~', '%', '*') }).map((text) => `/${text}`),
  );

  it('is the one that aws4 builds, or is left to aws4', () => {
    let plain = 0;
    fc.assert(
      fc.property(target, fc.array(fc.tuple(name, value), { maxLength: 4 }), (path, headers) => {
        const request = requestOf({ method: 'POST', target: path, headers });
        const names = [...new Set(headers.map(([each]) => each.toLowerCase()))].sort();
        const canonical = plainCanonicalRequest(request, names, HASH);
        if (canonical === undefined) return;
        expect(canonical).toBe(builtByAws4(request, names));
        plain += 1;
      }),
      { numRuns: 3000 },
    );
    expect(plain).toBeGreaterThan(100);
  });

  it.each([
    ['is listed twice', ['host', 'host']],
    ['is listed in upper case', ['Host']],
    ['is not sent', ['host', 'x-missing']],
    ['is sent twice', ['host', 'x-twice']],
    ['is listed out of order', ['x-note', 'host']],
  ])('is not built where a header %s', (_, names) => {
    const headers = [
      ['Host', 'localhost'],
      ['x-note', 'a'],
      ['x-twice', 'a'],
      ['X-Twice', 'b'],
    ] as const;
    const request = requestOf({ method: 'GET', target: '/', headers });
    expect(plainCanonicalRequest(request, names, HASH)).toBeUndefined();
    expect(plainCanonicalRequest(request, ['host', 'x-note'], HASH)).toBeDefined();
  });
});
