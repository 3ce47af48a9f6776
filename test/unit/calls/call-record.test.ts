import { expect, it } from 'vitest';
import { decisionRecord, type RecordSource } from '../../../src/calls/call-record.ts';
import type { DecidedCheck } from '../../../src/calls/service.ts';
import type { Caller } from '../../../src/directory/caller.ts';
import type { Session } from '../../../src/directory/session.ts';
import { compile } from '../../../src/engine/compile.ts';
import type { Decision } from '../../../src/engine/decision.ts';
import type { Principal } from '../../../src/engine/principal.ts';
import { accessKeyId, accountId, arnOf } from '../../../src/lib/identifiers.ts';
import { findOperation } from '../../../src/model/load.ts';
import type { PresentedCredential } from '../../../src/sigv4/credential.ts';

const ACCOUNT = accountId('123456789012');
const CAMPAIGN = arnOf(`arn:aws:personalize:us-east-1:${ACCOUNT}:campaign/shop`);

const operation = findOperation('personalize', 'DescribeCampaign');
if (!operation) throw new Error('the models have no DescribeCampaign');

const session: Session = {
  accessKeyId: accessKeyId('ASIAEXAMPLE000000000'),
  kind: 'AssumedRole',
  accountId: ACCOUNT,
  holder: { name: 'shop', id: 'AROAEXAMPLE' },
  sessionName: 'batch',
  issuedAt: Date.parse('2026-11-28T11:00:00Z'),
  expiresAt: Date.parse('2026-11-28T13:00:00Z'),
  policies: { inline: '{}', arns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
};

const ROLE_SESSION: Principal = {
  type: 'AssumedRole',
  arn: arnOf(`arn:aws:sts::${ACCOUNT}:assumed-role/shop/batch`),
  accountId: ACCOUNT,
  roleArn: arnOf(`arn:aws:iam::${ACCOUNT}:role/shop`),
  sessionName: 'batch',
};

const ALICE: Principal = {
  type: 'User',
  arn: arnOf(`arn:aws:iam::${ACCOUNT}:user/alice`),
  accountId: ACCOUNT,
  userName: 'alice',
};

const callerOf = (principal: Principal, more: Partial<Caller> = {}): Caller => ({
  principal,
  userId: 'AROAEXAMPLE:batch',
  tags: {},
  policySet: { identity: [] },
  policies: compile({ identity: [] }),
  ...more,
});

const credentialOf = (id: string): PresentedCredential => ({
  form: 'header',
  accessKeyId: accessKeyId(id),
  scope: { date: '20261128', region: 'us-east-1', service: 'personalize', terminator: 'aws4_request' },
  signedHeaders: ['host'],
  signature: '00',
  requestDate: { text: '20261128T120000Z', millis: 0 },
});

const decidedAs = (
  principal: Principal,
  decision: Decision,
  context: DecidedCheck['context'],
): DecidedCheck => ({
  question: {
    principal,
    action: 'personalize:DescribeCampaign',
    resource: CAMPAIGN,
    context: { get: () => undefined },
  },
  decision,
  context,
});

/** A call with fixed ids and a fixed time. */
const callOf = (caller: Caller, keyId: string, headers: readonly (readonly [string, string])[]) =>
  ({
    request: {
      method: 'POST',
      target: '/',
      headers,
      body: new Uint8Array(),
      remoteAddress: '127.0.0.1',
      secure: false,
    },
    requestId: 'request-1',
    decisionId: 'decision-1',
    receivedAt: Date.parse('2026-11-28T12:00:00Z'),
    route: { operation },
    caller,
    credential: credentialOf(keyId),
  }) satisfies RecordSource;

/** A JSON object of these members. */
const object = (...members: readonly string[]): string => `{${members.join(',')}}`;

it('writes the members of the record of an allowed call with a session in a fixed order', () => {
  const caller = callerOf(ROLE_SESSION, {
    session,
    vpcEndpoint: { id: 'vpce-1', vpc: 'vpc-1', account: ACCOUNT },
  });
  const allowed = decidedAs(
    ROLE_SESSION,
    {
      decision: 'allowed',
      layer: 'identity',
      determining: [{ policy: 'p', statement: 0, sid: 'S', file: 'policies/p.json', line: 3 }],
    },
    { 'aws:userid': 'AROAEXAMPLE:batch', 'aws:ResourceTag/team': 'ml', 'aws:ResourceAccount': ACCOUNT },
  );
  const record = decisionRecord(
    {
      ...callOf(caller, 'ASIAEXAMPLE000000000', [['User-Agent', 'test/1.0']]),
      decided: [allowed],
      decidedUndocumented: [allowed],
    },
    {
      mode: 'enforce',
      outcome: 'forwarded',
      parameters: { campaignArn: CAMPAIGN },
      answer: { status: 200 },
      durationMicros: 250,
    },
  );
  const check = `{"action":"personalize:DescribeCampaign","resource":"${CAMPAIGN}","decision":"allowed","layer":"identity","determining":[{"policy":"p","statement":0,"sid":"S","file":"policies/p.json","line":3}],"context":{"aws:userid":"AROAEXAMPLE:batch","aws:ResourceTag/team":"ml"}}`;
  expect(JSON.stringify(record)).toBe(
    object(
      '"id":"decision-1"',
      '"time":"2026-11-28T12:00:00.000Z"',
      '"mode":"enforce"',
      '"outcome":"forwarded"',
      '"principal":{"type":"AssumedRole","arn":"arn:aws:sts::123456789012:assumed-role/shop/batch","accountId":"123456789012","roleArn":"arn:aws:iam::123456789012:role/shop","sessionName":"batch"}',
      '"session":{"holder":"role/shop","issuedAt":"2026-11-28T11:00:00.000Z","policies":{"inline":"{}","arns":["arn:aws:iam::aws:policy/ReadOnlyAccess"]}}',
      `"request":{"id":"request-1","service":"personalize","operation":"DescribeCampaign","region":"us-east-1","accessKeyId":"ASIAEXAMPLE000000000","sourceIp":"127.0.0.1","vpcEndpointId":"vpce-1","userAgent":"test/1.0","parameters":{"campaignArn":"${CAMPAIGN}"}}`,
      `"checks":[${check}]`,
      `"undocumented":[${check}]`,
      '"answer":{"status":200}',
      '"durationMicros":250',
    ),
  );
});

it('writes the members of the record of a denied call in a fixed order', () => {
  const denied = decidedAs(
    ALICE,
    {
      decision: 'implicitDeny',
      layer: 'identity',
      determining: [],
      cause: 'the tags of the resource are not known',
    },
    { 'aws:userid': 'AIDAEXAMPLE', 'aws:SecureTransport': 'false' },
  );
  const record = decisionRecord(
    { ...callOf(callerOf(ALICE), 'AKIAEXAMPLE000000000', []), decided: [denied], decidedUndocumented: [] },
    {
      mode: 'enforce',
      outcome: 'denied',
      error: { message: 'not authorized', status: 400, code: 'AccessDeniedException' },
      durationMicros: 90,
    },
  );
  expect(JSON.stringify(record)).toBe(
    object(
      '"id":"decision-1"',
      '"time":"2026-11-28T12:00:00.000Z"',
      '"mode":"enforce"',
      '"outcome":"denied"',
      '"principal":{"type":"User","arn":"arn:aws:iam::123456789012:user/alice","accountId":"123456789012","userName":"alice"}',
      '"request":{"id":"request-1","service":"personalize","operation":"DescribeCampaign","region":"us-east-1","accessKeyId":"AKIAEXAMPLE000000000","sourceIp":"127.0.0.1"}',
      `"checks":[{"action":"personalize:DescribeCampaign","resource":"${CAMPAIGN}","decision":"implicitDeny","layer":"identity","determining":[],"cause":"the tags of the resource are not known","context":{"aws:userid":"AIDAEXAMPLE"}}]`,
      '"undocumented":[]',
      '"error":{"code":"AccessDeniedException","message":"not authorized","status":400}',
      '"durationMicros":90',
    ),
  );
});
