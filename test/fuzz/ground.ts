import { type RunningProxy, startProxy } from '../../src/index.ts';
import { cloudTrailLine } from '../../src/records/cloudtrail.ts';
import { jsonCall, send, signatory } from '../e2e/exchange.ts';
import { callTargets, type Ground } from './calls.ts';
import { openFarEnd } from './far-end.ts';
import { fileFolder, fileTarget } from './files.ts';
import { framingTarget } from './framing.ts';
import { openReaders } from './readers.ts';
import { scriptTarget } from './scripts.ts';
import type { Target } from './targets.ts';
import { tokenTarget } from './tokens.ts';
import { chunkedTarget, xmlTarget } from './uploads.ts';

/** Everything that is fuzzed, and what of it this machine does not have. */
export interface Fuzzing extends AsyncDisposable {
  readonly targets: readonly Target[];
  readonly missing: readonly string[];
}

const ALICE = {
  accessKeys: [{ id: 'AKIALOCALFUZZALICE00', secret: 'local-only-secret-of-alice' }],
  inlinePolicies: ['everything'],
};

/** Allows everything but what is said to be another's: a reading that another reader has would pass. */
const EVERYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

const WORKER = { trustPolicy: 'trust', inlinePolicies: ['everything'] };

const TRUST = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'sts:AssumeRole' },
  ],
};

/** A proxy whose upstreams keep what they get, readers of it, and a folder for the commands. */
export async function openFuzzing(): Promise<Fuzzing> {
  await using opened = new AsyncDisposableStack();
  const farEnd = opened.use(await openFarEnd());
  let forwarded = 0;
  const proxy = await startProxy({
    onNotice: (notice) => {
      if (notice.kind === 'decision' && notice.record.outcome === 'forwarded') forwarded += 1;
    },
    principals: { users: { alice: ALICE }, roles: { worker: WORKER } },
    policies: { everything: EVERYTHING, trust: TRUST },
    upstream: farEnd.url,
    upstreamS3: farEnd.url,
    upstreamCloudwatch: farEnd.url,
  });
  opened.defer(() => proxy.close());
  const readers = opened.use(await openReaders());
  const folder = opened.use(await fileFolder(await filesOf(proxy)));
  farEnd.take();
  const ground: Ground = { proxy, farEnd, readers, forwardedRecords: () => forwarded };
  const targets = [
    ...callTargets(ground),
    framingTarget(ground),
    fileTarget(folder),
    await tokenTarget(proxy, farEnd),
    xmlTarget(ground),
    chunkedTarget(ground),
    scriptTarget(),
  ] as readonly Target[];
  const resources = opened.move();
  return { targets, missing: readers.missing, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

const TESTS = `tests:
  - name: alice reads
    principal: user/alice
    action: personalize:ListCampaigns
    expect: allow
`;

const ACCOUNT = {
  UserDetailList: [
    {
      UserName: 'carol',
      Path: '/',
      Arn: 'arn:aws:iam::123456789012:user/carol',
      UserPolicyList: [{ PolicyName: 'own', PolicyDocument: EVERYTHING }],
      AttachedManagedPolicies: [],
      GroupList: [],
      Tags: [{ Key: 'team', Value: 'shop' }],
    },
  ],
  GroupDetailList: [],
  RoleDetailList: [],
  Policies: [],
};

const QUESTION = {
  principal: 'user/alice',
  action: 'personalize:ListCampaigns',
  resource: '*',
  policies: { identity: [EVERYTHING] },
};

/** Logs with calls of a proxy, and what people write. */
async function filesOf(proxy: RunningProxy): Promise<Readonly<Record<string, string>>> {
  const alice = signatory(proxy, 'alice');
  for (const operation of ['ListCampaigns', 'ListSolutions', 'DescribeCampaign'])
    await (await send(alice, jsonCall(operation))).arrayBuffer();
  const records = proxy.decisions;
  return {
    'tests/shop.yaml': TESTS,
    'account.json': JSON.stringify(ACCOUNT, undefined, 2),
    'question.jsonl': `${JSON.stringify(QUESTION)}\n`,
    'decisions.jsonl': records.map((record) => `${JSON.stringify(record)}\n`).join(''),
    'cloudtrail.jsonl': records.map((record) => `${cloudTrailLine(record, () => undefined)}\n`).join(''),
  };
}
