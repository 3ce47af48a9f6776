import { parseArn } from '../../lib/arn.ts';
import { matchesPattern, parsePattern } from '../../lib/wildcard.ts';
import { iamActions } from '../../model/iam-actions.ts';

/** What the simulator takes for the name of an operation. */
const ACTION = /^([\w-]+):(\w+)$/;

/**
 * Whether the simulator lets policies allow an action on a resource at all. It does not where the name is none (`s3:*`,
 * `s3:`), nor on a resource of another service or type than the action's: then even `Allow *` is an implicit deny.
 * Actions that the Service Authorization Reference of this project does not know are compared with the policies alone.
 */
export function isEligible(action: string, resource: string): boolean {
  const [, service = '', name = ''] = ACTION.exec(action) ?? [];
  if (name === '') return false;
  const known = resource === '*' ? undefined : iamActions().describe(service, name);
  if (known === undefined) return true;
  const templates = [...known.resourceArns, ...known.undocumentedArns];
  if (templates.length === 0) return parseArn(resource)?.service === service;
  return templates.some((template) => matchesTemplate(template, resource));
}

/** Buckets and objects are interchangeable, as captured responses of the simulator show. */
const S3_BUCKET = 'arn:${Partition}:s3:::${BucketName}';

function matchesTemplate(template: string, resource: string): boolean {
  if (template.startsWith(S3_BUCKET)) return parseArn(resource)?.service === 's3';
  const wanted = parseArn(template.replaceAll(/\$\{\w+\}/g, '*'));
  const given = parseArn(resource);
  return (
    wanted !== undefined &&
    given?.service === wanted.service &&
    matchesPattern(parsePattern(wanted.resource), given.resource)
  );
}
