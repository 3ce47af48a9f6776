import { beforeAll, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/lib/http-message.ts';
import { loadCodec } from '../../../src/wire/cbor.ts';
import { encodeError } from '../../../src/wire/encode-error.ts';
import { bodyOf, REQUEST_ID, request, route } from './requests.ts';

beforeAll(() => loadCodec('rpcV2Cbor'));

const signedFor = (service: string) =>
  [
    'authorization',
    `AWS4-HMAC-SHA256 Credential=AKIA/20261124/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
  ] as const;
const type = (value: string) => ['content-type', value] as const;
const target = (value: string) => ['x-amz-target', value] as const;
const FORM = type('application/x-www-form-urlencoded; charset=utf-8');
const JSON_1_0 = type('application/x-amz-json-1.0');
const JSON_1_1 = type('application/x-amz-json-1.1');
const CBOR = [
  ['smithy-protocol', 'rpc-v2-cbor'],
  ['content-type', 'application/cbor'],
] as const;

function answerTo(from: HttpRequest) {
  const routed = route(from);
  if (routed.ok) throw new Error(`routed to ${routed.value.operation.name}`);
  const answer = encodeError(routed.error.error, routed.error.target, REQUEST_ID);
  return { status: answer.status, type: answer.headers['content-type'], body: bodyOf(answer), answer };
}

const NOT_HERE = (name: string): string =>
  `personalize-authz-proxy does not serve ${name}. It serves Amazon Personalize, STS, IAM, S3, CloudWatch and IAM Access Analyzer.`;

describe('a call of a service that is not here', () => {
  it.each<[string, string, HttpRequest, number]>([
    [
      'awsJson1.0',
      'dynamodb',
      request({ headers: [signedFor('dynamodb'), JSON_1_0, target('DynamoDB_20120810.ListTables')] }),
      400,
    ],
    [
      'awsJson1.1',
      'kms',
      request({ headers: [signedFor('kms'), JSON_1_1, target('TrentService.ListKeys')] }),
      400,
    ],
    [
      'restJson1',
      'lambda',
      request({ method: 'GET', target: '/2015-03-31/functions/', headers: [signedFor('lambda')] }),
      404,
    ],
    ['restJson1 on /', 'aoss', request({ method: 'GET', headers: [signedFor('aoss')] }), 404],
    [
      'awsQuery',
      'sns',
      request({ headers: [signedFor('sns'), FORM], body: 'Action=ListTopics&Version=2010-03-31' }),
      400,
    ],
    [
      'awsQuery with GET',
      'autoscaling',
      request({ method: 'GET', target: '/?Action=A&Version=1', headers: [signedFor('autoscaling')] }),
      400,
    ],
    [
      'ec2Query',
      'ec2',
      request({ headers: [signedFor('ec2'), FORM], body: 'Action=DescribeVpcs&Version=2016-11-15' }),
      400,
    ],
    [
      'restXml',
      'route53',
      request({ method: 'GET', target: '/2013-04-01/hostedzone', headers: [signedFor('route53')] }),
      400,
    ],
    [
      'rpcV2Cbor',
      'states',
      request({
        target: '/service/AWSStepFunctions/operation/ListActivities',
        headers: [signedFor('states'), ...CBOR],
      }),
      400,
    ],
    [
      'a presigned query',
      'polly',
      request({
        method: 'GET',
        target: '/v1/speech?X-Amz-Credential=AKIA%2F20261124%2Fus-east-1%2Fpolly%2Faws4_request',
      }),
      404,
    ],
    [
      'an unsigned target',
      'DynamoDB_20120810',
      request({ headers: [JSON_1_0, target('DynamoDB_20120810.ListTables')] }),
      400,
    ],
  ])('is answered in %s with the name of the service: %s', (_, name, from, status) => {
    const answered = answerTo(from);
    expect(answered.status).toBe(status);
    expect(answered.body).toContain(NOT_HERE(name));
    expect(answered.body + JSON.stringify(answered.answer.headers)).toMatch(
      /UnknownOperationException|<Code>InvalidAction</,
    );
  });

  it('keeps the content type of its protocol', () => {
    const json = (content: readonly [string, string]) =>
      answerTo(request({ headers: [signedFor('sqs'), content, target('AmazonSQS.ListQueues')] }));
    expect(json(JSON_1_0)).toMatchObject({
      type: 'application/x-amz-json-1.0',
      body: JSON.stringify({ __type: 'UnknownOperationException', message: NOT_HERE('sqs') }),
    });
    expect(json(JSON_1_1).type).toBe('application/x-amz-json-1.1');
  });

  it('has the error document of EC2 for EC2', () => {
    const { body } = answerTo(request({ headers: [signedFor('ec2'), FORM], body: 'Action=A&Version=1' }));
    expect(body).toMatch(/^<Response>\s*<Errors>\s*<Error>\s*<Code>InvalidAction<.*<RequestID>/s);
  });

  it('leaves a request of a service that is here to its own refusal', () => {
    const unknown = [JSON_1_1, target('AmazonPersonalize.DropTables')];
    expect(answerTo(request({ headers: [signedFor('personalize'), ...unknown] })).body).toBe(
      '{"__type":"UnknownOperationException"}',
    );
    const action = 'Action=NoSuchAction&Version=2011-06-15';
    expect(answerTo(request({ headers: [signedFor('sts'), FORM], body: action })).body).toContain(
      'Could not find operation NoSuchAction for version 2011-06-15',
    );
    expect(
      answerTo(request({ method: 'PATCH', target: '/bucket/k', headers: [signedFor('s3')] })).body,
    ).toContain('<Code>MethodNotAllowed</Code>');
  });

  it('names nothing that a header claims and that is no name', () => {
    const headers = [JSON_1_1, target('<script>.A')] as const;
    expect(answerTo(request({ headers })).body).toBe('{"__type":"UnknownOperationException"}');
  });
});

describe('an operation of CloudWatch that is not here', () => {
  const prefix = 'GraniteServiceVersion20100801';
  it.each<[string, HttpRequest]>([
    [
      'awsQuery',
      request({ headers: [signedFor('monitoring'), FORM], body: 'Action=ListDashboards&Version=2010-08-01' }),
    ],
    [
      'awsJson1.0',
      request({ headers: [signedFor('monitoring'), JSON_1_0, target(`${prefix}.ListDashboards`)] }),
    ],
    [
      'rpcV2Cbor',
      request({
        target: `/service/${prefix}/operation/ListDashboards`,
        headers: [signedFor('monitoring'), ...CBOR],
      }),
    ],
    [
      'rpcV2Cbor, unsigned',
      request({ target: `/service/${prefix}/operation/ListDashboards`, headers: CBOR }),
    ],
  ])('is named in %s', (_, from) => {
    const { status, body } = answerTo(from);
    expect(status).toBe(400);
    expect(body).toContain(
      'does not serve cloudwatch:ListDashboards. Of CloudWatch, it serves PutMetricData,',
    );
  });
});
