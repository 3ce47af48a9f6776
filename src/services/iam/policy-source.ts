import type { Directory } from '../../directory/directory.ts';
import { parseArn } from '../../lib/arn.ts';
import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { Entity } from './entities.ts';
import { invalidInput, noSuch } from './refusals.ts';

const ENTITY = /^(user|group|role)\/(?:.*\/)?([^/]+)$/;

/** The user, group or role that an ARN names, e.g. as `PolicySourceArn`. */
export function policySource(directory: Directory, arn: string): Result<Entity, AwsError> {
  const parts = parseArn(arn);
  const [, kind, name = ''] = ENTITY.exec(parts?.resource ?? '') ?? [];
  if (parts?.service !== 'iam' || kind === undefined)
    return invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  if (parts.account !== directory.account)
    return invalidInput(
      `Invalid Policy Source Arn: caller's account ${directory.account} does not have access to policies in account ${parts.account}`,
    );
  const { users, groups, roles } = directory;
  const entity = { user: users, group: groups, role: roles }[kind as Entity['kind']].get(name);
  return entity?.arn === arn ? ok(entity) : noSuch(kind as Entity['kind'], name);
}
