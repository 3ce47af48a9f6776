import type { OidcProvider } from '../../directory/directory.ts';
import { err, ok } from '../../lib/result.ts';
import { authorizationDetails } from './account-details.ts';
import { accountSummary } from './account-summary.ts';
import type { IamCall, IamHandlers } from './call.ts';
import type { IamInputs } from './generated/iam.ts';
import { noSuchProvider } from './refusals.ts';
import { CREATED } from './views.ts';
import { writeRefusal } from './writes.ts';

/** The issuer without its scheme, which is the form that IAM stores. */
const issuerOf = ({ url }: OidcProvider): string => url.replace(/^https:\/\//, '').replace(/\/$/, '');

const providerOf = ({
  directory,
  input: { OpenIDConnectProviderArn: arn },
}: IamCall<IamInputs['GetOpenIDConnectProvider']>): OidcProvider | undefined =>
  directory.oidcProviders.find((each) => each.arn === arn);

/** What IAM has of the account as a whole. */
export const ACCOUNT_OPERATIONS = {
  ListAccountAliases: () => ok({ AccountAliases: [], IsTruncated: false }),
  GetAccountSummary: ({ directory }) => ok({ SummaryMap: accountSummary(directory) }),
  GetAccountAuthorizationDetails: authorizationDetails,
  ListOpenIDConnectProviders: ({ directory }) =>
    ok({ OpenIDConnectProviderList: directory.oidcProviders.map(({ arn }) => ({ Arn: arn })) }),
  GetOpenIDConnectProvider: (call) => {
    const provider = providerOf(call);
    if (!provider) return noSuchProvider(call.input.OpenIDConnectProviderArn);
    return ok({
      Url: issuerOf(provider),
      ClientIDList: provider.clientIds,
      ThumbprintList: [],
      CreateDate: CREATED,
    });
  },
  /**
   * Succeeds if there is no such provider.
   * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteOpenIDConnectProvider.html
   */
  DeleteOpenIDConnectProvider: (call) => (providerOf(call) ? err(writeRefusal(call)) : ok({})),
} satisfies IamHandlers;
