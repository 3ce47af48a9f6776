import { describe, expect, it } from 'vitest';
import { cloudwatchModel } from '../../../src/services/cloudwatch/model.ts';
import { decodeInput } from '../../../src/wire/decode-input.ts';
import { request, routeOf } from './requests.ts';

const FORM = 'application/x-www-form-urlencoded';

function put(body: string, { query = '', type = FORM, method = 'POST' } = {}) {
  const service = cloudwatchModel();
  const operation = service.operations.get('PutMetricData');
  if (operation === undefined) throw new Error('CloudWatch has no PutMetricData');
  return decodeInput(
    { operation, protocol: 'awsQuery' },
    request({ method, target: `/${query}`, headers: [['content-type', type]], body }),
  );
}

const START = 'Action=PutMetricData&Version=2010-08-01&Namespace=Shop';

describe('a form that is forwarded', () => {
  it('is read by its shape', () => {
    const metric = 'MetricData.member.1';
    const body = `${START}&${metric}.MetricName=a+b%C3%A9&${metric}.Value=1&${metric}.Dimensions.member.1.Name=n&${metric}.Dimensions.member.1.Value=v&${metric}.Values=`;
    expect(put(body)).toEqual({
      ok: true,
      value: {
        Namespace: 'Shop',
        MetricData: [{ MetricName: 'a bé', Value: 1, Dimensions: [{ Name: 'n', Value: 'v' }], Values: [] }],
      },
    });
  });

  it('may have a member that the model does not know yet', () => {
    expect(put(`${START}&New.Member=x&Later.member.7=y`).ok).toBe(true);
  });

  it.each([
    ['a parameter twice', '&Namespace=Other'],
    ['a parameter twice with the same value', '&Namespace=Shop'],
    ['a parameter twice, once escaped', '&%4eamespace=Other'],
    ['a parameter in another case', '&namespace=Other'],
    ['a second Action in another case', '&action=DescribeAlarms'],
    ['a parameter as an array', '&Namespace[]=Other'],
    ['a parameter as an array, escaped', '&Namespace%5B%5D=Other'],
    ['a semicolon', '&X=1;Namespace=Other'],
    ['an underscore for a dot', '&MetricData_member_1_MetricName=a'],
    ['a NUL in a name', '&Namespace%00=Other'],
    ['a byte order mark', '&%EF%BB%BFNamespace=Other'],
    ['a raw character outside ASCII', '&X=é'],
    ['a line break', '\r\nNamespace=Other'],
    ['a broken escape', '&X=%zz'],
    ['an escape that is cut off', '&X=%4'],
    ['an escape that is not UTF-8', '&X=%ff'],
    ['an escape of a surrogate', '&X=%ed%a0%80'],
    ['a list with a gap', '&MetricData.member.2.MetricName=a'],
    ['a list that starts at 0', '&MetricData.member.0.MetricName=a'],
    ['a number with a zero before it', '&MetricData.member.1.MetricName=a&MetricData.member.01.MetricName=b'],
    ['a list without its word', '&MetricData.1.MetricName=a'],
    ['a list with another word', '&MetricData.entry.1.MetricName=a'],
    ['a list that is empty and is not', '&MetricData=&MetricData.member.1.MetricName=a'],
    ['a list with a value', '&MetricData=a'],
    ['a structure with a value', '&MetricData.member.1=a'],
    ['a scalar with a part', '&Namespace.member.1=a'],
    ['an inner member in another case', '&MetricData.member.1.metricname=a'],
  ])('is refused with %s', (_, more) => {
    expect(put(START + more)).toEqual({
      ok: false,
      error: { code: 'SerializationException', message: expect.stringMatching(/^\S.*\.$/) },
    });
  });

  it.each(['utf-16', 'utf-7', 'iso-8859-1', 'utf-8; charset=utf-16'])('is refused in %s', (charset) => {
    expect(put(START, { type: `${FORM}; charset=${charset}` }).ok).toBe(false);
    expect(put(START, { type: `${FORM}; charset=utf-8` }).ok).toBe(true);
  });

  it('is refused where a query says the same again, ends in a fragment, or a GET has a body', () => {
    expect(put(START, { query: '?Namespace=Other' }).ok).toBe(false);
    expect(put('', { query: `?${START}#&X=1`, method: 'GET' }).ok).toBe(false);
    expect(put('Namespace=Other', { query: `?${START}`, method: 'GET' }).ok).toBe(false);
    expect(put('', { query: `?${START}`, method: 'GET' }).ok).toBe(true);
  });
});

describe('a form of STS, which is answered here', () => {
  it('counts the first of a parameter given twice, as AWS does', () => {
    const body = 'RoleArn=first&RoleArn=second&rolearn=third&x[]=1';
    expect(decodeInput(routeOf('sts', 'AssumeRole'), request({ body }))).toEqual({
      ok: true,
      value: { RoleArn: 'first' },
    });
  });
});

describe('a call in JSON', () => {
  const create = (target: string) =>
    decodeInput(routeOf('personalize', 'CreateCampaign'), request({ target, body: '{"name":"a"}' }));

  it('has nothing in its query but a signature', () => {
    expect(create('/?X-Amz-Date=20260101T000000Z&X-Amz-Signature=0').ok).toBe(true);
    expect(create('/?X-Amz-Target=AmazonPersonalize.DeleteCampaign').ok).toBe(false);
    expect(create('/?name=b').ok).toBe(false);
  });

  it('is read in UTF-8 only', () => {
    const headers = [['content-type', 'application/x-amz-json-1.1; charset=utf-7']] as const;
    const utf7 = request({ headers, body: '{"name":"a","+AG4AYQBtAGU-":"b"}' });
    expect(decodeInput(routeOf('personalize', 'CreateCampaign'), utf7).ok).toBe(false);
  });
});
