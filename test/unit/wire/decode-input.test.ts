import { describe, expect, it } from 'vitest';
import { decodeInput } from '../../../src/wire/decode-input.ts';
import { request, routeOf } from './requests.ts';

const CREATE = routeOf('personalize', 'CreateCampaign');
const ASSUME = routeOf('sts', 'AssumeRole');

function fromJson(body: string | Uint8Array, route = CREATE) {
  return decodeInput(route, request({ body }));
}

function fromForm(body: string, route = ASSUME) {
  return decodeInput(route, request({ body }));
}

const serialization = (message: string) => ({
  ok: false,
  error: { code: 'SerializationException', message },
});

describe('decodeInput from JSON', () => {
  it('reads structures, lists, maps and numbers, and drops what the model does not know', () => {
    const body =
      '{"name":"shop","minProvisionedTPS":1,"unknown":[[{}]],"tags":[{"tagKey":"a","tagValue":"b","x":1}],"campaignConfig":{"itemExplorationConfig":{"explorationWeight":"0.3"}}}';
    expect(fromJson(body)).toEqual({
      ok: true,
      value: {
        name: 'shop',
        minProvisionedTPS: 1,
        campaignConfig: { itemExplorationConfig: { explorationWeight: '0.3' } },
        tags: [{ tagKey: 'a', tagValue: 'b' }],
      },
    });
  });

  it('takes null as not given', () => {
    expect(fromJson('{"name":null,"tags":[null]}')).toEqual({ ok: true, value: { tags: [] } });
  });

  it('keeps keys that JavaScript knows as plain keys', () => {
    const decoded = fromJson(
      '{"constructor":1,"campaignConfig":{"itemExplorationConfig":{"__proto__":"a","constructor":"b"}}}',
    );
    const value = decoded.ok ? decoded.value : {};
    const map = (value.campaignConfig as Record<string, object>).itemExplorationConfig ?? {};
    expect(Object.keys(value)).toEqual(['campaignConfig']);
    expect(Object.entries(map)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect((decoded.ok ? decoded.value : {}).toString).toBeUndefined();
  });

  it('reads timestamps as epoch seconds with a fraction, and cuts numbers that must be whole', () => {
    const events = routeOf('personalize-events', 'PutEvents');
    const decoded = fromJson('{"eventList":[{"sentAt":1700000000.5,"eventValue":1.5}]}', events);
    expect(decoded).toEqual({
      ok: true,
      value: { eventList: [{ sentAt: new Date(1_700_000_000_500), eventValue: 1.5 }] },
    });
    expect(fromJson('{"minProvisionedTPS":1.9}')).toEqual({ ok: true, value: { minProvisionedTPS: 1 } });
  });

  it.each(['', '{', '{"name":"a",}', 'null', '"x"', '1', 'true', '\uFEFF{}'])(
    'refuses the body %j',
    (body) => {
      expect(fromJson(body)).toEqual(serialization(''));
    },
  );

  it('refuses bytes that are no UTF-8', () => {
    expect(fromJson(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toEqual(serialization(''));
  });

  it.each([
    '{"name":"a","name":"b"}',
    '{"name":"a","n\\u0061me":"b"}',
    '{"x":{"y":1,"y":1}}',
    '{"a\\"":1,"a\\"" : 2}',
  ])('refuses a key given twice, which another parser may read otherwise: %s', (body) => {
    expect(fromJson(body)).toEqual(serialization(''));
  });

  it.each([
    '{"Name":"a"}',
    '{"name":"a","NAME":"b"}',
    '{"tags":[{"tagKey":"a","tagValue":"b","tagkey":"c"}]}',
    // Kelvin sign, long s: Go's parser folds them.
    '{"tag\u017f":[]}',
    '{"tags":[{"tag\u212aey":"a"}]}',
  ])('refuses a member in another case, which a parser that ignores case would read: %s', (body) => {
    expect(fromJson(body)).toEqual(
      serialization(expect.stringMatching(/^The member \w+ is spelled in another case\.$/)),
    );
  });

  it('keeps keys of maps that differ in case only', () => {
    const body = '{"campaignConfig":{"itemExplorationConfig":{"Name":"a","name":"b"}}}';
    expect(fromJson(body)).toEqual({
      ok: true,
      value: { campaignConfig: { itemExplorationConfig: { Name: 'a', name: 'b' } } },
    });
  });

  it.each(['{"\\ud800":1}', '{"name":"\\uDFFF"}', '{"x":[[{"y":"a\\ud83dz"}]]}'])(
    'refuses half of a surrogate pair: %s',
    (body) => {
      expect(fromJson(body)).toEqual(serialization(''));
    },
  );

  it('reads a whole surrogate pair', () => {
    expect(fromJson('{"name":"\\ud83d\\ude00"}')).toEqual({ ok: true, value: { name: '😀' } });
  });

  it('does not mistake text for keys', () => {
    expect(fromJson('{"name":"\\"name\\":1,\\\\","x":["a\\":"]}')).toEqual({
      ok: true,
      value: { name: '"name":1,\\' },
    });
  });

  it.each([
    ['{"name":1}', 'NUMBER_VALUE can not be converted to a String'],
    ['{"name":true}', 'TRUE_VALUE can not be converted to a String'],
    ['{"minProvisionedTPS":"1"}', 'STRING_VALUE can not be converted to an Integer'],
    ['{"name":[]}', 'Start of list found where not expected'],
    ['{"name":{}}', 'Start of structure or map found where not expected.'],
    ['{"tags":"a"}', 'Expected list or null'],
    ['{"tags":{}}', 'Start of structure or map found where not expected.'],
    ['{"campaignConfig":"a"}', 'Expected null'],
    ['{"campaignConfig":[]}', 'Start of list found where not expected'],
    ['[]', 'Start of list found where not expected'],
  ])('answers the wrong type in %s as AWS does', (body, message) => {
    expect(fromJson(body)).toEqual(serialization(message));
  });

  it('survives deep nesting', () => {
    const depth = 200_000;
    expect(fromJson(`{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`)).toEqual({ ok: true, value: {} });
  });

  it('lets a REST call leave its body out', () => {
    expect(fromJson('', routeOf('personalize-runtime', 'GetRecommendations'))).toEqual({
      ok: true,
      value: {},
    });
  });
});

describe('decodeInput from a query', () => {
  it('reads scalars, lists of structures and numbers', () => {
    const body =
      'Action=AssumeRole&Version=2011-06-15&RoleArn=a%3Ab&RoleSessionName=s+t&DurationSeconds=900&Tags.member.1.Key=k&Tags.member.1.Value=&TransitiveTagKeys.member.2=b&TransitiveTagKeys.member.1=a&Unknown=1';
    expect(fromForm(body)).toEqual({
      ok: true,
      value: {
        RoleArn: 'a:b',
        RoleSessionName: 's t',
        DurationSeconds: 900,
        Tags: [{ Key: 'k', Value: '' }],
        TransitiveTagKeys: ['a', 'b'],
      },
    });
  });

  it('reads the query of a presigned GET', () => {
    const get = request({ method: 'GET', target: '/?Action=GetUser&UserName=bob&X-Amz-Signature=0' });
    expect(decodeInput(routeOf('iam', 'GetUser'), get)).toEqual({ ok: true, value: { UserName: 'bob' } });
  });

  it('orders a list by number, whatever order and gaps it came with', () => {
    const body =
      'ActionNames.member.10=c&ActionNames.member.2=b&ActionNames.member.1=a&ActionNames.member.x=d';
    expect(fromForm(body, routeOf('iam', 'SimulateCustomPolicy'))).toEqual({
      ok: true,
      value: { ActionNames: ['a', 'b', 'c'] },
    });
  });

  it('counts the first of a parameter given twice', () => {
    expect(fromForm('RoleArn=first&RoleArn=second')).toEqual({ ok: true, value: { RoleArn: 'first' } });
  });

  it('reads an empty list where one is sent', () => {
    expect(fromForm('Tags=')).toEqual({ ok: true, value: { Tags: [] } });
  });

  it.each(['DurationSeconds=one', 'DurationSeconds=', 'DurationSeconds=1.5', 'DurationSeconds=0x10'])(
    'refuses %s',
    (body) => {
      expect(fromForm(body)).toEqual(serialization(''));
    },
  );

  it('keeps names that JavaScript knows apart', () => {
    expect(fromForm('constructor.x=1&__proto__.y=2&RoleArn=a')).toEqual({
      ok: true,
      value: { RoleArn: 'a' },
    });
  });
});
