import { accessKeyId } from '../../lib/identifiers.ts';
import { ok } from '../../lib/result.ts';
import { isTemporaryKey } from '../../sessions/temporary-credentials.ts';
import { refuse, type StsHandler } from './call.ts';

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const getCallerIdentity: StsHandler<'GetCallerIdentity'> = ({ caller: { principal, userId } }) =>
  ok({
    UserId: userId,
    ...('arn' in principal && { Account: principal.accountId, Arn: principal.arn }),
  });

/**
 * The account of a key. A temporary key is not stored: any that was issued here belongs to this account.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
 */
export const getAccessKeyInfo: StsHandler<'GetAccessKeyInfo'> = ({ input }, { directory }) => {
  const id = accessKeyId(input.AccessKeyId);
  return isTemporaryKey(id) || directory.findAccessKey(id)
    ? ok({ Account: directory.account })
    : refuse('ValidationError', `The Access Key with id ${id} cannot be found`);
};

/**
 * No operation that is answered here sends an encoded message with its denial, as none of them does on AWS: those that
 * are decoded come from `/_authz/decisions/ID/encoded-message`.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
export const decodeAuthorizationMessage: StsHandler<'DecodeAuthorizationMessage'> = async (
  { input },
  { messages },
) => {
  const decoded = await messages.decode(input.EncodedMessage);
  return decoded === undefined
    ? refuse('InvalidAuthorizationMessageException', 'Message is not valid')
    : ok({ DecodedMessage: decoded });
};
