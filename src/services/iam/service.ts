import type { Service } from '../../calls/service.ts';
import { arnOf } from '../../lib/identifiers.ts';
import { modelOf } from '../../model/load.ts';
import { checkScope } from '../../sigv4/scope.ts';
import { QUERY_RULES, UNKNOWN_KEY } from '../../sigv4/signature-rules.ts';
import { OWNED_BY_ACCOUNT } from '../resource-rules.ts';
import { iamAuthorization } from './authorization.ts';
import { unsupportedIam } from './handle-call.ts';

/** The one Region of IAM. */
const REGION = 'us-east-1';

/** IAM, served from the folder. */
export const iamService: Service = {
  name: 'iam',
  title: 'IAM',
  endpoints: () => [{ model: modelOf('iam'), protocols: ['awsQuery'] }],
  unsupported: ({ name }) => unsupportedIam(name),
  signature: () => QUERY_RULES,
  scopeError: (credential, region) => checkScope(credential, { regions: [region, REGION], service: 'iam' }),
  // IAM returns the error of an unknown key. @see IAM User Guide, "Compare AWS STS credentials"
  sessionLimit: ({ kind, mfaAt }) =>
    kind === 'FederatedUser' || (kind === 'SessionToken' && mfaAt === undefined) ? UNKNOWN_KEY : undefined,
  firstParameterWins: true,
  validationCode: 'ValidationError',
  ambiguityCode: 'SerializationException',
  authorization: iamAuthorization,
  // IAM is one for all Regions. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
  requestedRegion: REGION,
  resources: {
    ...OWNED_BY_ACCOUNT,
    hasIamTags: true,
    tagsOf:
      (_, text, { directory }) =>
      () =>
        directory.identityByArn(arnOf(text))?.tags,
  },
  answersFromFolder: true,
};
