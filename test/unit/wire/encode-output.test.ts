import { describe, expect, it } from 'vitest';
import { buildServiceModel } from '../../../src/model/load.ts';
import { encodeOutput } from '../../../src/wire/encode-output.ts';
import { bodyOf, operation, REQUEST_ID } from './requests.ts';

const CREATED = new Date(1_700_000_000_500);

describe('encodeOutput', () => {
  it('writes JSON with epoch seconds, without what the model does not know', () => {
    const output = {
      campaign: { name: 'shop', creationDateTime: CREATED, status: undefined, secret: 'x' },
      more: 1,
    };
    expect(encodeOutput(operation('personalize', 'DescribeCampaign'), output, REQUEST_ID)).toEqual({
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': REQUEST_ID },
      body: '{"campaign":{"name":"shop","creationDateTime":1700000000.5}}',
    });
  });

  it('writes an empty body for an operation without output', () => {
    const deleted = encodeOutput(operation('personalize', 'DeleteCampaign'), undefined, REQUEST_ID);
    const put = encodeOutput(operation('personalize-events', 'PutEvents'), undefined, REQUEST_ID);
    expect([deleted.body, put.body, put.headers['content-type']]).toEqual(['', '', 'application/json']);
  });

  it('writes {} for an output with nothing in it', () => {
    expect(encodeOutput(operation('personalize', 'ListCampaigns'), {}, REQUEST_ID).body).toBe('{}');
  });

  it('writes lists, maps and keys that JavaScript knows', () => {
    const output = {
      itemList: [{ itemId: '1', score: 0.5, metadata: Object.fromEntries([['__proto__', 'a']]) }],
    };
    expect(
      encodeOutput(operation('personalize-runtime', 'GetRecommendations'), output, REQUEST_ID).body,
    ).toBe('{"itemList":[{"itemId":"1","score":0.5,"metadata":{"__proto__":"a"}}]}');
  });

  it('writes XML as STS does', () => {
    const output = { Account: '123456789012', UserId: 'AIDA', Arn: 'arn:aws:iam::123456789012:user/a&b' };
    const answer = encodeOutput(operation('sts', 'GetCallerIdentity'), output, REQUEST_ID);
    expect(answer.headers['content-type']).toBe('text/xml');
    expect(bodyOf(answer)).toBe(
      [
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">',
        '  <GetCallerIdentityResult>',
        '    <Arn>arn:aws:iam::123456789012:user/a&amp;b</Arn>',
        '    <UserId>AIDA</UserId>',
        '    <Account>123456789012</Account>',
        '  </GetCallerIdentityResult>',
        '  <ResponseMetadata>',
        `    <RequestId>${REQUEST_ID}</RequestId>`,
        '  </ResponseMetadata>',
        '</GetCallerIdentityResponse>',
        '',
      ].join('\n'),
    );
  });

  it('writes XML lists, empty lists, timestamps and booleans', () => {
    const output = { Users: [{ UserName: 'a', CreateDate: CREATED, Tags: [] }], IsTruncated: false };
    const body = bodyOf(encodeOutput(operation('iam', 'ListUsers'), output, REQUEST_ID)).replace(/\n */g, '');
    expect(body).toContain(
      '<Users><member><UserName>a</UserName><CreateDate>2023-11-14T22:13:20Z</CreateDate><Tags/></member></Users><IsTruncated>false</IsTruncated>',
    );
  });

  it('writes XML maps, nested and flattened', () => {
    const service = buildServiceModel({
      name: 'sts',
      protocol: 'awsQuery',
      signingName: 'sts',
      apiVersion: '1',
      xmlNamespace: 'urn:x',
      operations: { Get: { method: 'POST', path: '/', output: 'Out', errors: {} } },
      shapes: {
        Out: { type: 'structure', members: { map: 'Map', flat: 'Flat', list: 'List' } },
        Map: { type: 'map', key: 'Text', value: 'Text' },
        Flat: { type: 'map', key: 'Text', value: { shape: 'Text', wireName: 'v' }, flattened: true },
        List: { type: 'list', member: 'Text', flattened: true },
        Text: { type: 'string' },
      },
    });
    const get = service.operations.get('Get');
    const output = { map: { a: 'b' }, flat: { c: 'd' }, list: ['e', 'f'] };
    expect(get && bodyOf(encodeOutput(get, output, REQUEST_ID)).replace(/\n */g, '')).toContain(
      '<GetResult><map><entry><key>a</key><value>b</value></entry></map><flat><key>c</key><v>d</v></flat><list>e</list><list>f</list></GetResult>',
    );
  });
});
