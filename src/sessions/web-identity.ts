import type { Caller } from '../directory/caller.ts';
import type { Directory, OidcProvider } from '../directory/directory.ts';
import type { WebIdentity } from '../directory/session.ts';
import { compile } from '../engine/compile.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { claimedIssuer, type IdentityClaims, verifyIdentityToken } from './session-token.ts';

/** Providers that trust policies refer to by name instead of ARN. */
const WELL_KNOWN: ReadonlySet<string> = new Set([
  'accounts.google.com',
  'cognito-identity.amazonaws.com',
  'graph.facebook.com',
  'www.amazon.com',
]);

/**
 * Verifies an identity token: its provider is configured, has signed it, for one of the configured clients, and it is
 * currently valid.
 * @param now milliseconds since the epoch
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export async function proveWebIdentity(
  directory: Directory,
  token: string,
  now: number,
): Promise<Result<WebIdentity, AwsError>> {
  const issuer = claimedIssuer(token);
  if (!issuer.ok) return issuer;
  const provider = directory.oidcProviders.find(({ url }) => addressOf(url) === addressOf(issuer.value));
  if (provider === undefined)
    return refuse(`No OpenIDConnect provider found in your account for ${issuer.value}`);
  const verified = await verifyIdentityToken(token, provider.jwks, { issuer: issuer.value, now });
  if (!verified.ok) return verified;
  const claims = verified.value;
  const audience = audienceOf(claims);
  const isMeant = audience.some((each) => provider.clientIds.includes(each));
  return isMeant ? ok(webIdentity(provider, claims, audience)) : refuse('Incorrect token audience');
}

/**
 * The caller for a web identity that requests a role: without an account, so that only the resource's own policies
 * apply.
 */
export function webIdentityCaller(directory: Directory, identity: WebIdentity): Caller {
  const { resourceControlPolicies: resourceControl } = directory.organization ?? {};
  const policySet = { identity: [], ...(resourceControl && { resourceControl }) };
  return {
    principal: { type: 'WebIdentity', provider: identity.federation.provider },
    userId: identity.subject,
    tags: {},
    policySet,
    policies: compile(policySet),
    webIdentity: identity,
  };
}

function webIdentity(
  provider: OidcProvider,
  claims: IdentityClaims,
  audience: readonly string[],
): WebIdentity {
  const address = addressOf(provider.url);
  const key = (claim: string): string => `${address.toLowerCase()}:${claim}`;
  const { azp, amr, email, sub } = claims;
  const oneOrAll = audience.length === 1 ? (audience[0] ?? '') : audience;
  return {
    subject: sub,
    audience: typeof azp === 'string' ? azp : audience.join(','),
    federation: {
      provider: WELL_KNOWN.has(address) ? address : provider.arn,
      keys: {
        [key('aud')]: typeof azp === 'string' ? azp : oneOrAll,
        [key('sub')]: sub,
        ...(isTexts(amr) && { [key('amr')]: amr }),
      },
    },
    trustKeys: { [key('oaud')]: oneOrAll, ...(typeof email === 'string' && { [key('email')]: email }) },
    ...requestedOf(claims),
  };
}

/**
 * Attributes that a provider may request. @see
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
 */
function requestedOf(
  claims: IdentityClaims,
): Pick<WebIdentity, 'sourceIdentity' | 'tags' | 'transitiveTagKeys'> {
  const sourceIdentity = claims['https://aws.amazon.com/source_identity'];
  const { principal_tags: tags, transitive_tag_keys: transitive } = objectOf(
    claims['https://aws.amazon.com/tags'],
  );
  const pairs = Object.entries(objectOf(tags)).map(([key, value]) => [key, String([value].flat()[0] ?? '')]);
  return {
    ...(typeof sourceIdentity === 'string' && { sourceIdentity }),
    ...(pairs.length > 0 && { tags: Object.fromEntries(pairs) }),
    ...(isTexts(transitive) && { transitiveTagKeys: transitive }),
  };
}

const audienceOf = ({ aud = [] }: IdentityClaims): readonly string[] => [aud].flat();

/** Without the scheme and trailing slash, as in the provider's ARN. */
const addressOf = (url: string): string => url.replace(/^https:\/\//, '').replace(/\/$/, '');

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

const refuse = (message: string): { readonly ok: false; readonly error: AwsError } =>
  err(awsError('InvalidIdentityToken', message));
