import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Question } from '../../calls/service.ts';
import { tagLookup } from '../../context-keys/resource-tags.ts';
import type { Directory } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import { policiesFor } from '../../directory/policies-for.ts';
import { decide } from '../../engine/decide.ts';
import { accountId, arnOf } from '../../lib/identifiers.ts';
import { parseJson } from '../../lib/parse-json.ts';
import { modelSpelling } from '../../records/cloudtrail-parameters.ts';
import type { CheckRecord, DecisionRecord, PrincipalRecord } from '../../records/decision-record.ts';
import { keysToRecord, TOLD_BY_RECORD } from '../../records/recorded-context.ts';
import { callQuestions, operationNamed } from '../simulate/call-checks.ts';

/** What AWS's own CloudTrail records have of the calls of this proxy's services. */
export interface CloudTrailCalls {
  readonly records: readonly DecisionRecord[];
  /** Records that cannot be used, counted by reason. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const EVENT = z.looseObject({
  eventID: z.string(),
  eventTime: z.iso.datetime(),
  eventSource: z.string(),
  eventName: z.string(),
  awsRegion: z.string(),
  sourceIPAddress: z.string(),
  userAgent: z.string().nullish(),
  errorCode: z.string().nullish(),
  errorMessage: z.string().nullish(),
  requestParameters: z.record(z.string(), z.unknown()).nullish(),
  userIdentity: z.looseObject({
    type: z.string(),
    arn: z.string().nullish(),
    accountId: z.string().nullish(),
    userName: z.string().nullish(),
    sessionContext: z
      .looseObject({ sessionIssuer: z.looseObject({ arn: z.string().nullish() }).nullish() })
      .nullish(),
  }),
});

type Event = z.infer<typeof EVENT>;

const SOURCES = /^(?:personalize|sts|iam|monitoring)\.amazonaws\.com$/;
const DENIED = /^(?:AccessDenied|AccessDeniedException|Client\.UnauthorizedOperation)$/;

/**
 * Reads a log file of CloudTrail (`{"Records": […]}`, gzip too) as recorded calls: the checks of each call follow from its
 * operation and parameters, as for a call of this proxy.
 */
export function readCloudTrail(bytes: Uint8Array, directory: Directory): CloudTrailCalls {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = Buffer.from(isGzip ? gunzipSync(bytes) : bytes).toString('utf8');
  const { Records } = z.object({ Records: z.array(z.unknown()) }).parse(parseJson(text));
  const skipped = new Map<string, number>();
  const records = Records.flatMap((value) => {
    const found = recordOf(value, directory);
    if (typeof found !== 'string') return [found];
    skipped.set(found, (skipped.get(found) ?? 0) + 1);
    return [];
  });
  return { records, skipped };
}

/** The call, or why it cannot be used. */
function recordOf(value: unknown, directory: Directory): DecisionRecord | string {
  const parsed = EVENT.safeParse(value);
  if (!parsed.success) return 'not a record of an API call';
  const event = parsed.data;
  if (!SOURCES.test(event.eventSource))
    return `a call of ${event.eventSource}, whose parameters are not read`;
  const operation = operationNamed(event.eventName);
  if (operation === undefined) return `${event.eventName} is not an operation of a supported service`;
  const principal = principalOf(event);
  if (principal === undefined) return `a caller of type ${event.userIdentity.type}`;
  const isDenied = DENIED.test(event.errorCode ?? '');
  if (event.errorCode && !isDenied) return `a call that failed (${event.errorCode})`;
  const caller = findCaller(directory, principal.roleArn ?? principal.arn);
  if (!caller.ok) return `${principal.roleArn ?? principal.arn} is not in the folder`;
  const questions = callQuestions({
    directory,
    caller: caller.value,
    operation,
    input: modelSpelling(event.requestParameters ?? {}, operation.input) as Readonly<Record<string, unknown>>,
    region: event.awsRegion,
    now: Date.parse(event.eventTime),
    tags: tagLookup({ where: 'here', read: () => undefined }),
    context: {},
    allowUnknown: true,
  });
  if (!questions.ok) return `${event.eventName} without the parameters that name its resources`;
  const deps = { time: event.eventTime, principal, request: requestOf(event) };
  const checkOf = (question: Question): CheckRecord => ({
    action: question.action,
    resource: question.resource,
    // A call that passed passed all of its checks; of a denied one, the policies of the folder say which failed.
    ...(isDenied
      ? decide(question, policiesFor(question, caller.value, directory))
      : { decision: 'allowed', layer: 'identity', determining: [] }),
    context: keysToRecord(question.context.known(TOLD_BY_RECORD), deps, question.resource),
  });
  return {
    ...deps,
    id: event.eventID,
    mode: 'enforce',
    outcome: isDenied ? 'denied' : 'forwarded',
    checks: questions.value.checks.map(checkOf),
    undocumented: [],
    durationMicros: 0,
  };
}

function principalOf({ userIdentity }: Event): PrincipalRecord | undefined {
  const { type, arn, accountId: account, userName, sessionContext } = userIdentity;
  if (!arn || !account) return undefined;
  const identity = { arn: arnOf(arn), accountId: accountId(account) };
  if (type === 'IAMUser' && userName) return { type: 'User', ...identity, userName };
  const roleArn = sessionContext?.sessionIssuer?.arn;
  if (type !== 'AssumedRole' || !roleArn) return undefined;
  return {
    type: 'AssumedRole',
    ...identity,
    roleArn: arnOf(roleArn),
    sessionName: arn.split('/').at(-1) ?? '',
  };
}

function requestOf(event: Event): DecisionRecord['request'] {
  return {
    id: event.eventID,
    service: event.eventSource.split('.')[0] ?? '',
    operation: event.eventName,
    region: event.awsRegion,
    sourceIp: event.sourceIPAddress,
    ...(event.userAgent && { userAgent: event.userAgent }),
  };
}
