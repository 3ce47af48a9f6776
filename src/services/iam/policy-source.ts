import type { Directory } from '../../directory/directory.ts';
import { entityNamed } from '../../directory/find-caller.ts';
import { parseArn } from '../../lib/arn.ts';
import { type AwsError, awsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Entity } from './entities.ts';
import { invalidInput } from './refusals.ts';

const ENTITY = /^(user|group|role)\/(?:.*\/)?([^/]+)$/;

/**
 * The user, group or role that `PolicySourceArn` names. By its name alone, as on AWS: another path is no diagnostic.
 * The sentences are those of captured responses.
 */
export function policySource(directory: Directory, arn: string): Result<Entity, AwsError> {
  const parts = parseArn(arn);
  const [, kind, name = ''] = ENTITY.exec(parts?.resource ?? '') ?? [];
  if (parts?.service !== 'iam' || kind === undefined)
    return invalidInput(`Invalid ARN provided in the request: ${arn}`);
  if (parts.account !== directory.account)
    return invalidInput(
      `Invalid Policy Source Arn: caller's account ${directory.account} does not have access to policies in account ${parts.account}`,
    );
  const { users, groups, roles } = directory;
  const entity = entityNamed<Entity>(kind === 'user' ? users : kind === 'group' ? groups : roles, name);
  return entity ? ok(entity) : err(awsError('NoSuchEntity', 'Unable to retrieve specified IAM entity.'));
}
