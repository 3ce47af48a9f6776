import type { RequestParameters } from './decision-log.ts';
import type { DecisionRecord, PrincipalRecord } from './decision-record.ts';
import { isAnonymous } from './recorded-context.ts';

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const EVENT_VERSION = '1.11';

/** The services as named in CloudTrail. */
const SOURCES: Readonly<Record<string, string>> = {
  personalize: 'personalize.amazonaws.com',
  'personalize-runtime': 'personalize.amazonaws.com',
  'personalize-events': 'personalize.amazonaws.com',
  sts: 'sts.amazonaws.com',
  iam: 'iam.amazonaws.com',
  s3: 's3.amazonaws.com',
  cloudwatch: 'monitoring.amazonaws.com',
};

/** Services whose operations are data events. */
const DATA_SERVICES: ReadonlySet<string> = new Set(['personalize-runtime', 'personalize-events', 's3']);

const READ_ONLY = /^(?:Get|List|Describe|Head|Simulate|Decode)/;

/**
 * A decision as a line of a CloudTrail log. The record, with the checks and the statements that decided, is in
 * `additionalEventData.decision`, so that readers of decision logs can read these lines too. The input of the call is in
 * `requestParameters` alone.
 */
export function cloudTrailLine(record: DecisionRecord, parameters: RequestParameters): string {
  const { request, error, time, id, principal, checks } = record;
  const { service = '', operation = '' } = request;
  const isData = DATA_SERVICES.has(service);
  const accountId = principal?.accountId ?? accountIn(checks[0]?.resource ?? '');
  return JSON.stringify({
    eventVersion: EVENT_VERSION,
    userIdentity: userIdentity(record),
    eventTime: inSeconds(time),
    eventSource: SOURCES[service] ?? `${service || 'unknown'}.amazonaws.com`,
    eventName: operation,
    awsRegion: request.region ?? 'us-east-1',
    sourceIPAddress: request.sourceIp,
    userAgent: request.userAgent,
    ...(error && { errorCode: error.code, errorMessage: error.message }),
    requestParameters: parameters() ?? null,
    responseElements: null,
    additionalEventData: { decision: { ...record, request: withoutParameters(request) } },
    requestID: request.id,
    eventID: id,
    readOnly: READ_ONLY.test(operation),
    resources: resourcesOf(record),
    eventType: 'AwsApiCall',
    managementEvent: !isData,
    recipientAccountId: accountId,
    eventCategory: isData ? 'Data' : 'Management',
  });
}

const withoutParameters = ({ parameters: _, ...request }: DecisionRecord['request']) => request;

type Identity = Readonly<Record<string, unknown>>;

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
function userIdentity(record: DecisionRecord): Identity {
  const { principal, request } = record;
  const { accessKeyId } = request;
  if (principal === undefined) return unnamedIdentity(record);
  return {
    type: principal.type === 'User' ? 'IAMUser' : principal.type,
    principalId: keyOf(record, 'aws:userid'),
    arn: principal.arn,
    accountId: principal.accountId,
    accessKeyId,
    ...(principal.type === 'User' && { userName: principal.userName }),
    ...(record.session && { sessionContext: sessionContext(record, principal, record.session) }),
    ...(accessKeyId === undefined && { invokedBy: request.sourceIp }),
  };
}

/** A web identity that requests a role, an anonymous caller, or a request that was rejected before authentication. */
function unnamedIdentity(record: DecisionRecord): Identity {
  const { checks } = record;
  const provider = keyOf(record, 'aws:FederatedProvider');
  if (checks[0] && isAnonymous(record, checks[0]))
    return { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' };
  if (provider === undefined) return { type: 'Unknown', accessKeyId: record.request.accessKeyId };
  const subject = keyOf(record, 'aws:userid');
  return {
    type: 'WebIdentityUser',
    principalId: `${provider}:${subject}`,
    userName: subject,
    identityProvider: provider,
  };
}

function sessionContext(
  record: DecisionRecord,
  { type, accountId, roleArn, arn }: PrincipalRecord,
  { holder, issuedAt }: NonNullable<DecisionRecord['session']>,
): Identity {
  const [, name = ''] = holder.split('/');
  const [principalId] = String(keyOf(record, 'aws:userid') ?? '').split(':');
  const isRole = type === 'AssumedRole';
  const user = type === 'User' ? arn : `arn:${arn.split(':')[1]}:iam::${accountId}:user/${name}`;
  const provider = keyOf(record, 'aws:FederatedProvider');
  return {
    ...(type !== 'User' && {
      sessionIssuer: {
        type: isRole ? 'Role' : 'IAMUser',
        ...(isRole && principalId && { principalId }),
        arn: isRole ? roleArn : user,
        accountId,
        userName: name,
      },
    }),
    ...(provider !== undefined && { webIdFederationData: { federatedProvider: provider, attributes: {} } }),
    attributes: {
      creationDate: inSeconds(issuedAt),
      mfaAuthenticated: String(keyOf(record, 'aws:MultiFactorAuthPresent') === 'true'),
    },
  };
}

function resourcesOf({ checks }: DecisionRecord): readonly Identity[] | undefined {
  const arns = new Set(
    checks.map(({ resource }) => resource).filter((resource) => resource.startsWith('arn:')),
  );
  if (arns.size === 0) return undefined;
  return [...arns].map((arn) => ({ ARN: arn, ...(accountIn(arn) && { accountId: accountIn(arn) }) }));
}

const accountIn = (arn: string): string | undefined => arn.split(':')[4] || undefined;

const keyOf = ({ checks }: DecisionRecord, key: string) => checks[0]?.context?.[key];

const inSeconds = (time: string): string => time.replace(/\.\d+Z$/, 'Z');
