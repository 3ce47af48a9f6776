import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/lib/http-message.ts';
import { serviceModels } from '../../../src/model/load.ts';
import type { Protocol } from '../../../src/model/shape.ts';
import { encodeError } from '../../../src/wire/encode-error.ts';
import { bodyOf, REQUEST_ID, request, route } from './requests.ts';

const AWS_JSON = ['content-type', 'application/x-amz-json-1.1'] as const;
const FORM = ['content-type', 'application/x-www-form-urlencoded; charset=utf-8'] as const;
const target = (name: string) => ['X-Amz-Target', name] as const;
const DESCRIBE = target('AmazonPersonalize.DescribeCampaign');

function told(from: HttpRequest): string {
  const routed = route(from);
  return routed.ok ? `${routed.value.operation.service.name} ${routed.value.operation.name}` : 'refused';
}

function refusal(from: HttpRequest) {
  const routed = route(from);
  if (routed.ok) throw new Error(`routed to ${routed.value.operation.name}`);
  const { target, error } = routed.error;
  const { protocol } = target;
  const answer = encodeError(error, target, REQUEST_ID);
  return {
    protocol,
    code: error.code,
    reason: error.reason ?? error.message,
    ...answer,
    body: bodyOf(answer),
  };
}

describe('route', () => {
  it('recognizes every operation of every model by what its protocol sends', () => {
    const services = [...serviceModels().values()];
    const wrong = services.flatMap((service) =>
      [...service.operations.values()]
        .filter(({ name, path }) => {
          const asked: Readonly<Partial<Record<Protocol, HttpRequest>>> = {
            'awsJson1.1': request({ headers: [AWS_JSON, target(`${service.targetPrefix}.${name}`)] }),
            restJson1: request({ target: path, headers: [['content-type', 'application/json']] }),
            awsQuery: request({ headers: [FORM], body: `Action=${name}&Version=${service.apiVersion}` }),
          };
          const call = asked[service.protocol];
          return !call || told(call) !== `${service.name} ${name}`;
        })
        .map(({ name }) => name),
    );
    expect(wrong).toEqual([]);
  });

  it.each<[string, HttpRequest, string]>([
    [
      'a charset',
      request({ headers: [['Content-Type', 'application/x-amz-json-1.1; charset=utf-8'], DESCRIBE] }),
      'personalize DescribeCampaign',
    ],
    [
      'a presigned query',
      request({ target: '/?X-Amz-Signature=a', headers: [AWS_JSON, DESCRIBE] }),
      'personalize DescribeCampaign',
    ],
    [
      'a presigned query on a path',
      request({ target: '/events?X-Amz-Signature=a' }),
      'personalize-events PutEvents',
    ],
    [
      'an Action in the query',
      request({ method: 'GET', target: '/?Action=GetCallerIdentity&Version=2011-06-15' }),
      'sts GetCallerIdentity',
    ],
    [
      'an Action given twice, of which the first counts',
      request({ headers: [FORM], body: 'Action=GetUser&Version=2010-05-08&Action=ListUsers' }),
      'iam GetUser',
    ],
  ])('allows %s', (_, from, wanted) => {
    expect(told(from)).toBe(wanted);
  });

  it.each([
    '/recommendations/',
    '//events',
    '/Events',
    '/%65vents',
    '/events;a',
    '/./events',
    '/unknown',
    '',
    '*',
  ])('knows no path %s', (path) => {
    expect(refusal(request({ target: path, headers: [['content-type', 'application/json']] }))).toMatchObject(
      {
        protocol: undefined,
        status: 404,
        body: '<UnknownOperationException/>\n',
        headers: { 'x-amzn-requestid': REQUEST_ID },
      },
    );
  });

  it.each<[string, HttpRequest]>([
    ['an unknown operation', request({ headers: [AWS_JSON, target('AmazonPersonalize.DropTables')] })],
    ['another case', request({ headers: [AWS_JSON, target('AmazonPersonalize.describeCampaign')] })],
    ['no target', request({ headers: [AWS_JSON] })],
    ['two targets', request({ headers: [AWS_JSON, DESCRIBE, DESCRIBE] })],
    [
      'a target and an Action',
      request({ target: '/?Action=GetUser&Version=2010-05-08', headers: [AWS_JSON, DESCRIBE] }),
    ],
  ])('answers %s with UnknownOperationException', (_, from) => {
    expect(refusal(from)).toMatchObject({
      protocol: 'awsJson1.1',
      status: 400,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': REQUEST_ID },
      body: '{"__type":"UnknownOperationException"}',
    });
  });

  it.each<[string, HttpRequest, string | undefined]>([
    ['a target with GET', request({ method: 'GET', headers: [AWS_JSON, DESCRIBE] }), 'awsJson1.1'],
    ['a target without content type', request({ headers: [DESCRIBE] }), 'awsJson1.1'],
    [
      'a target with another JSON',
      request({ headers: [['content-type', 'application/x-amz-json-1.0'], DESCRIBE] }),
      'awsJson1.1',
    ],
    [
      'a target and a form',
      request({ headers: [FORM, DESCRIBE], body: 'Action=GetUser&Version=2010-05-08' }),
      'awsJson1.1',
    ],
    ['two content types', request({ headers: [AWS_JSON, AWS_JSON, DESCRIBE] }), 'awsJson1.1'],
    ['a path with GET', request({ method: 'GET', target: '/events' }), 'restJson1'],
    ['a path with another content type', request({ target: '/events', headers: [FORM] }), 'restJson1'],
    ['a path and a target', request({ target: '/events', headers: [DESCRIBE] }), 'restJson1'],
    ['a path and an Action', request({ target: '/events?Action=GetUser' }), 'restJson1'],
    ['PUT on /', request({ method: 'PUT' }), undefined],
  ])('answers %s with 404 and no reason', (_, from, protocol) => {
    expect(refusal(from)).toMatchObject({ protocol, status: 404, body: '<UnknownOperationException/>\n' });
  });

  it.each<[string, HttpRequest, string]>([
    [
      'an unknown Action',
      request({ headers: [FORM], body: 'Action=NoSuchAction&Version=2011-06-15' }),
      'Could not find operation NoSuchAction for version 2011-06-15',
    ],
    [
      'no Version',
      request({ headers: [FORM], body: 'Action=GetCallerIdentity' }),
      'Could not find operation GetCallerIdentity for version NO_VERSION_SPECIFIED',
    ],
    [
      'an empty Action',
      request({ headers: [FORM], body: 'Action=&Version=2011-06-15' }),
      'Could not find operation  for version 2011-06-15',
    ],
    [
      'an Action of the other service',
      request({ headers: [FORM], body: 'Action=GetUser&Version=2011-06-15' }),
      'Could not find operation GetUser for version 2011-06-15',
    ],
    [
      'an Action in query and body',
      request({ target: '/?Action=GetUser&Version=2010-05-08', headers: [FORM], body: 'Action=GetUser' }),
      'Could not find operation GetUser for version 2010-05-08',
    ],
    [
      'another parameter in query and body',
      request({
        target: '/?Action=PutMetricData&Version=2010-08-01&Namespace=Shop',
        headers: [FORM],
        body: 'Namespace=Other',
      }),
      'Could not find operation PutMetricData for version 2010-08-01',
    ],
  ])('answers %s with InvalidAction', (_, from, message) => {
    expect(refusal(from)).toMatchObject({
      protocol: 'awsQuery',
      status: 400,
      body: [
        '<ErrorResponse xmlns="http://webservices.amazon.com/AWSFault/2005-15-09">',
        '  <Error>',
        '    <Type>Sender</Type>',
        '    <Code>InvalidAction</Code>',
        `    <Message>${message}</Message>`,
        '  </Error>',
        `  <RequestId>${REQUEST_ID}</RequestId>`,
        '</ErrorResponse>',
        '',
      ].join('\n'),
    });
  });

  it.each<[string, HttpRequest, string]>([
    [
      'GET',
      request({ method: 'GET', target: '/?Version=2011-06-15' }),
      'https://aws.amazon.com/iam?Version=2011-06-15',
    ],
    [
      'a form without Action',
      request({ headers: [FORM], body: 'Version=2011-06-15' }),
      'https://aws.amazon.com/iam',
    ],
    [
      'POST without form',
      request({ body: 'Action=GetUser&Version=2010-05-08' }),
      'https://aws.amazon.com/iam',
    ],
  ])('sends %s on as STS does', (_, from, location) => {
    expect(refusal(from)).toMatchObject({
      status: 302,
      headers: { location, 'x-amzn-requestid': REQUEST_ID },
      body: '',
    });
  });

  it('says in the error what was wrong, for the record', () => {
    expect(refusal(request({ headers: [AWS_JSON, DESCRIBE, DESCRIBE] })).reason).toBe(
      'there are several X-Amz-Target headers',
    );
    const target = '/?Action=PutMetricData&Version=2010-08-01&Namespace=Shop';
    expect(refusal(request({ target, headers: [FORM], body: 'Namespace=Other' })).reason).toBe(
      'Namespace in the query and again in the body',
    );
  });
});
