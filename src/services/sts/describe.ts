import { isTemporaryKey } from '../../identity/temporary-credentials.ts';
import { ok } from '../../lib/result.ts';
import { refuse, type StsOperation } from './call.ts';

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const getCallerIdentity: StsOperation = ({ caller: { principal, userId } }) =>
  ok({
    UserId: userId,
    ...('arn' in principal && { Account: principal.accountId, Arn: principal.arn }),
  });

/**
 * The account of a key. A temporary one is nowhere kept: whoever could have been given it here is of this account.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
 */
export const getAccessKeyInfo: StsOperation = ({ input }, { directory }) => {
  const id = String(input.AccessKeyId);
  return isTemporaryKey(id) || directory.findAccessKey(id)
    ? ok({ Account: directory.account })
    : refuse('ValidationError', `The Access Key with id ${id} cannot be found`);
};

/**
 * Personalize, STS and IAM answer no encoded message, so that there is none that could be decoded here.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
export const decodeAuthorizationMessage: StsOperation = () =>
  refuse('InvalidAuthorizationMessageException', 'The message was not encoded by this proxy.');
