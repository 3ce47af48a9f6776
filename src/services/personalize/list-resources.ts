import { ownerOf, type Scope } from './call.ts';
import { textOf } from './resource-attributes.ts';
import { ResourceReader, type StoredResource } from './resource-table.ts';
import { RESOURCE_TYPE_NAMES } from './resource-types.ts';
import { viewOf } from './resource-view.ts';
import type { ReadableState } from './store/resource-store.ts';
import type { StubResource } from './upstream.ts';

/** Members that name what a resource belongs to, the nearest first. */
const PARENTS = ['solutionVersionArn', 'solutionArn', 'datasetArn', 'datasetGroupArn'] as const;

/** Every resource of an account and Region. */
export function listResources(state: ReadableState, now: number, scope: Scope): readonly StubResource[] {
  const reader = new ResourceReader(state, now);
  return RESOURCE_TYPE_NAMES.flatMap((resourceType) =>
    Array.from(reader.of(resourceType, ownerOf(scope)), (resource) => describe(resource, now)),
  );
}

function describe(resource: StoredResource, now: number): StubResource {
  const { arn, resourceType, tags } = resource;
  const view = viewOf(resource, now);
  const text = (member: string): string | undefined => textOf(view, member);
  const parent = PARENTS.map(text).find((found) => found !== undefined && found !== arn);
  const status = text('status');
  const failureReason = text('failureReason');
  return {
    arn,
    type: resourceType,
    name: text('name') ?? text('jobName') ?? arn.slice(arn.lastIndexOf('/') + 1),
    ...(parent !== undefined && { parent }),
    ...(status !== undefined && { status }),
    ...(failureReason !== undefined && { failureReason }),
    tags,
  };
}
