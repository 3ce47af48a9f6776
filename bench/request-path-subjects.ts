import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import aws4 from 'aws4';
import { createMetrics } from '../src/admin/metrics.ts';
import type { Routed } from '../src/calls/service.ts';
import { tagLookup } from '../src/context-keys/resource-tags.ts';
import type { Directory } from '../src/directory/directory.ts';
import { readDirectoryInput } from '../src/directory/read-directory.ts';
import type { AwsError } from '../src/lib/errors.ts';
import type { HttpRequest } from '../src/lib/http-message.ts';
import { accountId } from '../src/lib/identifiers.ts';
import type { MaybePromise } from '../src/lib/maybe-promise.ts';
import { ok, type Result } from '../src/lib/result.ts';
import { authenticate } from '../src/pipeline/authenticate.ts';
import { decideChecks } from '../src/pipeline/decide-checks.ts';
import { decodeCall } from '../src/pipeline/decode-input.ts';
import { resolveChecks } from '../src/pipeline/resolve-checks.ts';
import { createRouter } from '../src/pipeline/router.ts';
import { createPipeline, type Pipeline } from '../src/pipeline/run.ts';
import { DecisionLog } from '../src/records/decision-log.ts';
import { newId } from '../src/records/new-id.ts';
import { SERVICES } from '../src/services/services.ts';
import { createOneTimeCodes } from '../src/sessions/one-time-code.ts';
import { randomSessionKey } from '../src/sessions/session-key.ts';
import { type CredentialIssuer, createCredentialIssuer } from '../src/sessions/temporary-credentials.ts';

const ACCOUNT = accountId('123456789012');
const REGION = 'us-east-1';
const ALICE = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const BOB = { accessKeyId: 'AKIALOCALBOB00000000', secretAccessKey: 'local-only-secret-of-bob' };

const shipped = (name: string): unknown =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../policies/${name}.json`, import.meta.url)), 'utf8'));

/** Three policies for each caller, as an account has them: actions by wildcard and by name, and conditions. */
const POLICIES = {
  'read-only': shipped('personalize-read-only'),
  'get-recommendations': shipped('get-recommendations'),
  'by-date-and-address': {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'personalize:GetRecommendations',
        Resource: `arn:aws:personalize:${REGION}:${ACCOUNT}:campaign/shop`,
        Condition: {
          IpAddress: { 'aws:SourceIp': ['127.0.0.0/8', '::1/128'] },
          DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' },
          DateLessThan: { 'aws:CurrentTime': '2130-01-01T00:00:00Z' },
        },
      },
    ],
  },
};

/** Signed requests, and the pipeline that they pass, with a responder that returns at once. */
export interface Subjects {
  readonly pipeline: Pipeline<undefined>;
  readonly allowed: HttpRequest;
  readonly allowedBySession: HttpRequest;
  readonly denied: HttpRequest;
  /** The same call with a body of 100 kB. */
  readonly large: HttpRequest;
  /** Runs the stage of authentication alone. */
  readonly verifier: (request: HttpRequest) => () => void;
  /** Runs the stages that resolve and decide the checks of a call that was decoded before. */
  readonly decider: (request: HttpRequest) => () => void;
}

/** @param others principals besides the callers, each with three policies of its own */
export async function subjects(others = 0): Promise<Subjects> {
  const names = Array.from({ length: others }, (_, index) => `other-${index}`);
  const managedPolicies = Object.keys(POLICIES);
  const own = (name: string): readonly string[] => [0, 1, 2].map((index) => `${name}-${index}`);
  const directory = await readDirectoryInput({
    account: ACCOUNT,
    partition: 'aws',
    principals: {
      users: {
        alice: { managedPolicies, accessKeys: [{ id: ALICE.accessKeyId, secret: ALICE.secretAccessKey }] },
        bob: { managedPolicies, accessKeys: [{ id: BOB.accessKeyId, secret: BOB.secretAccessKey }] },
        ...Object.fromEntries(names.map((name) => [name, { managedPolicies: own(name) }])),
      },
    },
    policies: {
      ...POLICIES,
      ...Object.fromEntries(names.flatMap(own).map((name) => [name, POLICIES['get-recommendations']])),
    },
  });
  if (!directory.ok) throw new Error(JSON.stringify(directory.error));
  const sessionKey = randomSessionKey();
  const credentials = createCredentialIssuer({ sessionKey: () => sessionKey });
  const alice = directory.value.users.get('alice');
  if (alice === undefined) throw new Error('there is no alice');
  const now = Date.now();
  const session = await credentials.issue({
    kind: 'SessionToken',
    accountId: ACCOUNT,
    holder: { name: alice.name, id: alice.id },
    issuedAt: now,
    expiresAt: now + 3_600_000,
  });
  const metrics = createMetrics(() => 0);
  const answer = ok({ status: 200, headers: { 'content-type': 'application/json' }, body: '{}' });
  const pipeline = createPipeline<undefined>({
    services: SERVICES,
    settings: () => ({
      mode: 'enforce',
      region: REGION,
      clockSkewMinutes: 15,
      undocumentedChecks: 'report',
    }),
    directory: () => directory.value,
    log: new DecisionLog(),
    clock: () => Date.now(),
    monotonicClock: () => performance.now(),
    newId,
    credentials,
    oneTimeCodes: createOneTimeCodes(),
    resourceTags: { where: 'here', read: () => undefined },
    respond: async () => answer,
    onRecord: metrics.observe,
  });
  const call = { campaignArn: `arn:aws:personalize:${REGION}:${ACCOUNT}:campaign/shop`, userId: '42' };
  const context = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`KEY_${index}`, 'x'.repeat(1_000)]),
  );
  const small = { ...call, numResults: 25, context: { DEVICE: 'mobile', PAGE: 'start', WHEN: 'evening' } };
  return {
    pipeline,
    ...stages(directory.value, credentials),
    allowed: recommendations(small, ALICE),
    allowedBySession: recommendations(small, session),
    denied: createSchema(BOB),
    large: recommendations({ ...call, context }, ALICE),
  };
}

function stages(directory: Directory, credentials: CredentialIssuer): Pick<Subjects, 'verifier' | 'decider'> {
  const route = createRouter(SERVICES);
  const deps = {
    directory,
    credentials,
    oneTimeCodes: createOneTimeCodes(),
    region: REGION,
    clockSkewMinutes: 15,
    headOnly: false,
  };
  const routed = (request: HttpRequest): Routed => {
    const found = route(request);
    if (!found.ok) throw new Error(found.error.error.message);
    return { request, requestId: 'r', decisionId: 'd', receivedAt: Date.now(), route: found.value };
  };
  const tags = tagLookup({ where: 'here', read: () => undefined });
  return {
    verifier: (request) => {
      const call = routed(request);
      return () => void done(authenticate(call, deps));
    },
    decider: (request) => {
      const decoded = done(decodeCall(done(authenticate(routed(request), deps)), deps));
      return () => {
        const checks = done(resolveChecks(decoded, { directory, region: REGION, tags, services: SERVICES }));
        const { refusal } = decideChecks({ ...decoded, ...checks }, directory, 'report');
        if (refusal !== undefined) throw new Error('the call was denied');
      };
    },
  };
}

function done<Value>(result: MaybePromise<Result<Value, AwsError>>): Value {
  if (result instanceof Promise) throw new Error('a stage waits');
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

type Credentials = Parameters<typeof aws4.sign>[1];

const recommendations = (input: object, credentials: Credentials): HttpRequest =>
  signed('/recommendations', { 'content-type': 'application/json' }, input, credentials);

const createSchema = (credentials: Credentials): HttpRequest =>
  signed(
    '/',
    { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonPersonalize.CreateSchema' },
    { name: 'shop', schema: '{"type":"record","name":"Interactions","fields":[]}' },
    credentials,
  );

/** As the AWS SDK for JavaScript sends it. */
function signed(
  path: string,
  protocol: Readonly<Record<string, string>>,
  input: object,
  credentials: Credentials,
): HttpRequest {
  const body = Buffer.from(JSON.stringify(input));
  const headers = {
    ...protocol,
    host: '127.0.0.1:7377',
    'content-length': String(body.length),
    'x-amz-user-agent': 'aws-sdk-js/3.1138.0',
    'amz-sdk-invocation-id': '1e7a4cd6-8d3c-4a0e-9b7e-1d2f3a4b5c6d',
    'amz-sdk-request': 'attempt=1; max=3',
  };
  const request = { method: 'POST', path, service: 'personalize', region: REGION, headers, body };
  const sent = aws4.sign(request, { ...credentials });
  return {
    method: 'POST',
    target: path,
    headers: Object.entries({
      ...sent.headers,
      'user-agent': 'aws-sdk-js/3.1138.0',
      connection: 'keep-alive',
    }),
    body,
    remoteAddress: '127.0.0.1',
    secure: false,
  };
}
