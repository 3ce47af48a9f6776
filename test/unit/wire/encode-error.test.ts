import { describe, expect, it } from 'vitest';
import { awsError } from '../../../src/lib/errors.ts';
import { serviceModels } from '../../../src/model/load.ts';
import { encodeError } from '../../../src/wire/encode-error.ts';
import { COMMON_ERRORS } from '../../../src/wire/error-codes.ts';
import { bodyOf, REQUEST_ID, routeOf } from './requests.ts';

const PROTOCOLS = ['awsJson1.1', 'restJson1', 'awsQuery'] as const;
const ROUTES = {
  'awsJson1.1': routeOf('personalize', 'CreateCampaign'),
  restJson1: routeOf('personalize-runtime', 'GetRecommendations'),
  awsQuery: routeOf('sts', 'AssumeRole'),
};

function answered(protocol: (typeof PROTOCOLS)[number], code: string) {
  const answer = encodeError(awsError(code, 'why'), ROUTES[protocol], REQUEST_ID);
  const body = bodyOf(answer);
  const type = answer.headers['x-amzn-errortype']?.toString().split(':')[0];
  return {
    status: answer.status,
    code: type ?? /"__type":"(\w+)"|<Code>(\w+)</.exec(body)?.slice(1).join(''),
  };
}

describe('encodeError', () => {
  it.each([
    ['AccessDeniedException', 400, 403, 'AccessDenied', 403],
    ['UnrecognizedClientException', 400, 403, 'InvalidClientTokenId', 403],
    ['InvalidSignatureException', 400, 403, 'SignatureDoesNotMatch', 403],
    ['MissingAuthenticationTokenException', 400, 403, 'MissingAuthenticationToken', 403],
    ['IncompleteSignatureException', 400, 403, 'IncompleteSignature', 400],
    ['ExpiredTokenException', 400, 403, 'ExpiredToken', 403],
    ['SerializationException', 400, 400, 'MalformedInput', 400],
    ['UnknownOperationException', 400, 404, 'InvalidAction', 400],
    ['ThrottlingException', 400, 429, 'Throttling', 400],
    ['RequestHeaderSectionTooLarge', 431, 431, 'RequestHeaderSectionTooLarge', 431],
    ['InternalFailure', 500, 500, 'InternalFailure', 500],
    ['BadGateway', 502, 502, 'BadGateway', 502],
    ['ServiceUnavailable', 503, 503, 'ServiceUnavailable', 503],
    ['GatewayTimeout', 504, 504, 'GatewayTimeout', 504],
  ])('gives %s its status and spelling in each protocol', (code, json, rest, queryCode, query) => {
    expect(answered('awsJson1.1', code)).toEqual({ status: json, code });
    expect(answered('restJson1', code)).toEqual({ status: rest, code });
    expect(answered('awsQuery', code)).toEqual({ status: query, code: queryCode });
  });

  it('encodes every code of every model and every common code in every protocol', () => {
    const modelled = [...serviceModels().values()].flatMap((service) =>
      [...service.operations.values()].flatMap((operation) => [...operation.errors.keys()]),
    );
    const codes = new Set([...modelled, ...COMMON_ERRORS.keys()]);
    const broken = [...codes].flatMap((code) =>
      PROTOCOLS.filter((protocol) => {
        const answer = encodeError(awsError(code, 'why'), ROUTES[protocol], REQUEST_ID);
        const hasBody = bodyOf(answer).includes('why') || answer.status === 413;
        return !(answer.status >= 400 && answer.headers['x-amzn-requestid'] === REQUEST_ID && hasBody);
      }).map((protocol) => `${code} ${protocol}`),
    );
    expect(codes.size).toBeGreaterThan(50);
    expect(broken).toEqual([]);
  });

  it('takes the status of a modelled error from the model, but 400 on awsJson1.1', () => {
    const status = (code: string, ...[service, name]: Parameters<typeof routeOf>) =>
      encodeError(awsError(code, ''), routeOf(service, name), REQUEST_ID).status;
    expect(status('ResourceNotFoundException', 'personalize-runtime', 'GetRecommendations')).toBe(404);
    expect(status('ResourceInUseException', 'personalize-events', 'PutItems')).toBe(409);
    expect(status('ResourceNotFoundException', 'personalize', 'DescribeCampaign')).toBe(400);
    expect(status('NoSuchEntity', 'iam', 'GetUser')).toBe(404);
    expect(status('IDPRejectedClaim', 'sts', 'AssumeRoleWithWebIdentity')).toBe(403);
  });

  it('distinguishes an expired web identity token from an expired session token', () => {
    const expired = awsError('ExpiredTokenException', 'expired');
    const unsigned = encodeError(expired, routeOf('sts', 'AssumeRoleWithWebIdentity'), REQUEST_ID);
    const signed = encodeError(expired, routeOf('sts', 'AssumeRole'), REQUEST_ID);
    expect([unsigned.status, bodyOf(unsigned)]).toEqual([
      400,
      expect.stringContaining('<Code>ExpiredTokenException<'),
    ]);
    expect([signed.status, bodyOf(signed)]).toEqual([403, expect.stringContaining('<Code>ExpiredToken<')]);
  });

  it('writes awsJson1.1 with __type, and Message where the authorizer speaks', () => {
    const route = ROUTES['awsJson1.1'];
    expect(encodeError(awsError('AccessDeniedException', 'no'), route, REQUEST_ID)).toEqual({
      status: 400,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': REQUEST_ID },
      body: '{"__type":"AccessDeniedException","Message":"no"}',
    });
    expect(bodyOf(encodeError(awsError('ResourceInUseException', 'no'), route, REQUEST_ID))).toBe(
      '{"__type":"ResourceInUseException","message":"no"}',
    );
    expect(bodyOf(encodeError(awsError('SerializationException', ''), route, REQUEST_ID))).toBe(
      '{"__type":"SerializationException"}',
    );
  });

  it('writes restJson1 with the error type in a header, the framework with its namespace', () => {
    const headersOf = (code: string) =>
      encodeError(awsError(code, 'no'), ROUTES.restJson1, REQUEST_ID).headers;
    expect(encodeError(awsError('AccessDeniedException', 'no'), ROUTES.restJson1, REQUEST_ID)).toEqual({
      status: 403,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': REQUEST_ID,
        'x-amzn-errortype': 'AccessDeniedException',
      },
      body: '{"message":"no"}',
    });
    expect(headersOf('UnrecognizedClientException')['x-amzn-errortype']).toBe(
      'UnrecognizedClientException:http://internal.amazon.com/coral/com.amazon.coral.service/',
    );
  });

  it('writes awsQuery as STS does, escaped, in the namespace of the service', () => {
    const answer = encodeError(
      awsError('AccessDeniedException', 'a < b & "c"\u0000'),
      ROUTES.awsQuery,
      REQUEST_ID,
    );
    expect(answer.headers['content-type']).toBe('text/xml');
    expect(bodyOf(answer)).toBe(
      [
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">',
        '  <Error>',
        '    <Type>Sender</Type>',
        '    <Code>AccessDenied</Code>',
        '    <Message>a &lt; b &amp; &quot;c&quot;\uFFFD</Message>',
        '  </Error>',
        `  <RequestId>${REQUEST_ID}</RequestId>`,
        '</ErrorResponse>',
        '',
      ].join('\n'),
    );
  });

  it('blames itself for a failure, and not the sender', () => {
    expect(bodyOf(encodeError(awsError('InternalFailure', ''), ROUTES.awsQuery, REQUEST_ID))).toContain(
      '<Type>Receiver</Type>',
    );
  });

  it('answers a large body on awsQuery with nothing, and without a protocol in JSON', () => {
    const tooLarge = awsError('RequestEntityTooLarge', 'too large');
    expect(encodeError(tooLarge, ROUTES.awsQuery, REQUEST_ID)).toMatchObject({ status: 413, body: '' });
    expect(encodeError(tooLarge, undefined, REQUEST_ID)).toMatchObject({
      status: 413,
      body: '{"message":"too large"}',
    });
  });
});
