import type { Session } from '../directory/session.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import type { Operation } from '../model/shape.ts';
import { UNKNOWN_KEY } from '../sigv4/key-errors.ts';

/** What credentials of one kind can be used for with IAM and STS; policies play no part in it. */
interface Limit {
  readonly iam: (session: Session) => boolean;
  readonly sts: (operation: string) => boolean;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html */
const LIMITS: Readonly<Record<Session['kind'], Limit>> = {
  AssumedRole: {
    iam: () => true,
    sts: (operation) => operation !== 'GetSessionToken' && operation !== 'GetFederationToken',
  },
  SessionToken: {
    iam: ({ mfaAt }) => mfaAt !== undefined,
    sts: (operation) => operation === 'AssumeRole' || operation === 'GetCallerIdentity',
  },
  FederatedUser: { iam: () => false, sts: (operation) => operation === 'GetCallerIdentity' },
};

/** Why this operation is not for these temporary credentials, if it is not. IAM answers as if it did not know them. */
export function sessionLimit(session: Session, { name, service }: Operation): AwsError | undefined {
  const limit = LIMITS[session.kind];
  if (service.name === 'iam') return limit.iam(session) ? undefined : UNKNOWN_KEY;
  if (service.name !== 'sts' || limit.sts(name)) return undefined;
  return awsError('AccessDeniedException', `Cannot call ${name} with session credentials`);
}
