import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/lib/http-message.ts';
import type { Protocol } from '../../../src/model/shape.ts';
import { parseCredential } from '../../../src/sigv4/credential.ts';
import { received, rulesOf } from '../../fixtures/sigv4/judge.ts';

const NOW = Date.parse('2013-06-09T09:52:04Z');
const DATE = '20130609T095204Z';
const CREDENTIAL = 'AKIDEXAMPLE/20130609/us-east-1/personalize/aws4_request';
const AUTHORIZATION = `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, SignedHeaders=host;x-amz-date, Signature=abc`;
const QUERY = {
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': CREDENTIAL,
  'X-Amz-Date': DATE,
  'X-Amz-SignedHeaders': 'host',
  'X-Amz-Signature': 'abc',
};

type Headers = HttpRequest['headers'];

const withHeaders = (...headers: Headers): HttpRequest =>
  received({ method: 'POST', target: '/', headers: [['Host', 'example.com'], ...headers] });

const withAuthorization = (authorization: string, ...headers: Headers): HttpRequest =>
  withHeaders(['X-Amz-Date', DATE], ['Authorization', authorization], ...headers);

const withQuery = (query: Readonly<Record<string, string>>, ...headers: Headers): HttpRequest => ({
  ...withHeaders(...headers),
  target: `/?${new URLSearchParams(query)}`,
});

function parse(request: HttpRequest, protocol: Protocol = 'awsJson1.1') {
  return parseCredential(request, rulesOf(protocol), { now: NOW, skewMinutes: 5 });
}

function errorOf(request: HttpRequest, protocol?: Protocol) {
  const result = parse(request, protocol);
  return result.ok ? undefined : result.error;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64');

describe('a credential in the Authorization header', () => {
  it('is read with every part', () => {
    const token = withAuthorization(AUTHORIZATION, ['X-Amz-Security-Token', 'the-token']);
    expect(parse(token)).toEqual({
      ok: true,
      value: {
        form: 'header',
        accessKeyId: 'AKIDEXAMPLE',
        scope: { date: '20130609', region: 'us-east-1', service: 'personalize', terminator: 'aws4_request' },
        signedHeaders: ['host', 'x-amz-date'],
        signature: 'abc',
        requestDate: { millis: NOW, text: DATE },
        sessionToken: 'the-token',
      },
    });
  });

  it('may have its parts in any order, with or without spaces between them', () => {
    const compact = `AWS4-HMAC-SHA256 Signature=abc,SignedHeaders=host;x-amz-date,Credential=${CREDENTIAL}`;
    expect(parse(withAuthorization(compact))).toEqual(parse(withAuthorization(AUTHORIZATION)));
  });

  it.each([
    ['20130609T095204Z', 'as AWS writes it'],
    ['Sun, 09 Jun 2013 09:52:04 GMT', 'as HTTP writes it'],
    ['Sun, 09 Jun 2013 09:52:04 -0000', 'as botocore writes it'],
  ])('takes the date %s of a Date header, %s', (date) => {
    const credential = parse(withHeaders(['Date', date], ['Authorization', AUTHORIZATION]));
    expect(credential.ok && credential.value.requestDate).toEqual({ millis: NOW, text: DATE });
  });

  it('takes X-Amz-Date before Date', () => {
    const request = withAuthorization(AUTHORIZATION, ['Date', 'Mon, 10 Jun 2013 09:52:04 GMT']);
    const credential = parse(request);
    expect(credential.ok && credential.value.requestDate.text).toBe(DATE);
  });

  it.each<[string, Headers]>([
    ['no Authorization', []],
    ['an empty one', [['Authorization', '']]],
    ['another scheme', [['Authorization', 'Basic YTpi']]],
    ['a lower-case algorithm', [['Authorization', 'aws4-hmac-sha256 Credential=a']]],
  ])('is missing with %s', (_, headers) => {
    expect(errorOf(withHeaders(...headers))).toEqual({
      code: 'MissingAuthenticationTokenException',
      message: 'Request is missing Authentication Token',
    });
  });

  it.each<[Protocol, string]>([
    ['awsJson1.1', 'Request is missing Authentication Token'],
    ['awsQuery', 'Request is missing Authentication Token'],
    ['restJson1', 'Missing Authentication Token'],
  ])('is missing in the words of %s', (protocol, message) => {
    expect(errorOf(withHeaders(), protocol)?.message).toBe(message);
  });

  const REQUIRES = {
    Credential: "Authorization header requires 'Credential' parameter. ",
    Signature: "Authorization header requires 'Signature' parameter. ",
    SignedHeaders: "Authorization header requires 'SignedHeaders' parameter. ",
    date: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
  };

  it.each([
    [
      'AWS4-HMAC-SHA256',
      `${REQUIRES.Credential}${REQUIRES.Signature}${REQUIRES.SignedHeaders}${REQUIRES.date}`,
    ],
    ['AWS4-HMAC-SHA256 Credential=a', `${REQUIRES.Signature}${REQUIRES.SignedHeaders}${REQUIRES.date}`],
    ['AWS4-HMAC-SHA256 Credential=a,Signature=b', `${REQUIRES.SignedHeaders}${REQUIRES.date}`],
    [
      'AWS4-HMAC-SHA256 Credential=,Signature=,SignedHeaders=',
      `${REQUIRES.Credential}${REQUIRES.Signature}${REQUIRES.date}`,
    ],
    ['AWS4-HMAC-SHA256 Credential=a,Signature=b,SignedHeaders=c', REQUIRES.date],
    ['AWS4-HMAC-SHA256 credential=a,Signature=b,SignedHeaders=c', `${REQUIRES.Credential}${REQUIRES.date}`],
  ])('%s is incomplete, and everything it lacks is named', (authorization, sentences) => {
    expect(errorOf(withHeaders(['Authorization', authorization]))).toEqual({
      code: 'IncompleteSignatureException',
      message: `${sentences}(Hashed with SHA-256 and encoded with Base64) Authorization=${digest(authorization)}`,
    });
  });

  it.each([
    'AWS4-HMAC-SHA256 Credential',
    'AWS4-HMAC-SHA256 Signature=b,    Credential,    SignedHeaders',
    `${AUTHORIZATION},`,
  ])('%s has a part without an equal sign', (authorization) => {
    expect(errorOf(withAuthorization(authorization))).toEqual({
      code: 'IncompleteSignatureException',
      message: `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${digest(authorization)}'.`,
    });
  });

  it('is refused where a part is given twice', () => {
    expect(errorOf(withAuthorization(`${AUTHORIZATION}, Signature=def`))).toEqual({
      code: 'IncompleteSignatureException',
      message: "Authorization header has more than one 'Signature' parameter.",
    });
  });

  it.each<[string, string]>([
    ['Authorization', AUTHORIZATION],
    ['X-Amz-Date', DATE],
    ['host', 'example.com'],
    ['X-Amz-Security-Token', 'a'],
    ['X-Amz-Content-Sha256', 'a'],
    ['date', 'a'],
  ])('is refused with two %s headers', (name, value) => {
    const twice = withAuthorization(AUTHORIZATION, [name, value], [name.toUpperCase(), value]);
    expect(errorOf(twice)).toEqual({
      code: 'IncompleteSignatureException',
      message: `The request has more than one '${name.toLowerCase()}' header.`,
    });
  });

  it('keeps signature and key out of every message', () => {
    const broken = 'AWS4-HMAC-SHA256 Credential=SECRETISH, Signature=SECRETISH, SignedHeaders';
    expect(errorOf(withAuthorization(broken))?.message).not.toContain('SECRETISH');
  });

  it.each([
    '201',
    '20130609',
    '2013-06-09T09:52:04Z',
    '20130231T000000Z',
    '20130609T250000Z',
    'Sun, 09 Jun 2013 09:52:04 GMT',
  ])('has no date in X-Amz-Date: %s', (date) => {
    const request = withHeaders(['X-Amz-Date', date], ['Authorization', AUTHORIZATION]);
    expect(errorOf(request)).toEqual({
      code: 'IncompleteSignatureException',
      message: `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    });
  });

  it.each(['yesterday', 'Mon, 09 Jun 2013 09:52:04 GMT', '2013-06-09'])('has no date in Date: %s', (date) => {
    const request = withHeaders(['Date', date], ['Authorization', AUTHORIZATION]);
    expect(errorOf(request)?.message).toContain(`Got '${date}'`);
  });

  it.each(['x-amz-date', '', 'hosts'])('must have host among the signed headers, not only %o', (list) => {
    const authorization = AUTHORIZATION.replace('host;x-amz-date', list);
    expect(errorOf(withAuthorization(authorization))).toEqual({
      code: 'InvalidSignatureException',
      message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    });
  });

  it('must sign the x-amz- headers that say what is asked', () => {
    const request = withAuthorization(AUTHORIZATION, ['X-Amz-Target', 'AmazonPersonalize.ListRecipes']);
    expect(errorOf(request)).toEqual({
      code: 'InvalidSignatureException',
      message: "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.",
    });
  });

  it('need not sign the session token', () => {
    expect(parse(withAuthorization(AUTHORIZATION, ['X-Amz-Security-Token', 'a'])).ok).toBe(true);
  });

  it.each(['AWS4-HMAC-SHA25', 'AWS4-ECDSA-P256-SHA256', 'AWS4-hmac-sha256'])(
    'cannot have the algorithm %s',
    (algorithm) => {
      expect(errorOf(withAuthorization(AUTHORIZATION.replace('AWS4-HMAC-SHA256', algorithm)))).toEqual({
        code: 'IncompleteSignatureException',
        message: `Unsupported AWS 'algorithm': '${algorithm}' (only AWS4-HMAC-SHA256 for now). `,
      });
    },
  );

  it.each(['a', 'a/b/c/d', 'a/b/c/d/e/f', '/b/c/d/e', 'a//c/d/e'])(
    'must have five elements, not %s',
    (credential) => {
      expect(errorOf(withAuthorization(AUTHORIZATION.replace(CREDENTIAL, credential)))).toEqual({
        code: 'IncompleteSignatureException',
        message: `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
      });
    },
  );
});

describe('a credential in the query', () => {
  it('is read with every part', () => {
    const query = { ...QUERY, 'X-Amz-Expires': '60', 'X-Amz-Security-Token': 'the-token' };
    expect(parse(withQuery(query))).toEqual({
      ok: true,
      value: {
        form: 'query',
        accessKeyId: 'AKIDEXAMPLE',
        scope: { date: '20130609', region: 'us-east-1', service: 'personalize', terminator: 'aws4_request' },
        signedHeaders: ['host'],
        signature: 'abc',
        requestDate: { millis: NOW, text: DATE },
        expiresSeconds: 60,
        sessionToken: 'the-token',
      },
    });
  });

  it('takes its session token from the query only', () => {
    const credential = parse(withQuery(QUERY, ['X-Amz-Security-Token', 'in-the-header']));
    expect(credential.ok && credential.value.sessionToken).toBeUndefined();
  });

  it('cannot stand beside one in the header', () => {
    expect(errorOf(withQuery(QUERY, ['X-Amz-Date', DATE], ['Authorization', AUTHORIZATION]))).toEqual({
      code: 'InvalidSignatureException',
      message: "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    });
  });

  it.each([
    [
      { 'X-Amz-Algorithm': '' },
      ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date'],
    ],
    [{ ...QUERY, 'X-Amz-Signature': '' }, ['X-Amz-Signature']],
    [
      { 'X-Amz-Algorithm': 'a', 'X-Amz-Signature': 'b' },
      ['X-Amz-Credential', 'X-Amz-SignedHeaders', 'X-Amz-Date'],
    ],
  ])('%j is incomplete, and everything it lacks is named', (query, missing) => {
    const sentences = missing.map((name) => `AWS query-string parameters must include '${name}'. `).join('');
    expect(errorOf(withQuery(query))).toEqual({
      code: 'IncompleteSignatureException',
      message: `${sentences}Re-examine the query-string parameters.`,
    });
  });

  it.each([...Object.keys(QUERY), 'X-Amz-Security-Token', 'X-Amz-Expires'])(
    'is refused with two %s',
    (name) => {
      const request = withQuery({ 'X-Amz-Expires': '60', 'X-Amz-Security-Token': 'a', ...QUERY });
      expect(errorOf({ ...request, target: `${request.target}&${name}=1` })).toEqual({
        code: 'IncompleteSignatureException',
        message: `AWS query-string parameters must include '${name}' only once. Re-examine the query-string parameters.`,
      });
    },
  );

  it.each([
    ['ten', 'X-Amz-Expires must be a number'],
    ['1.5', 'X-Amz-Expires must be a number'],
    ['', 'X-Amz-Expires must be a number'],
    ['0', 'X-Amz-Expires must be positive'],
    ['-5', 'X-Amz-Expires must be positive'],
    [
      '604801',
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    ],
  ])('cannot expire after %o seconds', (expires, message) => {
    expect(errorOf(withQuery({ ...QUERY, 'X-Amz-Expires': expires }))).toEqual({
      code: 'IncompleteSignatureException',
      message,
    });
  });

  it.each(['1', '604800'])('may expire after %s seconds', (expires) => {
    expect(parse(withQuery({ ...QUERY, 'X-Amz-Expires': expires })).ok).toBe(true);
  });
});

describe('a request target', () => {
  it.each([
    '/?a=%',
    '/?a=%2',
    '/?a=%zz',
    '/?%FF',
    '/?a=%C3',
    '/?a=%ED%A0%80',
    '/\ud800',
    'http://h/',
    '*',
    '',
  ])('%o is unreadable', (target) => {
    expect(errorOf({ ...withAuthorization(AUTHORIZATION), target })).toEqual({
      code: 'MalformedQueryString',
      message: 'The query string contains a syntax error.',
    });
  });

  it('may hold any bytes in its path', () => {
    expect(parse({ ...withAuthorization(AUTHORIZATION), target: '/%/%FF/?' }).ok).toBe(true);
  });
});

describe('of several faults', () => {
  /** One request with every diagnostic, fixed one after the other: AWS names the first in this order. */
  const FAULTS: readonly [string, (request: HttpRequest) => HttpRequest][] = [
    ["Found both 'X-Amz-Algorithm'", (request) => ({ ...request, target: '/' })],
    ['Invalid key=value pair', (request) => replaceAuthorization(request, /, Credential$/, '')],
    [
      "Authorization header requires 'Signature'",
      (request) => replaceAuthorization(request, /$/, ', Signature=abc'),
    ],
    ['Date must be in ISO-8601', (request) => replaceHeader(request, 'X-Amz-Date', '20130301T000000Z')],
    ['Signature expired: ', (request) => replaceHeader(request, 'X-Amz-Date', DATE)],
    [
      "'Host' or ':authority' must be",
      (request) => replaceAuthorization(request, /SignedHeaders=/, '$&host;'),
    ],
    ["Unsupported AWS 'algorithm'", (request) => replaceAuthorization(request, /SHA25 /, 'SHA256 ')],
    ['Credential must have exactly 5', (request) => replaceAuthorization(request, /a\/b\/c/, CREDENTIAL)],
  ];
  const WORST = withHeaders(
    ['X-Amz-Date', '201'],
    ['Authorization', 'AWS4-HMAC-SHA25 Credential=a/b/c, SignedHeaders=x-amz-date, Credential'],
  );

  it('the first in the order of AWS is named', () => {
    let request: HttpRequest = { ...WORST, target: '/?X-Amz-Algorithm=a' };
    for (const [message, mend] of FAULTS) {
      expect(errorOf(request)?.message.slice(0, message.length)).toBe(message);
      request = mend(request);
    }
    expect(errorOf(request)).toBeUndefined();
  });
});

const replaceHeader = (request: HttpRequest, wanted: string, value: string): HttpRequest => ({
  ...request,
  headers: request.headers.map(([name, old]) => [name, name === wanted ? value : old]),
});

const replaceAuthorization = (request: HttpRequest, from: RegExp, to: string): HttpRequest => ({
  ...request,
  headers: request.headers.map(([name, value]) => [
    name,
    name === 'Authorization' ? value.replace(from, to) : value,
  ]),
});
