import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ResourceTags } from '../../src/context-keys/resource-tags.ts';
import type { Directory } from '../../src/directory/directory.ts';
import { readDirectoryInput } from '../../src/directory/read-directory.ts';
import type { TemporaryCredentials } from '../../src/directory/session.ts';
import type { HttpRequest } from '../../src/lib/http-message.ts';
import { accountId } from '../../src/lib/identifiers.ts';
import { ok } from '../../src/lib/result.ts';
import { createPipeline } from '../../src/pipeline/run.ts';
import { DecisionLog } from '../../src/records/decision-log.ts';
import type { DecisionRecord } from '../../src/records/decision-record.ts';
import { newId } from '../../src/records/new-id.ts';
import { contextOf } from '../../src/records/recorded-context.ts';
import { SERVICES } from '../../src/services/services.ts';
import { createOneTimeCodes } from '../../src/sessions/one-time-code.ts';
import { randomSessionKey } from '../../src/sessions/session-key.ts';
import { createCredentialIssuer } from '../../src/sessions/temporary-credentials.ts';
import { runs } from '../property/runs.ts';
import type { Context, Document } from './line.ts';
import { evaluateNaively } from './naive-evaluator.ts';
import { signerOf } from './plain-signature.ts';
import {
  ACCOUNT,
  change,
  documents,
  NOW,
  REGION,
  type Sending,
  type Subject,
  sending,
  sign,
  subject,
} from './request-subjects.ts';

/*
 * The request path is fast because it caches: parsed credentials, signing keys, opened tokens, callers, compiled policies,
 * the last time and address. Here all of it is compared with steps that cache nothing and share no code with it: the
 * signature of the AWS page, the reference evaluator, and the context keys written out. Every set of policies is used for
 * many requests, with one set of credentials for all sets.
 */

const SETS = runs(400);
const ALLOW_ALL: Document = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};
const REQUESTS_A_SET = 30;
const SKEW_MINUTES = 5;

const ALICE = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const TAGS = { team: 'ml' };
const RESOURCE_TAGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [`arn:aws:personalize:${REGION}:${ACCOUNT}:campaign/shop`]: { team: 'ml' },
  [`arn:aws:personalize:${REGION}:${ACCOUNT}:campaign/other`]: { Team: 'ads' },
  [`arn:aws:iam::${ACCOUNT}:user/alice`]: TAGS,
};
const ISSUED = NOW - 60_000;
const MFA_AT = ISSUED - 5_000;

const sessionKey = randomSessionKey();
const issuer = createCredentialIssuer({ sessionKey: () => sessionKey });

/** The first of the callers, who are known. */
const KNOWN = 3;

interface Person {
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Milliseconds since the epoch; absent for long-term keys. */
  readonly expiresAt?: number;
  /** GetSessionToken without MFA: IAM cannot be called with it. */
  readonly isOnlyWithMfa?: true;
  /** The token is not the key's. */
  readonly isForeign?: true;
  readonly principal: string;
  /** The keys that follow from who calls. */
  readonly keys: Context;
}

async function people(directory: Directory): Promise<readonly Person[]> {
  const alice = directory.users.get('alice');
  const shop = directory.roles.get('shop');
  if (!alice || !shop) throw new Error('the directory lacks its principals');
  const ofUser = {
    'aws:PrincipalArn': alice.arn,
    'aws:PrincipalAccount': ACCOUNT,
    'aws:PrincipalType': 'User',
    'aws:userid': alice.id,
    'aws:username': 'alice',
    'aws:PrincipalTag/team': 'ml',
  };
  const session = (mfa: boolean, expiresAt: number) =>
    issuer.issue({
      kind: 'SessionToken',
      accountId: accountId(ACCOUNT),
      holder: { name: 'alice', id: alice.id },
      issuedAt: ISSUED,
      expiresAt,
      ...(mfa && { mfaAt: MFA_AT }),
    });
  const plain = ({ expiration: _, ...credentials }: TemporaryCredentials) => credentials;
  const later = NOW + 3_600_000;
  const ofSession = { ...ofUser, 'aws:TokenIssueTime': new Date(ISSUED).toISOString().replace('.000', '') };
  const ofRole = {
    'aws:PrincipalArn': shop.arn,
    'aws:PrincipalAccount': ACCOUNT,
    'aws:PrincipalType': 'AssumedRole',
    'aws:userid': `${shop.id}:batch`,
    'aws:TokenIssueTime': ofSession['aws:TokenIssueTime'],
    'aws:MultiFactorAuthPresent': 'false',
  };
  const role = await issuer.issue({
    kind: 'AssumedRole',
    accountId: accountId(ACCOUNT),
    holder: { name: 'shop', id: shop.id },
    sessionName: 'batch',
    issuedAt: ISSUED,
    expiresAt: later,
  });
  const withMfa = plain(await session(true, later));
  return [
    { credentials: ALICE, principal: alice.arn, keys: ofUser },
    {
      credentials: withMfa,
      principal: alice.arn,
      keys: { ...ofSession, 'aws:MultiFactorAuthPresent': 'true' },
    },
    {
      credentials: plain(role),
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/shop/batch`,
      keys: ofRole,
    },
    {
      credentials: plain(await session(false, NOW)),
      expiresAt: NOW,
      isOnlyWithMfa: true,
      principal: alice.arn,
      keys: { ...ofSession, 'aws:MultiFactorAuthPresent': 'false' },
    },
    // A key with the token of another, and a long-term key with a token.
    {
      credentials: { ...plain(role), sessionToken: withMfa.sessionToken },
      isForeign: true,
      principal: '',
      keys: {},
    },
    {
      credentials: { ...ALICE, sessionToken: withMfa.sessionToken },
      isForeign: true,
      principal: '',
      keys: {},
    },
    { credentials: { ...ALICE, secretAccessKey: 'another' }, principal: '', keys: {} },
  ];
}

async function directoryOf(set: readonly Document[]): Promise<Directory> {
  const policies = Object.fromEntries(set.map((document, index) => [`p${index}`, document]));
  const managedPolicies = Object.keys(policies);
  const trust = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' },
  };
  const read = await readDirectoryInput({
    account: ACCOUNT,
    partition: 'aws',
    principals: {
      users: {
        alice: {
          accessKeys: [{ id: ALICE.accessKeyId, secret: ALICE.secretAccessKey }],
          managedPolicies,
          tags: TAGS,
        },
      },
      roles: { shop: { trustPolicy: 'trust', managedPolicies } },
    },
    policies: { ...policies, trust },
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

/** What one request came to. */
interface Result {
  readonly record: DecisionRecord;
  readonly responded: boolean;
  readonly status: number;
}

function pipelineOf(current: () => Directory, clock: () => number, resourceTags: ResourceTags) {
  const log = new DecisionLog();
  let responded = false;
  const pipeline = createPipeline<undefined>({
    services: SERVICES,
    settings: () => ({
      mode: 'enforce',
      region: REGION,
      clockSkewMinutes: SKEW_MINUTES,
      undocumentedChecks: 'report',
    }),
    directory: current,
    log,
    clock,
    monotonicClock: () => 0,
    newId,
    credentials: issuer,
    oneTimeCodes: createOneTimeCodes(),
    resourceTags,
    respond: () => {
      responded = true;
      return ok({ status: 200, headers: {}, body: '' });
    },
  });
  return async (request: HttpRequest): Promise<Result> => {
    responded = false;
    const { status } = await pipeline.run(request, undefined);
    const record = log.at(log.newest);
    if (record === undefined) throw new Error('the request was not recorded');
    return { record, responded, status };
  };
}

/** Every key that the request has, but those of its one resource. */
function contextOfRequest(call: Subject, { now, remoteAddress, secure }: Sending, { keys }: Person): Context {
  const tags = Object.entries(call.requestTags ?? {});
  return {
    ...keys,
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:SourceIp': remoteAddress.replace('::ffff:', ''),
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:SecureTransport': String(secure),
    'aws:UserAgent': 'shop/1.0',
    'aws:RequestedRegion': REGION,
    'aws:ResourceAccount': ACCOUNT,
    ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    ...(tags.length > 0 && { 'aws:TagKeys': tags.map(([key]) => key) }),
  };
}

const resourceTagsOf = (call: Subject, resource: string): Readonly<Record<string, string>> =>
  (call.creates ? call.requestTags : RESOURCE_TAGS[resource]) ?? {};

/** The caller, by the plain signature; `undefined` where the request must be rejected. */
function callerOf(
  request: HttpRequest,
  call: Subject,
  how: Sending,
  all: readonly Person[],
): Person | undefined {
  const secrets = new Map(
    all.map(({ credentials }) => [credentials.accessKeyId, credentials.secretAccessKey]),
  );
  secrets.set(ALICE.accessKeyId, ALICE.secretAccessKey);
  const expected = {
    secrets,
    region: REGION,
    service: call.service,
    now: how.now,
    skewMinutes: SKEW_MINUTES,
  };
  const keyId = signerOf(request, expected);
  const token =
    request.headers.find(([name]) => name.toLowerCase() === 'x-amz-security-token')?.[1] ??
    new URL(request.target, 'http://localhost').searchParams.get('X-Amz-Security-Token') ??
    undefined;
  return all.find(
    ({ credentials, expiresAt, isForeign, isOnlyWithMfa }) =>
      !(isOnlyWithMfa && call.service === 'iam') &&
      !isForeign &&
      (expiresAt === undefined || how.now < expiresAt) &&
      credentials.accessKeyId === keyId &&
      credentials.sessionToken === token,
  );
}

it('decides and records every request as plain steps without caches do', {
  timeout: SETS * 2_000,
}, async () => {
  const all = await people(await directoryOf([]));
  let now = NOW;
  let directory = await directoryOf([]);
  const read = (arn: string) => RESOURCE_TAGS[arn];
  const paths = [
    pipelineOf(
      () => directory,
      () => now,
      { where: 'here', read },
    ),
    pipelineOf(
      () => directory,
      () => now,
      { where: 'upstream', read: async (arn) => read(arn) },
    ),
  ];
  const outcomes = new Map<string, number>();
  const request = fc.tuple(
    subject,
    sending,
    change,
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...all.slice(0, KNOWN)) },
      { weight: 1, arbitrary: fc.constantFrom(...all.slice(KNOWN)) },
    ),
    fc.constantFrom(...paths),
  );
  await fc.assert(
    fc.asyncProperty(
      documents,
      fc.array(request, { minLength: REQUESTS_A_SET, maxLength: REQUESTS_A_SET }),
      async (set, requests) => {
        directory = await directoryOf(set);
        for (const [call, how, changed, person, path] of requests) {
          now = how.now;
          const sent = changed(sign(call, how, person.credentials));
          const result = await path(sent);
          const caller = callerOf(sent, call, how, all);
          expectSame(result, { call, how, caller, set });
          const name = caller === undefined ? 'rejected' : `${how.form} ${result.record.outcome}`;
          outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
        }
      },
    ),
    // Few of the generated sets allow the call that IAM answers: this one does, whatever the seed.
    { numRuns: SETS, examples: [[[ALLOW_ALL], fc.sample(request, { numRuns: 100, seed: 1 })]] },
  );
  // Two ways that agree only on rejections would prove little.
  for (const name of [
    'rejected',
    'header forwarded',
    'header denied',
    'header answered',
    'query forwarded',
    'query denied',
  ])
    expect(outcomes.get(name), `${name}: ${JSON.stringify([...outcomes])}`).toBeGreaterThan(0);
});

interface Plain {
  readonly call: Subject;
  readonly how: Sending;
  readonly caller: Person | undefined;
  readonly set: readonly Document[];
}

function expectSame({ record, responded, status }: Result, { call, how, caller, set }: Plain): void {
  if (caller === undefined) {
    expect([record.outcome, record.checks, responded]).toEqual(['rejected', [], false]);
    expect(status).toBeGreaterThanOrEqual(400);
    return;
  }
  expect(record.outcome, JSON.stringify(record.error)).not.toBe('rejected');
  expect(record.principal?.arn).toBe(caller.principal);
  expect(record.request.accessKeyId).toBe(caller.credentials.accessKeyId);
  const identity = set.map((document, index) => ({ name: `p${index}`, document }));
  const verdicts = call.checks.map(([action, resource]) => {
    const tags = Object.entries(resourceTagsOf(call, resource));
    const context: Context = {
      ...contextOfRequest(call, how, caller),
      ...Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
    };
    const line = { principal: { arn: caller.principal }, action, resource, context, policies: { identity } };
    const recorded = record.checks.find((check) => check.action === action);
    if (recorded === undefined) throw new Error(`${action} was not checked`);
    // Tags of another server are known where a policy depends on them.
    const known = contextOf(record, recorded);
    for (const [key, value] of Object.entries(context))
      if (!key.startsWith('aws:ResourceTag/') || key in known)
        expect([key, known[key]]).toEqual([key, value]);
    expect([action, recorded.resource]).toEqual([action, resource]);
    const verdict = evaluateNaively(line);
    expect(`${recorded.decision} by ${recorded.layer}`, JSON.stringify(line)).toBe(verdict);
    return verdict;
  });
  const isAllowed = verdicts.every((verdict) => verdict.startsWith('allowed'));
  expect([record.outcome, responded]).toEqual([
    isAllowed ? (call.service === 'iam' ? 'answered' : 'forwarded') : 'denied',
    isAllowed,
  ]);
}
