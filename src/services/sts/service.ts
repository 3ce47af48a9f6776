import type { Service } from '../../calls/service.ts';
import type { Session } from '../../directory/session.ts';
import { type AwsError, awsError } from '../../lib/errors.ts';
import { modelOf } from '../../model/load.ts';
import { checkScope } from '../../sigv4/scope.ts';
import { QUERY_RULES } from '../../sigv4/signature-rules.ts';
import { OWNED_BY_ACCOUNT } from '../resource-rules.ts';
import { authenticateWebIdentity } from './authenticate-web-identity.ts';
import { stsAuthorization } from './authorization.ts';
import { completeStsCall } from './complete-call.ts';
import { stsContextKeys, withIncomingTags } from './context-keys.ts';
import { unsupportedSts } from './handle-call.ts';

/** STS has endpoints in every Region, and a global one. */
const GLOBAL_REGION = 'us-east-1';

/**
 * The operations that each kind of temporary credentials can call; policies play no part in it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
 */
const AVAILABLE: Readonly<Record<Session['kind'], (operation: string) => boolean>> = {
  AssumedRole: (operation) => operation !== 'GetSessionToken' && operation !== 'GetFederationToken',
  SessionToken: (operation) => operation === 'AssumeRole' || operation === 'GetCallerIdentity',
  FederatedUser: (operation) => operation === 'GetCallerIdentity',
};

const sessionLimit = ({ kind }: Session, { name }: { readonly name: string }): AwsError | undefined =>
  AVAILABLE[kind](name)
    ? undefined
    : awsError('AccessDeniedException', `Cannot call ${name} with session credentials`);

/** STS, served from the folder. */
export const stsService: Service = {
  name: 'sts',
  title: 'STS',
  endpoints: () => [{ model: modelOf('sts'), protocols: ['awsQuery'] }],
  unsupported: ({ name }) => unsupportedSts(name),
  signature: () => QUERY_RULES,
  scopeError: (credential, region) =>
    checkScope(credential, { regions: [region, GLOBAL_REGION], service: 'sts' }),
  authenticateUnsigned: authenticateWebIdentity,
  sessionLimit,
  completeCall: completeStsCall,
  firstParameterWins: true,
  validationCode: 'ValidationError',
  ambiguityCode: 'SerializationException',
  authorization: stsAuthorization,
  contextKeys: stsContextKeys,
  inputForConditions: withIncomingTags,
  resources: OWNED_BY_ACCOUNT,
  answersFromFolder: true,
  issuesCredentials: true,
};
