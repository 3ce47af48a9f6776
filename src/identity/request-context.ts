import type { Principal } from '../engine/principal.ts';
import type { ContextValue, RequestContext } from '../engine/request.ts';
import { type HttpRequest, header } from '../http-message.ts';
import type { Session } from './session.ts';

/** What a request's context keys are made of; everything here was paid for already. */
export interface ContextFacts {
  /** Absent where a decision is simulated: the network's keys are then not known. */
  readonly request?: HttpRequest;
  readonly principal: Principal;
  /** `AIDA…`, `AROA…:session`, …; see the principal table of the AWS page. */
  readonly userId: string;
  /** Tags of the principal. */
  readonly principalTags: Readonly<Record<string, string>>;
  readonly organizationId?: string;
  /** Of temporary credentials. */
  readonly session?: Session;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly region: string;
  /** Tags that the request passes; absent where it passes none. */
  readonly requestTags?: Readonly<Record<string, string>>;
  /** Tag keys that the request passes, also those of an UntagResource. */
  readonly tagKeys?: readonly string[];
}

/** What differs from check to check of one request. */
export interface CheckFacts {
  readonly resourceAccount: string | undefined;
  /** Asked for only where a policy names one: looking costs something. */
  readonly tagsOfResource?: () => Tags | undefined;
  /** Keys of this check alone, in lower case, e.g. `iam:passedtoservice`; they count before all others. */
  readonly extra?: ReadonlyMap<string, ContextValue>;
}

type Source = (facts: ContextFacts, check: CheckFacts) => ContextValue | undefined;

/** `aws:PrincipalArn` of a role session is the role, not the session. */
function principalArn({ principal }: ContextFacts): string | undefined {
  if (principal.type === 'AssumedRole') return principal.roleArn;
  return 'arn' in principal ? principal.arn : undefined;
}

const accountOf = ({ principal }: ContextFacts): string | undefined =>
  'accountId' in principal ? principal.accountId : undefined;

/** `aws:PrincipalType` in AWS's words. */
const PRINCIPAL_TYPES: Readonly<Partial<Record<Principal['type'], string>>> = {
  Root: 'Account',
  User: 'User',
  FederatedUser: 'FederatedUser',
  AssumedRole: 'AssumedRole',
  Anonymous: 'Anonymous',
};

/** Absent for long-term keys and for federated identities: a second factor was not for them to give. */
function mfaPresent({ session }: ContextFacts): string | undefined {
  if (session === undefined || session.kind === 'FederatedUser' || session.federation) return undefined;
  return String(session.mfaAt !== undefined);
}

const isoSeconds = (millis: number): string => new Date(millis).toISOString().replace(/\.\d+Z$/, 'Z');

const wholeSeconds = (millis: number): string => String(Math.max(0, Math.floor(millis / 1000)));

/**
 * The global condition keys that a signed request has, in lower case. Keys that AWS leaves out stay out:
 * `aws:MultiFactorAuthPresent` is absent, not false, for long-term keys.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const SOURCES: ReadonlyMap<string, Source> = new Map<string, Source>(
  Object.entries({
    'aws:principalarn': principalArn,
    'aws:principalaccount': accountOf,
    'aws:principalorgid': ({ organizationId }) => organizationId,
    'aws:principaltype': ({ principal }) => PRINCIPAL_TYPES[principal.type],
    'aws:principalisawsservice': () => 'false',
    'aws:userid': ({ userId }) => userId,
    'aws:username': ({ principal }) => (principal.type === 'User' ? principal.userName : undefined),
    'aws:multifactorauthpresent': mfaPresent,
    'aws:multifactorauthage': ({ session, receivedAt }) =>
      session?.mfaAt === undefined ? undefined : wholeSeconds(receivedAt - session.mfaAt),
    'aws:tokenissuetime': ({ session }) => session && isoSeconds(session.issuedAt),
    'aws:sourceidentity': ({ session }) => session?.sourceIdentity,
    'aws:federatedprovider': ({ session }) => session?.federation?.provider,
    'aws:sourceip': ({ request }) => request && plainAddress(request.remoteAddress),
    'aws:currenttime': ({ receivedAt }) => new Date(receivedAt).toISOString(),
    'aws:epochtime': ({ receivedAt }) => String(Math.floor(receivedAt / 1000)),
    'aws:securetransport': ({ request }) => request && String(request.secure),
    'aws:useragent': ({ request }) => request && header(request, 'user-agent'),
    'aws:referer': ({ request }) => request && header(request, 'referer'),
    'aws:requestedregion': ({ region }) => region,
    'aws:viaawsservice': () => 'false',
    'aws:tagkeys': ({ tagKeys }) => tagKeys,
    'aws:resourceaccount': (_, { resourceAccount }) => resourceAccount,
    'aws:resourceorgid': (facts, { resourceAccount }) =>
      resourceAccount !== undefined && resourceAccount === accountOf(facts)
        ? facts.organizationId
        : undefined,
  } satisfies Record<string, Source>),
);

/** Keys that name a tag after the slash. Tag keys are compared ignoring case, their values are not. */
const TAG_SOURCES = new Map<string, (facts: ContextFacts, check: CheckFacts) => Tags | undefined>([
  ['aws:principaltag', ({ principalTags }) => principalTags],
  ['aws:requesttag', ({ requestTags }) => requestTags],
  ['aws:resourcetag', (_, { tagsOfResource }) => tagsOfResource?.()],
]);

export type Tags = Readonly<Record<string, string>>;

/** The context of one check. A key is worked out when a policy asks for it; most never are. */
export function requestContext(facts: ContextFacts, check: CheckFacts): RequestContext {
  return {
    get(key) {
      const own = check.extra?.get(key) ?? SOURCES.get(key)?.(facts, check);
      if (own !== undefined) return own;
      const slash = key.indexOf('/');
      const tags = slash > 0 ? TAG_SOURCES.get(key.slice(0, slash)) : undefined;
      // What is neither can still be of a web identity's provider, whose address may have slashes as well.
      return tags ? tagValue(tags(facts, check), key.slice(slash + 1)) : federationKey(facts, key);
    },
  };
}

function federationKey({ session }: ContextFacts, key: string): ContextValue | undefined {
  const keys = session?.federation?.keys ?? {};
  return Object.hasOwn(keys, key) ? keys[key] : undefined;
}

function tagValue(tags: Tags | undefined, key: string): string | undefined {
  if (!tags) return undefined;
  return Object.entries(tags).find(([name]) => name.toLowerCase() === key)?.[1];
}

/** An IPv4 peer of a dual-stack socket is seen as `::ffff:192.0.2.1`; policies speak of `192.0.2.1`. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
