import type { Authenticated, Routed } from '../../calls/service.ts';
import type { CallDependencies } from '../../calls/service-rules.ts';
import { type AwsError, awsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { proveWebIdentity, webIdentityCaller } from '../../sessions/web-identity.ts';
import { decodeInput } from '../../wire/decode-input.ts';
import { validateInput } from '../../wire/validate.ts';

/**
 * Authenticates AssumeRoleWithWebIdentity, whose identity token takes the place of a signature; `undefined` for every
 * other operation.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function authenticateWebIdentity(
  call: Routed,
  { directory }: Pick<CallDependencies, 'directory'>,
): Promise<Result<Authenticated, AwsError>> | undefined {
  return call.route.operation.name === 'AssumeRoleWithWebIdentity'
    ? authenticateToken(call, directory)
    : undefined;
}

async function authenticateToken(
  call: Routed,
  directory: CallDependencies['directory'],
): Promise<Result<Authenticated, AwsError>> {
  const { route, request, receivedAt } = call;
  const decoded = decodeInput(route, request);
  if (!decoded.ok) return decoded;
  const { input: shape } = route.operation;
  const violation = shape && validateInput(shape, decoded.value, 'ValidationError');
  if (violation) return err(violation);
  const { WebIdentityToken: token, ProviderId: provider } = decoded.value;
  if (provider !== undefined) return err(NO_OAUTH);
  const proved = await proveWebIdentity(directory, String(token), receivedAt);
  return proved.ok ? ok({ ...call, caller: webIdentityCaller(directory, proved.value) }) : proved;
}

/** `ProviderId` marks the token as an OAuth 2.0 access token, which only the provider itself could verify. */
const NO_OAUTH = awsError(
  'InvalidIdentityToken',
  'OAuth 2.0 access tokens are not supported; pass an OpenID Connect token without ProviderId.',
);
