import { gzipSync } from 'node:zlib';
import { encode } from 'cbor2';
import fc from 'fast-check';
import type { RunningProxy } from '../../src/index.ts';
import type { HttpRequest } from '../../src/lib/http-message.ts';
import { createRouter } from '../../src/pipeline/router.ts';
import { readS3Target } from '../../src/services/s3/target.ts';
import { SERVICES } from '../../src/services/services.ts';
import { signRequest } from '../../src/sigv4/verify.ts';
import { loadCodec } from '../../src/wire/cbor.ts';
import { decodeInput } from '../../src/wire/decode-input.ts';
import { exchange, type Signatory, signatory } from '../e2e/exchange.ts';
import { PERSONALIZE_OPERATIONS } from '../fixtures/personalize/operations.ts';
import { sampleInput } from '../fixtures/personalize/sample-input.ts';
import {
  CBOR_STRINGS,
  editsWith,
  FORM_STRINGS,
  HEADER_LINES,
  JSON_STRINGS,
  XML_STRINGS,
} from './arbitraries.ts';
import type { FarEnd, RawRequest } from './far-end.ts';
import { decodedMeaning, isSameMeaning, meaningOf } from './meaning.ts';
import type { Readers } from './readers.ts';
import { type Edit, edited, type Target, withinBound } from './targets.ts';

const route = createRouter(SERVICES);

/** What a call is made from. */
interface Plain {
  readonly service: 'personalize' | 'monitoring' | 's3' | 'sts';
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Latin-1: every byte can be written. */
  readonly body: string;
}

/** A call and what is done to it; `gzipped` before it is signed. */
export interface CallCase {
  readonly call: Plain;
  readonly body: readonly Edit[];
  readonly target: readonly Edit[];
  readonly gzipped: boolean;
  /** Edits of what was compressed. */
  readonly compressed: readonly Edit[];
  readonly signedLines: readonly string[];
  readonly unsignedLines: readonly string[];
  /** Edits of the Authorization header. */
  readonly authorization: readonly Edit[];
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const METRIC = {
  MetricName: 'm',
  Value: 1,
  Unit: 'Count',
  Timestamp: new Date(1_700_000_000_000),
  Dimensions: [{ Name: 'a', Value: 'b' }],
};
const LATIN1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const PERSONALIZE: readonly Plain[] = [...PERSONALIZE_OPERATIONS.values()].map((operation) => {
  const isTarget = operation.service.protocol === 'awsJson1.1';
  return {
    service: 'personalize',
    method: 'POST',
    target: operation.path,
    headers: isTarget
      ? {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AmazonPersonalize.${operation.name}`,
        }
      : { 'content-type': 'application/json' },
    body: JSON.stringify(sampleInput(operation)),
  };
});

const PUT_FORM =
  'Action=PutMetricData&Version=2010-08-01&Namespace=Shop&MetricData.member.1.MetricName=m&MetricData.member.1.Value=1&MetricData.member.1.Dimensions.member.1.Name=a&MetricData.member.1.Dimensions.member.1.Value=b&MetricData.member.2.MetricName=n&MetricData.member.2.Timestamp=2026-01-01T00%3A00%3A00Z';
const monitoring = (headers: Plain['headers'], body: string, target = '/'): Plain => ({
  service: 'monitoring',
  method: 'POST',
  target,
  headers,
  body,
});
const GRANITE = 'GraniteServiceVersion20100801';
const CLOUDWATCH: readonly Plain[] = [
  monitoring(FORM, PUT_FORM),
  monitoring(
    FORM,
    'Action=DescribeAlarms&Version=2010-08-01&AlarmNames.member.1=a&AlarmNames.member.2=b&MaxRecords=5',
  ),
  { service: 'monitoring', method: 'GET', target: `/?${PUT_FORM}`, headers: {}, body: '' },
  monitoring(
    { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `${GRANITE}.PutMetricData` },
    JSON.stringify({ Namespace: 'Shop', MetricData: [{ ...METRIC, Timestamp: 1_700_000_000 }] }),
  ),
  monitoring(
    { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
    LATIN1(encode({ Namespace: 'Shop', MetricData: [METRIC, METRIC] })),
    `/service/${GRANITE}/operation/PutMetricData`,
  ),
];

const s3 = (method: string, target: string, body = '', headers: Plain['headers'] = {}): Plain => ({
  service: 's3',
  method,
  target,
  headers,
  body,
});
const S3: readonly Plain[] = [
  s3('GET', '/b-1/folder/a%20b?versionId=null'),
  s3('GET', '/b-1/folder/key'),
  s3('PUT', '/b-1/folder/key', 'hello'),
  s3('GET', '/b-1?list-type=2&prefix=folder%2F&delimiter=%2F'),
  s3('PUT', '/b-1/copy', '', { 'x-amz-copy-source': '/b-1/folder/key' }),
  s3('POST', '/b-1?delete', '<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>', {
    'content-type': 'application/xml',
  }),
  s3('PUT', '/b-1/chunked', '5;chunk-signature=0000\r\nhello\r\n0;chunk-signature=0000\r\n\r\n', {
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '5',
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  }),
];
const STS: readonly Plain[] = [
  {
    service: 'sts',
    method: 'POST',
    target: '/',
    headers: FORM,
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  },
  {
    service: 'sts',
    method: 'POST',
    target: '/',
    headers: FORM,
    body: 'Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr&RoleSessionName=s&Tags.member.1.Key=a&Tags.member.1.Value=b',
  },
];

const lines = fc.array(fc.constantFrom(...HEADER_LINES), { maxLength: 2 });
const rarely = <Value>(arbitrary: fc.Arbitrary<readonly Value[]>): fc.Arbitrary<readonly Value[]> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant<readonly Value[]>([]) }, { weight: 1, arbitrary });

const callsOf = (calls: readonly Plain[], bodies: readonly string[]): fc.Arbitrary<CallCase> =>
  fc.record({
    call: fc.constantFrom(...calls),
    body: editsWith(bodies),
    target: rarely(
      editsWith(
        [
          '?',
          '/',
          '//',
          '/../',
          '%2e',
          '%2F',
          '\\',
          '#',
          ';',
          '&Action=ListMetrics',
          ...FORM_STRINGS.slice(0, 8),
        ],
        2,
      ),
    ),
    gzipped: fc.nat(4).map((drawn) => drawn === 0),
    compressed: rarely(editsWith(['\x08', '&Action=x\x00', '\x1f\x8b\x08\x00'], 2)),
    signedLines: rarely(lines),
    unsignedLines: rarely(lines),
    authorization: rarely(
      editsWith([',', ';', '=', '/', ' ', 'AWS4-HMAC-SHA256', 'SignedHeaders=host', 'x-amz-target;'], 2),
    ),
  });

export interface Ground {
  readonly proxy: RunningProxy;
  readonly farEnd: FarEnd;
  readonly readers: Readers;
  /** How many calls were recorded as forwarded since the start. */
  readonly forwardedRecords: () => number;
}

/** Signed calls of every protocol, edited before and after they are signed. */
export function callTargets(ground: Ground): readonly Target<CallCase>[] {
  const target = (name: string, calls: readonly Plain[], strings: readonly string[]): Target<CallCase> => ({
    name,
    cases: callsOf(calls, strings),
    check: (value) => checkCall(value, ground),
  });
  return [
    target('json', PERSONALIZE, JSON_STRINGS),
    target('cloudwatch', CLOUDWATCH, [...FORM_STRINGS, ...CBOR_STRINGS]),
    target('s3', S3, [
      ...XML_STRINGS,
      '5\r\nhello\r\n',
      ';chunk-signature=',
      'x-amz-checksum-crc32:AAAA\r\n',
    ]),
    target('sts', STS, FORM_STRINGS),
  ];
}

/** The bytes of a case, signed. */
export function bytesOf({ call, ...edits }: CallCase, { endpoint, region, credentials }: Signatory): Buffer {
  const plain = edited(Buffer.from(call.body, 'latin1'), edits.body);
  const body = edits.gzipped ? edited(gzipSync(plain), edits.compressed) : plain;
  const target = edits.target.length > 0 ? editedTarget(call.target, edits.target) : call.target;
  const added = Object.fromEntries(edits.signedLines.map((line) => line.split(': ', 2) as [string, string]));
  const { Authorization: _, Host: __, ...signable } = added;
  const headers = {
    host: new URL(endpoint).host,
    ...call.headers,
    ...(edits.gzipped && { 'content-encoding': 'gzip' }),
    ...signable,
    'content-length': String(body.length),
  };
  const request = { method: call.method, target, headers, body };
  const signed = signRequest(request, { ...credentials, region, service: call.service, now: Date.now() });
  const sent = Object.entries(signed).map(([name, value]) => {
    const isEdited = name.toLowerCase() === 'authorization';
    return `${name}: ${
      isEdited
        ? edited(Buffer.from(value), edits.authorization)
            .toString('latin1')
            .replace(/[\r\n]/g, '')
        : value
    }`;
  });
  const head = [`${call.method} ${target} HTTP/1.1`, ...sent, ...edits.unsignedLines, 'connection: close'];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

/** No signer knows a target with a blank, a line break or a broken escape: those are the matter of another target. */
function editedTarget(target: string, edits: readonly Edit[]): string {
  const text = `/${edited(Buffer.from(target), edits)
    .toString('latin1')
    .slice(1)
    .replace(/[^\x21-\x7e]/g, '')}`;
  try {
    decodeURIComponent(text);
    return text;
  } catch {
    return target;
  }
}

async function checkCall(value: CallCase, ground: Ground): Promise<void> {
  const bytes = bytesOf(value, signatory(ground.proxy, 'alice'));
  const answer = await withinBound('a call', exchange(ground.proxy.url, bytes));
  await checkExchange(answer, ground);
}

/** Failures of the proxy itself, or of an upstream that always answers. */
const FAILED = /^HTTP\/1\.1 (?:500|502|504) /;

/**
 * What must hold after one request: no failure, nothing forwarded without a record that says so, and what was forwarded
 * means the same to every reader as it did to the policies.
 */
export async function checkExchange(answer: string, { proxy, farEnd, readers }: Ground): Promise<void> {
  const forwarded = farEnd.take();
  if (FAILED.test(answer)) throw new Error(`the proxy failed: ${answer.slice(0, 2000)}`);
  const id = /^x-authz-decision: (.*)$/im.exec(answer)?.[1]?.trim();
  const record = proxy.decisions.find((each) => each.id === id);
  if (forwarded.length > 1) throw new Error(`one request was forwarded ${forwarded.length} times`);
  if ((record?.outcome === 'forwarded') !== (forwarded.length === 1))
    throw new Error(`${forwarded.length} forwarded, recorded as ${record?.outcome}`);
  for (const request of forwarded) {
    if (!record?.checks.every(({ decision }) => decision === 'allowed'))
      throw new Error('forwarded what was not allowed');
    await checkReadings(request, record.request.operation ?? '', readers);
  }
}

/** @throws where a reader reads anything but what was authorized */
export async function checkReadings(
  request: RawRequest,
  recorded: string,
  { readers }: Readers,
): Promise<void> {
  const received: HttpRequest = { ...request, remoteAddress: '127.0.0.1', secure: false };
  const routed = route(received);
  if (!routed.ok) throw new Error('what was forwarded cannot be routed again');
  const { operation, service, protocol } = routed.value;
  if (operation.name !== recorded) throw new Error(`${recorded} was authorized, ${operation.name} forwarded`);
  const readings = await Promise.all(
    readers.map(async ({ name, read }) => ({ name, reading: await read(request) })),
  );
  if (service.name === 's3') {
    const { bucket = '', key } = readS3Target(received) ?? {};
    const wanted = `/${bucket}${key === undefined ? '' : `/${key}`}`;
    for (const { name, reading } of readings)
      if (reading.path !== undefined && reading.path.replace(/\/$/, '') !== wanted.replace(/\/$/, ''))
        throw new Error(`${name} reads the path ${reading.path}, authorized was ${wanted}`);
    return;
  }
  await loadCodec(protocol);
  const decoded = decodeInput(routed.value, received);
  if (!decoded.ok) throw new Error(`what was forwarded is not read again: ${decoded.error.message}`);
  const authorized = decodedMeaning(operation.name, decoded.value, operation.input);
  for (const { name, reading } of readings) {
    if (reading.unreadable !== undefined) continue;
    // A member in another case counts for a reader that ignores case.
    for (const meaning of [meaningOf(reading), meaningOf(reading, true)])
      if (!isSameMeaning(JSON.parse(JSON.stringify(meaning)), JSON.parse(JSON.stringify(authorized))))
        throw new Error(
          `${name} reads ${JSON.stringify(meaning)}, authorized was ${JSON.stringify(authorized)}`,
        );
  }
}
