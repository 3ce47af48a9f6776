import type { OidcProvider } from '../../directory/directory.ts';
import { ok } from '../../lib/result.ts';
import { authorizationDetails } from './account-details.ts';
import { accountSummary } from './account-summary.ts';
import { type Operations, textIn } from './call.ts';
import { noSuchProvider } from './refusals.ts';
import { CREATED } from './views.ts';

/** The issuer without its scheme, as IAM keeps it. */
const issuerOf = ({ url }: OidcProvider): string => url.replace(/^https:\/\//, '').replace(/\/$/, '');

/** What IAM tells of the account as a whole. */
export const ACCOUNT_OPERATIONS: Operations = {
  ListAccountAliases: () => ok({ AccountAliases: [], IsTruncated: false }),
  GetAccountSummary: ({ directory }) => ok({ SummaryMap: accountSummary(directory) }),
  GetAccountAuthorizationDetails: authorizationDetails,
  ListOpenIDConnectProviders: ({ directory }) =>
    ok({ OpenIDConnectProviderList: directory.oidcProviders.map(({ arn }) => ({ Arn: arn })) }),
  GetOpenIDConnectProvider: (call) => {
    const arn = textIn(call, 'OpenIDConnectProviderArn') ?? '';
    const provider = call.directory.oidcProviders.find((each) => each.arn === arn);
    if (!provider) return noSuchProvider(arn);
    return ok({
      Url: issuerOf(provider),
      ClientIDList: provider.clientIds,
      ThumbprintList: [],
      CreateDate: CREATED,
    });
  },
};
