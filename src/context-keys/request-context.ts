import type { Caller } from '../directory/directory.ts';
import type { Session } from '../directory/session.ts';
import { PRINCIPAL_TYPES, type Principal } from '../engine/principal.ts';
import type { ContextValue, RequestContext } from '../engine/request.ts';
import { formatArn, parseArn } from '../lib/arn.ts';
import { parseAddress, plainAddress } from '../lib/cidr.ts';
import { type HttpRequest, header } from '../lib/http-message.ts';

/** The inputs of a request's context keys, all of them already known. */
export interface ContextFacts {
  /** Absent if a decision is simulated: the network keys are then unknown, except for `secure`. */
  readonly request?: Pick<HttpRequest, 'headers' | 'remoteAddress' | 'secure'>;
  /** Whether a simulated request uses TLS. */
  readonly secure?: boolean;
  readonly principal: Principal;
  /** `AIDA…`, `AROA…:session`, …; see the principal table of the AWS page. */
  readonly userId: string;
  /** Tags of the principal. */
  readonly principalTags: Readonly<Record<string, string>>;
  readonly organization?: Caller['organization'];
  readonly vpcEndpoint?: Caller['vpcEndpoint'];
  /** For temporary credentials. */
  readonly session?: Session;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly region: string;
  /** Tags in the request; absent if there are none. */
  readonly requestTags?: Readonly<Record<string, string>>;
  /** Tag keys in the request, including those of an UntagResource. */
  readonly tagKeys?: readonly string[];
}

/** The inputs that differ from check to check of one request. */
export interface CheckFacts {
  readonly resourceAccount: string | undefined;
  readonly tagsOfResource?: TagsOfResource;
  /** A user or role, e.g. one that is passed: its tags also have IAM's own key. */
  readonly isOfIam?: boolean;
  /** Keys of this check only, in lower case, e.g. `iam:passedtoservice`; they override all others. */
  readonly extra?: ReadonlyMap<string, ContextValue>;
}

/**
 * The tags of one resource. `decide` looks them up, which may require a call; `record` returns what is already known.
 * @throws if a decision depends on them and they cannot be read
 */
export type TagsOfResource = (purpose: 'decide' | 'record') => Tags | undefined;

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

const isoSeconds = (millis: number): string => new Date(millis).toISOString().replace(/\.\d+Z$/, 'Z');

const wholeSeconds = (millis: number): string => String(Math.max(0, Math.floor(millis / 1000)));

function vpcArn({ principal, region, vpcEndpoint }: ContextFacts): string | undefined {
  const partition = 'arn' in principal ? parseArn(principal.arn)?.partition : undefined;
  if (vpcEndpoint === undefined || partition === undefined) return undefined;
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

/** @throws if a proxy sends an invalid address: whether it is in a range cannot be decided */
function sourceIp({ remoteAddress }: Pick<HttpRequest, 'remoteAddress'>): string {
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
const GLOBAL_KEYS: Readonly<Record<string, Source>> = {
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
  'aws:TokenIssueTime': ({ session }) => session && isoSeconds(session.issuedAt),
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
  'aws:CurrentTime': ({ receivedAt }) => new Date(receivedAt).toISOString(),
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
const TAG_KEYS: Readonly<Record<string, TagSource>> = {
  'aws:PrincipalTag': ({ principalTags }) => principalTags,
  'aws:RequestTag': ({ requestTags }) => requestTags,
  'aws:ResourceTag': (_, { tagsOfResource }, purpose) => tagsOfResource?.(purpose),
  'iam:ResourceTag': (_, { isOfIam, tagsOfResource }, purpose) =>
    isOfIam ? tagsOfResource?.(purpose) : undefined,
};

const byLowerCase = <Value>(table: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> =>
  new Map(Object.entries(table).map(([key, value]) => [key.toLowerCase(), value]));

const SOURCES = byLowerCase(GLOBAL_KEYS);
const TAG_SOURCES = byLowerCase(TAG_KEYS);

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

const SPELLINGS: ReadonlyMap<string, string> = new Map(
  [...Object.keys(GLOBAL_KEYS), ...CALL_KEYS].map((key) => [key.toLowerCase(), key]),
);

export type Tags = Readonly<Record<string, string>>;

/** The context of one check, with a list of its known keys for records. */
export interface CheckContext extends RequestContext {
  /** Every key that is known now, as AWS spells it, except for those in `except`. */
  known(except?: ReadonlySet<string>): Readonly<Record<string, ContextValue>>;
}

/** The context of one check. Each key is computed when a policy uses it; most are never used. */
export function requestContext(facts: ContextFacts, check: CheckFacts): CheckContext {
  return {
    known: (except = NONE) => knownKeys(facts, check, except),
    get(key) {
      const own = check.extra?.get(key) ?? SOURCES.get(key)?.(facts, check);
      if (own !== undefined) return own;
      const slash = key.indexOf('/');
      const tags = slash > 0 ? TAG_SOURCES.get(key.slice(0, slash)) : undefined;
      // A key of neither kind may still be one of a web identity's provider, whose URL may contain slashes.
      return tags ? tagValue(tags(facts, check, 'decide'), key.slice(slash + 1)) : federationKey(facts, key);
    },
  };
}

const NONE: ReadonlySet<string> = new Set();
const GLOBAL_SOURCES = Object.entries(GLOBAL_KEYS);
const TAGS = Object.entries(TAG_KEYS);

/** Runs for every recorded check: excluded keys are not computed. */
function knownKeys(
  facts: ContextFacts,
  check: CheckFacts,
  except: ReadonlySet<string>,
): Readonly<Record<string, ContextValue>> {
  const known: Record<string, ContextValue> = { ...facts.session?.federation?.keys };
  for (const [key, source] of GLOBAL_SOURCES) {
    const value = except.has(key) ? undefined : source(facts, check);
    if (value !== undefined) known[key] = value;
  }
  for (const [prefix, tagsOf] of TAGS) {
    const tags = tagsOf(facts, check, 'record');
    for (const tag in tags) known[`${prefix}/${tag}`] = tags[tag] ?? '';
  }
  for (const [key, value] of check.extra ?? []) known[SPELLINGS.get(key) ?? key] = value;
  return known;
}

function federationKey({ session }: ContextFacts, key: string): ContextValue | undefined {
  const keys = session?.federation?.keys ?? {};
  return Object.hasOwn(keys, key) ? keys[key] : undefined;
}

/**
 * `aws:ResourceTag/team` matches the tag `team` or `Team`.
 * @throws if both exist: which value a policy would see is ambiguous
 */
function tagValue(tags: Tags | undefined, key: string): string | undefined {
  if (!tags) return undefined;
  const [found, other] = Object.entries(tags).filter(([name]) => name.toLowerCase() === key);
  if (found && other) throw new Error(`the tag keys ${found[0]} and ${other[0]} differ in case only`);
  return found?.[1];
}
