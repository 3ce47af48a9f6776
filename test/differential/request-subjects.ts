import aws4 from 'aws4';
import { encode } from 'cbor2';
import fc from 'fast-check';
import type { HttpRequest } from '../../src/lib/http-message.ts';
import { formatBasicDate } from '../../src/sigv4/request-date.ts';
import type { Document } from './line.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
export const NOW = Date.parse('2026-11-24T12:00:00.000Z');

const arn = (resource: string): string => `arn:aws:personalize:${REGION}:${ACCOUNT}:${resource}`;

/** A call of one operation, and what policies must be asked about it. */
export interface Subject {
  readonly service: 'personalize' | 'iam' | 'monitoring';
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly checks: readonly (readonly [action: string, resource: string])[];
  readonly requestTags?: Readonly<Record<string, string>>;
  /** The resource that is created has the tags of the request. */
  readonly creates?: true;
}

const json = (
  operation: string,
  input: object,
): Pick<Subject, 'service' | 'method' | 'path' | 'headers' | 'body'> => ({
  service: 'personalize',
  method: 'POST',
  path: '/',
  headers: {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AmazonPersonalize.${operation}`,
  },
  body: Buffer.from(JSON.stringify(input)),
});

const form = (text: string): Pick<Subject, 'method' | 'path' | 'headers' | 'body'> => ({
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  body: Buffer.from(text),
});

function createGroup(tags: Readonly<Record<string, string>>): Subject {
  const list = Object.entries(tags).map(([tagKey, tagValue]) => ({ tagKey, tagValue }));
  const resource = arn('dataset-group/shop');
  return {
    ...json('CreateDatasetGroup', { name: 'shop', ...(list.length > 0 && { tags: list }) }),
    checks: [
      ['personalize:CreateDatasetGroup', resource],
      ...(list.length > 0 ? [['personalize:TagResource', resource] as const] : []),
    ],
    requestTags: tags,
    creates: true,
  };
}

const LIST_METRICS = 'GraniteServiceVersion20100801';
const METRICS = [['cloudwatch:ListMetrics', '*']] as const;

const campaign = fc.constantFrom('shop', 'alice', 'other').map((name) => arn(`campaign/${name}`));

/** Calls in every protocol. */
export const subject: fc.Arbitrary<Subject> = fc.oneof(
  campaign.map((campaignArn) => ({
    ...json('DescribeCampaign', { campaignArn }),
    checks: [['personalize:DescribeCampaign', campaignArn] as const],
  })),
  fc
    .constantFrom<Readonly<Record<string, string>>>({}, { team: 'ml' }, { team: 'ads', owner: 'bob' })
    .map(createGroup),
  fc.constant({
    ...json('ListCampaigns', {}),
    checks: [['personalize:ListCampaigns', '*'] as const],
  }),
  campaign.map(
    (campaignArn): Subject => ({
      service: 'personalize',
      method: 'POST',
      path: '/recommendations',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ campaignArn, userId: '42', context: { DEVICE: 'mobile' } })),
      checks: [['personalize:GetRecommendations', campaignArn]],
    }),
  ),
  fc.constant<Subject>({
    service: 'iam',
    ...form('Action=GetUser&Version=2010-05-08&UserName=alice'),
    checks: [['iam:GetUser', `arn:aws:iam::${ACCOUNT}:user/alice`]],
  }),
  fc.constant<Subject>({
    service: 'monitoring',
    ...form('Action=ListMetrics&Version=2010-08-01&Namespace=shop'),
    checks: METRICS,
  }),
  fc.constant<Subject>({
    service: 'monitoring',
    method: 'POST',
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${LIST_METRICS}.ListMetrics`,
    },
    body: Buffer.from('{"Namespace":"shop"}'),
    checks: METRICS,
  }),
  fc.constant<Subject>({
    service: 'monitoring',
    method: 'POST',
    path: `/service/${LIST_METRICS}/operation/ListMetrics`,
    headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
    body: Buffer.from(encode({ Namespace: 'shop' })),
    checks: METRICS,
  }),
);

/** How a request is sent. */
export interface Sending {
  readonly form: 'header' | 'query';
  readonly now: number;
  /** Of the signature, to `now`. */
  readonly ageSeconds: number;
  readonly region: string;
  readonly remoteAddress: string;
  readonly secure: boolean;
  /** Headers that signers send beside those of the call. */
  readonly headers: Readonly<Record<string, string>>;
}

export const sending: fc.Arbitrary<Sending> = fc.record({
  form: fc.constantFrom('header', 'header', 'header', 'query'),
  now: fc.integer({ min: -3000, max: 3000 }).map((millis) => NOW + millis),
  ageSeconds: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(0, 0, 1, 299, -299) },
    { weight: 1, arbitrary: fc.constantFrom(301, -302, 86_400) },
  ),
  region: fc.oneof(
    { weight: 15, arbitrary: fc.constant(REGION) },
    { weight: 1, arbitrary: fc.constant('eu-west-1') },
  ),
  remoteAddress: fc.constantFrom('10.0.0.7', '::ffff:10.1.2.3', '192.0.2.1', '2001:db8::1'),
  secure: fc.boolean(),
  headers: fc.constantFrom<Readonly<Record<string, string>>>(
    {},
    { 'X-Amz-User-Agent': 'aws-sdk-js/3.0.0', 'amz-sdk-request': 'attempt=1; max=3' },
    { 'X-Note': '  two   blanks\tand a tab ' },
    { 'x-note': 'caf\u00e9' },
  ),
});

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The request as aws4 signs it. */
export function sign(call: Subject, how: Sending, credentials: Credentials): HttpRequest {
  const date = formatBasicDate(Math.floor(how.now / 1000) * 1000 - how.ageSeconds * 1000);
  const isQuery = how.form === 'query';
  const headers = { host: 'localhost:7377', ...call.headers, ...how.headers };
  const signed = aws4.sign(
    {
      method: call.method,
      path: isQuery ? `${call.path}?X-Amz-Date=${date}&X-Amz-Expires=300` : call.path,
      service: call.service,
      region: how.region,
      headers: isQuery ? headers : { ...headers, 'X-Amz-Date': date },
      body: call.body,
      ...(isQuery && { signQuery: true }),
    },
    { ...credentials },
  );
  const own = { 'User-Agent': 'shop/1.0', Connection: 'keep-alive' };
  return {
    method: call.method,
    target: signed.path ?? '',
    headers: Object.entries({ ...own, ...signed.headers }).map(([name, value]) => [name, String(value)]),
    body: call.body,
    remoteAddress: how.remoteAddress,
    secure: how.secure,
  };
}

type Change = (request: HttpRequest) => HttpRequest;

const CHANGES: readonly Change[] = [
  // Names are case-insensitive, and spaces around a value and repeated spaces are ignored.
  (request) => withHeaders(request, (name, value) => [name.toUpperCase(), value]),
  (request) =>
    withHeaders(request, (name, value) => [name, name.toLowerCase() === 'host' ? ` ${value}` : value]),
  (request) =>
    withHeaders(request, (name, value) => [
      name,
      name === 'amz-sdk-request' ? value.replace(' ', '   ') : value,
    ]),
  (request) => ({ ...request, headers: [...request.headers].reverse() }),
  (request) => ({ ...request, headers: [...request.headers, ['accept', '*/*']] }),
  (request) => ({ ...request, headers: [...request.headers, ['x-amz-meta-note', 'unsigned']] }),
  (request) => ({ ...request, headers: [...request.headers, ['X-Note', 'again']] }),
  (request) => ({ ...request, headers: [...request.headers, ['Host', 'other']] }),
  (request) => withHeaders(request, (name, value) => [name, name === 'host' ? 'other' : value]),
  (request) =>
    withHeaders(request, (name, value) => [
      name,
      name === 'Authorization' ? value.replace(/.$/, (last) => (last === '0' ? '1' : '0')) : value,
    ]),
  (request) => ({ ...request, target: request.target.replace(/(X-Amz-Signature=)./, '$1z') }),
  (request) => ({ ...request, headers: request.headers.filter(([name]) => name !== 'host') }),
  (request) => ({
    ...request,
    headers: request.headers.filter(([name]) => name.toLowerCase() !== 'x-amz-security-token'),
  }),
  (request) => ({ ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) }),
  (request) => ({
    ...request,
    headers: [...request.headers, ['x-amz-content-sha256', '0'.repeat(64)]],
  }),
];

/** A change of a signed request: some keep its signature valid, most do not. */
export const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Change>((request) => request) },
  { weight: 1, arbitrary: fc.constantFrom(...CHANGES) },
);

function withHeaders(
  request: HttpRequest,
  to: (name: string, value: string) => readonly [string, string],
): HttpRequest {
  return { ...request, headers: request.headers.map(([name, value]) => to(name, value)) };
}

const CONDITIONS: readonly Readonly<Record<string, Readonly<Record<string, string | string[]>>>>[] = [
  { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '2001:db8::/32'] } },
  { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/16' } },
  { DateGreaterThan: { 'aws:CurrentTime': '2026-11-24T12:00:00Z' } },
  { DateLessThanEquals: { 'aws:CurrentTime': '2026-11-24T12:00:00.5Z', 'aws:EpochTime': '1795521601' } },
  { NumericGreaterThanEquals: { 'aws:EpochTime': '1795521600' } },
  { DateLessThan: { 'aws:TokenIssueTime': '2026-11-24T11:59:30Z' } },
  { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } },
  { Null: { 'aws:MultiFactorAuthPresent': 'true' } },
  { Bool: { 'aws:SecureTransport': 'true' } },
  { StringLike: { 'aws:UserAgent': 'shop/*' } },
  { StringEquals: { 'aws:ResourceTag/team': 'ml' } },
  { StringNotEquals: { 'aws:ResourceTag/Team': '${aws:PrincipalTag/team}' } },
  { StringEquals: { 'aws:RequestTag/team': ['ml', 'ads'] } },
  { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } },
  { 'ForAnyValue:StringLike': { 'aws:TagKeys': ['own*'] } },
  { StringEquals: { 'aws:RequestedRegion': 'us-east-1', 'aws:PrincipalType': 'User' } },
  { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/*` } },
];

/** The identity-based policies of every caller of a set of requests. */
export const documents: fc.Arbitrary<readonly Document[]> = fc.array(
  fc.record({
    Version: fc.constant('2012-10-17'),
    Statement: fc.array(
      fc
        .record({
          Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Allow', 'Deny'),
          Action: fc.constantFrom(
            '*',
            'personalize:*',
            'personalize:Describe*',
            'personalize:GetRecommendations',
            ['iam:GetUser', 'cloudwatch:List*', 'personalize:Create*'],
          ),
          Resource: fc.constantFrom('*', arn('campaign/shop'), arn('*'), arn('campaign/${aws:username}')),
          Condition: fc.option(fc.constantFrom(...CONDITIONS), { nil: undefined, freq: 1 }),
        })
        .map(({ Condition, ...statement }) => ({ ...statement, ...(Condition && { Condition }) })),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  { minLength: 1, maxLength: 3 },
);
