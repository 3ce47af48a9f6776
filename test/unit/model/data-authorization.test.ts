import { describe, expect, it } from 'vitest';
import type { ResourceSource } from '../../../src/model/check.ts';
import { iamActions } from '../../../src/model/iam-actions.ts';
import { cloudwatchModel } from '../../../src/services/cloudwatch/model.ts';
import { s3Model } from '../../../src/services/s3/operations.ts';
import { authorizationOf } from '../../../src/services/services.ts';

/** What the input of an S3 call names, and the reference's name for it. */
const S3_TYPES: Readonly<Record<string, string>> = {
  bucketArn: 'bucket',
  objectArn: 'object',
  objectArns: 'object',
  sourceArn: 'object',
};

/** The resource type of a check; `*` for what is on no resource. */
function typeOf(resource: ResourceSource): string {
  switch (resource.from) {
    case 'member':
      return S3_TYPES[resource.path[0] ?? ''] ?? 'unknown';
    case 'new':
    case 'fixed':
      return /:cloudwatch:.*:alarm:/.test(resource.template) ? 'alarm' : resource.template;
    default:
      return '*';
  }
}

const rows = [s3Model(), cloudwatchModel()]
  .flatMap(({ operations }) => [...operations.values()])
  .flatMap((operation) =>
    authorizationOf(operation).checks.map(({ action, resource }) => ({
      action,
      type: typeOf(resource),
      row: `${operation.name}: ${action} on ${typeOf(resource)}`,
    })),
  );

describe('every check of S3 and CloudWatch', () => {
  it.each(rows.map(({ row, action, type }) => [row, action, type] as const))(
    '%s is on what the Service Authorization Reference has for it',
    (_, action, type) => {
      const [service = '', name = ''] = action.split(':');
      const described = iamActions().describe(service, name);
      const documented = [...(described?.resourceTypes ?? [])];
      // The reference has no resource for this one; AWS's walkthrough and managed policies have it on every bucket.
      if (action === 's3:ListAllMyBuckets')
        expect([documented, type]).toEqual([[], 'arn:${Partition}:s3:::*']);
      else if (type === '*') expect(documented).toEqual([]);
      else expect([...documented, ...(described?.optionalResourceTypes ?? [])]).toContain(type);
    },
  );
});
