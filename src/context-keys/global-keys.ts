import type { Session } from '../directory/session.ts';
import { PRINCIPAL_TYPES } from '../engine/principal.ts';
import type { ContextValue } from '../engine/request.ts';
import { formatArn, parseArn } from '../lib/arn.ts';
import { parseAddress, plainAddress } from '../lib/cidr.ts';
import { formatTime } from '../lib/date-text.ts';
import { type HttpRequest, header } from '../lib/http-message.ts';
import { memoizeFor } from '../lib/memoize.ts';
import type { CheckFacts, ContextFacts, Tags } from './context-facts.ts';

type Source = (facts: ContextFacts, check: CheckFacts) => ContextValue | undefined;

/** For a role session, `aws:PrincipalArn` is the role, not the session. */
function principalArn({ principal }: ContextFacts): string | undefined {
  if (principal.type === 'AssumedRole') return principal.roleArn;
  return 'arn' in principal ? principal.arn : undefined;
}

const accountOf = ({ principal }: ContextFacts): string | undefined =>
  'accountId' in principal ? principal.accountId : undefined;

/** Absent for long-term keys and for federated identities, which cannot provide MFA. */
function mfaPresent({ session }: ContextFacts): string | undefined {
  if (session === undefined || session.kind === 'FederatedUser' || session.federation) return undefined;
  return String(session.mfaAt !== undefined);
}

/** In whole seconds; the requests of a session share it. */
const tokenIssueTime = memoizeFor(({ issuedAt }: Session): string =>
  new Date(issuedAt).toISOString().replace(/\.\d+Z$/, 'Z'),
);

const wholeSeconds = (millis: number): string => String(Math.max(0, Math.floor(millis / 1000)));

function vpcArn({ principal, region, vpcEndpoint }: ContextFacts): string | undefined {
  if (vpcEndpoint === undefined) return undefined;
  const partition = 'arn' in principal ? parseArn(principal.arn)?.partition : undefined;
  if (partition === undefined) return undefined;
  const { account, vpc } = vpcEndpoint;
  return formatArn({ partition, service: 'ec2', region, account, resource: `vpc/${vpc}` });
}

/** An account has one path in its organization; the key is multi-valued all the same. */
const pathsOf = ({ organization }: ContextFacts): readonly string[] | undefined =>
  organization?.path === undefined ? undefined : [organization.path];

/** A fact of the caller's own account, if that is the account in question; unknown for others. */
const ofOwn = <Value>(
  facts: ContextFacts,
  account: string | undefined,
  value: Value | undefined,
): Value | undefined => (account !== undefined && account === accountOf(facts) ? value : undefined);

const AWS_SERVICE = /^[a-z][a-z0-9-]*\.amazonaws\.com$/;

/** Addresses as policies write them: few distinct clients call, and reading one costs as much as a decision. */
const addresses = new Map<string, string>();
const MOST_ADDRESSES = 1000;

function sourceIp({ remoteAddress }: Pick<HttpRequest, 'remoteAddress'>): string {
  const known = addresses.get(remoteAddress);
  if (known !== undefined) return known;
  const address = readAddress(remoteAddress);
  if (addresses.size >= MOST_ADDRESSES) addresses.clear();
  addresses.set(remoteAddress, address);
  return address;
}

/** @throws if a proxy sends an invalid address: whether it is in a range cannot be decided */
function readAddress(remoteAddress: string): string {
  const address = plainAddress(remoteAddress);
  // If a service calls, its name replaces the address, and is in no range.
  if (parseAddress(address) === undefined && !AWS_SERVICE.test(address))
    throw new Error(`invalid client address "${address}"`);
  return address;
}

/**
 * The global condition keys of a signed request. Keys that AWS omits are absent: `aws:MultiFactorAuthPresent` is
 * absent, not false, for long-term keys.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export const GLOBAL_KEYS: Readonly<Record<string, Source>> = {
  'aws:PrincipalArn': principalArn,
  'aws:PrincipalAccount': (facts) => (facts.principal.type === 'Anonymous' ? 'anonymous' : accountOf(facts)),
  'aws:PrincipalOrgID': ({ organization }) => organization?.id,
  'aws:PrincipalOrgPaths': pathsOf,
  'aws:PrincipalType': ({ principal }) => PRINCIPAL_TYPES[principal.type],
  'aws:PrincipalIsAWSService': () => 'false',
  'aws:userid': ({ userId }) => userId,
  'aws:username': ({ principal }) => (principal.type === 'User' ? principal.userName : undefined),
  'aws:MultiFactorAuthPresent': mfaPresent,
  'aws:MultiFactorAuthAge': ({ session, receivedAt }) =>
    session?.mfaAt === undefined ? undefined : wholeSeconds(receivedAt - session.mfaAt),
  'aws:TokenIssueTime': ({ session }) => session && tokenIssueTime(session),
  'aws:SourceIdentity': ({ session }) => session?.sourceIdentity,
  'aws:FederatedProvider': ({ session }) => session?.federation?.provider,
  // Through a VPC endpoint, the address is in aws:VpcSourceIp, and only such calls have the endpoint's keys.
  'aws:SourceIp': ({ request, vpcEndpoint }) => (vpcEndpoint ? undefined : request && sourceIp(request)),
  'aws:VpcSourceIp': ({ request, vpcEndpoint }) => vpcEndpoint && request && sourceIp(request),
  'aws:SourceVpce': ({ vpcEndpoint }) => vpcEndpoint?.id,
  'aws:SourceVpc': ({ vpcEndpoint }) => vpcEndpoint?.vpc,
  'aws:SourceVpcArn': vpcArn,
  'aws:VpceAccount': ({ vpcEndpoint }) => vpcEndpoint?.account,
  'aws:VpceOrgID': (facts) => ofOwn(facts, facts.vpcEndpoint?.account, facts.organization?.id),
  'aws:VpceOrgPaths': (facts) => ofOwn(facts, facts.vpcEndpoint?.account, pathsOf(facts)),
  'aws:CurrentTime': ({ receivedAt }) => formatTime(receivedAt),
  'aws:EpochTime': ({ receivedAt }) => String(Math.floor(receivedAt / 1000)),
  'aws:SecureTransport': ({ request, secure = request?.secure }) =>
    secure === undefined ? undefined : String(secure),
  'aws:UserAgent': ({ request }) => request && header(request, 'user-agent'),
  'aws:Referer': ({ request }) => request && header(request, 'referer'),
  'aws:RequestedRegion': ({ region }) => region,
  'aws:ViaAWSService': () => 'false',
  'aws:TagKeys': ({ tagKeys }) => tagKeys,
  'aws:ResourceAccount': (_, { resourceAccount }) => resourceAccount,
  'aws:ResourceOrgID': (facts, { resourceAccount }) => ofOwn(facts, resourceAccount, facts.organization?.id),
  'aws:ResourceOrgPaths': (facts, { resourceAccount }) => ofOwn(facts, resourceAccount, pathsOf(facts)),
};

type TagSource = (facts: ContextFacts, check: CheckFacts, purpose: 'decide' | 'record') => Tags | undefined;

/** Keys that name a tag after the slash. Tag keys are case-insensitive, their values are not. */
export const TAG_KEYS: Readonly<Record<string, TagSource>> = {
  'aws:PrincipalTag': ({ principalTags }) => principalTags,
  'aws:RequestTag': ({ requestTags }) => requestTags,
  'aws:ResourceTag': (_, { tagsOfResource }, purpose) => tagsOfResource?.(purpose),
  'iam:ResourceTag': (_, { isOfIam, tagsOfResource }, purpose) =>
    isOfIam ? tagsOfResource?.(purpose) : undefined,
};

const byLowerCase = <Value>(table: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> =>
  new Map(Object.entries(table).map(([key, value]) => [key.toLowerCase(), value]));

export const SOURCES = byLowerCase(GLOBAL_KEYS);
export const TAG_SOURCES = byLowerCase(TAG_KEYS);

/** Keys that only some operations set, as AWS spells them. */
const CALL_KEYS: readonly string[] = [
  'aws:PrincipalServiceName',
  'aws:PrincipalServiceNamesList',
  'aws:SourceAccount',
  'aws:SourceArn',
  'aws:SourceOrgID',
  'iam:PassedToService',
  'sts:ExternalId',
  'sts:RoleSessionName',
  'sts:SourceIdentity',
  'sts:TransitiveTagKeys',
];

export const SPELLINGS: ReadonlyMap<string, string> = new Map(
  [...Object.keys(GLOBAL_KEYS), ...CALL_KEYS].map((key) => [key.toLowerCase(), key]),
);
